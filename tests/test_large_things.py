"""What there is too much of for one page: no number is that of a part, and the rest is found."""

import json
import re
from collections.abc import Iterator
from typing import Final

import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.config import Config
from kg.engine.pool import Pool
from kg.portraits.levels import read_levels
from kg.vocab import BASE, DIP, PREFIXES
from kg.web.app import create_app
from page_tree import Element, read_page

HEAD: Final = f"""
PREFIX claim: <{BASE}claim/1/>
PREFIX dip: <{DIP}>
PREFIX dipv: <{BASE}vocab/>
PREFIX pr: <{BASE}proposition/1/>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX situation: <{BASE}id/situation/>
PREFIX source: <{BASE}source/>
PREFIX state: <{BASE}id/state/>
dipv:accepted rdfs:label "accepted"@en .
dipv:announced rdfs:label "announced or planned"@en .
state:busy a dip:State ; rdfs:label "Busy"@en .
state:known a dip:State ; rdfs:label "Known"@en .
situation:wide dip:standing dipv:announced ; rdfs:label "Wide"@en ; dip:quotedIn pr:wide .
situation:told dip:standing dipv:announced ; rdfs:label "Told"@en ; dip:quotedIn pr:told .
source:1 a dip:SourceDocument ; rdfs:label "Long"@en .
"""
PARAGRAPHS: Final = 4
CLAIMS: Final = 300
"""In each paragraph: more than a page holds."""
SENTENCES: Final = 600
"""In each paragraph; half of them have a claim."""


def situation(name: str, standing: str, state: str) -> str:
    """Return a situation of three kinds that concerns a state."""
    return (
        f"situation:{name} dip:concerns state:{state} ; dip:standing dipv:{standing} ; "
        f'rdfs:label "Situation {name}"@en ; dip:situationType dip:A , dip:B , dip:C .'
    )


def paragraph(n: int) -> Iterator[str]:
    """Yield a paragraph with its sentences, and its claims with four cues each."""
    yield (
        f"<{BASE}source/1/paragraph/{n}> a dip:DocumentParagraph ; dip:inDocument source:1 ; "
        f"dip:paragraph {n} ; dip:spanStart {n * 1000} ; dip:spanEnd {n * 1000 + 999} ."
    )
    for k in range(SENTENCES):
        number = n * 1000 + k
        yield (
            f"<{BASE}source/1/sentence/{number}> a dip:DocumentSentence ; dip:inDocument source:1 ;"
            f" dip:paragraph {n} ; dip:sentence {number} ; dip:spanStart {number} ;"
            f" dip:spanEnd {number + 1} ."
        )
    for k in range(CLAIMS):
        number = n * 1000 + k
        yield (
            f"claim:{number} dip:expresses pr:p ; dip:inDocument source:1 ; dip:paragraph {n} ; "
            f"dip:sentence {number} ; dip:spanStart {number} ; dip:spanEnd {number + 1} ; "
            f'dip:hedgeCue "a", "b", "c", "d" .'
        )


WORLD: Final = [
    HEAD,
    *(situation(f"fact-{n}", "accepted", "busy") for n in range(280)),
    *(situation(f"plan-{n}", "announced", "busy") for n in range(120)),
    *(situation(f"known-{n}", "accepted", "known") for n in range(320)),
    situation("known-plan", "announced", "known"),
    *(f"situation:wide dip:concerns <{BASE}id/state/s{n}> ." for n in range(600)),
    *(
        f'claim:t{n} dip:expresses pr:told ; dip:inDocument source:2 ; dip:hedgeCue "a" , "b" ; '
        f"dip:paragraph 1 ; dip:spanStart {n} ; dip:spanEnd {n + 1} ."
        for n in range(700)
    ),
    *(line for n in range(1, PARAGRAPHS + 1) for line in paragraph(n)),
    (
        "situation:sent a dip:Representation ; dip:standing dipv:accepted ; "
        "dip:concerns state:known ; dip:situationType dip:Representation ; "
        "dip:sendingState state:known ; dip:receivingState state:busy ; "
        'dip:level dipv:ambassador ; rdfs:label "Sent"@en . '
        'dipv:ambassador rdfs:label "ambassador"@en .'
    ),
    *(
        f"situation:sent dip:possiblyEndedBy situation:end-{n} . situation:end-{n} dip:standing "
        f'dipv:announced ; dip:quotedIn pr:end-{n} ; rdfs:label "End {n}"@en .'
        for n in range(120)
    ),
]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client over things of which there is more than a page holds."""
    folder = tmp_path_factory.mktemp("large")
    store = Store(str(folder / "store"))
    store.load("\n".join(WORLD), RdfFormat.TRIG)
    store.flush()
    del store
    (folder / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    (folder / "queries").mkdir()
    config = Config(root=folder, builds=folder / "builds")
    pool = Pool(config, folder)
    yield create_app(config, pool).test_client()
    pool.close()


def page(client: FlaskClient, path: str) -> Element:
    """Return a page as a tree."""
    response = client.get(path)
    assert response.status_code == 200, response.text[:300]
    return read_page(response.text)


def notices(tree: Element) -> list[str]:
    """Return what a page says of itself."""
    return [each.text for each in tree.all("p", "notice")]


def test_a_page_holds_300_situations_and_counts_all(large: FlaskClient) -> None:
    """However many kinds each of them has."""
    tree = page(large, "/id/state/busy.html")

    shown = {
        each.attributes["href"]
        for each in tree.all("a")
        if each.attributes["href"].startswith("/id/situation/")
    }
    assert len(shown) == 300
    assert "280 established facts" in tree.one("p", "lead").text
    assert "120 things said but not established" in tree.one("p", "lead").text
    assert any("more than one page holds" in each for each in notices(tree))


def test_nothing_is_denied_that_did_not_find_room(large: FlaskClient) -> None:
    """Facts fill the page: what is only said of it is not on it, and that is not "nothing"."""
    tree = page(large, "/id/state/known.html")

    assert "321 established facts" in tree.one("p", "lead").text
    assert "1 thing said but not established" in tree.one("p", "lead").text
    assert "Nothing is said of it" not in tree.text
    assert "Nothing is established here" not in tree.text


def test_a_level_that_cannot_be_told_with_all_that_may_have_ended_it_is_not_told(
    large: FlaskClient,
) -> None:
    """It stands among the facts, whose labels carry their caveats."""
    engine = large.application.extensions["kg"].engine

    assert read_levels(engine, NamedNode(BASE + "id/state/known")) == ()
    assert not page(large, "/id/state/known.html").all("ul", "glance")


def test_a_situation_with_very_many_values_keeps_its_standing(large: FlaskClient) -> None:
    """A plan is told as a plan; what did not find room is where the page says."""
    tree = page(large, "/id/situation/wide.html")

    assert tree.one("p", "verdict").text.startswith("announced or planned")
    (notice,) = [each for each in tree.all("p", "notice") if "More is said" in each.text]
    assert notice.one("a").attributes["href"] == "/id/situation/wide.ttl"


def test_claims_that_do_not_find_room_are_counted(large: FlaskClient) -> None:
    """And no reason is told that only some of them bear out."""
    tree = page(large, "/id/situation/told.html")

    assert len(tree.all("li", "claim")) == 250
    assert "700 claims" in [each.text for each in tree.all("h2")][2]
    assert "the first 250 of 700 claims" in tree.text
    assert "An announcement is not the act" not in tree.text


def test_a_source_counts_all_its_claims_and_sentences(large: FlaskClient) -> None:
    """Whichever page of it is shown."""
    for path in ("/source/1.html", "/source/1.html?from=4"):
        lead = page(large, path).one("p", "lead").text

        assert f"{PARAGRAPHS * CLAIMS} claims of the text" in lead
        assert f"in {PARAGRAPHS} paragraphs" in lead
        assert f"{PARAGRAPHS * CLAIMS} of {PARAGRAPHS * SENTENCES} sentences are coded" in lead


def test_every_paragraph_of_a_source_is_on_one_page(large: FlaskClient) -> None:
    """With the claims that fit; its heading counts them all, and says where the rest is."""
    for n in range(1, PARAGRAPHS + 1):
        tree = page(large, f"/source/1.html?from={n}")
        (section,) = tree.all("section", "paragraph")

        assert section.attributes["id"] == f"p{n}"
        assert f"{CLAIMS} claims in {SENTENCES} sentences" in section.one("h2").text
        assert len(section.one("ol", "marks").all("li")) == 250
        assert "250 of 300 claims" in section.text
        uncoded = [each for each in section.all("p") if "not coded" in each.text]
        assert len(uncoded) == SENTENCES - CLAIMS


def test_a_claim_leads_to_the_page_that_has_its_words(large: FlaskClient) -> None:
    """A page begins with the paragraph that it begins with for everybody."""
    claim = page(large, "/claim/1/4007.html")
    (target,) = {
        each.attributes["href"]
        for each in claim.one("p", "evidence").all("a")
        if "/source/" in each.attributes["href"]
    }

    assert re.fullmatch(r"/source/1\.html\?from=4#claim-4007", target)
    assert page(large, target.partition("#")[0]).one("li", id="claim-4007")
