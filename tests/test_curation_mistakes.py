"""Mistakes of curators, made on purpose in a copy of the real seeds: each is told, with its place.

They stand in blocks of their own, so that one copy can hold them all and is checked once. What a
mistake has to be found by is in ontology/examples/invalid/; here is what whoever makes it reads.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kg.config import Config, find_root
from kg.dataset.checks import Violation, check_input
from kg.dataset.files import read_dataset
from kg.vocab import BASE, expand, shorten

ROOT: Final = find_root(Path(__file__).parent)
CLAIMS: Final = "seeds/sources/000/claims.ttl"
PROPOSITIONS: Final = "seeds/sources/000/propositions.trig"
SOURCE: Final = "seeds/sources/000/source.ttl"
REGISTRY: Final = "seeds/registry/"


@dataclass(frozen=True)
class Mistake:
    """In the first block of `path` that matches `block`, `old` becomes `new` (all patterns).

    The message is to name `node`, else the block's own node, at its line, and to hold `words`.
    """

    name: str
    path: str
    block: str
    old: str
    new: str
    words: str
    node: str = ""


MISTAKES: Final = (
    Mistake(
        "a claim without the start of its span",
        CLAIMS,
        "pr:wider-context-of-the-upgrade ",
        r"\n    dip:spanStart \d+ ;",
        "",
        "a claim has exactly one dip:spanStart, an offset from 0; write a bare number",
    ),
    Mistake(
        "a possible claim without its cue",
        CLAIMS,
        r"pr:chinas-engagement-as-a-reason-for-the-upgrade [^@]*dipv:possible",
        r"\n    dip:hedgeCue [^;]*;",
        "",
        "add the few words that hedge the claim, or correct dip:certainty",
    ),
    Mistake(
        "a cue on a claim that is certain",
        CLAIMS,
        r"pr:delisting-of-the-taliban-by-russia ",
        r"(dip:actuality \S+ ;)",
        r'\1\n    dip:hedgeCue "perhaps"@en ;',
        "dip:hedgeCue goes with dipv:near-certain",
    ),
    Mistake(
        "a whole sentence as a cue",
        CLAIMS,
        r"pr:designation-by-russia ",
        r'dip:hedgeCue "[^"]*"',
        f'dip:hedgeCue "{"word " * 20}"',
        "copy the words that do it, never a sentence",
    ),
    Mistake(
        "a plan of nobody",
        CLAIMS,
        r"pr:intended-cooperation-with-afghanistan ",
        r"\n    dip:intentionOf [^;]*;",
        "",
        "name the party whose plan it is, or correct dip:actuality",
    ),
    Mistake(
        "a commitment in the author's own words",
        CLAIMS,
        r"pr:earlier-deterioration-of-ties ",
        r"dipv:actual ",
        "dipv:committed ",
        "name the announcing party with dip:saidBy or the statement with dip:saidIn",
    ),
    Mistake(
        "a speaker who does not exist",
        CLAIMS,
        r"pr:positive-trajectory-of-relations ",
        r"dip:saidBy \S+",
        "dip:saidBy person:ishaq-darr",
        "has no type; describe it, or correct the name",
        "person:ishaq-darr",
    ),
    Mistake(
        "a statement of somebody else",
        CLAIMS,
        r"pr:enhanced-engagement ",
        r"dip:saidBy \S+",
        "dip:saidBy person:wang-yi",
        "name in dip:saidBy who speaks in the statement, or correct dip:saidIn",
    ),
    Mistake(
        "a claim outside its paragraph",
        CLAIMS,
        r"pr:dense-population-of-punjab ",
        r"dip:spanEnd \d+",
        "dip:spanEnd 7600",
        "leaves paragraph 8",
    ),
    Mistake(
        "a claim outside its sentence",
        CLAIMS,
        r"pr:competition-of-india-and-china ",
        r"dip:sentence \d+",
        "dip:sentence 1",
        "correct dip:paragraph, dip:sentence or the span",
    ),
    Mistake(
        "a hash that is too short",
        CLAIMS,
        r"pr:opposition-of-india-to-the-taliban ",
        r'dip:spanSha256 "\w{10}',
        'dip:spanSha256 "',
        "64 hexadecimal digits",
    ),
    Mistake(
        "a value that no list has",
        CLAIMS,
        r"pr:ideological-differences ",
        r"dipv:affirmed",
        "dipv:afirmed",
        "has no type; describe it, or correct the name",
        "dipv:afirmed",
    ),
    Mistake(
        "a value of another list",
        CLAIMS,
        r"pr:meeting-of-misri-and-muttaqi ",
        r"dip:polarity \S+",
        "dip:polarity dipv:certain",
        "take one from ontology/vocab/polarities.ttl",
    ),
    Mistake(
        "a claim number given twice",
        CLAIMS,
        r"pr:call-of-jaishankar-and-muttaqi ",
        r"cl:\d+ a",
        "cl:1 a",
        "a claim has exactly one dip:expresses",
        "cl:1",
    ),
    Mistake(
        "a claim of a proposition that does not exist",
        CLAIMS,
        r"pr:rivalry-of-india-and-pakistan ",
        r"pr:rivalry-of-india-and-pakistan",
        "pr:rivalry-of-india-and-pakstan",
        "has no type; describe it, or correct the name",
        "pr:rivalry-of-india-and-pakstan",
    ),
    Mistake(
        "an inference that the author reports",
        CLAIMS,
        r"pr:attendance-of-wang-yi ",
        r"(dip:inferredBy \S+ ;)",
        r"\1\n    dip:reportedBy agent:author-of-000 ;",
        "take dip:reportedBy away, or make it a dip:Claim",
    ),
    Mistake(
        "an inference that is certain",
        CLAIMS,
        r"pr:attendance-of-ishaq-dar ",
        r"dip:certainty \S+",
        "dip:certainty dipv:certain",
        "and never dipv:certain",
    ),
    Mistake(
        "recognition inferred from an ambassador",
        CLAIMS,
        r"pr:representation-of-china-in-afghanistan-by-an-ambassador ",
        r"pr:representation-of-china-in-afghanistan-by-an-ambassador(?s:(.*?))dipv:unstated",
        r"pr:non-recognition-of-the-islamic-emirate\1dipv:probable",
        "an ambassador never implies recognition, nor the reverse",
    ),
    Mistake(
        "a proposition that no claim expresses",
        PROPOSITIONS,
        r"pr:representation-of-china-in-afghanistan-by-an-ambassador ",
        r"a dip:Representation",
        "a dip:Representation",
        "add the claim that expresses it, or take the proposition away",
        "pr:representation-of-china-in-afghanistan-by-an-ambassador",
    ),
    Mistake(
        "a change of level that leaves none",
        PROPOSITIONS,
        r"pr:upgrade-of-pakistans-mission ",
        r"\n        dip:fromLevel [^;]*;",
        "",
        "a level change has exactly one dip:fromLevel",
    ),
    Mistake(
        "an answer to a change of another dyad",
        PROPOSITIONS,
        r"pr:upgrade-of-the-islamic-emirates-mission ",
        r"dip:reciprocates \S+",
        "dip:reciprocates situation:upgrade-of-the-islamic-emirates-mission",
        "what is reciprocated goes the other way between the same two states",
    ),
    Mistake(
        "a designation with a level",
        PROPOSITIONS,
        r"pr:designation-by-uzbekistan ",
        r"(dip:sendingState \S+ ;)",
        r"\1\n        dip:level dipv:ambassador ;",
        "take dip:level away, and describe a dip:Representation",
    ),
    Mistake(
        "an authority of another state",
        PROPOSITIONS,
        r"pr:designation-by-pakistan ",
        r"dip:sendingAuthority \S+",
        "dip:sendingAuthority government:india",
        "correct it, or the state",
    ),
    Mistake(
        "a date without its basis",
        PROPOSITIONS,
        r"pr:takeover-of-kabul ",
        r"\n        dip:dateBasis [^;]*;",
        "",
        "say how the date is known",
    ),
    Mistake(
        "a day that no calendar has",
        PROPOSITIONS,
        r"pr:visit-of-dar-to-kabul ",
        r'dip:date "[^"]*"',
        'dip:date "2025-02-30"',
        "is not an EDTF date",
    ),
    Mistake(
        "a bound that no calendar has",
        PROPOSITIONS,
        r"pr:visit-of-prakash-to-kabul ",
        r'dip:latest "[^"]*"',
        'dip:latest "2025-02-30"',
        "'2025-02-30', which is no xsd:date",
    ),
    Mistake(
        "an inferred date without its reasons",
        PROPOSITIONS,
        r"pr:trilateral-meeting-in-beijing ",
        r'\n        dip:dateNote "[^"]*"@en ;',
        "",
        "say in dip:dateNote what it was worked out from",
    ),
    Mistake(
        "a second subject in a proposition",
        PROPOSITIONS,
        r"pr:allegiance-of-the-ttp ",
        r"\n}",
        "\n\n    situation:rivalry-of-india-and-pakistan dip:party state:china .\n}",
        "keep one subject of a situation class in the graph",
        "pr:allegiance-of-the-ttp",
    ),
    Mistake(
        "a property with a slip of the pen",
        PROPOSITIONS,
        r"pr:demand-to-control-the-ttp ",
        r"dip:demandedOf",
        "dip:demandedFrom",
        "has no type; describe it, or correct the name",
        "dip:demandedFrom",
    ),
    Mistake(
        "a property of another class",
        PROPOSITIONS,
        r"pr:pahalgam-attack ",
        r"(dip:location \S+)",
        r"\1 ;\n        dip:holder government:india",
        "a property that an attack does not have (found: dip:holder)",
    ),
    Mistake(
        "a number in words",
        PROPOSITIONS,
        r"pr:afghans-who-left-pakistan ",
        r"dip:approximateValue \d+",
        'dip:approximateValue "845,000"',
        "write a bare number, without separators",
    ),
    Mistake(
        "an approximate number without its qualifier",
        PROPOSITIONS,
        r"pr:afghans-who-remain-in-pakistan ",
        r" ;\n        dip:valueQualifier \S+",
        "",
        "give dip:exactValue alone, or dip:approximateValue with dip:valueQualifier",
    ),
    Mistake(
        "a blank node",
        PROPOSITIONS,
        r"pr:statement-by-wang-yi ",
        r"dip:regarding \S+",
        "dip:regarding [ ]",
        "a blank node; give the node an IRI",
        "[ ]",
    ),
    Mistake(
        "standings typed by hand",
        PROPOSITIONS,
        r"pr:mediation-by-china ",
        r"(dip:mediator \S+ ;)",
        r"\1\n        dip:standing dipv:accepted , dipv:announced ;",
        "take it away; the rules of ontology/rules/ derive it",
    ),
    Mistake(
        "a statement through no channel",
        PROPOSITIONS,
        r"pr:welcome-by-the-islamic-emirate ",
        r"\n        dip:channel [^;]*;",
        "",
        "dipv:channel-not-stated where the text is silent",
    ),
    Mistake(
        "the Taliban as a state",
        REGISTRY + "groups.ttl",
        r"group:taliban ",
        r"dip:NonStateGroup",
        "dip:State",
        "a state, its government and the movement that formed it are three things",
    ),
    Mistake(
        "a person with two names",
        REGISTRY + "persons.ttl",
        r"person:wang-yi ",
        r'"Wang Yi"@en',
        '"Wang Yi"@en , "Foreign Minister Wang"@en',
        "exactly one rdfs:label",
    ),
    Mistake(
        "an entry that nothing mentions",
        REGISTRY + "persons.ttl",
        r"person:vikram-misri ",
        r"person:vikram-misri",
        'person:nobody a dip:Person ;\n    rdfs:label "Nobody"@en .\n\nperson:vikram-misri',
        "use it, or take it away",
        "person:nobody",
    ),
    Mistake(
        "two entries with one name",
        REGISTRY + "governments.ttl",
        r"government:india ",
        r"Government of India",
        "Government of China",
        "make one entry of them, or add to each label what tells them apart",
        "government:china",
    ),
    Mistake(
        "a post that belongs nowhere",
        REGISTRY + "posts.ttl",
        r"post:foreign-secretary-of-india ",
        r"\n    org:postIn [^;]*;",
        "",
        "name its organization with org:postIn",
    ),
    Mistake(
        "a code that is not one",
        REGISTRY + "states.ttl",
        r"state:uzbekistan ",
        r'"UZB"',
        '"Uzb"',
        "three capital letters",
    ),
    Mistake(
        "a sentence without a claim",
        SOURCE,
        r"source/000/sentence/51>",
        r"\Z",
        f"""

<{BASE}source/000/sentence/52> a dip:DocumentSentence ;
    rdfs:label "Document 000, sentence 52"@en ;
    dip:inDocument source:000 ;
    dip:paragraph 17 ;
    dip:sentence 52 ;
    dip:spanStart 7647 ;
    dip:spanEnd 7648 .""",
        "add the claims that it makes, or a dip:NoFactMark",
        f"<{BASE}source/000/sentence/52>",
    ),
)

SYNTAX: Final = Mistake(
    "a full stop too many",
    REGISTRY + "places.ttl",
    r"place:dubai ",
    r"a dip:Place ;",
    "a dip:Place . ;",
    "correct it; the rest of this file has not been read",
)


def copy(folder: Path) -> Config:
    """Return the settings of a copy of ontology and seeds below `folder`."""
    for name in ("ontology", "seeds"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("examples"))
    return Config(root=folder, builds=folder / "builds")


def make(root: Path, mistake: Mistake) -> None:
    """Make `mistake` in the copy at `root`."""
    path = root / mistake.path
    blocks = path.read_text("utf-8").split("\n\n")
    number = next(n for n, block in enumerate(blocks) if re.search(mistake.block, block))
    blocks[number], made = re.subn(mistake.old, mistake.new, blocks[number], count=1)
    assert made, f"nothing to change: {mistake.name}"
    path.write_text("\n\n".join(blocks), encoding="utf-8")


def place(root: Path, mistake: Mistake) -> tuple[str, int]:
    """Return the node that the message is to name, as it is shown, and its line."""
    text = (root / mistake.path).read_text("utf-8")
    name = mistake.node or own_name(mistake)
    start = re.search(rf"{re.escape(name)}(?= a | {{)", text)
    offset = start.start() if start else text.index(name)
    return shown(name), text.count("\n", 0, offset) + 1


def own_name(mistake: Mistake) -> str:
    """Return the name of what the block of `mistake` describes, as the seeds have it."""
    blocks = (ROOT / mistake.path).read_text("utf-8").split("\n\n")
    block = next(block for block in blocks if re.search(mistake.block, block))
    found = re.search(r"(\S+) a \S", block)
    assert found, mistake.name
    return found.group(1)


def shown(name: str) -> str:
    """Return how messages show the node that the files call `name`; a blank node not at all."""
    prefix, _, rest = name.partition(":")
    folder = {"cl": "claim/000/", "pr": "proposition/000/"}.get(prefix)
    if name.startswith(("<", "[")):
        return shorten(name.strip("<>[] "))
    return shorten(BASE + folder + rest if folder else expand(name) or name)


@pytest.fixture(scope="module")
def mistaken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Violation]]:
    """A copy with all mistakes in it, and what is told of them."""
    config = copy(tmp_path_factory.mktemp("mistaken"))
    for mistake in MISTAKES:
        make(config.root, mistake)
    return config.root, check_input(read_dataset(config))


def told(violations: list[Violation], root: Path, mistake: Mistake) -> list[str]:
    """Return the messages that name the file, the node and the line of `mistake`."""
    node, line = place(root, mistake)
    return [str(v) for v in violations if (v.path, v.node, v.line) == (mistake.path, node, line)]


def test_the_seeds_as_they_are_are_in_order(tmp_path: Path) -> None:
    """So that what is told below is told for the mistakes."""
    assert list(map(str, check_input(read_dataset(copy(tmp_path))))) == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_is_told(mistaken: tuple[Path, list[Violation]], mistake: Mistake) -> None:
    """With file, line and node, what is wrong and what to do."""
    root, violations = mistaken

    messages = told(violations, root, mistake)

    assert any(mistake.words in message for message in messages), messages


def test_a_file_that_does_not_parse_is_told_without_echoes(tmp_path: Path) -> None:
    """That its places are missing elsewhere is no news."""
    config = copy(tmp_path)
    make(config.root, SYNTAX)

    (violation,) = check_input(read_dataset(config))

    assert (violation.path, violation.line) == (SYNTAX.path, place(config.root, SYNTAX)[1])
    assert SYNTAX.words in str(violation)
