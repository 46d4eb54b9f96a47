"""What is refused before any worker sees it."""

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.config import Config
from kg.engine import guard
from kg.engine.guard import check_query
from kg.errors import BadEncoding, QueryRefused

FORBIDDEN = ("SERVICE", "service", "\u017fervice", "SERVICEex:s", "ADD", "load", "true.DROP")
HARMLESS = (
    *("LO", "AD", "SELECT", "FILTER", "union", "?a", "$b", "ex:p", "<http://e/a>", '"x"', "#"),
    *(
        "(",
        "{",
        "[",
        "{[(",
        ")",
        "}",
        "]",
        "+",
        "+*-",
        "-",
        "1-1",
        "&&",
        "<=",
        "*",
        " ",
        " ",
        ".",
        "\n",
        '"',
    ),
)
"""Pieces that make a text wrong by themselves, and those that only many of do."""


def made_of(*pieces: str) -> st.SearchStrategy[str]:
    """Return texts that are made of these pieces."""
    return st.lists(st.sampled_from(pieces), max_size=60).map("".join)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
        "SELECT * { service <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE # <x>\n SILENT ?u { ?s ?p ?o } }",
        "SELECT * { SERVICE<http://e/>{ ?s ?p ?o } }",
        "SELECT * { SERVICESILENT<http://e/>{ ?s ?p ?o } }",
        "PREFIX e: <http://e/> SELECT * { SERVICEe:x{ ?s ?p ?o } }",
        "PREFIX : <http://e/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
        "PREFIX : <http://e/> SELECT * { ?s ?p trueSERVICE:x{ ?s ?p ?o } }",
        "SELECT * { ?s ?p 1.SERVICE <http://e/> { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <http://e/> { ?s ?p ?o } } }",
    ],
)
def test_a_call_of_another_service_is_refused(query: str, tiny_config: Config) -> None:
    """In any case of letters, nested, and where no space parts the keyword from its neighbours."""
    with pytest.raises(QueryRefused, match="SERVICE is refused: this graph is asked alone"):
        check_query(query, tiny_config)


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:s> <a:p> <a:o> }",
        "delete where { ?s ?p ?o }",
        "LOAD <http://e/>",
        "CLEAR ALL",
        "DROP GRAPH <a:g>",
        "CREATE GRAPH <a:g>",
        "ADD <a:g> TO <a:h>",
        "MOVE <a:g> TO <a:h>",
        "COPY <a:g> TO <a:h>",
    ],
)
def test_an_update_is_refused_with_its_word(query: str, tiny_config: Config) -> None:
    """Every form of SPARQL 1.1 Update."""
    with pytest.raises(QueryRefused, match=r"^[A-Z]+ is refused: the graph is read-only"):
        check_query(query, tiny_config)


@pytest.mark.parametrize(
    "query",
    [
        'ASK { ?s ?p "SERVICE <http://e/> {}" }',
        "ASK { ?s ?p '''LOAD \n SERVICE''' }",
        "ASK { ?s <http://e/SERVICE> ?o }",
        "ASK { ?s ?p ?o } # SERVICE LOAD",
        "SELECT ?service $load { ?service ?p $load }",
        "PREFIX load: <http://e/> ASK { load:SERVICE load:clear ?o }",
        "PREFIX service: <http://e/> ASK { GRAPH service:x { ?s service:y ?o } }",
        'ASK { ?s ?p "x"@service }',
        "ASK { _:service ?p ?o }",
        "ASK { FILTER(?a<?b && ?c>?d) }",
        "ASK { VALUES ?n { " + "-1 " * 2000 + "} }",
        "SELECT * { VALUES ?x { " + "<http://e/x> " * 3000 + "} }",
        "",
    ],
)
def test_forbidden_words_are_only_words(query: str, tiny_config: Config) -> None:
    """In a string, an IRI, a comment, a variable, a name or a language tag they are harmless."""
    check_query(query, tiny_config)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { FILTER(" + "STR(" * 1000 + "1" + ")" * 1000 + ") }",
        "SELECT * " + "{" * 3000,
        "ASK { ?s ?p " + "(" * 65,
    ],
)
def test_deep_nesting_is_refused(query: str, tiny_config: Config) -> None:
    """Brackets of any kind count, closed or not."""
    with pytest.raises(QueryRefused, match="nested deeper than 64"):
        check_query(query, tiny_config)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(" + "!" * 1001 + "true) }",
        "ASK { FILTER(1" + "+1" * 1001 + ") }",
        "ASK { FILTER(1" + "-1" * 1001 + ") }",
        "ASK { " + "BIND(1 AS ?x) " * 1001 + "}",
        "ASK { " + "{} UNION " * 1001 + "{} }",
        "ASK { ?s " + "<a:p>/" * 1001 + "<a:p> ?o }",
    ],
)
def test_too_many_operators_are_refused(query: str, tiny_config: Config) -> None:
    """Signs and clauses count alike."""
    with pytest.raises(QueryRefused, match="more than 1000 operators"):
        check_query(query, tiny_config)


def test_the_deepest_nesting_allowed_is_not_refused(tiny_config: Config) -> None:
    """Brackets that stand side by side do not add up."""
    deepest = "{" * tiny_config.query_depth + "}" * tiny_config.query_depth

    check_query(f"ASK {deepest} {deepest}", tiny_config)


def test_size_counts_bytes_of_utf_8(tiny_config: Config) -> None:
    """A text of half the limit in characters can be too long."""
    with pytest.raises(QueryRefused, match="at most 65536 are allowed"):
        check_query("é" * 40_000, tiny_config)


def test_a_lone_surrogate_is_refused(tiny_config: Config) -> None:
    """It cannot be written in UTF-8, so it cannot be sent to a worker."""
    with pytest.raises(BadEncoding, match="lone surrogate at character 5"):
        check_query("ASK \ud800", tiny_config)


@pytest.mark.parametrize(
    "piece",
    [
        '"""',
        '\\"""\n',
        "'",
        '\\"""',
        "<",
        "<a",
        "a.",
        "-.",
        "\\",
        '"\\',
        "#",
        "a:",
        "?",
        "%",
        "\x00",
    ],
)
def test_the_check_of_any_text_is_fast(piece: str, tiny_config: Config) -> None:
    """Garbage of the longest length allowed takes linear time; quadratic would take seconds."""
    text = (piece * tiny_config.query_bytes)[: tiny_config.query_bytes]
    started = time.process_time()

    with suppress(QueryRefused):
        check_query(text, tiny_config)

    assert time.process_time() - started < 0.5


@given(st.text())
def test_any_text_is_either_let_through_or_refused(text: str) -> None:
    """No text makes the check fail in another way."""
    config = Config(root=Path("/"), builds=Path("/"))

    with suppress(QueryRefused):
        check_query(text, config)


@pytest.mark.parametrize(("depth", "operators"), [(1, 1000), (1000, 3)])
@given(text=made_of(*HARMLESS) | made_of(*FORBIDDEN, *HARMLESS))
def test_a_first_glance_lets_nothing_through_that_a_closer_look_refuses(
    depth: int, operators: int, text: str
) -> None:
    """The glance only saves time."""
    limits = replace(Config(Path(), Path()), query_depth=depth, query_operators=operators)

    with pytest.MonkeyPatch.context() as patch:
        at_a_glance = refusal_of(text, limits)
        patch.setattr(guard, "_is_harmless", lambda *_: False)

        assert at_a_glance == refusal_of(text, limits)


def refusal_of(text: str, limits: Config) -> str:
    """Return why a text is refused, or nothing."""
    try:
        check_query(text, limits)
    except QueryRefused as error:
        return str(error)
    return ""
