"""Finding things by their names: what is nearest, what a miss says, and the pages about it."""

import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kg.asking import own_query
from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.library import Build
from kg.searching import (
    QUESTION,
    SITUATION,
    TERM,
    THING,
    Entry,
    Found,
    Names,
    gather,
    search,
)
from kg.searching import names as searched_names
from kg.vocab import BASE
from kg.web.app import create_app
from kg.web.search import LONGEST

HTML = {"Accept": "text/html"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
NAMED = (
    ("id/place/georgian-bay", "Georgian Bay", THING),
    ("id/state/georgia", "Georgia", THING),
    ("id/government/georgia", "Government of Georgia", THING),
    ("id/state/austria", "Österreich", THING),
    ("id/place/south-georgia", "South Georgia", THING),
    ("id/place/transgeorgia", "Transgeorgia", THING),
    ("id/situation/visit", "Visit to Georgia by two ambassadors", SITUATION),
    ("ontology#Visit", "visit", TERM),
    ("visits", "Visits of officials", QUESTION),
)


def no_pause() -> None:
    """Let nobody else go on."""


def names_of(*named: tuple[str, str, str]) -> Names:
    """Return the names of entries given as path, name and group."""
    entries = ((Entry(BASE + path, name, "kind", group), name) for path, name, group in named)
    return gather("build", entries, no_pause)


def labels(found: Found) -> list[str]:
    """Return the labels of what was found, nearest first."""
    return [hit.entry.label for hit in found.hits()]


@pytest.fixture(scope="module")
def small() -> Names:
    """A few names of every group."""
    return names_of(*NAMED)


@pytest.fixture(scope="module")
def real_app(built: Build) -> Iterator[Flask]:
    """The application over the real data."""
    pool = Pool(built._config, find_current(built._config))
    yield create_app(built._config, pool)
    pool.close()


@pytest.fixture
def real(real_app: Flask) -> FlaskClient:
    """A client of it."""
    return real_app.test_client()


def asked(q: str, **others: object) -> str:
    """Return the address of a search."""
    return "/search?" + urlencode({"q": q, **others})


def test_the_nearest_name_comes_first(small: Names) -> None:
    """The whole name, its beginning, a word, the beginning of a word, letters within one."""
    assert labels(search(small, "georgia", no_pause)) == [
        "Georgia",
        "Georgian Bay",
        "Government of Georgia",
        "South Georgia",
        "Visit to Georgia by two ambassadors",
        "Transgeorgia",
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("osterreich", "Österreich"),
        ("O\u0308STERREICH", "Österreich"),
        ("georgia, two", "Visit to Georgia by two ambassadors"),
        ("ambassador's georgia", "Visit to Georgia by two ambassadors"),
        ("the ambassador", "Visit to Georgia by two ambassadors"),
        ("state:georgia", "Georgia"),
        (f"<{BASE}id/state/georgia>", "Georgia"),
        ("dip:Visit", "visit"),
    ],
)
def test_a_name_is_found_however_it_is_written(small: Names, text: str, label: str) -> None:
    """In any case and order, without accents, in the singular, by IRI and by prefixed name."""
    assert labels(search(small, text, no_pause))[0] == label


def test_the_plural_of_a_word_finds_its_singular() -> None:
    """A word that ends in ss is none."""
    names = names_of(("a", "The ambassador", THING), ("b", "Clas of ships", THING))

    found = search(names, "ambassadors", no_pause)

    assert (labels(found), found.is_whole) == (["The ambassador"], True)
    assert not search(names, "class", no_pause).is_whole


def test_an_entry_is_found_once_by_its_nearest_name() -> None:
    """And says which one that was."""
    entry = Entry(BASE + "id/state/georgia", "Georgia", "state", THING)
    names = gather("build", [(entry, "Georgia"), (entry, "Sakartvelo Georgia")], no_pause)

    assert [hit.name for hit in search(names, "georgia", no_pause).hits()] == ["Georgia"]
    assert [hit.name for hit in search(names, "sakartvelo", no_pause).hits()] == [
        "Sakartvelo Georgia"
    ]


def test_hits_are_counted_by_group_and_given_in_parts(small: Names) -> None:
    """The counts are those of all groups, whichever is asked for."""
    found = search(small, "visit", no_pause)

    assert dict(found.counts) == {TERM: 1, QUESTION: 1, SITUATION: 1}
    assert [hit.entry.label for hit in found.hits(QUESTION)] == ["Visits of officials"]
    assert [hit.entry.label for hit in found.hits(first=1, most=1)] == labels(found)[1:2]


@pytest.mark.parametrize(
    ("text", "spelling", "nearest"),
    [
        ("Goergia", "georgia", "Georgia"),
        ("who visits the bay of Georgia?", "", "Georgian Bay"),
        (f"{BASE}id/place/gorgian-bay", "georgian bay", "Georgian Bay"),
    ],
)
def test_where_nothing_holds_all_the_words_the_nearest_names_are_found(
    small: Names, text: str, spelling: str, nearest: str
) -> None:
    """A misspelled word is read as the known one; a known one is never changed."""
    found = search(small, text, no_pause)

    assert not found.is_whole
    assert found.spelling == spelling
    assert nearest in labels(found)


@pytest.mark.parametrize(
    "text",
    [
        "Which officials visited in spring 2025?",
        "what visits, by whom, on 31 May 2025",
        "the visits of officials since 2025-05-31?",
        "When did officials visit Georgia, and according to whom?",
    ],
)
def test_a_question_leads_first_to_a_saved_one(small: Names, text: str) -> None:
    """Words that ask, small words and dates do not count; nor does every word have to be there."""
    assert labels(search(small, text, no_pause))[0] == "Visits of officials"


def test_a_saved_question_is_found_by_what_it_is_about() -> None:
    """After what is called so; and only by its title where there are several words."""
    about = "Who met whom. Example: Freedonia"
    named = [
        (Entry("meetings", "Meetings", "question", QUESTION, about=about), "Meetings"),
        (Entry(BASE + "id/state/freedonia", "Freedonia", "state", THING), "Freedonia"),
        (Entry(BASE + "id/post/envoy", "Envoy of Freedonia", "post", THING), "Envoy of Freedonia"),
    ]
    names = gather("build", named, no_pause)

    assert labels(search(names, "freedonia", no_pause)) == [
        "Freedonia",
        "Envoy of Freedonia",
        "Meetings",
    ]
    assert labels(search(names, "meeting Freedonia", no_pause)) == ["Meetings"]
    assert labels(search(names, "envoy freedonia", no_pause)) == ["Envoy of Freedonia"]


def test_situations_stand_before_offices_and_are_found_by_what_they_concern() -> None:
    """An office that is called just so goes before them."""
    office = Entry(BASE + "p", "Envoy of Sylvania in Freedonia", "office", THING, is_office=True)
    named = [
        (office, office.label),
        (Entry(BASE + "a", "Envoy leaves", "k", SITUATION, about="Freedonia Sylvania"), "Envoy l"),
        (Entry(BASE + "b", "New envoy in Freedonia", "k", SITUATION), "New envoy in Freedonia"),
    ]
    names = gather("build", named, no_pause)

    assert labels(search(names, "envoy freedonia", no_pause)) == [
        "New envoy in Freedonia",
        "Envoy leaves",
        "Envoy of Sylvania in Freedonia",
    ]
    assert labels(search(names, office.label, no_pause))[0] == office.label


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("georgia, visit", ["Visits of officials", "Visit to Georgia by two ambassadors"]),
        ("visit to Georgia", ["Visit to Georgia by two ambassadors", "Visits of officials"]),
        ("visit", ["visit", "Visits of officials"]),
    ],
)
def test_the_nearest_saved_question_stands_behind_what_is_called_so(
    small: Names, text: str, first: list[str]
) -> None:
    """And before what only has the words, where there are several."""
    found = labels(search(small, text, no_pause))

    assert [label for label in found if label in first] == first


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("Georgia gorgeous", ""),
        ("Georgia according visitor", ""),
        ("Georgia visti", ""),
        ("Georgia ambasador", "georgia ambassadors"),
        ("visti", "visit"),
    ],
)
def test_where_other_words_match_only_a_slip_is_corrected(
    small: Names, text: str, spelling: str
) -> None:
    """Any word of English may stand beside a name; one that stands alone is looked at harder."""
    assert search(small, text, no_pause).spelling == spelling


@pytest.mark.parametrize("text", ["", "   ", "?!", "qqqqqq", "viszzzzzz", "\u202e"])
def test_what_is_like_no_name_finds_nothing(small: Names, text: str) -> None:
    """It is not an error."""
    found = search(small, text, no_pause)

    assert (found.is_whole, labels(found), found.spelling) == (False, [], "")


def test_fifty_thousand_names_are_searched_in_slices() -> None:
    """Others go on at least once a thousand names; a word takes a fraction of a second."""
    chance, pauses = random.Random(1), 0  # noqa: S311 - no secret
    words = [f"{a}{b}{c}" for a in "bdgklmnrst" for b in ("aro", "ilen", "ut") for c in "aeiou"]

    def count() -> None:
        nonlocal pauses
        pauses += 1

    entries = (
        Entry(f"{BASE}id/situation/{number}", " ".join(chance.choices(words, k=12)), "k", SITUATION)
        for number in range(50_000)
    )
    names = gather("build", ((entry, entry.label) for entry in entries), count)
    gathering, pauses = pauses, 0
    started = time.process_time()
    found = search(names, "barone starou", count)
    seconds = time.process_time() - started

    assert gathering >= 50
    assert pauses >= 50
    assert len(names.entries) == 50_000
    assert found.hits()
    assert seconds < 1


def test_an_exact_name_is_shown_and_not_followed(real: FlaskClient) -> None:
    """What else has the name stands below it."""
    response = real.get(asked("Pakistan"), headers=HTML)

    assert response.status_code == 200
    assert response.text.index(">Pakistan</bdi>") < response.text.index("Government of Pakistan")


def test_every_situation_of_the_results_has_its_standing(real: FlaskClient) -> None:
    """Nobody takes a forecast for a fact because a list leaves that out."""
    results = real.get(asked("ambassador kabul")).get_json()["results"]
    standings = {each["label"]: each["standing"] for each in results}
    page = real.get(asked("ambassador kabul"), headers=HTML).text

    assert all(each["standing"] for each in results if each["group"] == SITUATION)
    assert any("Russia" in label and said == "forecast" for label, said in standings.items())
    assert page.count('class="standing') == sum(each["group"] == SITUATION for each in results)


@pytest.mark.parametrize(
    ("q", "query", "most"),
    [
        ("Who has an ambassador in Kabul, and according to whom?", "ambassador-designations", 1),
        ("Who has named an ambassador to whom, and who says so?", "ambassador-designations", 1),
        ("Who says so, and where does it stand in the text?", "evidence", 1),
        ("What is not known?", "open-questions", 1),
        ("Which states recognise the Taliban government?", "recognition-status", 2),
        ("What level has Pakistan in Kabul on 31 May 2025?", "level-on-date", 2),
        ("What meetings took place in spring 2025?", "contacts", 1),
        ("ambassador Kabul", "ambassador-designations", 1),
    ],
)
def test_questions_of_people_lead_to_the_saved_one(
    real: FlaskClient, q: str, query: str, most: int
) -> None:
    """Among the first; nothing else is offered as a spelling."""
    found = real.get(asked(q)).get_json()
    paths = [each["url"].partition("?")[0].rpartition("/")[2] for each in found["results"]]

    assert query in paths[:most]
    assert found["spelling"] == ""


def test_a_contested_situation_is_not_missing_among_its_like(real: FlaskClient) -> None:
    """The home page proposes this search; what is only an office comes after what is told."""
    results = real.get(asked("ambassador Kabul")).get_json()["results"]
    groups = [each["group"] for each in results]
    offices = [each["kind"] == "office, held or not" for each in results]

    assert f"{BASE}id/situation/designation-by-pakistan" in [each["iri"] for each in results]
    assert groups[0] == QUESTION
    assert True in offices
    assert offices.index(True) > max(n for n, each in enumerate(groups) if each == SITUATION)


def test_a_page_of_near_names_says_that_they_are_no_match(real: FlaskClient) -> None:
    """It does not say that there is nothing, above what there is."""
    near = real.get(asked("Which meetings had emperors in Kabul?"), headers=HTML).text
    nothing = real.get(asked("qqqqqq"), headers=HTML).text

    assert "No exact match; nearest:" in near
    assert "Did you mean" not in near
    assert "Nothing is called" not in near
    assert "Nothing is found for <bdi>qqqqqq</bdi>." in nothing


def test_programs_get_the_same_results_as_json(real: FlaskClient) -> None:
    """Questions and terms are among them; a question leads to its answer."""
    found = real.get(asked("timeline"), headers={"Accept": "application/json"}).get_json()
    terms = real.get(asked("level change")).get_json()["results"]

    assert found["totals"] == {QUESTION: 1}
    assert found["results"][0]["url"] == "http://localhost/queries/timeline"
    assert (terms[0]["group"], terms[0]["kind"]) == (TERM, "class")
    assert terms[0]["iri"] == BASE + "ontology#LevelChange"


@pytest.mark.parametrize(
    ("q", "label"),
    [
        ("AFG", "Afghanistan"),
        ("Islamabad", "Government of Pakistan"),
        ("Taliban regime", "Islamic Emirate of Afghanistan (de facto authority)"),
    ],
)
def test_codes_metonyms_and_aliases_are_names_too(real: FlaskClient, q: str, label: str) -> None:
    """The name that was found stands beside the label."""
    results = real.get(asked(q)).get_json()["results"]

    assert (label, q) in {(each["label"], each["name"]) for each in results}


def test_many_results_come_in_pages_that_lead_to_each_other(real: FlaskClient) -> None:
    """Following `next` gives each result once."""
    url, seen = asked("a"), list[str]()
    total = real.get(url).get_json()["total"]
    while url:
        response = real.get(url)
        seen += [each["url"] for each in response.get_json()["results"]]
        links = re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"])
        url = next((address for address, relation in links if relation == "next"), "")

    assert total > 100
    assert len(seen) == len(set(seen)) == total
    assert [relation for _, relation in links] == ["prev"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"q": "a" * LONGEST}, 200),
        ({"q": "a" * (LONGEST + 1)}, 400),
        ({"q": "Pakistan", "page": "0"}, 400),
        ({"q": "Pakistan", "page": "x"}, 400),
        ({"q": "Pakistan", "page": "٣"}, 400),
        ({"q": "Pakistan", "page": "999999"}, 404),
        ({"q": "Pakistan", "in": "nowhere"}, 400),
        ({"q": ["a", "b"]}, 400),
        ({}, 200),
    ],
)
def test_what_does_not_fit_is_refused(
    real: FlaskClient, query: dict[str, str], status: int
) -> None:
    """Never cut short or replaced."""
    for path in ("/search", "/search/suggest"):
        response = real.get(path, query_string=urlencode(query, doseq=True))

        if path == "/search" or "q" in query:
            expected = status if path == "/search" or len(query) == 1 else 200
            assert response.status_code == expected


@pytest.mark.parametrize(
    "q",
    [
        '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
        "<a>Pakistan",
        "//evil.example",
        "\u202egnp.exe\u202c",
        "\x00\x1b[31m\x7f",
        "{{ 7 * 7 }}",
        "') } ; DROP ALL #",
    ],
)
def test_any_text_is_only_text(real: FlaskClient, q: str) -> None:
    """No markup, no control characters, no redirect."""
    page = real.get(asked(q), headers=HTML)

    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img" not in page.text
    assert "<a>" not in page.text
    assert all(c.isprintable() or c.isspace() for c in unescape(page.text))
    assert real.get("/search/suggest?" + urlencode({"q": q})).status_code == 200


def test_an_empty_result_says_what_to_do(real: FlaskClient) -> None:
    """With the spelling that is known here, and near names."""
    page = real.get(asked("Pakstan"), headers=HTML).text

    assert 'href="/search?q=pakistan"' in page
    assert 'href="/browse"' in page
    assert 'href="/id/state/pakistan"' in page
    assert "does not mean that it is not so" in page


def test_suggestions_are_those_of_opensearch(real: FlaskClient) -> None:
    """The text, then labels, what each is with its standing, and addresses: eight at most."""
    response = real.get("/search/suggest?q=designation")
    text, found, kinds, urls = json.loads(response.data)

    assert response.mimetype == "application/x-suggestions+json"
    assert text == "designation"
    assert len(found) == len(kinds) == len(urls) == 8
    assert "accepted, ambassador designation" in kinds
    assert all(url.startswith("http://localhost/") for url in urls)
    assert json.loads(real.get("/search/suggest?q=").data) == ["", [], [], []]


def test_a_browser_learns_how_to_search_here(real: FlaskClient) -> None:
    """Its description is linked from every page, and its addresses answer."""
    page = real.get("/search", headers=HTML).text
    root = ET.fromstring(real.get("/opensearch.xml").data)  # noqa: S314 - our own
    addresses = [url.attrib["template"] for url in root.iter(OPENSEARCH + "Url")]

    assert '<link rel="search" href="/opensearch.xml"' in page
    assert len(addresses) == 4
    for each in addresses:
        assert real.get(each.replace("{searchTerms}", "pak")).status_code == 200


def test_results_have_a_tag_and_are_read_from_names_known_once(
    real: FlaskClient, real_app: Flask
) -> None:
    """A build never changes, so neither does what is found in it."""
    tag = real.get(asked("Kabul")).headers["ETag"]
    again = real.get(asked("Kabul"), headers={"If-None-Match": tag})
    known = real_app.extensions["kg.known_names"]
    with real_app.test_request_context():
        first, second = known.now(), known.now()

    assert (again.status_code, again.data) == (304, b"")
    assert first is second


def test_what_is_beyond_the_limit_of_names_is_said_to_be_left_out(
    small: Names, tiny_config: Config, engine: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The query gives one name more than is kept, so that a rest is known of."""
    monkeypatch.setattr(searched_names, "MOST_NAMES", 2)
    client = create_app(tiny_config, engine).test_client()
    page = client.get(asked("japan"), headers=HTML).text

    assert (small.is_cut, names_of(*NAMED).is_cut, names_of(*NAMED[:2]).is_cut) == (
        False,
        True,
        False,
    )
    assert client.get(asked("japan")).get_json()["isCut"] is True
    assert "Only the first 2 names of this build are searched" in page
    monkeypatch.undo()
    assert own_query("all-searchable").endswith(f"\nLIMIT {searched_names.MOST_NAMES + 1}\n")


def test_nobody_waits_long_for_names_that_another_reads(tiny_config: Config, engine: Pool) -> None:
    """It is told to come back; and who finds them read does not wait at all."""
    app = create_app(replace(tiny_config, queue_seconds=0.05), engine)
    lock = app.extensions["kg.known_names"]._lock
    client = app.test_client()
    with lock:
        early = client.get(asked("japan"))
    read = client.get(asked("japan"))
    with lock:
        late = client.get(asked("pakistan"))

    assert (early.status_code, early.get_json()["code"]) == (503, "busy")
    assert early.headers["Retry-After"]
    assert (read.status_code, late.status_code) == (200, 200)


def test_a_client_pays_for_its_searches(tiny_config: Config, engine: Pool) -> None:
    """Out of the same budget as for queries; what another client uses up is not its loss."""
    client = create_app(replace(tiny_config, client_seconds=1e-9), engine).test_client()
    for path in ("/search", "/search/suggest"):
        first, second, third = (
            client.get(f"{path}?q={text}", environ_base={"REMOTE_ADDR": address})
            for text, address in (("a", path), ("b", path), ("b", f"{path}other"))
        )

        assert (second.status_code, second.get_json()["code"]) == (429, "too_many_requests")
        assert third.status_code == 200, first.status_code


def test_a_missing_page_offers_to_search_for_its_words(real: FlaskClient) -> None:
    """The last part of the address, as words."""
    page = real.get("/id/situation/designation-by-pakistn", headers=HTML)

    assert page.status_code == 404
    assert 'value="designation by pakistn"' in page.text
