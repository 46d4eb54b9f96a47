"""The pages of the saved queries: list, form, answer as a table, what is wrong, ways to use it."""

import csv
import io
import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse_query_results
from werkzeug.test import TestResponse

from conftest import TINY_HASH, TINY_WORLD
from every_type import EVERY_TYPE, EXAMPLES, app_with_every_type
from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.errors import ParameterError
from kg.formats import JSON
from kg.library import Build
from kg.saved_queries import read_saved_queries
from kg.vocab import DIPV
from kg.web.app import create_app
from kg.web.query_page import PAGE
from live_server import LiveServer
from page_tree import Element, read_page
from small_world import CONCERNING, write_project

QUERIES: Final = Path(__file__).parents[1] / "queries"
NAMES: Final = sorted(path.stem for path in QUERIES.glob("*.rq"))
SAVED: Final = read_saved_queries(QUERIES)
BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MOST_BYTES: Final = 150_000
OTHER: Final = "0123456789abcdef"
HOSTILE: Final = (
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "' onfocus=alert(1) x='",
    "javascript:alert(1)",
    "a\u202eb",
    '" } ; DROP ALL #',
    "-rf $HOME",
)
WORTH: Final = "standing|basis|certainty|actuality|polarity|wording|cue|status|presupposed"
NUMBERS: Final = " ".join(map(str, range(1, 121)))
MANY: Final = f"""\
#+ title = "Numbers"
#+ description = "Many rows."
#+ [params.least]
#+ type = "integer"
#+ default = 0

SELECT ?number WHERE {{ VALUES ?number {{ {NUMBERS} }} FILTER(?number >= ?least) }} ORDER BY ?number
"""
YES_OR_NO: Final = """\
#+ title = "Whether there is such a code"
#+ description = "Yes or not known."
#+ [params.code]
#+ type = "string"
#+ example = "PAK"

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
ASK { ?state dip:isoCode ?code }
"""
TABLE: Final = """\
#+ title = "A table of everything"
#+ description = "Every kind of value, each row with its standing."
#+ [params.code]
#+ type = "string"
#+ optional = true
#+ example = "JPN"

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?always ?state ?stateLabel ?country ?fromLevelLabel ?lastKnownOn ?isKnown ?nothing
  ?standingLabel
WHERE {
  VALUES (?iso ?worth ?lastKnownOn ?isKnown) {
    ("PAK" "accepted" "[2025-06-01..2025-06-08]" true)
    ("PAK" "forecast" "2025-05~" false)
    ("JPN" "forecast" "2025" false)
  }
  ?state dip:isoCode ?code ;
    rdfs:label ?name .
  FILTER(?code = ?iso)
  BIND(CONCAT(?name, " [a caveat]") AS ?stateLabel)
  BIND(?state AS ?country)
  BIND("chargé d'affaires" AS ?fromLevelLabel)
  BIND("the same" AS ?always)
  BIND(STR(?worth) AS ?standingLabel)
  OPTIONAL { ?state dip:never ?nothing }
}
ORDER BY ?stateLabel ?worth
"""
MISTAKES: Final = [
    ({"day": "yesterday"}, "day", "is not a date"),
    ({"day": "2025-13-40"}, "day", "there is no day"),
    ({"count": "many"}, "count", "is not a whole number"),
    ({"count": "11"}, "count", "is more than 10"),
    ({"side": "middle"}, "side", "is not one of its values"),
    ({"thing": "a b"}, "thing", "is not an IRI"),
    ({"state": "Pakistn"}, "state", "no state named 'Pakistn'"),
]


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[FlaskClient]:
    """A client of the application over the real data."""
    config = replace(built._config, client_errors=0, client_seconds=0.0)
    pool = Pool(config, find_current(config))
    yield create_app(config, pool).test_client()
    pool.close()


@pytest.fixture
def own(tiny_config: Config, engine: Pool, tmp_path: Path) -> FlaskClient:
    """A client over the tiny build with the queries of this file, and one of every type."""
    app_with_every_type(tiny_config, tmp_path, engine)
    for name, text in (("many", MANY), ("yes-or-no", YES_OR_NO), ("table", TABLE)):
        (tmp_path / "queries" / f"{name}.rq").write_text(text)
    config = replace(tiny_config, root=tmp_path, client_errors=0, client_seconds=0.0)
    return create_app(config, engine).test_client()


def get(client: FlaskClient, name: str, given: Mapping[str, str] | None = None) -> TestResponse:
    """Ask for a page as a browser does."""
    path = f"/queries/{name}" if name else "/queries"
    target = f"{path}?{urlencode(given)}" if given else path
    return client.get(target, headers={"Accept": BROWSER})


def page(client: FlaskClient, name: str, given: Mapping[str, str] | None = None) -> Element:
    """Return the tree of a page that answers."""
    response = get(client, name, given)
    assert (response.status_code, response.mimetype) == (200, "text/html"), response.text
    return read_page(response.text)


def table_of(tree: Element) -> list[dict[str, Element]]:
    """Return the rows of the answer's table: cells by heading."""
    table = tree.one("table")
    headings = [each.text for each in table.all("th")]
    cells = [row.all("td") for row in table.one("tbody").all("tr")]
    return [dict(zip(headings, row, strict=True)) for row in cells]


def links_of(response: TestResponse, relation: str) -> list[str]:
    """Return the targets of the Link headers of a relation."""
    return re.findall(rf'<([^>]+)>; rel="{relation}"', response.headers.get("Link", ""))


# The list


def test_every_question_is_listed_once_under_a_theme(real: FlaskClient) -> None:
    """With its title as a link to its page with example values."""
    tree = page(real, "")
    targets = {link.attributes["href"] for link in tree.all("a")}

    headings = [each.text for each in tree.all("h2")]
    assert len(headings) == len(set(headings)) >= 5
    assert "Other" not in headings
    for name, saved in SAVED.items():
        values = urlencode(saved.examples)
        assert f"/queries/{name}?{values}".rstrip("?") in targets, name
    assert len(tree.all("h3")) == len(SAVED)


# The page of each saved query over the real data


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_an_example_is_well_formed_and_has_the_labels_of_its_rows(
    real: FlaskClient, name: str
) -> None:
    """Whatever is shown once for all rows counts; no cell shows an IRI that has a label."""
    saved = SAVED[name]
    response = get(real, name, saved.examples)
    tree = read_page(response.text)
    section = tree.one("section", id="answer")
    rows = parse_query_results(
        real.get(f"/queries/{name}?{urlencode(saved.examples)}").data, JSON.oxigraph
    )

    assert response.status_code == 200
    assert len(response.data) < MOST_BYTES
    assert isinstance(rows, QuerySolutions)
    labels = [v.value for v in rows.variables if v.value.endswith("Label")]
    for row in list(rows)[:PAGE]:
        for term in (row[label] for label in labels):
            assert term is None or " ".join(term.value.split()) in section.text
    assert [cell.text for cell in section.all("td") if "://" in cell.text] == []
    assert [cell.text for cell in section.all("dd") if "://" in cell.text] == []
    assert len({each.text for each in section.all("th")}) == len(section.all("th"))


@pytest.mark.parametrize("name", NAMES)
def test_the_parts_of_a_page_are_in_order(real: FlaskClient, name: str) -> None:
    """One heading; each control has a label and what it is described by; each id is there once."""
    tree = page(real, name, SAVED[name].examples)

    ids = [each.attributes["id"] for each in tree.all() if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    assert len(tree.all("h1")) == 1
    form = tree.all("form", "ask")
    for control in (*form[0].all("input"), *form[0].all("select")) if form else ():
        assert tree.one("label", **{"for": control.attributes["id"]})
        assert set(control.attributes["aria-describedby"].split()) <= set(ids)
        assert control.attributes.get("list", ids[0]) in ids
    assert not tree.all(style="")


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_how_many_of_its_rows_are_facts(real: FlaskClient, name: str) -> None:
    """The numbers are those of the standings in its rows."""
    saved = SAVED[name]
    target = f"/queries/{name}?{urlencode({**saved.examples, 'format': 'csv'})}"
    rows = list(csv.DictReader(io.StringIO(real.get(target).text)))
    tree = page(real, name, saved.examples)

    worth = tree.all("p", "worth")
    assert bool(worth) == bool("standingLabel" in rows[0] if rows else worth)
    if worth:
        facts = sum(row["standingLabel"] == "accepted" for row in rows)
        others = len(rows) - facts
        said = re.findall(r"\d+", worth[0].text.partition(":")[0])
        assert not others or not facts or said == list(map(str, (len(rows), facts, others)))
        counts = [int(each.text.split()[-1]) for each in worth[0].all("span", "count")]
        assert sum(counts) == others


# Form


def test_the_form_has_a_control_for_every_type(own: FlaskClient) -> None:
    """With placeholders, patterns, limits and what is needed; a choice has readable labels."""
    tree = page(own, "every-type")
    controls = {each.attributes.get("name"): each for each in tree.one("form", "ask").all()}

    assert controls["count"].attributes["type"] == "number"
    assert (controls["count"].attributes["min"], controls["count"].attributes["max"]) == ("0", "10")
    assert "required" not in controls["count"].attributes
    assert "required" in controls["day"].attributes
    assert re.fullmatch(controls["month"].attributes["pattern"], "2025-04")
    assert not re.fullmatch(controls["day"].attributes["pattern"], "2025-04")
    assert controls["state"].attributes["placeholder"] == "PAK"
    offered = tree.one("datalist", id="state-list").all("option")
    assert [each.attributes["value"] for each in offered] == ["Japan", "Pakistan"]
    assert [each.text for each in controls["side"].all("option")] == ["choose", "left", "right"]


def test_a_choice_is_called_as_the_graph_calls_it(real: FlaskClient) -> None:
    """The value stays what the command line takes."""
    tree = page(real, "statements-by-channel", {"channel": "post-on-x"})

    options = tree.one("select", id="channel").all("option")
    assert {each.attributes["value"]: each.text for each in options}["post-on-x"] == "post on X"
    assert [o.attributes["value"] for o in options if "selected" in o.attributes] == ["post-on-x"]


@pytest.mark.parametrize("written", ["POST-ON-X", "dipv:post-on-x", f"<{DIPV}post-on-x>"])
def test_a_choice_is_kept_however_it_was_written(real: FlaskClient, written: str) -> None:
    """What an address may say, the form shows as its choice."""
    tree = page(real, "statements-by-channel", {"channel": written})

    options = tree.one("select", id="channel").all("option")
    assert [o.attributes["value"] for o in options if "selected" in o.attributes] == ["post-on-x"]


def test_situations_are_offered_by_a_name_that_finds_them(real: FlaskClient) -> None:
    """Their labels are long; the label stands beside the name."""
    tree = page(real, "evidence", SAVED["evidence"].examples)
    first = tree.one("datalist").all("option")[0].attributes

    assert first["value"].startswith("situation:")
    assert page(real, "evidence", {"situation": first["value"]}).all("table")


def test_a_label_without_end_is_cut_and_the_thing_can_still_be_chosen(tmp_path: Path) -> None:
    """Its prefixed name stands in the place of the label."""
    store = Store(str(tmp_path / "store"))
    store.load(TINY_WORLD.replace('"Japan"@en', f'"{"x" * 100_000}"@en'), RdfFormat.TRIG)
    store.flush()
    (tmp_path / "manifest.json").write_text(json.dumps({"hash": TINY_HASH}))
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "every-type.rq").write_text(EVERY_TYPE.lstrip())
    config = Config(root=tmp_path, builds=tmp_path)
    pool = Pool(config, tmp_path)
    try:
        response = get(create_app(config, pool).test_client(), "every-type")
    finally:
        pool.close()

    assert len(response.data) < MOST_BYTES
    offered = read_page(response.text).one("datalist", id="state-list").all("option")
    assert [each.attributes["value"] for each in offered] == ["Pakistan", "state:japan"]


def test_without_a_needed_value_there_is_a_form_and_an_example_to_try(own: FlaskClient) -> None:
    """That is no error; what was given stays, also in the example."""
    response = get(own, "every-type", {"state": "Japan"})
    tree = read_page(response.text)
    trial = tree.one("p", "run").one("a").attributes["href"]

    assert response.status_code == 200
    assert tree.all(role="alert") == tree.all("table") == []
    assert parse_qs(urlsplit(trial).query) == {
        **{name: [value] for name, value in EXAMPLES.items()},
        "state": ["Japan"],
    }
    assert own.get(trial, headers={"Accept": BROWSER}).status_code == 200


def test_the_form_keeps_what_was_given_and_sends_it_again(real: FlaskClient) -> None:
    """Sending the form unchanged gives the same answer."""
    given = {"side": "Pakistan", "type": "Visit"}
    tree = page(real, "contacts", given)
    form = tree.one("form", "ask")
    sent = {each.attributes["name"]: each.attributes["value"] for each in form.all("input")}
    for select in form.all("select"):
        chosen = [o.attributes["value"] for o in select.all("option") if "selected" in o.attributes]
        sent[select.attributes["name"]] = chosen[0] if chosen else ""

    assert sent == given
    again = page(real, "contacts", sent)
    assert again.one("section", id="answer").text == tree.one("section", id="answer").text


def test_an_empty_field_is_a_value_that_was_not_given(real: FlaskClient) -> None:
    """As forms send it."""
    with_empty = page(real, "contacts", {"side": "", "type": ""})

    assert len(table_of(with_empty)) == len(table_of(page(real, "contacts")))


@pytest.mark.parametrize(("wrong", "name", "message"), MISTAKES)
def test_a_mistake_is_told_at_its_field(
    own: FlaskClient, wrong: Mapping[str, str], name: str, message: str
) -> None:
    """Status 400, the form with all values, the message where the field is described by it."""
    response = get(own, "every-type", {**EXAMPLES, **wrong})
    tree = read_page(response.text)
    told = tree.one(id=f"{name}-problem")
    (control,) = (each for each in tree.all(name=name) if each.tag in ("input", "select"))

    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert response.headers["Cache-Control"] == "no-store"
    assert message.lower() in told.text.lower()
    assert f"{name}-problem" in control.attributes["aria-describedby"]
    assert control.attributes["aria-invalid"] == "true"
    assert len(tree.all(role="alert")) == 1
    assert not tree.all("table")
    value = control.attributes.get("value") or next(
        o.attributes["value"] for o in control.all("option") if "selected" in o.attributes
    )
    assert value == wrong[name]
    assert tree.one("input", id="day").attributes["value"] == {**EXAMPLES, **wrong}["day"]


def test_several_mistakes_are_told_at_once(own: FlaskClient) -> None:
    """Whoever mends one does not learn of the next only then."""
    response = get(own, "every-type", {**EXAMPLES, "day": "x", "count": "y"})

    told = read_page(response.text).all("div", "mistake")
    assert [each.attributes["id"] for each in told] == ["count-problem", "day-problem"]


def test_near_names_are_links_that_ask_with_them(real: FlaskClient) -> None:
    """The other values stay."""
    response = get(real, "representation-ladder", {"sender": "Pakistn", "receiver": "Afghanistan"})
    link = read_page(response.text).one(id="sender-problem").one("a")

    assert response.status_code == 400
    assert link.text == "Pakistan"
    assert parse_qs(urlsplit(link.attributes["href"]).query) == {
        "sender": ["Pakistan"],
        "receiver": ["Afghanistan"],
    }


@pytest.mark.parametrize(
    ("query", "name", "value", "offered"),
    [
        ("recognition-status", "authority", "Taliban", "Islamic Emirate of Afghanistan"),
        ("ambassador-designations", "receiver", "Kabul", "Afghanistan"),
        ("evidence", "situation", "mediation", "China"),
        ("timeline", "since", "31 May 2025", "2025-05-31"),
    ],
)
def test_natural_words_lead_on(
    real: FlaskClient, query: str, name: str, value: str, offered: str
) -> None:
    """A name of something else, or a date in words: what was meant is a link that is answered."""
    response = get(real, query, {name: value})
    links = read_page(response.text).one(id=f"{name}-problem").all("a")
    followed = real.get(links[0].attributes["href"], headers={"Accept": BROWSER})

    assert response.status_code == 400
    assert offered in links[0].text
    assert len(links) <= 3
    assert followed.status_code == 200


def test_a_name_of_several_things_offers_them(tmp_path: Path) -> None:
    """Each by a name that leads to it alone."""
    text = CONCERNING.replace('["dip:State", "dip:Government"]', '"dip:NonStateGroup"')
    config = write_project(tmp_path)
    (tmp_path / "queries" / "of-group.rq").write_text(text)
    pool = Pool(config, find_current(config))
    try:
        client = create_app(config, pool).test_client()
        response = get(client, "of-group", {"party": "movement"})
        links = read_page(response.text).one(id="party-problem").all("a")
        followed = [
            client.get(each.attributes["href"], headers={"Accept": BROWSER}) for each in links
        ]
    finally:
        pool.close()

    assert response.status_code == 400
    assert len(links) == 2
    assert [each.status_code for each in followed] == [200, 200]


def test_a_parameter_that_there_is_not_is_told(real: FlaskClient) -> None:
    """A typo in an address must not pass for an answer to what was meant."""
    response = get(real, "contacts", {"sid": "Pakistan"})

    assert response.status_code == 400
    assert "no parameter 'sid'" in read_page(response.text).one(role="alert").text


def test_a_value_given_twice_is_told_at_its_field(own: FlaskClient) -> None:
    """One of them is not what was meant."""
    target = f"/queries/every-type?{urlencode(EXAMPLES)}&day=2025-01-01"
    response = own.get(target, headers={"Accept": BROWSER})

    assert response.status_code == 400
    assert "several times" in read_page(response.text).one(id="day-problem").text


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_stays_text(real: FlaskClient, value: str) -> None:
    """In every place where the page repeats it, answered or not."""
    response = get(real, "contacts", {"side": value})
    tree = read_page(response.text)

    assert response.status_code == 400
    assert tree.one("input", id="side").attributes["value"] == value
    assert len(tree.all("script")) == len(page(real, "contacts").all("script"))
    assert "49" not in tree.one(id="side-problem").text
    assert not [each for each in tree.all() if "onfocus" in each.attributes]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_that_is_answered_stays_text(own: FlaskClient, value: str) -> None:
    """Links, snippets, the citation and the query show it, and it is code in none of them."""
    tree = page(own, "yes-or-no", {"code": value})

    assert value in tree.one("h2", id="answer-heading").text
    command = tree.one("pre", id="snippet-kg").text
    words = shlex.split(command)
    assert words[3:] == ([f"--code={value}"] if value.startswith("-") else ["--code", value])
    assert all(each.attributes["href"][0] in "/#h" for each in tree.all("a"))
    python = next(e for e in tree.all("pre") if e.attributes.get("id") == "snippet-python")
    compile("".join(map(str, python.inside)), "snippet", "exec")
    assert "Not known" in tree.one("section", id="answer").text


# Table


def test_a_table_tells_what_the_rows_say(own: FlaskClient) -> None:
    """Labels link, caveats stay, dates read as words, standings are badges and come first."""
    tree = page(own, "table")
    rows = table_of(tree)

    assert list(rows[0]) == ["Standing", "State", "Country", "Last known on", "Is known"]
    assert [row["State"].text for row in rows] == [
        "Japan [a caveat]",
        "Pakistan [a caveat]",
        "Pakistan [a caveat]",
    ]
    assert rows[1]["State"].one("a").attributes["href"] == "/id/state/pakistan"
    assert rows[1]["Country"].one("a").text == "Pakistan"
    assert "accepted" in rows[1]["Standing"].one("span").classes
    assert [row["Last known on"].text for row in rows] == [
        "2025",
        "between 2025-06-01 and 2025-06-08",
        "about 2025-05",
    ]
    assert [row["Is known"].text for row in rows] == ["no", "yes", "no"]


def test_what_is_the_same_in_every_row_is_told_once(own: FlaskClient) -> None:
    """What no row has is named too; one row alone keeps all its columns."""
    tree = page(own, "table")
    one_row = table_of(page(own, "table", {"code": "JPN"}))[0]

    assert tree.one("dl", "same").text == "Always the same From level chargé d'affaires"
    assert "for: nothing" in tree.one("section", id="answer").text
    assert one_row["Always"].text == "the same"


def test_rows_are_counted_by_what_they_are_worth(own: FlaskClient) -> None:
    """In words, before the rows."""
    said = page(own, "table").one("p", "worth").text
    alone = page(own, "table", {"code": "JPN"}).one("p", "worth").text
    half = page(own, "table", {"code": "PAK"}).one("p", "worth").text

    assert said == "Of 3 rows, 1 is about what is accepted as fact, and 2 are not: forecast 2"
    assert alone == "The row is not about a fact: forecast 1"
    assert half == "Of 2 rows, 1 is about what is accepted as fact, and 1 is not: forecast 1"


def test_a_standing_stays_in_its_row(real: FlaskClient) -> None:
    """Also where it is the same in every row: nobody must look elsewhere for it."""
    rows = table_of(page(real, "timeline"))

    assert {row["Standing"].text for row in rows} == {"accepted"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attributed-statements", ["Standing", "Content"]),
        ("claims-about", ["Standing", "Situation"]),
        ("contacts", ["Standing", "Contact"]),
        ("coverage", ["Paragraph", "Start"]),
    ],
)
def test_what_a_standing_is_of_stands_beside_it(
    real: FlaskClient, name: str, expected: list[str]
) -> None:
    """Before all else, so that it is read first on a narrow screen; without one, as asked."""
    rows = table_of(page(real, name, SAVED[name].examples))

    assert list(rows[0])[:2] == expected


def test_the_name_of_a_claim_leaves_out_what_stands_beside_it(real: FlaskClient) -> None:
    """The situation has a column; the whole name of the claim repeats it."""
    rows = table_of(page(real, "claims-about", {"thing": "Durand Line"}))

    assert rows[0]["Claim"].text == "Claim in paragraph 10"
    assert rows[0]["Claim"].one("a").attributes["href"].startswith("/claim/000/")


def test_an_empty_answer_is_not_a_no(own: FlaskClient) -> None:
    """It says not known, and what to try."""
    tree = page(own, "table", {"code": "never"})
    notice = tree.one("div", "unknown")

    assert notice.text.startswith("Not known.")
    assert not tree.all("table")
    links = [each.attributes["href"] for each in notice.all("a")]
    assert "/queries/table#answer" in links
    assert "/queries/table?code=JPN#answer" in links


def test_a_boolean_is_told_in_words(own: FlaskClient) -> None:
    """A no is not known, as everywhere."""
    assert "Yes:" in page(own, "yes-or-no", {"code": "PAK"}).one("section", id="answer").text
    unknown = page(own, "yes-or-no", {"code": "QQQ"}).one("section", id="answer")
    assert "Not known" in unknown.text


def test_a_graph_is_shown_as_turtle(own: FlaskClient) -> None:
    """Its downloads are formats of graphs."""
    tree = page(own, "graph")

    assert "isoCode" in tree.one("pre", "bounded").text
    assert {"ttl", "jsonld"} <= set(downloads(tree))
    assert "csv" not in downloads(tree)


def downloads(tree: Element) -> dict[str, str]:
    """Return where the page offers the whole answer, by format."""
    links = tree.all("link", rel="alternate")
    urls = [urlsplit(each.attributes["href"]) for each in links]
    return {parse_qs(u.query).get("format", [u.path[-3:]])[0]: u.geturl() for u in urls}


# Paging


def test_a_long_answer_comes_in_pages(own: FlaskClient) -> None:
    """The pages together are the whole answer, in its order, each row once."""
    numbers = [
        int(row["Number"].text)
        for number in (1, 2, 3)
        for row in table_of(page(own, "many", {"page": str(number)}))
    ]

    assert numbers == list(range(1, 121))
    assert page(own, "many", {"page": "2"}).one("caption").text == "Rows 51 to 100 of 120"


def test_pages_link_to_each_other_and_to_the_whole(own: FlaskClient) -> None:
    """RFC 8288; values given stay."""
    second = get(own, "many", {"least": "5", "page": "2"})
    first, last = get(own, "many", {"least": "5"}), get(own, "many", {"least": "5", "page": "3"})

    assert links_of(second, "prev") == ["/queries/many?least=5"]
    assert links_of(second, "next") == ["/queries/many?least=5&page=3"]
    assert links_of(second, "first") == ["/queries/many?least=5"]
    assert links_of(second, "last") == ["/queries/many?least=5&page=3"]
    assert (links_of(first, "prev"), links_of(last, "next")) == ([], [])
    assert "/queries/many?least=5&format=csv" in links_of(second, "alternate")


def test_long_values_do_not_make_a_long_header(own: FlaskClient) -> None:
    """Proxies refuse those; the page has the links too."""
    response = get(own, "yes-or-no", {"code": "x" * 3000})

    assert response.status_code == 200
    assert len(response.headers.get("Link", "")) < 5000
    assert set(downloads(read_page(response.text))) == {"json", "xml", "csv", "tsv"}


@pytest.mark.parametrize(("number", "status"), [("4", 404), ("0", 400), ("x", 400)])
def test_there_is_no_page_beyond_the_last(own: FlaskClient, number: str, status: int) -> None:
    """Nor one that is no number."""
    assert get(own, "many", {"page": number}).status_code == status


def test_the_whole_answer_is_one_download(own: FlaskClient) -> None:
    """Whatever page links to it."""
    urls = downloads(page(own, "many", {"page": "2"}))

    assert set(urls) == {"json", "xml", "csv", "tsv"}
    assert len(own.get(urls["csv"]).text.splitlines()) == 121


@pytest.mark.parametrize("name", ["representation-ladder", "officials"])
def test_every_download_is_there(real: FlaskClient, name: str) -> None:
    """A picture only where one is declared; each has the media type that the page names."""
    tree = page(real, name, SAVED[name].examples)
    links = tree.all("link", rel="alternate")

    for each in links:
        response = real.get(each.attributes["href"])
        assert response.status_code == 200
        assert response.mimetype == each.attributes["type"]
    assert ("svg" in downloads(tree)) == (SAVED[name].picture is not None)
    assert bool(tree.all("figure", "picture")) == (SAVED[name].picture is not None)


# Permalinks


def test_a_permalink_names_the_build_and_answers_while_it_is_served(own: FlaskClient) -> None:
    """For people without a notice, and for programs with the answer."""
    tree = page(own, "many", {"least": "119"})
    (link,) = (a for a in tree.all("a") if a.text == a.attributes["href"])
    path = link.attributes["href"].removeprefix("http://localhost")

    assert parse_qs(urlsplit(path).query) == {"least": ["119"], "build": [TINY_HASH]}
    assert not read_page(own.get(path, headers={"Accept": BROWSER}).text).all("div", "notice")
    assert own.get(f"{path}&format=csv").text.splitlines() == ["number", "119", "120"]
    short = f"/queries/many?format=csv&build={TINY_HASH[:12]}"
    assert own.get(short).status_code == 200


def test_a_permalink_of_another_build_is_never_silent(own: FlaskClient) -> None:
    """People read which build answers instead; programs get an error."""
    tree = page(own, "many", {"build": OTHER})
    refused = own.get(f"/queries/many?format=csv&build={OTHER}")

    assert f"names build {OTHER[:12]}" in tree.one("div", "notice").text
    assert TINY_HASH[:12] in tree.one("div", "notice").text
    assert (refused.status_code, refused.json and refused.json["code"]) == (409, "other_build")
    assert OTHER in refused.text


def test_an_address_that_names_no_build_does_not_say_so(
    tiny_config: Config, engine: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the engine does not know its build, the page does not promise anything."""
    monkeypatch.setattr(Pool, "build", "")
    tree = page(create_app(tiny_config, engine).test_client(), "label-of-state", {"code": "PAK"})

    said = tree.one("section", **{"aria-labelledby": "take"}).text
    assert "It names the build" not in said
    assert "may answer something else later" in said
    assert "build=" not in said


def test_a_build_that_is_none_is_refused(own: FlaskClient) -> None:
    """Too short a hash may be of several builds."""
    for said in ("", "abc", "x" * 64, f"{TINY_HASH}0"):
        assert own.get(f"/queries/many?format=csv&build={said}").status_code == 400, said


# HTTP


def test_programs_get_what_they_got(real: FlaskClient) -> None:
    """Only who likes HTML best gets a page."""
    path = "/queries/officials"

    assert real.get(path).mimetype == "application/sparql-results+json"
    assert real.get(path, headers={"Accept": "text/csv, text/html"}).mimetype == "text/csv"
    assert real.get(path, headers={"Accept": BROWSER}).mimetype == "text/html"
    assert real.get(f"{path}?format=csv", headers={"Accept": BROWSER}).mimetype == "text/csv"
    assert "Accept" in get(real, "officials").headers["Vary"]


def test_a_page_is_kept_until_the_next_build(real: FlaskClient) -> None:
    """Its tag gives 304 back, HEAD the same headers and no body."""
    whole = get(real, "officials")
    headers = {"Accept": BROWSER, "If-None-Match": whole.headers["ETag"]}
    kept = real.get("/queries/officials", headers=headers)
    head = real.head("/queries/officials", headers={"Accept": BROWSER})

    assert (kept.status_code, kept.data) == (304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.content_length == len(whole.data)
    assert get(real, "officials").data == whole.data


# Use elsewhere


def test_the_query_is_shown_as_it_is_asked_and_can_be_edited(real: FlaskClient) -> None:
    """With the value in its place."""
    tree = page(real, "missions-of-state", {"state": "PAK"})
    (edit,) = (a for a in tree.all("a") if a.text == "Edit it in SPARQL")
    query = parse_qs(urlsplit(edit.attributes["href"]).query)["query"][0]

    assert "id/state/pakistan>" in query
    assert " ".join(query.split()) == tree.one("details", "asked").one("pre").text
    assert real.get(edit.attributes["href"]).status_code == 200
    heading = tree.one("h2", id="answer-heading")
    assert heading.one("a").attributes["href"] == "/id/state/pakistan"


def test_a_citation_names_question_values_dataset_build_and_address(own: FlaskClient) -> None:
    """And the licence."""
    said = page(own, "many", {"least": "119"}).text

    for part in ("“Numbers” (least: 119)", f"build {TINY_HASH}", "diplomacy-kg", "licenses/by/4.0"):
        assert part in said
    assert f"http://localhost/queries/many?least=119&build={TINY_HASH}" in said


@pytest.mark.parametrize("text", ["abc", 'it\'s "quoted" & $HOME `x` %41', "Österreich 😀"])
def test_the_code_on_a_page_runs_as_it_stands(low: LiveServer, text: str) -> None:
    """The command for curl and the Python give the row that the page shows."""
    reply = low.get("/queries/echo", [("text", text), ("number", "5")], Accept=BROWSER)
    tree = read_page(reply.text)
    curl, python = (tree.one("pre", id=f"snippet-{name}").inside for name in ("curl", "python"))

    fetched = run("bash", "-c", "".join(map(str, curl)))
    printed = run(sys.executable, "-c", "".join(map(str, python)))

    assert list(csv.reader(io.StringIO(fetched))) == [
        ["said", "about", "count"],
        [text, "http://example.org/x", "5"],
    ]
    assert text in printed


def run(*command: str) -> str:
    """Return what a command prints."""
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


@pytest.mark.parametrize(
    ("accept", "status", "where"),
    [
        ("text/turtle", 303, "/queries.ttl"),
        ("application/ld+json;q=0.9, text/html;q=0.1", 303, "/queries.jsonld"),
        ("application/json", 200, None),
        ("*/*", 200, None),
        ("image/png", 406, None),
    ],
)
def test_the_list_leads_to_its_description_in_rdf(
    client: FlaskClient, accept: str, status: int, where: str | None
) -> None:
    """Where RDF is liked best; programs that say nothing get JSON."""
    response = client.get("/queries", headers={"Accept": accept})

    assert (response.status_code, response.headers.get("Location")) == (status, where)


# What a row is worth


@pytest.mark.parametrize("name", NAMES)
def test_what_a_row_is_worth_is_told_in_the_row(real: FlaskClient, name: str) -> None:
    """Basis, certainty and their like are never lifted out of the rows, however equal."""
    tree = page(real, name, SAVED[name].examples)

    lifted = [each.text for each in tree.all("dl", "same") for each in each.all("dt")]
    assert [each for each in lifted if re.search(f"({WORTH})$", each)] == []


@pytest.mark.parametrize(
    ("name", "given", "standings", "columns"),
    [
        (
            "mediations",
            {},
            ["accepted", "hedged"],
            ["Mediation standing", "Acceptance standing", "Acceptance certainty"],
        ),
        ("encounters", {"person": "Wang Yi"}, ["inferred"] * 2, ["Person basis"]),
        (
            "contact-participants",
            {"contact": "situation:trilateral-meeting-in-beijing"},
            ["inferred"] * 3,
            ["Name basis", "Name certainty", "Contact standing"],
        ),
    ],
)
def test_the_badge_of_a_row_is_the_weakest_standing(
    real: FlaskClient, name: str, given: dict[str, str], standings: list[str], columns: list[str]
) -> None:
    """A fact beside an inference is no fact about both."""
    tree = page(real, name, given)
    rows = table_of(tree)

    assert [row["Standing"].text for row in rows] == standings
    assert set(columns) <= set(rows[0])
    assert "rows are about what is accepted" not in tree.one("p", "worth").text


def test_a_level_last_known_is_no_fact_of_the_day(real: FlaskClient) -> None:
    """The day lies after what is known: the row says so, with what was announced since."""
    given = {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2025-07-01"}
    tree = page(real, "level-on-date", given)
    row = table_of(tree)[0]

    assert list(row)[:2] == ["Standing", "Situation"]
    assert row["Standing"].text == "not known"
    assert row["Status"].text == "last known 2025-05-30; not known for this day"
    assert "Upgrade of Pakistan's mission" in row["Announced since"].text
    assert "The row is not about a fact: not known 1" in tree.one("p", "worth").text


def test_a_span_that_ends_before_it_begins_is_a_mistake(real: FlaskClient, built: Build) -> None:
    """Not known would be wrong: nothing can lie in it. A single day is a span."""
    given = {"since": "2025-06", "until": "2025-04"}
    response = get(real, "timeline", given)

    assert response.status_code == 400
    told = read_page(response.text).one("div", id="since-problem").text
    assert told == "2025-06-01 is after 2025-04-30, the value of until"
    with pytest.raises(ParameterError, match="since: 2025-06-01 is after 2025-04-30"):
        built.run("timeline", **given)
    assert built.run("timeline", since="2025-05-21", until="2025-05-21")
