"""The description of one thing: what belongs to it, and what must not be taken for fact."""

from collections.abc import Iterator

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from kg.descriptions import describe
from kg.engine.one import One
from kg.engine.requests import Engine
from kg.formats import N_TRIPLES, TURTLE
from kg.portraits.summaries import read_summary
from kg.vocab import BASE, DIP, PREFIXES
from small_world import UPGRADE_LABEL, write_project

PAKISTAN = NamedNode(BASE + "id/state/pakistan")
UPGRADE = NamedNode(BASE + "id/situation/upgrade")
MEETING = NamedNode(BASE + "id/situation/meeting")
LABEL = NamedNode(PREFIXES["rdfs"] + "label")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over the small world."""
    config = write_project(tmp_path_factory.mktemp("world") / "project")
    engine = One(config, config.builds / "small")
    yield engine
    engine.close()


def read_triples(engine: Engine, iri: NamedNode) -> set[tuple[object, object, object]]:
    """Return the description of `iri` as triples."""
    answer = describe(engine, iri, N_TRIPLES)
    return {tuple(quad.triple) for quad in parse(answer.body, RdfFormat.N_TRIPLES)}


def test_a_description_holds_what_is_said_of_a_thing_and_what_points_to_it(world: Engine) -> None:
    """With the labels of all that is named, and the standing of what points to it."""
    triples = read_triples(world, PAKISTAN)

    assert (PAKISTAN, NamedNode(DIP + "isoCode"), Literal("PAK")) in triples
    assert (UPGRADE, NamedNode(DIP + "concerns"), PAKISTAN) in triples
    assert (UPGRADE, LABEL, Literal(UPGRADE_LABEL, language="en")) in triples
    assert (NamedNode(DIP + "concerns"), LABEL, Literal("concerns", language="en")) in triples
    assert UPGRADE in {s for s, p, _ in triples if p == NamedNode(DIP + "standing")}


def test_a_description_holds_the_claims_about_a_situation(world: Engine) -> None:
    """Whole, so that the words can be found."""
    claim = NamedNode(BASE + "claim/000/1")

    triples = read_triples(world, UPGRADE)

    assert (claim, NamedNode(DIP + "spanStart"), Literal(723)) in triples
    assert not any(s == NamedNode(BASE + "claim/000/3") for s, _, _ in triples)


@pytest.mark.parametrize("thing", [PAKISTAN, UPGRADE])
def test_a_description_as_rdf_holds_nothing_that_is_only_quoted(
    world: Engine, thing: NamedNode
) -> None:
    """Outside its graph it would read as asserted."""
    predicates = {p for _, p, _ in read_triples(world, thing)}

    assert NamedNode(DIP + "hasSendingState") not in predicates


def test_a_description_comes_in_the_format_asked_for(world: Engine) -> None:
    """And is empty where nothing is known."""
    answer = describe(world, PAKISTAN, TURTLE)
    nothing = describe(world, NamedNode("https://example.org/nothing"), N_TRIPLES)

    assert (answer.media_type, answer.kind) == ("text/turtle", "graph")
    assert nothing.body == b""


def test_people_see_the_standing_and_what_is_quoted_apart(world: Engine) -> None:
    """The summary stands in the graph, the content only in the proposition."""
    about = read_summary(world, UPGRADE)

    assert (about.node.label, about.standing.label) == (UPGRADE_LABEL, "announced")
    assert [(line.property, line.value.label) for line in about.quoted] == [
        ("has sending state", "Pakistan")
    ]
    assert about.quoted_in == BASE + "proposition/000/upgrade"
    assert ("announced by", "Government of Pakistan") in {
        (line.property, line.value.label) for line in about.lines
    }
    assert "has sending state" not in {line.property for line in about.lines}


def test_people_read_why_something_is_no_fact(world: Engine) -> None:
    """What is no situation has no standing, and so no reason for it."""
    assert "An announcement is not the act." in read_summary(world, UPGRADE).reason
    assert read_summary(world, PAKISTAN).reason == ""


def test_what_is_accepted_is_not_shown_a_second_time_as_quoted(world: Engine) -> None:
    """Its content stands in the graph."""
    about = read_summary(world, MEETING)

    assert (about.is_fact, about.quoted) == (True, ())


def test_claims_are_read_in_text_order(world: Engine) -> None:
    """With who, how strongly, in which words of doubt, and where."""
    first, second = read_summary(world, UPGRADE).claims

    assert (first.said_by, first.reported_by) == (
        "Government of Pakistan",
        "the author of document 000",
    )
    assert (first.certainty, first.actuality, first.polarity) == (
        "certain",
        "committed",
        "affirmed",
    )
    assert (first.direct_quote, first.presupposed, first.hedges) == (True, False, ())
    assert (second.direct_quote, second.presupposed, second.hedges) == (False, True, ("may",))
    assert (second.document, second.paragraph, second.span) == (
        "document 000",
        "11",
        ("4302", "4344"),
    )


def test_mentions_carry_the_standing_of_a_situation(world: Engine) -> None:
    """A plan in a list of what concerns a state must not read as done."""
    about = read_summary(world, PAKISTAN)

    standings = {mention.thing.iri: mention.standing for mention in about.mentions}
    assert standings[UPGRADE.value] == "announced"
    assert standings[MEETING.value] == "accepted"
    assert about.node.kinds == ("state",)
    assert about.is_whole
