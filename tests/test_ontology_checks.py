"""The hygiene of the ontology: each check finds its own miniature and nothing in the real one."""

from pathlib import Path

import pytest

from example_worlds import read_example
from kg.config import Config, find_root
from kg.dataset.checks import run_checks
from kg.dataset.files import Dataset, read_dataset

ROOT = find_root(Path(__file__).parent)
CONFIG = Config(root=ROOT, builds=ROOT / "builds")
INVALID = sorted((ROOT / "ontology" / "examples" / "invalid").glob("*.ttl"))


def found(dataset: Dataset) -> set[str]:
    """Return the names of the checks that find something, of form and of content."""
    rows = run_checks(dataset, "input")
    return {violation.check for violation in (*dataset.violations, *rows)}


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_each_miniature_fails_for_the_check_it_is_named_after_alone(path: Path) -> None:
    """A check that finds more would send people the wrong way."""
    assert found(read_example(CONFIG, path)) == {path.stem}


def test_every_miniature_is_named_after_a_check() -> None:
    """Or a renamed check would go untested."""
    checks = {path.stem for path in (ROOT / "ontology" / "checks").glob("*.rq")}

    assert INVALID
    assert {path.stem for path in INVALID} <= checks | {"blank-node"}


def test_every_check_of_the_ontology_has_its_miniature() -> None:
    """A check is of the ontology when it looks at nothing else."""
    checks = (ROOT / "ontology" / "checks").glob("*.rq")
    own = {path.stem for path in checks if "\nFROM graph:ontology\n" in path.read_text("utf-8")}

    assert own
    assert own <= {path.stem for path in INVALID}


def test_the_ontology_itself_passes_every_check() -> None:
    """The lists of values too."""
    assert found(read_dataset(CONFIG)) & {path.stem for path in INVALID} == set()
