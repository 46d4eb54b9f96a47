"""What stands against a build: every kind of violation, all at once, each with its place."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from kg.config import Config
from kg.dataset.checks import Violation, check_built, check_input
from kg.dataset.files import read_dataset
from kg.dataset.literals import is_well_typed
from kg.dataset.violations import in_order
from kg.vocab import PREFIXES as NAMESPACES
from miniature import BASE, PREFIXES, SHAPES, change, line_of, write, write_project

STATES = "seeds/registry/states.ttl"
CLAIMS = "seeds/sources/000/claims.ttl"
PROPOSITIONS = "seeds/sources/000/propositions.trig"
CHECK = "ontology/checks/state-without-label.rq"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def check(config: Config) -> list[Violation]:
    """Return what is wrong with the files as they are."""
    return check_input(read_dataset(config))


def test_files_in_order_have_no_violations(config: Config) -> None:
    """The miniature itself is clean."""
    assert check(config) == []


def test_a_row_of_a_check_is_a_violation(config: Config) -> None:
    """It carries file, line, node, what is wrong and what to do."""
    change(config.root, STATES, '    rdfs:label "Pakistan"@en ;\n', "")

    (violation,) = check(config)

    line = line_of(config.root, STATES, "state:pakistan a")
    assert str(violation) == (
        f"{STATES}:{line}: state:pakistan: a state has no label; add rdfs:label"
    )
    assert violation.check == "state-without-label"


def test_the_detail_of_a_check_stands_behind_its_title(config: Config) -> None:
    """Checks of the built stage look at what the rules made: here they have not run."""
    violations = check_built(read_dataset(config))

    details = {violation.problem for violation in violations}
    assert f"a situation has no standing: {BASE}proposition/000/upgrade" in details
    assert {violation.check for violation in violations} == {"situation-without-standing"}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('#+ message = "add rdfs:label"\n', "", "the header is not complete"),
        ('stage = "input"', 'stage = "later"', "the header is not complete"),
        ("SELECT ?node", "SELCT ?node", "cannot be run"),
        ("SELECT ?node WHERE", "ASK", "cannot be run: not a SELECT query"),
    ],
)
def test_a_check_that_cannot_judge_is_a_violation(
    config: Config, old: str, new: str, problem: str
) -> None:
    """It would pass everything without a word."""
    change(config.root, CHECK, old, new)

    (violation,) = check(config)

    assert violation.path == CHECK
    assert problem in violation.problem


def test_a_shape_finds_what_is_missing(config: Config) -> None:
    """The message is taken apart into problem and remedy; the check is the shape's name."""
    change(config.root, STATES, ' ;\n    dip:isoCode "PAK"', "")

    line = line_of(config.root, STATES, "state:pakistan a")
    assert check(config) == [
        Violation(
            STATES,
            line,
            "state:pakistan",
            "the state has no ISO code",
            "add dip:isoCode",
            "StateShape",
        )
    ]


def test_a_shape_sees_quoted_situations_and_who_they_name(config: Config) -> None:
    """The class of a participant is looked up in the registry."""
    change(config.root, PROPOSITIONS, "state:pakistan .\n}\n\npr:up", "group:taliban .\n}\n\npr:up")

    (violation,) = check(config)

    assert (violation.path, violation.check) == (PROPOSITIONS, "LevelChangeShape")
    assert violation.line == line_of(config.root, PROPOSITIONS, "situation:downgrade a")
    assert violation.problem == "the sender is no state (found: group:taliban)"


def test_a_shape_that_is_no_shape_is_a_violation(config: Config) -> None:
    """It would be passed over."""
    broken = SHAPES.replace("sh:minCount 1", 'sh:minCount "many"')
    write(config.root, "ontology/shapes/shapes.ttl", PREFIXES + broken)

    (violation,) = check(config)

    assert (violation.path, violation.check) == ("ontology/shapes", "shapes")


@pytest.mark.parametrize(
    ("path", "old", "new", "node"),
    [
        (CLAIMS, "pr:downgrade", "pr:downgrad", f"{BASE}proposition/000/downgrad"),
        (CLAIMS, "dipv:possible", "dipv:posible", "dipv:posible"),
        (PROPOSITIONS, "dip:LevelChange", "dip:LevelChang", "dip:LevelChang"),
        (PROPOSITIONS, "dip:sendingState state:pakistan", "dip:from state:pakistan", "dip:from"),
    ],
)
def test_an_iri_that_nothing_describes_is_a_violation(
    config: Config, path: str, old: str, new: str, node: str
) -> None:
    """Classes and properties too: a slip of the pen would be a new term."""
    change(config.root, path, old, new)

    (violation,) = [v for v in check(config) if v.check == "link"]

    assert (violation.path, violation.node) == (path, node)
    assert violation.line is not None


def test_a_literal_that_is_no_value_of_its_datatype_is_a_violation(config: Config) -> None:
    """The parser takes it in silence; a filter would drop the row in silence."""
    change(config.root, CLAIMS, "dip:spanEnd 31", 'dip:spanEnd "thirty"^^xsd:integer')

    (violation,) = check(config)

    assert (violation.path, violation.check) == (CLAIMS, "literal")
    assert violation.problem == "dip:spanEnd is 'thirty', which is no xsd:integer"


@pytest.mark.parametrize(
    ("text", "datatype", "expected"),
    [
        ("2025-02-28", "xsd:date", True),
        ("2025-02-29", "xsd:date", False),
        ("2024-02-29Z", "xsd:date", True),
        ("2025-5-1", "xsd:date", False),
        ("2025-00-01", "xsd:date", False),
        ("2025-01-01T10:00:00+05:00", "xsd:dateTime", True),
        ("2025-01-32T10:00:00", "xsd:dateTime", False),
        ("-12", "xsd:integer", True),
        ("1.0", "xsd:integer", False),
        ("-1", "xsd:nonNegativeInteger", False),
        ("0", "xsd:positiveInteger", False),
        ("1.5", "xsd:decimal", True),
        ("1e5", "xsd:decimal", False),
        ("1e5", "xsd:double", True),
        ("yes", "xsd:boolean", False),
        ("true", "xsd:boolean", True),
        ("two words", "xsd:anyURI", False),
        ("any\nthing", "xsd:string", True),
        ("2025", "xsd:gYear", True),
        ("2025", "xsd:year", False),
    ],
)
def test_a_literal_is_judged_by_its_datatype(text: str, datatype: str, expected: bool) -> None:  # noqa: FBT001 - a table
    """A datatype that is not in use is a slip of the pen."""
    prefix, _, name = datatype.partition(":")

    assert is_well_typed(Literal(text, datatype=NamedNode(NAMESPACES[prefix] + name))) == expected


def test_all_violations_are_told_at_once_in_the_order_of_files_and_lines(config: Config) -> None:
    """Whoever mends the first sees the last as well."""
    change(config.root, STATES, '    rdfs:label "Pakistan"@en ;\n', "")
    change(config.root, STATES, '    rdfs:label "Afghanistan"@en ;\n', "")
    change(config.root, CLAIMS, "dip:spanEnd 31", "dip:spanEnd 50")
    write(config.root, "seeds/notes.txt", "")

    found = [(v.path, v.line, v.check) for v in check(config)]

    assert found == [
        ("seeds/notes.txt", None, "place"),
        (STATES, line_of(config.root, STATES, "state:afghanistan"), "state-without-label"),
        (STATES, line_of(config.root, STATES, "state:pakistan"), "state-without-label"),
        (CLAIMS, line_of(config.root, CLAIMS, "cl:1"), "span"),
    ]


def test_a_file_that_cannot_be_read_hides_nothing_and_echoes_nowhere(config: Config) -> None:
    """What is wrong elsewhere is told, but not that what the broken file holds is missing."""
    change(config.root, CLAIMS, "dip:spanEnd 31", "dip:spanEnd 50")
    change(config.root, STATES, "state:pakistan a dip:State ;", "state:pakistan a dip:State ; ;; ]")
    write(config.root, "ontology/checks/across.rq", ACROSS)

    found = [(v.path, v.check) for v in check(config)]

    assert found == [(STATES, "syntax"), (CLAIMS, "span")]


ACROSS = """\
#+ title = "a sender is not in the registry"
#+ message = "add it"
#+ stage = "input"
#+ across_files = true

SELECT ?node WHERE {
  GRAPH ?graph { ?node dip:sendingState ?state }
  FILTER NOT EXISTS { ?state a dip:State }
}
"""


def test_the_same_violation_is_told_once() -> None:
    """Line numbers sort as numbers, and no line comes first."""
    one, two, ten = (Violation("a.ttl", line, "x", "wrong", "mend") for line in (None, 2, 10))

    assert in_order([ten, two, one, two]) == [one, two, ten]
