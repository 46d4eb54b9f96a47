"""The graph from Python: what is imported, what an answer is, and how errors come."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import kg
from kg.config import Config
from kg.errors import BuildError, EntityNotFound, ParameterError, QuerySyntaxError
from kg.vocab import BASE
from small_world import SMALL_HASH, write_project


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The settings of the small project."""
    return write_project(tmp_path_factory.mktemp("world") / "project")


@pytest.fixture(scope="module")
def build(config: Config) -> Iterator[kg.Build]:
    """The open build of the small project."""
    with kg.open_build(config=config) as opened:
        yield opened


def test_importing_the_package_imports_nothing_else() -> None:
    """Worker processes import it too, and a person waits for them."""
    program = "import sys, kg; print(*(m for m in sys.modules if m.startswith(('kg.', 'pyox'))))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    assert done.stdout.split() == []


@pytest.mark.parametrize("name", kg.__all__)
def test_every_public_name_is_there(name: str) -> None:
    """Though it is imported only when it is used."""
    assert getattr(kg, name).__name__ == name


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As from any module."""
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = kg.nothing


def test_a_select_gives_rows_of_python_values(build: kg.Build) -> None:
    """An IRI is a str that can be told from text; what has no value is None."""
    answer = build.query(
        """SELECT ?iri ?text ?tagged ?whole ?exact ?near ?yes ?day ?time ?odd ?none WHERE {
             VALUES (?iri ?text ?tagged ?whole ?exact ?near ?yes ?day ?time ?odd ?none) {
               (state:pakistan "a" "b"@en 1 1.5 1e0 true "2025-05-30"^^xsd:date
                "2025-05-30T12:00:00Z"^^xsd:dateTime "x"^^xsd:integer UNDEF) } }"""
    )

    assert isinstance(answer, kg.Rows)
    (row,) = answer
    assert row == {
        "iri": BASE + "id/state/pakistan",
        "text": "a",
        "tagged": "b",
        "whole": 1,
        "exact": Decimal("1.5"),
        "near": 1.0,
        "yes": True,
        "day": date(2025, 5, 30),
        "time": datetime(2025, 5, 30, 12, tzinfo=UTC),
        "odd": "x",
        "none": None,
    }
    assert isinstance(row["iri"], kg.IRI)
    assert not isinstance(row["text"], kg.IRI)
    assert answer.build == build.hash == SMALL_HASH


def test_rows_are_a_sequence(build: kg.Build) -> None:
    """With columns also where there is no row, and slices that are rows."""
    rows = build.query("SELECT ?s WHERE { ?s a dip:State } ORDER BY ?s")
    nothing = build.query("SELECT ?s WHERE { ?s a dip:Nothing } ORDER BY ?s")

    assert isinstance(rows, kg.Rows)
    assert isinstance(nothing, kg.Rows)
    assert (len(rows), len(rows[1:]), rows[-1]["s"]) == (4, 3, BASE + "id/state/pakistan")
    assert (nothing.columns, list(nothing)) == (("s",), [])
    assert repr(rows) == "<4 rows of s>"


def test_rows_become_a_data_frame(build: kg.Build) -> None:
    """Columns keep their order, also where there is no row."""
    pytest.importorskip("pandas")
    rows = build.query("SELECT ?s ?code WHERE { ?s dip:isoCode ?code } ORDER BY ?code")

    assert isinstance(rows, kg.Rows)
    frame = rows.to_dataframe()
    assert list(frame.columns) == ["s", "code"]
    assert list(frame["code"]) == ["AFG", "PAK"]
    assert list(rows[:0].to_dataframe().columns) == ["s", "code"]


def test_an_ask_gives_a_bool_and_a_construct_turtle(build: kg.Build) -> None:
    """Turtle goes into any RDF library."""
    assert build.query("ASK { state:pakistan a dip:State }") is True
    assert build.query("ASK { state:pakistan a dip:Government }") is False
    turtle = build.query("CONSTRUCT WHERE { state:pakistan dip:isoCode ?code }")
    assert isinstance(turtle, str)
    assert '"PAK"' in turtle


@pytest.mark.parametrize("day", ["2025-05-30", date(2025, 5, 30)])
def test_a_saved_query_takes_python_values(build: kg.Build, day: object) -> None:
    """As the command line takes text; None is as good as not given."""
    rows = build.run("concerning", party="PAK", asOf=day, standing=None)

    assert isinstance(rows, kg.Rows)
    assert [row["day"] for row in rows] == [date(2025, 5, 30)] * 2


def test_errors_are_the_same_everywhere(build: kg.Build) -> None:
    """One tree, whatever was asked."""
    with pytest.raises(ParameterError, match="no saved query 'concernig'; did you mean concerning"):
        build.run("concernig")
    with pytest.raises(EntityNotFound):
        build.run("concerning", party="Atlantis")
    with pytest.raises(QuerySyntaxError):
        build.query("SELECT ?s WHERE {")


def test_a_thing_is_described_by_any_of_its_names(build: kg.Build) -> None:
    """As Turtle."""
    assert '"PAK"' in build.describe("Pakistan")


def test_a_boolean_that_is_none_stays_text(build: kg.Build) -> None:
    """As any literal that does not bear out its own type."""
    answer = build.query('SELECT ("yes"^^xsd:boolean AS ?b) {}')

    assert isinstance(answer, kg.Rows)
    assert [dict(row) for row in answer] == [{"b": "yes"}]


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    """It is not taken for an empty project."""
    with pytest.raises(BuildError, match="no project at"):
        kg.open_build(str(tmp_path))


def test_without_a_build_it_is_said_what_to_do(tmp_path: Path) -> None:
    """Not that a file is missing."""
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "diplomacy.ttl").touch()

    with pytest.raises(BuildError, match="run kg build"):
        kg.open_build(str(tmp_path))
