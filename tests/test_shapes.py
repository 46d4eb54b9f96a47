"""The shapes and the checks of the domain: what they let pass, and that each finds its mistake."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph, URIRef

from example_worlds import read_example
from kg.config import Config, find_root
from kg.dataset.accept import accept
from kg.dataset.checks import Violation, check_built, check_input
from kg.dataset.files import Dataset
from kg.dataset.infer import infer

ROOT = find_root(Path(__file__).parent)
CONFIG = Config(root=ROOT, builds=ROOT / "builds")
EXAMPLES = ROOT / "ontology" / "examples"
SMALL_WORLD = EXAMPLES / "small-world.trig"
WORLDS = sorted(EXAMPLES.glob("*.trig"))
MINIATURES = sorted((EXAMPLES / "invalid").glob("*.trig"))
CHECKS = sorted((ROOT / "ontology" / "checks").glob("*.rq"))
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)


@pytest.fixture(scope="module")
def small_world() -> Dataset:
    """The valid world that the miniatures spoil."""
    return read_example(CONFIG, SMALL_WORLD)


def spoil(world: Dataset, path: Path) -> Dataset:
    """Return the dataset of the miniature at `path` together with `world`."""
    miniature = read_example(CONFIG, path)
    miniature.store.extend(world.store)
    return replace(miniature, texts=(*miniature.texts, *world.texts))


def judge(dataset: Dataset, name: str) -> list[Violation]:
    """Return what is wrong at the stage of the check `name`; shapes look at the input.

    A miniature of the built stage is not built: it shows what a faulty rule would leave.
    """
    stages = {check.name: check.said("stage") for check in dataset.checks}
    return check_built(dataset) if stages.get(name) == "built" else check_input(dataset)


def shape_names() -> set[str]:
    """Return the local names of all shapes that look for something themselves."""
    graph = Graph()
    for path in SHAPES:
        graph.parse(path)
    named = (node for node in graph.subjects(RDF.type, SH.NodeShape) if isinstance(node, URIRef))
    return {
        node.rpartition("/")[2] for node in named if any((node, p, None) in graph for p in TARGETS)
    }


@pytest.mark.parametrize("path", WORLDS, ids=lambda path: path.stem)
def test_an_example_is_a_world_in_order(path: Path) -> None:
    """From its files to what rules and reasoning make of them."""
    world = read_example(CONFIG, path)

    wrong = [*check_input(world), *accept(world), *infer(world), *check_built(world)]

    assert [str(violation) for violation in wrong] == []


@pytest.mark.parametrize("path", MINIATURES, ids=lambda path: path.stem)
def test_each_miniature_fails_for_what_it_is_named_after_alone(
    small_world: Dataset, path: Path
) -> None:
    """It is told where it stands, and what to do."""
    found = judge(spoil(small_world, path), path.stem)

    assert {violation.check for violation in found} == {path.stem}, list(map(str, found))
    assert all(violation.node and violation.line and violation.remedy for violation in found)


def test_every_shape_has_its_miniature() -> None:
    """And no miniature outlives its shape or check."""
    checks = {path.stem for path in CHECKS}
    miniatures = {path.stem for path in MINIATURES}

    assert shape_names()
    assert shape_names() <= miniatures
    assert miniatures <= shape_names() | checks


def test_every_check_has_its_miniature() -> None:
    """Those of the ontology have one in Turtle."""
    miniatures = {path.stem for path in (EXAMPLES / "invalid").iterdir()}

    assert {path.stem for path in CHECKS} <= miniatures
