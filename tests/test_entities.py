"""Names lead to things: which name wins, what a miss says, and what is never confused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.engine.one import One
from kg.engine.requests import Engine
from kg.entities import fold, resolve
from kg.errors import EntityAmbiguous, EntityNotFound, EntityOfOtherKind
from kg.vocab import BASE, DIP, DIPV
from small_world import WORLD, write_project

STATE, GOVERNMENT, GROUP, PARTY = (
    DIP + name for name in ("State", "Government", "NonStateGroup", "Party")
)

SIDES = f"""{WORLD}
PREFIX place: <https://w3id.org/diplomacy-kg/id/place/>
government:emirate a dip:Government ; rdfs:label "Islamic Emirate"@en ;
  skos:altLabel "Taliban regime" ;
  dip:sameSide group:taliban , government:emirate .
group:taliban dip:sameSide government:emirate , group:taliban .
group:ttp dip:fights government:pakistan .
dip:Place rdfs:label "place"@en . dip:Mission a owl:Class ; rdfs:label "mission"@en .
place:vienna a dip:Place ; rdfs:label "Vienna"@en ; dip:inState state:austria .
place:islamabad a dip:Place ; rdfs:label "Islamabad"@en .
government:pakistan dip:sameSide state:pakistan .
state:austria dip:has dip:Mission .
"""
"""Islamabad is a place here, and the metonym of a government of the same side as a state."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over the small world."""
    config = write_project(tmp_path_factory.mktemp("world") / "project")
    engine = One(config, Path(config.builds / "small"))
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over a world whose things have sides."""
    folder = tmp_path_factory.mktemp("sides")
    store = Store(str(folder / "store"))
    store.load(SIDES, RdfFormat.TRIG)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": "cd" * 32}))
    engine = One(Config(root=folder, builds=folder), folder)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "classes", "iri"),
    [
        ("Pakistan", (STATE,), "id/state/pakistan"),
        ("  pakistan ", (STATE,), "id/state/pakistan"),
        ("PAK", (STATE,), "id/state/pakistan"),
        ("pak", (STATE,), "id/state/pakistan"),
        ("state:pakistan", (STATE,), "id/state/pakistan"),
        (f"<{BASE}id/state/pakistan>", (STATE,), "id/state/pakistan"),
        (f"{BASE}id/state/pakistan", (STATE,), "id/state/pakistan"),
        ("Autriche", (STATE,), "id/state/austria"),
        ("osterreich", (STATE,), "id/state/austria"),
        ("O\u0308STERREICH", (STATE,), "id/state/austria"),
        ("Pakistan", (PARTY,), "id/state/pakistan"),
        ("state:pakistan", (PARTY,), "id/state/pakistan"),
        ("accepted", (), "vocab/accepted"),
        ("Non-State Group", (), "ontology#NonStateGroup"),
        ("dip:State", (), "ontology#State"),
    ],
)
def test_a_thing_is_found_by_each_of_its_names(
    world: Engine, text: str, classes: tuple[str, ...], iri: str
) -> None:
    """By label, code, alias, prefixed name and IRI, in any case, with or without accents."""
    assert resolve(world, text, classes).value == BASE + iri


@pytest.mark.parametrize("text", ["Taliban", "the Taliban", "The  taliban", "TALIBAN"])
@pytest.mark.parametrize("classes", [(), (GROUP,), (PARTY,)])
def test_the_taliban_are_not_another_group_whose_name_holds_theirs(
    world: Engine, text: str, classes: tuple[str, ...]
) -> None:
    """A name is compared whole."""
    assert resolve(world, text, classes).value == BASE + "id/group/taliban"
    assert resolve(world, "TTP", classes).value == BASE + "id/group/ttp"


def test_a_label_goes_before_an_alias(world: Engine) -> None:
    """The state of that name is meant, unless only governments are asked for."""
    assert resolve(world, "Georgia", (PARTY,)).value == BASE + "id/state/georgia"
    assert resolve(world, "Georgia", (GOVERNMENT,)).value == BASE + "id/government/georgia"


def test_an_alias_goes_before_a_metonym(world: Engine) -> None:
    """Islamabad is the alias of one government here and the metonym of another."""
    assert resolve(world, "Islamabad", (PARTY,)).value == BASE + "id/government/other"


def test_a_name_of_several_things_lists_them(world: Engine) -> None:
    """Nothing is chosen where two names are equally near."""
    with pytest.raises(EntityAmbiguous) as caught:
        resolve(world, "movement", (GROUP,))

    found = {iri.removeprefix(BASE) for _, iri in caught.value.candidates}
    assert found == {"id/group/ttp", "id/group/other"}


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("Pakistn", "Pakistan"), ("Republic of Austria", None), ("state:pakistn", "state:pakistan")],
)
def test_a_miss_suggests_near_names(world: Engine, text: str, suggestion: str | None) -> None:
    """By spelling, and for a prefixed name among prefixed names."""
    with pytest.raises(EntityNotFound, match=f"no state named '{text}'") as caught:
        resolve(world, text, (STATE,))

    assert caught.value.suggestions[:1] == ((suggestion,) if suggestion else ())


def test_a_word_of_a_name_suggests_it_but_does_not_find_it(world: Engine) -> None:
    """Finding by a part would confuse groups whose names hold each other's."""
    with pytest.raises(EntityNotFound) as caught:
        resolve(world, "Tehreek-e-Taliban", (GROUP,))

    assert "Tehreek-e-Taliban Pakistan (TTP)" in caught.value.suggestions


@pytest.mark.parametrize("text", ["Taliban", "group:taliban"])
def test_a_thing_of_another_class_is_said_to_be_one(world: Engine, text: str) -> None:
    """Not that it does not exist."""
    with pytest.raises(EntityOfOtherKind, match="as non-state group, not as state or government"):
        resolve(world, text, (STATE, GOVERNMENT))


@pytest.mark.parametrize(
    ("text", "classes", "offered"),
    [
        ("Taliban", (GOVERNMENT,), ("Islamic Emirate",)),
        ("group:taliban", (GOVERNMENT,), ("Islamic Emirate",)),
        ("Vienna", (STATE,), ("Austria",)),
        ("mission", (STATE,), ("Austria",)),
        ("Islamabad", (STATE,), ("Pakistan",)),
        ("Pakistan", (GROUP,), ("Tehreek-e-Taliban Pakistan (TTP)",)),
        ("Austria", (GROUP,), ()),
    ],
)
def test_a_thing_of_another_class_leads_to_what_was_meant(
    sides: Engine, text: str, classes: tuple[str, ...], offered: tuple[str, ...]
) -> None:
    """What is of its side, what one statement joins with it, what has the word; three at most."""
    with pytest.raises(EntityOfOtherKind) as caught:
        resolve(sides, text, classes)

    assert caught.value.suggestions == offered
    assert all(repr(name) in str(caught.value) for name in offered)


@pytest.mark.parametrize("text", ["", "<", "<>", "a:b:c", '" } #', "\ud800", "state:", "\x00"])
def test_any_text_is_a_name_that_may_lead_nowhere(world: Engine, text: str) -> None:
    """No text breaks the query, and none is an error of another kind."""
    with pytest.raises(EntityNotFound):
        resolve(world, text, (STATE,))
    with pytest.raises(EntityNotFound):
        resolve(world, text)


def test_a_concept_is_found_among_all_things(world: Engine) -> None:
    """Value lists carry skos:prefLabel."""
    assert resolve(world, "Announced").value == DIPV + "announced"


@pytest.mark.parametrize(
    ("text", "folded"),
    [("The  Étoile", "etoile"), ("the", "the"), ("Côte d\u2019Ivoire", "cote d'ivoire")],
)
def test_names_are_compared_folded(text: str, folded: str) -> None:
    """A leading article goes only where a name is left."""
    assert fold(text) == folded
