"""The table in docs/architecture.md is true: who imports whom, and in which direction."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "src" / "kg"
ROW: Final = re.compile(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", re.MULTILINE)
TABLE: Final = {
    module: set(re.findall(r"`(\w+)`", allowed))
    for module, allowed in ROW.findall((ROOT / "docs" / "architecture.md").read_text("utf-8"))
}


def imports_of(module: str) -> set[str]:
    """Return the modules of the package that a module or its parts import, itself left out."""
    folder = PACKAGE / module
    paths = sorted(folder.rglob("*.py")) if folder.is_dir() else [PACKAGE / f"{module}.py"]
    names = {
        name
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported_names(node)
        if name.startswith("kg.")
    }
    return {name.split(".")[1] for name in names} - {module}


def imported_names(node: ast.AST) -> list[str]:
    """Return the modules that an import statement names."""
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_the_table_has_every_module() -> None:
    """No module is left out, and none is gone."""
    modules = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith(("_", "."))}

    assert set(TABLE) == modules - {"py", "sparql"}


@pytest.mark.parametrize("module", TABLE)
def test_a_module_imports_what_its_row_allows(module: str) -> None:
    """Neither more nor less: an import that is gone leaves the table too."""
    assert imports_of(module) == TABLE[module]


def test_imports_point_up_the_table() -> None:
    """A module imports only from rows above its own."""
    order = list(TABLE)

    assert [
        (module, used)
        for module in order
        for used in TABLE[module]
        if order.index(used) >= order.index(module)
    ] == []


@pytest.mark.parametrize("library", ["rdflib", "pyshacl", "owlrl"])
def test_rdflib_stays_inside_the_modules_that_need_it(library: str) -> None:
    """Terms of pyoxigraph are the only ones that cross a border."""
    users = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported_names(node)
        if name.split(".")[0] == library
    }

    assert users <= {"dataset/rdflib_graphs.py", "dataset/shapes.py", "dataset/infer.py"}
