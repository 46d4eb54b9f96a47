"""The saved queries as files: they load, answer their examples, keep the style and the caveats."""

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.library import Build
from kg.saved_queries import SavedQuery, bind, place, read_folder, read_saved_queries
from kg.vocab import PREFIXES

QUERIES = Path(__file__).parents[1] / "queries"
NAMES = sorted(path.stem for path in QUERIES.glob("*.rq"))
SECONDS = 0.05
KEYWORDS = re.compile(
    r"(?:SELECT|DISTINCT|WHERE|OPTIONAL|UNION|GRAPH|FILTER|BIND|VALUES|EXISTS|NOT|IN|AS|PREFIX"
    r"|GROUP|ORDER|BY|HAVING|COUNT|SUM|MIN|MAX|GROUP_CONCAT|SEPARATOR|COALESCE|IF|BOUND)",
    re.IGNORECASE,
)
IDENTIFIERS = {"claim", "otherClaim", "inference"}
"""Columns of IRIs without a label of their own: paragraph and situation name them."""

UNRATED = {"coverage", "situation-types"}
"""Queries about the text and the ontology: their rows are no situations."""

WEAKNESS = """\
SELECT ?label ?order WHERE {
  ?standing skos:inScheme dipv:standings ; rdfs:label ?label ; dip:order ?order
}
"""


@pytest.fixture(scope="module")
def shuffled(built_store: ox.Store) -> ox.Store:
    """The same quads, put in another order into a store in memory."""
    quads = list(built_store)
    random.Random(1).shuffle(quads)  # noqa: S311 - an order, not a secret
    copy = ox.Store()
    for quad in quads:
        copy.add(quad)
    return copy


@pytest.fixture(scope="module")
def queries() -> dict[str, SavedQuery]:
    """The saved queries by name."""
    return read_saved_queries(QUERIES)


def filled(built: Build, query: SavedQuery, given: dict[str, str]) -> str:
    """Return the text of a query with values in the places of its parameters."""
    return place(query, bind(query, given, built._engine))


def term(name: str) -> ox.NamedNode:
    """Return the IRI that a prefixed name stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(f"{PREFIXES[prefix]}{local}")


def solutions(store: ox.Store, text: str) -> list[tuple[ox.NamedNode | ox.Literal | None, ...]]:
    """Return the rows of a SELECT as tuples of terms."""
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


def examples(query: SavedQuery) -> Iterator[dict[str, str]]:
    """Yield the required examples alone, and with each optional example."""
    yield query.examples
    for param in query.params:
        if param.optional and param.example:
            yield {**query.examples, param.name: param.example}


def test_every_saved_query_loads() -> None:
    """No file is wrong."""
    assert [str(error) for error in read_folder(QUERIES)[1]] == []


@pytest.mark.parametrize("name", NAMES)
def test_examples_have_rows(built: Build, queries: dict[str, SavedQuery], name: str) -> None:
    """The example of every parameter, required or optional, leads to an answer."""
    query = queries[name]

    empty = [given for given in examples(query) if not built.run(name, **given)]

    assert all(param.example for param in query.params)
    assert empty == []


@pytest.mark.parametrize("name", NAMES)
def test_rows_come_in_one_order(
    built: Build,
    built_store: ox.Store,
    shuffled: ox.Store,
    queries: dict[str, SavedQuery],
    name: str,
) -> None:
    """ORDER BY leaves no ties: the same quads in another store give the same rows in order."""
    texts = [filled(built, queries[name], given) for given in examples(queries[name])]

    assert [solutions(built_store, text) for text in texts] == [
        solutions(shuffled, text) for text in texts
    ]


@pytest.mark.parametrize("name", NAMES)
def test_query_is_quick(
    built: Build, built_store: ox.Store, queries: dict[str, SavedQuery], name: str
) -> None:
    """Of five runs the quickest counts, because other work may slow the rest."""
    for given in examples(queries[name]):
        text = filled(built, queries[name], given)

        assert min(_seconds(built_store, text) for _ in range(5)) < SECONDS, given


def _seconds(store: ox.Store, text: str) -> float:
    start = time.perf_counter()
    solutions(store, text)
    return time.perf_counter() - start


@pytest.mark.parametrize("name", NAMES)
def test_no_row_comes_twice(
    built: Build, built_store: ox.Store, queries: dict[str, SavedQuery], name: str
) -> None:
    """A duplicate would be counted as a second fact."""
    for given in examples(queries[name]):
        rows = solutions(built_store, filled(built, queries[name], given))

        assert len(rows) == len(set(rows)), given


@pytest.mark.parametrize("name", NAMES)
def test_description_says_what_standing_the_rows_have(
    queries: dict[str, SavedQuery], name: str
) -> None:
    """Whoever reads the page of a query learns whether its rows are facts."""
    assert re.search(r"standing|accepted\s+fact", queries[name].description)


@pytest.mark.parametrize("name", sorted({*NAMES} - UNRATED))
def test_a_row_has_the_weakest_standing_in_it(
    built: Build, built_store: ox.Store, queries: dict[str, SavedQuery], name: str
) -> None:
    """Where a row has several things with a standing, `standingLabel` is no better than any."""
    orders = {row[0]: int(getattr(row[1], "value", 0)) for row in solutions(built_store, WEAKNESS)}
    for given in examples(queries[name]):
        found = built_store.query(filled(built, queries[name], given), prefixes=dict(PREFIXES))
        assert isinstance(found, ox.QuerySolutions)
        columns = [v.value for v in found.variables if re.search("[sS]tandingLabel$", v.value)]
        for row in found:
            others = [row[column] for column in columns if row[column] is not None]
            assert "standingLabel" in columns
            assert row["standingLabel"] is not None
            assert orders[row["standingLabel"]] == max(orders[each] for each in others), given


@pytest.mark.parametrize("name", NAMES)
def test_things_have_their_label_beside_them(
    built: Build, built_store: ox.Store, queries: dict[str, SavedQuery], name: str
) -> None:
    """A column of IRIs comes with a column of labels."""
    found = built_store.query(filled(built, queries[name], queries[name].examples))
    assert isinstance(found, ox.QuerySolutions)
    columns = [variable.value for variable in found.variables]
    named = {
        column
        for row in found
        for column, term in zip(columns, row, strict=True)
        if isinstance(term, ox.NamedNode)
    }

    assert {f"{column}Label" for column in named - IDENTIFIERS} <= set(columns)


@pytest.mark.parametrize("name", NAMES)
def test_only_used_prefixes_are_declared(queries: dict[str, SavedQuery], name: str) -> None:
    """Each PREFIX line is of use, gives our namespace, and they are sorted."""
    text = queries[name].text
    declared = re.findall(r"^PREFIX (\w+): <(\S+)>$", text, re.MULTILINE)
    body = re.sub(r'"[^"\n]*"|^PREFIX.*$', "", text, flags=re.MULTILINE)

    assert dict(declared) == {p: PREFIXES[p] for p in re.findall(r"(?<![\w?/])(\w+):\w", body)}
    assert declared == sorted(declared)


@pytest.mark.parametrize("name", NAMES)
def test_query_keeps_the_house_style(queries: dict[str, SavedQuery], name: str) -> None:
    """Upper-case keywords, camelCase variables, two-space indent, lines of at most 100."""
    text = re.sub(r'"[^"\n]*"|<[^>\s]*>', "", queries[name].text)
    words = re.findall(r"(?<![\w?:/.-])[A-Za-z_]+(?![\w:-])", text)

    assert {word for word in words if KEYWORDS.fullmatch(word) and word != word.upper()} == set()
    assert all(re.fullmatch(r"[a-z][A-Za-z]*", v) for v in re.findall(r"\?(\w+)", text))
    assert all(len(re.match(r" *", line)[0]) % 2 == 0 for line in text.splitlines())  # type: ignore[index]
    assert all(len(line) <= 100 for line in queries[name].path.read_text("utf-8").splitlines())


def test_contacts_are_counted_by_standing(
    built: Build, built_store: ox.Store, queries: dict[str, SavedQuery]
) -> None:
    """A call that is only announced counts, but never among the accepted contacts."""
    call = term("situation:call-of-jaishankar-and-muttaqi")
    standing = term("dip:standing")
    accepted = term("graph:accepted")
    store = ox.Store()
    for quad in built_store:
        if quad.subject != call or quad.graph_name != accepted:
            store.add(quad)
    for quad in list(store.quads_for_pattern(call, standing, None, None)):
        store.remove(quad)
        store.add(ox.Quad(call, standing, term("dipv:announced"), quad.graph_name))
    given = {"side": "India", "otherSide": "Taliban"}

    rows = solutions(store, filled(built, queries["contact-counts"], given))

    assert [tuple(cell.value for cell in row[:3] if cell) for row in rows] == [
        ("accepted", "meeting", "1"),
        ("accepted", "visit", "1"),
        ("accepted", "total", "2"),
        ("announced or planned", "call", "1"),
        ("announced or planned", "total", "1"),
    ]
