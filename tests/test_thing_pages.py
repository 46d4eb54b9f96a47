"""The pages of things, situations, claims, propositions and sources: no plan looks like a fact."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.library import Build
from kg.portraits.dates import read_date
from kg.portraits.names import LONGEST, part
from kg.vocab import BASE, DIP, PREFIXES
from kg.web.app import create_app
from page_tree import Element, read_page

MOST_BYTES: Final = 150_000
UPGRADE: Final = "/id/situation/upgrade-of-pakistans-mission"
SAMPLES: Final = (
    "/id/state/pakistan",
    "/id/state/afghanistan",
    "/id/government/islamic-emirate",
    "/id/group/taliban",
    "/id/person/ishaq-dar",
    "/id/mission/pakistan-in-kabul",
    "/id/post/ambassador-of-pakistan-in-kabul",
    "/id/list/russian-terrorist-list",
    "/id/framework/cpec",
    "/vocab/contested",
    UPGRADE,
    "/id/situation/representation-of-pakistan-in-afghanistan",
    "/claim/000/8",
    "/proposition/000/upgrade-of-pakistans-mission",
    "/source/000",
)
HOSTILE: Final = """
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX situation: <https://w3id.org/diplomacy-kg/id/situation/>
PREFIX state: <https://w3id.org/diplomacy-kg/id/state/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
dipv:accepted rdfs:label "accepted"@en .
dipv:announced rdfs:label "announced or planned"@en .
state:hostile a dip:State ; rdfs:label "<script>alert(1)</script>\\u202E kcatta"@en ;
  skos:altLabel "%s" ; dip:governs <javascript:alert(1)> , <data:text/html,x> .
<javascript:alert(1)> rdfs:label "press me"@en .
state:quiet a dip:State ; rdfs:label "Quiet"@en .
situation:plan a dip:ReportedSituation ; dip:standing dipv:announced ; dip:concerns state:hostile ;
  rdfs:label "Plan \\"><img src=x onerror=alert(1)> [announced; not known to have happened]"@en ;
  dip:quotedIn <https://w3id.org/diplomacy-kg/proposition/1/plan> .
<https://w3id.org/diplomacy-kg/proposition/1/plan> a dip:Proposition .
<https://w3id.org/diplomacy-kg/proposition/1/plan> {
  situation:plan dip:sendingState state:hostile ; rdfs:comment "<b>quoted</b>" .
}
<https://w3id.org/diplomacy-kg/proposition/1/empty> a dip:Proposition ; rdfs:label "Empty"@en .
dipv:contested rdfs:label "contested"@en .
dipv:actual rdfs:label "actual"@en .
dipv:planned rdfs:label "planned"@en .
situation:both dip:standing dipv:contested ; rdfs:label "Both"@en ;
  dip:quotedIn <https://w3id.org/diplomacy-kg/proposition/1/both> .
<https://w3id.org/diplomacy-kg/claim/1/2> dip:actuality dipv:actual ;
  dip:expresses <https://w3id.org/diplomacy-kg/proposition/1/both> .
<https://w3id.org/diplomacy-kg/claim/1/3> dip:actuality dipv:actual ;
  dip:expresses <https://w3id.org/diplomacy-kg/proposition/1/both> .
<https://w3id.org/diplomacy-kg/claim/1/4> dip:actuality dipv:planned ;
  dip:expresses <https://w3id.org/diplomacy-kg/proposition/1/both> .
<https://w3id.org/diplomacy-kg/claim/1/1> a dip:Claim ; rdfs:label "A claim"@en ;
  dip:expresses <https://w3id.org/diplomacy-kg/proposition/1/plan> ; dip:hedgeCue "<i>may</i>"@en .
"""


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[FlaskClient]:
    """A client over a build of the real files."""
    config = built._config
    pool = Pool(config, find_current(config))
    yield create_app(config, pool).test_client()
    pool.close()


def open_world(folder: Path, world: str) -> Pool:
    """Return an engine over a build of a few lines of TriG."""
    (folder / "build").mkdir()
    store = Store(str(folder / "build" / "store"))
    store.load(world, RdfFormat.TRIG)
    store.flush()
    del store
    (folder / "build" / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    (folder / "queries").mkdir()
    return Pool(Config(root=folder, builds=folder / "builds"), folder / "build")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over labels that want to be more than labels."""
    folder = tmp_path_factory.mktemp("hostile")
    pool = open_world(folder, HOSTILE % ("long " * 200_000))
    yield create_app(Config(root=folder, builds=folder / "builds"), pool).test_client()
    pool.close()


def page(client: FlaskClient, path: str) -> Element:
    """Return the page of a thing as a tree."""
    response = client.get(f"{path}.html")
    assert response.status_code == 200, response.text[:300]
    return read_page(response.text)


def section(tree: Element, name: str) -> Element:
    """Return the section that a heading with this id names."""
    return next(
        each for each in tree.all("section") if each.attributes.get("aria-labelledby") == name
    )


def standings(tree: Element) -> set[str]:
    """Return the words of the standings that a part of a page shows."""
    return {each.text for each in tree.all("span", "standing")}


def test_a_state_is_told_with_its_level_when_it_was_last_known_and_what_is_not_established(
    real: FlaskClient,
) -> None:
    """At the top: the chargé d'affaires is the fact, the ambassador is not."""
    card = page(real, "/id/state/pakistan").all("li", "card")[0]

    level, pending = card.one("p", "level"), card.one("div", "pending")
    assert level.text == "accepted chargé d'affaires last known 2025-05-30"
    assert "ambassador" not in level.text
    assert (standings(pending), pending.all("a")[-1].text) == (
        {"contested"},
        "Why this page does not say “ambassador”",
    )
    assert pending.all("a")[-1].attributes["href"] == f"{UPGRADE}.html#why"


def test_why_something_is_no_fact_is_one_click_away(real: FlaskClient) -> None:
    """How often it is worded as done and as to come, and who announced it when."""
    why = section(page(real, UPGRADE), "why")

    assert why.one("h2").attributes["id"] == "why"
    assert "worded as done in 4 claims, and as something still to come in 4 claims" in why.text
    assert "Announced 2025-05-30 by Government of Pakistan." in why.text


def test_claims_of_what_is_done_and_of_what_is_to_come_are_counted_apart(
    hostile: FlaskClient,
) -> None:
    """Two words of it as done, one as a plan."""
    why = section(page(hostile, "/id/situation/both"), "why").text

    assert "worded as done in 2 claims, and as something still to come in one claim" in why


@pytest.mark.parametrize("path", SAMPLES[:9])
def test_facts_and_what_is_only_said_stand_apart(real: FlaskClient, path: str) -> None:
    """But for what may have ended a fact, which stands beside it, marked."""
    tree = page(real, path)
    facts, others = section(tree, "facts"), section(tree, "others")

    marked = [each for each in facts.all("span", "standing") if not each.is_within("pending")]
    assert {each.text for each in marked} <= {"accepted"}
    assert "accepted" not in standings(others)
    assert all(each.one("h3").text.split()[0] for each in others.all("section", "quoted"))


def test_each_standing_is_explained_where_it_stands(real: FlaskClient) -> None:
    """In the words of the value list."""
    groups = section(page(real, "/id/state/pakistan"), "others").all("section", "quoted")

    told = {each.one("h3").one("span", "standing").text: each.all("p")[0].text for each in groups}
    assert told["announced or planned"].endswith("not known to have happened.")
    assert next(iter(told)) == "contested"
    assert all(len(text) > 20 for text in told.values())


def test_a_value_is_told_with_its_definition_and_where_it_is_used(real: FlaskClient) -> None:
    """Facts apart from the rest here too; a value list leads to its values."""
    level = page(real, "/vocab/charge-d-affaires")
    values = page(real, "/vocab/standings")

    assert level.one("p", "lead").text
    assert standings(section(level, "facts")) == {"accepted"}
    assert not page(real, "/vocab/contested").all(id="facts")
    assert {"/vocab/accepted", "/vocab/not-known"} <= {
        each.attributes.get("href") for each in values.all("a")
    }


def test_an_empty_part_says_that_not_known_is_not_no(
    real: FlaskClient, hostile: FlaskClient
) -> None:
    """Where a state has no fact of a theme that people ask about, and where it has none at all."""
    assert (
        "Recognition Nothing is established here: not known"
        in page(real, "/id/state/pakistan").text
    )
    assert "it is not a “no”" in section(page(hostile, "/id/state/quiet"), "facts").text


def test_the_timeline_is_in_order_and_says_how_a_date_is_known(real: FlaskClient) -> None:
    """Only dated events among the facts."""
    items = section(page(real, "/id/state/pakistan"), "timeline").all("li")

    days = [each.one("time").attributes["datetime"] for each in items]
    assert days == sorted(days)
    assert len(days) > 3
    assert any("year inferred" in each.text for each in items)


def test_others_are_named_by_how_many_situations_they_share(real: FlaskClient) -> None:
    """The most first; those on its own side are no others."""
    side = page(real, "/id/state/pakistan").one("aside")

    shared = [int(n) for n in re.findall(r"(\d+) shared", side.text)]
    assert shared == sorted(shared, reverse=True)
    assert len(shared) == 12
    companions = side.one("ol", "plain")
    assert "Government of Pakistan" not in {each.text for each in companions.all("a")}


def test_what_is_left_open_is_neither_affirmed_nor_actual(real: FlaskClient) -> None:
    """Though a claim that leaves it open has a polarity and an actuality, as every claim."""
    claim = page(real, "/claim/000/98").one("main").text

    assert "unstated" in claim
    assert "affirmed" not in claim
    assert "actual" not in claim
    assert "in opposition" not in claim


def test_a_post_is_not_taken_for_its_holder(real: FlaskClient) -> None:
    """The registry knows the post of an ambassador before there is one."""
    side = page(real, "/id/state/pakistan").one("aside")

    assert "Post of ambassador of Pakistan to Afghanistan" in side.text
    assert "whether or not anybody holds it" in side.text


@pytest.mark.parametrize(
    "path",
    [
        UPGRADE,
        "/id/situation/india-as-a-reason-for-the-upgrade",
        "/id/situation/easing-of-tensions",
    ],
)
def test_the_content_of_what_is_no_fact_is_visibly_quoted(real: FlaskClient, path: str) -> None:
    """In a box of its own that says so, with the standing."""
    box = section(page(real, path), "substance").one("div", "quoted")

    assert "Quoted, not asserted." in box.text
    assert standings(box) - {"accepted"}
    assert box.all("dl", "facts")


def test_the_content_of_a_fact_is_not_quoted(real: FlaskClient) -> None:
    """It stands in the graph itself."""
    tree = page(real, "/id/situation/representation-of-pakistan-in-afghanistan")

    assert section(tree, "substance").one("h2").text == "What is established"
    assert not section(tree, "substance").all("div", "quoted")
    assert section(tree, "why").one("h2").text == "Why it counts as a fact"


def test_every_claim_leads_to_its_words_in_one_click(real: FlaskClient) -> None:
    """The paragraph and the span are named, and the place is on the page of the source."""
    claims = page(real, UPGRADE).one("ol", "claims").all("li", "claim")
    places = {each.attributes.get("id") for each in page(real, "/source/000").all("li")}

    evidence = [each.one("p", "evidence").all("a")[0] for each in claims]
    assert len(evidence) == 8
    for link in evidence:
        assert re.fullmatch(r"paragraph \d+, characters \d+\W\d+", link.text)
        path, _, anchor = link.attributes["href"].partition("#")
        assert (path.partition("?")[0], anchor in places) == ("/source/000.html", True)


def test_a_claim_is_a_sentence_that_tells_who_says_it_and_how(real: FlaskClient) -> None:
    """Speaker, reporter, act, wording, what it pulls against, what the curator notes."""
    claims = {each.attributes["id"]: each.text for each in page(real, UPGRADE).all("li", "claim")}

    assert claims["claim-63"].startswith(
        "Ministry of Foreign Affairs of the Islamic Emirate of Afghanistan, asserting, as The "
        "author of document 000 reports. Reported as a plan or intention. affirmed · certain · "
        "planned · taken for granted · in direct quotation · intention of Government of Pakistan"
    )
    assert "In tension with claim 18" in claims["claim-165"]
    assert "The curator notes: Worded as done" in claims["claim-105"]


def test_the_words_of_a_hedge_are_marked(real: FlaskClient) -> None:
    """On the page of the situation, of the claim and of the source."""
    situation = "/id/situation/easing-of-tensions"

    for tree in (page(real, situation), page(real, "/claim/000/8"), page(real, "/source/000")):
        assert "“indicates a potential”" in {each.text for each in tree.all("em", "cue")}


def test_what_the_curator_infers_is_never_told_as_said(real: FlaskClient) -> None:
    """Neither by the author nor by anybody."""
    tree = page(real, "/claim/000/6")

    assert tree.one("h1").text == "Inference 6 of Document 000"
    assert "working it out: the text does not say it" in tree.text
    assert "as The author of document 000 reports" not in tree.text


def test_a_proposition_is_quoted_and_leads_to_its_situation(real: FlaskClient) -> None:
    """With the claims that put it forward."""
    tree = page(real, "/proposition/000/upgrade-of-pakistans-mission")

    assert "Quoted, not asserted." in section(tree, "substance").one("div", "quoted").text
    assert UPGRADE in {each.attributes.get("href") for each in tree.all("a")}
    assert len(tree.all("li", "claim")) == 8


@pytest.mark.parametrize(("part_path", "place"), [("paragraph/5", "p5"), ("sentence/1", "p1")])
def test_a_part_of_a_source_is_a_place_on_its_page(
    real: FlaskClient, part_path: str, place: str
) -> None:
    """Which is there."""
    response = real.get(f"/source/000/{part_path}.html")

    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/source/000.html?from={place[1:]}#{place}",
    )
    assert page(real, "/source/000").one("section", id=place)


def test_a_source_tells_every_claim_in_text_order_with_its_span(
    real: FlaskClient, built_store: Store
) -> None:
    """And how far each paragraph is coded."""
    tree = page(real, "/source/000")
    paragraphs = tree.all("section", "paragraph")

    spans = [
        tuple(map(int, item.attributes["data-span"].split("-")))
        for each in paragraphs
        for item in each.one("ol", "marks").all("li")
    ]
    claims = list(built_store.quads_for_pattern(None, NamedNode(DIP + "expresses"), None))
    assert len(spans) == len({quad.subject for quad in claims})
    assert spans == sorted(spans)
    assert len(paragraphs) == 17
    assert all("fully coded" in each.one("h2").text for each in paragraphs)


def test_a_source_gives_what_a_browser_needs_to_lay_the_text_beside_the_claims(
    real: FlaskClient,
) -> None:
    """The hash and the length, but not the text; the script asks nobody for anything."""
    tree = page(real, "/source/000")
    with real.get("/static/spans.js") as response:
        script = response.get_data(as_text=True)

    reader = tree.one(id="reader")
    assert re.fullmatch(r"[0-9a-f]{64}", reader.attributes["data-sha256"])
    assert (reader.attributes["data-length"], "hidden" in reader.attributes) == ("7648", True)
    assert tree.one("noscript")
    assert tree.one("label", **{"for": "file"})
    forbidden = (
        r"fetch|XMLHttpRequest|sendBeacon|WebSocket|EventSource|innerHTML|insertAdjacentHTML"
    )
    assert not re.search(forbidden, script)


@pytest.mark.parametrize("path", SAMPLES)
def test_a_page_is_small_well_formed_and_says_how_to_cite_it(
    real: FlaskClient, built: Build, path: str
) -> None:
    """With the IRI, the build, the licence, and links to the same as data."""
    response = real.get(f"{path}.html")
    tree = read_page(response.text)
    record = section(tree, "record")

    assert len(response.data) < MOST_BYTES
    assert BASE + path[1:] in record.text
    assert built.hash in record.text
    assert f"build {built.hash[:12]}." in record.text
    endings = [each.text for each in record.all("a") if each.text.startswith(".")]
    assert endings[:2] == [".ttl", ".jsonld"]
    levels = [int(each.tag[1]) for each in tree.all() if re.fullmatch("h[1-6]", each.tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    names = [each.attributes["id"] for each in tree.all() if "id" in each.attributes]
    assert len(names) == len(set(names))
    assert not [each for each in tree.all() if "style" in each.attributes]
    assert all("src" in each.attributes for each in tree.all("script"))


def test_the_licence_is_that_of_the_data(real: FlaskClient, built_store: Store) -> None:
    """As the ontology says it."""
    licence = NamedNode(PREFIXES["dct"] + "license")
    (quad, *_) = built_store.quads_for_pattern(NamedNode(BASE + "ontology"), licence, None)

    link = page(real, "/id/state/pakistan").one("a", rel="license")
    assert f"<{link.attributes['href']}>" == str(quad.object)


def test_everything_of_ours_has_a_page(real: FlaskClient, built_store: Store) -> None:
    """Every thing, situation and value, none of which fails."""
    things = {
        quad.subject.value.removeprefix(BASE)
        for quad in built_store.quads_for_pattern(None, NamedNode(PREFIXES["rdfs"] + "label"), None)
        if isinstance(quad.subject, NamedNode)
        and quad.subject.value.startswith((BASE + "id/", BASE + "vocab/"))
    }

    failed = {path for path in things if real.get(f"/{path}.html").status_code != 200}
    assert (failed, len(things) > 200) == (set(), True)


def test_a_label_is_nothing_but_text(hostile: FlaskClient) -> None:
    """Markup is escaped, and each stands apart for whatever direction it is written in."""
    response = hostile.get("/id/state/hostile.html")
    tree = read_page(response.text)

    assert not [each for each in tree.all("script") if "src" not in each.attributes]
    assert not tree.all("img")
    (heading,) = tree.one("h1").inside
    assert isinstance(heading, Element)
    assert (heading.tag, heading.text[:8]) == ("bdi", "<script>")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_an_address_that_runs_something_is_no_link(hostile: FlaskClient) -> None:
    """Its label is shown, and that is all."""
    tree = page(hostile, "/id/state/hostile")

    assert "press me" in tree.text
    targets = {unquote(each.attributes["href"]) for each in tree.all("a")}
    assert not [each for each in targets if each.startswith(("javascript:", "data:"))]


def test_a_text_that_is_too_long_is_cut_with_an_ellipsis(hostile: FlaskClient) -> None:
    """A megabyte of it."""
    response = hostile.get("/id/state/hostile.html")

    assert len(response.data) < MOST_BYTES
    (shown,) = re.findall(r"(?:long )+long…", response.text)
    assert len(shown) <= LONGEST + 1


@pytest.mark.parametrize(
    "path", ["/id/situation/plan", "/claim/1/1", "/proposition/1/plan", "/proposition/1/empty"]
)
def test_a_page_holds_where_the_graph_says_little(hostile: FlaskClient, path: str) -> None:
    """A claim without a speaker, a place or a situation; a proposition without either."""
    tree = page(hostile, path)

    assert not tree.all("img")
    assert not tree.all("b")
    assert not tree.all("i")


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        ("representation-of-pakistan-in-afghanistan", "in its own voice"),
        ("upgrade-of-the-islamic-emirates-mission", "An announcement is not the act"),
        ("control-of-the-ttp-by-the-taliban", "asked for, urged or supported by"),
        ("easing-of-tensions", "(“indicates a potential”"),
        ("optimism-of-china", "words of doubt (“appears”)"),
        ("positive-trajectory-of-relations", "said to be so by Ishaq Dar; the author reports"),
        ("counterbalance-to-india", "explanation or judgement of the author (“might serve”)"),
        ("attendance-of-wang-yi", "The curator worked it out"),
        ("effectiveness-of-the-upgrade", "neither yes nor no"),
        ("pakistan-as-fourth-designating-country", "rests on something"),
    ],
)
def test_each_standing_has_its_reason(real: FlaskClient, situation: str, words: str) -> None:
    """From the claims, in a sentence."""
    assert words in section(page(real, f"/id/situation/{situation}"), "why").all("p")[0].text


def test_a_thing_with_very_much_about_it_shows_what_a_page_holds(tmp_path: Path) -> None:
    """Facts first, and leads to a query for the rest."""
    lines = [
        f"<{BASE}id/situation/s{n}> dip:concerns <{BASE}id/state/busy> ; dip:standing "
        f'dipv:{"accepted" if n % 2 else "forecast"} ; rdfs:label "Situation {n}"@en .'
        for n in range(700)
    ]
    head = f"PREFIX dip: <{DIP}> PREFIX dipv: <{BASE}vocab/> PREFIX rdfs: <{PREFIXES['rdfs']}>"
    labels = 'dipv:accepted rdfs:label "accepted"@en . dipv:forecast rdfs:label "forecast"@en .'
    pool = open_world(tmp_path, "\n".join([head, labels, *lines]))
    client = create_app(Config(root=tmp_path, builds=tmp_path / "builds"), pool).test_client()

    response = client.get("/id/state/busy.html")
    pool.close()

    tree = read_page(response.text)
    assert len(response.data) < MOST_BYTES
    assert len(section(tree, "facts").all("li")) == 300
    more = tree.all("p", "notice")[-1].one("a").attributes["href"]
    assert f"<{BASE}id/state/busy>" in unquote(more)


def test_a_long_source_comes_in_pages(tmp_path: Path) -> None:
    """Whole paragraphs, and a link to the next page."""
    head = f"PREFIX dip: <{DIP}> PREFIX rdfs: <{PREFIXES['rdfs']}>"
    lines = [f'<{BASE}source/1> a dip:SourceDocument ; rdfs:label "Long"@en .']
    for n in range(1, 5):
        lines.append(
            f"<{BASE}source/1/paragraph/{n}> a dip:DocumentParagraph ; dip:inDocument "
            f"<{BASE}source/1> ; dip:paragraph {n} ; dip:spanStart {n * 1000} ; "
            f"dip:spanEnd {n * 1000 + 999} ."
        )
        lines += [
            f"<{BASE}claim/1/{n}{k:03}> dip:expresses <{BASE}proposition/1/p> ; dip:inDocument "
            f"<{BASE}source/1> ; dip:paragraph {n} ; dip:spanStart {n * 1000 + k} ; dip:spanEnd "
            f"{n * 1000 + k + 1} ."
            for k in range(100)
        ]
    pool = open_world(tmp_path, "\n".join([head, *lines]))
    client = create_app(Config(root=tmp_path, builds=tmp_path / "builds"), pool).test_client()

    first = read_page(client.get("/source/1.html").text)
    last = read_page(client.get("/source/1.html?from=3").text)
    wrong = client.get("/source/1.html?from=x")
    pool.close()

    assert [each.attributes["id"] for each in first.all("section", "paragraph")] == ["p1", "p2"]
    assert first.one("a", "button").attributes["href"] == "?from=3#p3"
    assert [each.attributes["id"] for each in last.all("section", "paragraph")] == ["p3", "p4"]
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-05-30", "2025-05-30"),
        ("2021-08", "2021-08"),
        ("2025~", "about 2025"),
        ("[2025-06-01..2025-06-08]", "between 2025-06-01 and 2025-06-08"),
        ("[..2025-06-08]", "on or before 2025-06-08"),
        ("[2025-06-01..]", "on or after 2025-06-01"),
        ("2023-10/..", "from 2023-10, going on when the source was written"),
        ("2023-10/", "from 2023-10, end not known"),
        ("2023-10/2025-05", "from 2023-10, until 2025-05"),
        ("/2025-05-30", "until 2025-05-30 (start not stated)"),
        ("{2025,2026}", "{2025,2026}"),
    ],
)
def test_a_date_is_read_in_words(written: str, read: str) -> None:
    """What is no pattern of ours stays as it is written."""
    assert read_date(written) == read


@pytest.mark.parametrize(
    ("label", "parts"),
    [
        ("Visit", ("Visit", "")),
        ("Visit [not known to have happened]", ("Visit", "not known to have happened")),
        ("A [in [2025..2026] by B; C]", ("A", "in [2025..2026] by B; C")),
        ("A [open", ("A [open", "")),
    ],
)
def test_a_label_parts_into_name_and_caveat(label: str, parts: tuple[str, str]) -> None:
    """Nothing of it is lost."""
    assert part(label) == parts
