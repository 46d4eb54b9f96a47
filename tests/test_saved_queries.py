"""Saved queries: what their files must say, what their parameters take, and where values stand."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Store

from kg.engine.requests import Engine
from kg.errors import ParameterError, SavedQueryError, SavedQueryErrors
from kg.placing import Term, place_terms, place_values
from kg.saved_queries import (
    Param,
    SavedQuery,
    choices,
    find_saved_query,
    place,
    read_folder,
    read_saved_queries,
    read_saved_query,
)
from kg.saved_queries.values import bind_params, to_term
from kg.sparql_tokens import occurrences, tokens
from kg.vocab import BASE, DIPV

IRI = NamedNode("https://example.org/a?b=c#d")
XSD = "http://www.w3.org/2001/XMLSchema#"
HEADER = """\
#+ title = "Label of a state"
#+ description = "The label of the state with a code."
#+ [params.code]
#+ type = "string"
#+ example = "PAK"
"""
BODY = """
PREFIX ex: <https://example.org/>

SELECT ?state ?label
WHERE {
  ?state ex:code ?code ;
    ex:label ?label .
}
ORDER BY ?state
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a text as a saved query, and return its path."""

    def write_file(text: str) -> Path:
        path = tmp_path / "label-of-state.rq"
        path.write_text(text)
        return path

    return write_file


def test_a_file_is_read_whole(write: Write) -> None:
    """The text is what stands below the header, and starts at its first line."""
    query = read_saved_query(write(HEADER + '#+ label = "Code"\n' + BODY))

    assert (query.name, query.title, query.form) == ("label-of-state", "Label of a state", "SELECT")
    assert query.text == BODY.lstrip()
    assert query.params == (Param(name="code", type="string", label="Code", example="PAK"),)


def test_a_default_is_the_example_too(write: Write) -> None:
    """A date is written as TOML has it or as a text; a label is the name spelled out."""
    about = '#+ [params.asOf]\n#+ type = "date"\n#+ default = 2025-05-30\n'
    body = BODY.replace("ex:label ?label .", "ex:label ?label . FILTER(?label < ?asOf)")

    param = read_saved_query(write(HEADER + about + body)).params[1]

    assert (param.default, param.example, param.label) == ("2025-05-30", "2025-05-30", "as of")
    assert not param.is_required


@pytest.mark.parametrize(
    ("before", "after", "line", "problem"),
    [
        (
            'title = "Label of a state"',
            'titel = "x"',
            1,
            "unknown key 'titel'; did you mean title?",
        ),
        ('title = "Label of a state"', "title = 3", 1, "title is 3; it must be of type str"),
        ('#+ title = "Label of a state"\n', "", 1, "the header has no title"),
        ("The label of the state with a code.", "", 2, "the header has no description"),
        ('"PAK"', '"PAK', 5, "the header is not TOML"),
        ('example = "PAK"', 'exampel = "PAK"', 5, "unknown key 'exampel'; did you mean example?"),
        ('"string"', '"strnig"', 4, "type is 'strnig'; it must be one of entity, iri, string"),
        ('#+ type = "string"\n', "", 3, "type is ''"),
        ('"string"', '"entity"', 4, "type entity needs class"),
        ('"string"', '"enum"', 4, "type enum needs values"),
        ('"string"', '"string"\n#+ min = 3', 5, "min does not go with type string"),
        ('"string"', '"date"\n#+ partial = "end"', 5, 'partial must be "first" or "last"'),
        ('"string"', '"entity"\n#+ class = "foo:State"', 5, "class 'foo:State' has an unknown pre"),
        ('#+ example = "PAK"\n', "", 3, "a parameter needs an example"),
        ('"PAK"', '"PAK"\n#+ default = "x"\n#+ optional = true', 6, "exclude each other"),
        ('"string"', '"integer"', 3, "code: 'PAK' is not a whole number"),
        ("params.code", "params.format", 3, "a parameter cannot be named 'format'"),
        ("params.code", "params.the-code", 3, "parameter 'the-code': write its name in camelCase"),
        ("params.code", "params.cod", 3, "no variable ?cod in the text"),
        ("?state ?label\n", "*\n", 9, "SELECT * is never used"),
        ("ORDER BY ?state\n", "", 1, "a SELECT needs ORDER BY"),
        ("ORDER BY ?state", "ORDER BY ?state\n#+ ordered = true", 15, "a #+ line below the header"),
        ("?label .", "?label . SERVICE <http://x.org/> {}", 12, "SERVICE is not answered here"),
        ("?label .", "?label ..", 14, "the query does not parse"),
        ("PREFIX ex: <https://example.org/>", "", 11, "the query does not parse"),
        ("?label .", "?label . BIND(1 AS ?code)", 12, "?code is assigned by AS or VALUES"),
        ("?label .", "?label . VALUES ?code { 1 }", 12, "?code is assigned by AS or VALUES"),
        ("?label .", "{ SELECT ?code { ?code ?a ?b } }", 12, "?code is an item of a sub-select"),
        ("?label .", "?label . FILTER(1<?code&&?a>2)", 12, "put spaces around < and >"),
        ("?label .", "?label . FILTER(BOUND(?code))", 13, "with a value for each parameter it d"),
        ("ORDER BY ?state", "ORDER BY ?state LIMIT ?code", 15, "the query does not parse"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(
    write: Write, before: str, after: str, line: int, problem: str
) -> None:
    """Each mistake is made in a file that is right without it."""
    whole = HEADER + BODY
    assert before in whole

    with pytest.raises(SavedQueryError) as caught:
        read_saved_query(write(whole.replace(before, after)))

    assert problem in caught.value.problem
    assert caught.value.line == line


def test_a_mistake_in_one_file_does_not_hide_the_others(tmp_path: Path) -> None:
    """Reading the folder tells every broken file, and the files that are right can be had."""
    (tmp_path / "a.rq").write_text(BODY)
    (tmp_path / "b.rq").write_text(HEADER + BODY)
    (tmp_path / "Cee.rq").write_text(HEADER + BODY)

    queries, errors = read_folder(tmp_path)

    assert list(queries) == ["b"]
    assert {error.path.name for error in errors} == {"a.rq", "Cee.rq"}
    with pytest.raises(SavedQueryErrors, match="2 saved queries are wrong") as caught:
        read_saved_queries(tmp_path)
    assert all(str(error) in str(caught.value) for error in errors)


def test_a_file_that_is_not_utf8_is_a_wrong_file(tmp_path: Path) -> None:
    """It is told like any other mistake."""
    (tmp_path / "a.rq").write_bytes(b"#+ title = \xff")

    with pytest.raises(SavedQueryError, match="not UTF-8"):
        read_saved_query(tmp_path / "a.rq")


@pytest.mark.parametrize("name", ["../label-of-state", "label-of-stat", "/etc/passwd", ""])
def test_a_query_is_found_by_its_name_alone(write: Write, name: str) -> None:
    """A name is never a path, and a near name is suggested."""
    folder = write(HEADER + BODY).parent

    assert find_saved_query(folder, "label-of-state").name == "label-of-state"
    with pytest.raises(ParameterError, match="no saved query"):
        find_saved_query(folder, name)


def test_an_optional_parameter_must_have_a_place_where_it_may_stay_free(write: Write) -> None:
    """In a bare FILTER a variable without a value is an error, and no row would be left."""
    about = '#+ [params.least]\n#+ type = "integer"\n#+ optional = true\n'
    bare = BODY.replace("?label .", "?label . FILTER(?label > ?least)")
    stood = BODY.replace("?label .", "?label . FILTER(COALESCE(?label > ?least, true))")

    with pytest.raises(SavedQueryError, match=r"optional \?least stands in no pattern"):
        read_saved_query(write(HEADER + about + bare))
    assert read_saved_query(write(HEADER + about + stood)).params[1].optional


TEXTS = (
    "# ?x is here\n?x",
    "<http://e.org/?x> ?x",
    '"?x" ?x',
    "'a\\'?x' ?x",
    '"""a"?x""b""" ?x',
    "'''?x\n'?x''' ?x",
    "ex:a\\?x ?x",
    '"a"@as ?x',
    "?xy $x",
    "?x\u00b7 ?x",
    "_:x ex:x ?x",
    "ex:p*?x",
)


@pytest.mark.parametrize("text", TEXTS)
def test_only_the_variable_itself_is_replaced(text: str) -> None:
    """Comments, IRIs, strings, escaped local names and longer names keep their characters."""
    assert [spot.token.name for spot in occurrences(text)].count("x") == 1
    assert place_terms(text, {"x": IRI}).replace(" ", "") == (text[:-2].replace(" ", "") + str(IRI))


@pytest.mark.parametrize("tag", ["as", "group", "order", "values"])
def test_a_language_is_no_keyword(tag: str) -> None:
    """Assamese is written @as."""
    *_, last = occurrences(f'ASK {{ ?s ?p "a"@{tag} , ?x }}')

    assert (last.token.name, last.role) == ("x", "pattern")


@pytest.mark.parametrize(
    ("text", "placed"),
    [
        ("SELECT ?x WHERE { ?s ?p ?x }", "SELECT (1 AS ?x) WHERE { ?s ?p 1 }"),
        ("SELECT (?x AS ?y) { }", "SELECT (1 AS ?y) { }"),
        ("SELECT (EXISTS{?s ?p ?x} AS ?y) ?x { }", "SELECT (EXISTS{?s ?p 1} AS ?y) (1 AS ?x) { }"),
        ("SELECT ?s { VALUES ?s { 2 } ?s ?p ?x }", "SELECT ?s { VALUES ?s { 2 } ?s ?p 1 }"),
        ("SELECT (COUNT(?x) AS ?n) { }", "SELECT (COUNT(1) AS ?n) { }"),
        ("SELECT ?x { } GROUP BY ?x", "SELECT ?x { } GROUP BY (1 AS ?x)"),
        ("SELECT ?s { } ORDER BY ?x ?s", "SELECT ?s { } ORDER BY (1) ?s"),
        ("SELECT ?s { } ORDER BY DESC(?x)", "SELECT ?s { } ORDER BY DESC(1)"),
        ("SELECT ?s { } HAVING(?x > 2)", "SELECT ?s { } HAVING(1 > 2)"),
        ("SELECT ?s { {SELECT ?s {?s ?p ?x}} }", "SELECT ?s { {SELECT ?s {?s ?p 1}} }"),
        ("CONSTRUCT { ?s ?p ?x } WHERE { ?s ?p ?x }", "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p 1 }"),
        ("ASK { ?s ?p [ ?q ?x ] }", "ASK { ?s ?p [ ?q 1 ] }"),
        ("ASK { FILTER(?s<?x) }", "ASK { FILTER(?s< 1) }"),
        ("ASK { FILTER(?s < ?x&&?t > 2) }", "ASK { FILTER(?s < 1 &&?t > 2) }"),
    ],
)
def test_a_term_stands_as_the_grammar_asks_in_its_place(text: str, placed: str) -> None:
    """Where only a variable may stand, the term is bracketed and named again."""
    one = Literal(1)

    assert place_terms(text, {"x": one}) == placed.replace("1", str(one))


def test_a_projected_parameter_gives_a_column_with_its_value() -> None:
    """The query answers as if the variable had been bound, also grouped and ordered by it."""
    store = Store()
    store.update("INSERT DATA { <e:a> <e:p> 1 , 2 . <e:b> <e:p> 3 }")
    text = """SELECT ?s (SUM(?n) AS ?total) WHERE { ?s <e:p> ?n }
              GROUP BY ?s HAVING(SUM(?n) > 0) ORDER BY ?s"""

    rows = list(store.query(place_terms(text, {"s": NamedNode("e:a")})))  # type: ignore[arg-type]

    assert [(row["s"], row["total"]) for row in rows] == [(NamedNode("e:a"), Literal(3))]


TERMS = st.one_of(
    st.text(st.characters(codec="utf-8")).map(Literal),
    st.builds(
        lambda text, tag: Literal(text, language=tag),
        st.text(st.characters(codec="utf-8")),
        st.from_regex(r"[a-z]{2,3}(-[A-Z]{2})?", fullmatch=True),
    ),
    st.integers(-(10**17), 10**17).map(Literal),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=NamedNode(XSD + "date"))),
)
HOSTILE = st.sampled_from(
    ['"', "'", '"""', "\\", "\n", "\r", ">", "<", "}", "{", "#", "?x", "$x", "@en", "\\u0022", "\0"]
)


@given(term=TERMS | st.lists(HOSTILE).map("".join).map(Literal))
def test_no_value_breaks_out_of_its_term(term: Term) -> None:
    """Evaluated, the placed text gives back exactly the term, once."""
    placed = place_terms("SELECT ?s (?x AS ?y) WHERE { BIND(?x AS ?s) } ORDER BY ?s", {"x": term})

    rows = list(Store().query(placed))  # type: ignore[arg-type]

    assert [(row["s"], row["y"]) for row in rows] == [(term, term)]


@given(texts=st.lists(st.text(st.characters(codec="utf-8")) | st.lists(HOSTILE).map("".join)))
def test_the_tokens_around_a_value_stay_as_they_were(texts: list[str]) -> None:
    """Whatever texts are given, the same tokens stand in the same order around their terms."""
    names = [f"v{i}" for i in range(len(texts))]
    text = "SELECT ?s WHERE { " + " ".join(f"?s ex:p ?{name} ." for name in names) + " }"
    marked = place_terms(text, {name: NamedNode("e:x") for name in names})

    placed = place_terms(text, dict(zip(names, map(Literal, texts), strict=True)))

    kinds = [token.text for token in tokens(marked) if token.text != "<e:x>"]
    assert [token.text for token in tokens(placed) if token.kind != "string"] == kinds


@given(text=st.text(st.characters()) | st.lists(HOSTILE).map("".join))
@example(text="\ud800")
@pytest.mark.parametrize("kind", ["iri", "string", "integer", "date", "enum"])
def test_any_text_gives_a_term_or_a_parameter_error(kind: str, text: str) -> None:
    """No text raises anything else, and a term given is one that can be placed."""
    param = Param(name="x", type=kind, label="x", values=("dipv:accepted", "plain"))

    try:
        term = to_term(param, text)
    except ParameterError:
        return

    placed = place_terms("SELECT (?x AS ?y) WHERE { } ORDER BY ?y", {"x": term})
    assert [row["y"] for row in Store().query(placed)] == [term]  # type: ignore[union-attr]


def test_a_block_of_values_takes_many_terms() -> None:
    """The block keeps its place, and other blocks their terms."""
    text = "ASK { VALUES ?a { <e:x> } VALUES ?b { <e:x> } }"

    placed = place_values(text, "b", [NamedNode("e:1"), NamedNode("e:2")])

    assert placed == "ASK { VALUES ?a { <e:x> } VALUES ?b { <e:1> <e:2> } }"
    with pytest.raises(ValueError, match="no block"):
        place_values(text, "c", [])


DATE = Param(name="asOf", type="date", label="as of", min=date(2000, 1, 1))


@pytest.mark.parametrize(
    ("partial", "text", "day"),
    [
        ("", "2025-04-19", "2025-04-19"),
        ("first", "2025", "2025-01-01"),
        ("last", "2025", "2025-12-31"),
        ("first", "2024-02", "2024-02-01"),
        ("last", "2024-02", "2024-02-29"),
        ("last", "2024-02-03", "2024-02-03"),
    ],
)
def test_a_date_is_a_day(partial: str, text: str, day: str) -> None:
    """A year or month stands for its first or last day only where the query says which."""
    param = Param(name="asOf", type="date", label="as of", partial=partial)

    assert to_term(param, text) == Literal(day, datatype=NamedNode(XSD + "date"))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("2025", "'2025' is a year; give a day, as in 2025-04-19"),
        ("2025-04", "'2025-04' is a month; give a day"),
        ("2025-02-29", "there is no day '2025-02-29'"),
        ("19 April 2025", "is not a date such as 2025-04-19"),
        ("20250419", "is not a date"),
        ("1999-12-31", "1999-12-31 is less than 2000-01-01, the least it takes"),
    ],
)
def test_what_is_not_a_day_says_what_would_be(text: str, problem: str) -> None:
    """The error names the parameter, the text, and a day."""
    with pytest.raises(ParameterError, match=f"asOf: .*{problem}|asOf: {problem}"):
        to_term(DATE, text)


@pytest.mark.parametrize(
    ("text", "partial", "day"),
    [
        ("31 May 2025", "", "2025-05-31"),
        ("31st of may, 2025", "", "2025-05-31"),
        ("May 31, 2025", "", "2025-05-31"),
        ("3 Sept. 2025", "first", "2025-09-03"),
        ("May 2025", "first", "2025-05"),
        ("May 2025", "", ""),
        ("31 June 2025", "", ""),
        ("01/02/2025", "", ""),
        ("1.2.2025", "first", ""),
        ("31 Ma 2025", "", ""),
        ("31 Foo 2025", "", ""),
        ("0 May 2025", "", ""),
        ("1 May 0000", "", ""),
        ("\u0661 May 2025", "", ""),
        ("May 31 31 2025", "", ""),
    ],
)
def test_a_date_in_english_words_is_offered_as_it_is_given(
    text: str, partial: str, day: str
) -> None:
    """It is not taken by itself; and what can be read in two ways is not guessed."""
    param = Param(name="asOf", type="date", label="as of", partial=partial)
    with pytest.raises(ParameterError, match="is not a date") as caught:
        to_term(param, text)

    assert caught.value.suggestions == ((day,) if day else ())


@pytest.mark.parametrize(("text", "number"), [("7", 7), ("+7", 7), ("-007", -7)])
def test_an_integer_is_canonical(text: str, number: int) -> None:
    """Terms are compared as written: 007 would match nothing."""
    param = Param(name="n", type="integer", label="n", max=10)

    assert to_term(param, text) == Literal(number)
    for wrong in ("11", "7.5", "seven", "\u0667"):
        with pytest.raises(ParameterError, match="n: "):
            to_term(param, wrong)


@pytest.mark.parametrize("text", ["accepted", "Accepted", "dipv:accepted", f"<{DIPV}accepted>"])
def test_a_concept_is_chosen_by_its_local_name(text: str) -> None:
    """Its prefixed name and its IRI lead to it as well."""
    param = Param(name="s", type="enum", label="s", values=("dipv:accepted", "plain words"))

    assert to_term(param, text) == NamedNode(DIPV + "accepted")
    assert to_term(param, "plain words") == Literal("plain words")
    assert list(choices(param)) == ["accepted", "plain words"]
    with pytest.raises(ParameterError, match="did you mean accepted"):
        to_term(param, "acepted")


@pytest.mark.parametrize("text", ["state:pakistan", f"<{BASE}id/state/pakistan>"])
def test_an_iri_is_written_in_full_or_with_a_known_prefix(text: str) -> None:
    """Anything else is no IRI."""
    param = Param(name="thing", type="iri", label="thing")

    assert to_term(param, text) == NamedNode(BASE + "id/state/pakistan")
    for wrong in ("Pakistan", "foo bar:x", "state:a b", "http://e.org/>"):
        with pytest.raises(ParameterError, match="is not an IRI"):
            to_term(param, wrong)


def test_all_that_is_missing_is_said_at_once(engine: Engine) -> None:
    """With what each takes; an empty text is as good as none."""
    params = (
        Param(name="a", type="string", label="First", example="x"),
        Param(name="b", type="string", label="Second", example="y"),
        Param(name="c", type="string", label="Third", default="z"),
        Param(name="d", type="string", label="Fourth", optional=True),
    )

    with pytest.raises(ParameterError, match=r"a \(First\), such as 'x'; b \(Second\)"):
        bind_params(params, {"b": "  "}, engine)
    with pytest.raises(ParameterError, match="no parameter 'aa'; did you mean a"):
        bind_params(params, {"aa": "1"}, engine)
    given = {"a": "1", "b": "2", "d": ""}
    assert bind_params(params, given, engine) == {
        "a": Literal("1"),
        "b": Literal("2"),
        "c": Literal("z"),
    }


def test_an_optional_parameter_that_is_not_given_stays_a_variable(write: Write) -> None:
    """The query then answers for all values, and its column tells them apart."""
    text = HEADER.replace('example = "PAK"', "optional = true") + BODY
    query: SavedQuery = read_saved_query(write(text.replace("SELECT ?state", "SELECT ?code")))
    store = Store()
    store.update(
        "PREFIX ex: <https://example.org/>"
        "INSERT DATA { ex:p ex:code 'PAK' ; ex:label 'P' . ex:j ex:code 'JPN' ; ex:label 'J' }"
    )

    everything = list(store.query(place(query, {})))  # type: ignore[arg-type]
    one = list(store.query(place(query, {"code": Literal("JPN")})))  # type: ignore[arg-type]

    assert [row["code"].value for row in everything] == ["JPN", "PAK"]
    assert [(row["code"].value, row["label"].value) for row in one] == [("JPN", "J")]
