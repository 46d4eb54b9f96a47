"""The benchmark's own parts: generated graphs and figures. Nothing is timed here."""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pyoxigraph as ox
import pytest

BENCH = Path(__file__).parents[1] / "bench"
BASE = "https://w3id.org/diplomacy-kg"
SEED = (
    f'<{BASE}/ontology#Claim> <http://www.w3.org/2000/01/rdf-schema#label> "claim"@en '
    f"<{BASE}/graph/ontology> .\n"
    f'<{BASE}/id/state/pakistan> <{BASE}/ontology#isoCode> "PAK" .\n'
    f"<{BASE}/id/situation/visit> <{BASE}/ontology#sendingState> <{BASE}/id/state/pakistan> "
    f"<{BASE}/proposition/000/visit> .\n"
    f'<{BASE}/id/situation/visit> <{BASE}/ontology#date> "2025-05-30" .\n'
    f"<{BASE}/claim/000/7> <{BASE}/ontology#expresses> <{BASE}/proposition/000/visit> .\n"
)


def load(name: str) -> ModuleType:
    """Return a module of bench/, which is no package."""
    spec = importlib.util.spec_from_file_location(name, BENCH / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def generate() -> Iterator[ModuleType]:
    """Give bench/generate.py."""
    yield load("generate")
    del sys.modules["generate"]


@pytest.fixture
def figures() -> Iterator[ModuleType]:
    """Give bench/figures.py."""
    yield load("figures")
    del sys.modules["figures"]


def make(generate: ModuleType, quads: int, seed: int = 1) -> str:
    """Return a generated graph over SEED."""
    pattern = generate.read_pattern(iter(SEED.splitlines(keepends=True)))
    return "".join(generate.generate(pattern, quads, seed))


def test_generated_graphs_are_valid_and_have_no_quad_twice(generate: ModuleType) -> None:
    """All marks are gone, the text parses, and there are as many quads as were asked for."""
    text = make(generate, 500)
    quads = list(ox.parse(text, format=ox.RdfFormat.N_QUADS))
    assert not re.search("[\x01-\x04]", text)
    assert len(set(quads)) == len(quads) >= 500


def test_generated_graphs_repeat_the_document_and_share_the_registry(generate: ModuleType) -> None:
    """The ontology stands there once, situations are fresh, states are shared."""
    text = make(generate, 500)
    situations = set(re.findall(r"/id/situation/[^>]+", text))
    states = set(re.findall(r"/id/state/[^>]+", text))
    assert text.count("/graph/ontology>") == 1
    assert len(situations) > 10 * len(states) / 8 > 1


def test_the_same_number_gives_the_same_graph(generate: ModuleType) -> None:
    """Another number gives another graph."""
    assert make(generate, 300) == make(generate, 300)
    assert make(generate, 300) != make(generate, 300, seed=2)


def test_claims_of_a_proposition_differ_in_number(generate: ModuleType) -> None:
    """Some claims are left out and some are made again."""
    text = make(generate, 1000)
    counts = dict.fromkeys(re.findall(r"/situation/(d\d+)-", text), 0)
    for copy in re.findall(r"^<[^>]+/claim/(d\d+)/", text, re.MULTILINE):
        counts[copy] += 1
    assert {0, 1, 2} <= set(counts.values())


def test_percentiles_are_by_nearest_rank(figures: ModuleType) -> None:
    """The 99th of a hundred values is the last but one; of one value it is that value."""
    assert figures.percentile(list(range(1, 101)), 99) == 99
    assert figures.percentile([3.0], 99) == 3.0
    assert figures.percentile([4.0, 1.0, 2.0], 50) == 2.0


def test_figures_that_are_missing_are_shown_as_such(figures: ModuleType) -> None:
    """No values give no median and no ratio, written as a dash."""
    assert figures.number(figures.median([])) == "-"
    assert figures.number(figures.ratio(1.0, 0.0)) == "-"


def test_numbers_have_three_digits(figures: ModuleType) -> None:
    """Whatever their size."""
    found = [figures.number(value) for value in (0.1234, 1.234, 12.34, 1234.0)]
    assert found == ["0.123", "1.23", "12.3", "1,234"]


def test_tables_are_markdown(figures: ModuleType) -> None:
    """The first column stands to the left, the others to the right."""
    assert figures.table(("a", "b"), [("x", "1")]) == "| a | b |\n| --- | ---: |\n| x | 1 |\n"


def test_no_text_is_asked_twice() -> None:
    """Else a server that keeps answers would be measured by what it keeps; one row wants that."""
    workload = load("workload")
    asked = workload.Workload(("<urn:a>",), ("<urn:b>",), "SELECT ?since ?until WHERE {}")
    numbers = (*range(50), *range(100_000, 1_000_000, 100_000), 10**9, 10**9 + 1)
    for row in workload.ROWS_OF_TABLE[:-1]:
        for server in ("ours", "oxigraph"):
            texts = {workload.request(server, "/sparql", row, asked, each) for each in numbers}
            assert len(texts) == len(numbers), row
    assert len({workload.request("ours", "/", "repeated GET", asked, i) for i in range(3)}) == 1
