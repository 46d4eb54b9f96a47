"""The choice of a format."""

import pytest

from kg.errors import NotAcceptable
from kg.formats import (
    CSV,
    JSON,
    JSON_LD,
    N_TRIPLES,
    RDF_FORMATS,
    RDF_XML,
    RESULT_FORMATS,
    TSV,
    TURTLE,
    XML,
    Format,
    RdfFormat,
    ResultFormat,
    by_name,
    choose,
    negotiate,
    prefers_html,
)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("text/*", CSV),
        ("text/csv", CSV),
        ("TEXT/CSV ; charset=utf-8", CSV),
        ("application/json", JSON),
        ("application/xml", XML),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.6", TSV),
        ("text/csv;q=0.5, */*;q=0.1", CSV),
        ("*/*, application/sparql-results+json;q=0", XML),
        ("text/csv, application/sparql-results+xml", XML),
        ("text/html, */*;q=0.8", JSON),
        ("text/csv;q=nan, text/tab-separated-values;q=0.1", TSV),
        ("text/csv;q=7, application/sparql-results+xml", XML),
        ("text/csv;q=-7, text/tab-separated-values;q=0.1", TSV),
    ],
)
def test_choose_takes_the_heaviest_format_of_the_header(
    accept: str | None, expected: ResultFormat
) -> None:
    """The most specific range gives the weight; a tie goes to the first offered."""
    assert choose(accept, RESULT_FORMATS) is expected


@pytest.mark.parametrize(
    "accept",
    ["image/png", "text/csv;q=0", "*/*;q=-1", "text/csv;q=many", "text/csv;q=inf", ";;,,"],
)
def test_choose_refuses_a_header_that_fits_nothing_and_lists_what_there_is(accept: str) -> None:
    """A weight of nought is a no, and so is one that is not a number."""
    with pytest.raises(NotAcceptable, match=r"offered: application/sparql-results\+json, "):
        choose(accept, RESULT_FORMATS)


@pytest.mark.parametrize(
    ("name", "rows", "graph"),
    [
        ("csv", CSV, None),
        ("ttl", None, TURTLE),
        ("json", JSON, JSON_LD),
        ("xml", XML, RDF_XML),
        ("text/turtle", None, TURTLE),
        ("NT", None, N_TRIPLES),
    ],
)
def test_negotiate_lets_a_name_go_before_the_header(
    name: str, rows: ResultFormat | None, graph: RdfFormat | None
) -> None:
    """`json` and `xml` mean whichever the answer can be."""
    assert negotiate("text/csv", name) == (rows, graph)


def test_negotiate_says_which_kinds_of_answer_fit_the_header() -> None:
    """A client that takes only Turtle cannot take rows."""
    assert negotiate("text/turtle") == (None, TURTLE)


@pytest.mark.parametrize(("accept", "name"), [("image/png", None), ("*/*", "png")])
def test_negotiate_refuses_where_no_kind_fits(accept: str, name: str | None) -> None:
    """A wrong name is not mended by the header."""
    with pytest.raises(NotAcceptable, match="csv"):
        negotiate(accept, name)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("text/html;q=0.9, application/json;q=0.1", True),
        ("text/turtle, text/html;q=0.9", False),
        ("application/n-quads, text/turtle;q=0.6, text/html;q=0.2", False),
        ("text/*", False),
        (None, False),
        ("*/*", False),
        ("application/json, text/html", False),
        ("text/html;q=nan", False),
        ("text/csv", False),
    ],
)
def test_html_is_for_those_who_like_it_better_than_data(
    accept: str | None,
    expected: bool,  # noqa: FBT001 - a parameter of the table
) -> None:
    """Browsers say so; programs say neither, or both alike."""
    assert prefers_html(accept) is expected


@pytest.mark.parametrize("each", [*RESULT_FORMATS, *RDF_FORMATS])
def test_every_format_is_found_by_its_own_name_and_known_to_pyoxigraph(each: Format) -> None:
    """Media types agree, but for the charset that pyoxigraph adds to text."""
    assert by_name(each.name) is each
    assert isinstance(each, ResultFormat | RdfFormat)
    assert each.oxigraph.media_type.partition(";")[0] == each.media_type


def test_by_name_lists_the_names_where_there_is_none() -> None:
    """The message is what a person needs to go on."""
    with pytest.raises(NotAcceptable, match="no format 'pdf'; there are json, xml, csv, tsv, ttl"):
        by_name("pdf")
