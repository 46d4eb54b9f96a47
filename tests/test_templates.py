"""The templates hold nothing that no page uses."""

from pathlib import Path
from typing import Final

import pytest
from jinja2 import Environment
from jinja2.nodes import Block, FromImport, Macro, Name, Template

import kg.web

FOLDER: Final = Path(kg.web.__file__).parent / "templates"
PARSED: Final = {
    path.name: Environment(autoescape=True).parse(path.read_text("utf-8"))
    for path in sorted(FOLDER.iterdir())
}


def imported(template: Template) -> dict[str, str]:
    """Return the macros that a template imports, by the name that it calls them by."""
    names = (each for found in template.find_all(FromImport) for each in found.names)
    return dict((each[1], each[0]) if isinstance(each, tuple) else (each, each) for each in names)


def used(template: Template) -> set[str]:
    """Return the names that a template reads."""
    return {each.name for each in template.find_all(Name) if each.ctx == "load"}


@pytest.mark.parametrize("name", PARSED)
def test_a_template_imports_only_what_it_uses(name: str) -> None:
    """By the name that it has there."""
    assert imported(PARSED[name]).keys() - used(PARSED[name]) == set()


def test_every_macro_is_used() -> None:
    """In its own template, or where it is imported."""
    wanted = {each for template in PARSED.values() for each in imported(template).values()}

    for name, template in PARSED.items():
        made = {each.name for each in template.find_all(Macro)}
        assert made - used(template) - wanted == set(), name


def test_every_block_of_a_page_is_one_of_its_base() -> None:
    """A block that its base does not have is shown nowhere, or holds nothing."""
    based = {each.name for each in PARSED["base.html"].find_all(Block)}

    for name, template in PARSED.items():
        assert {each.name for each in template.find_all(Block)} - based == set(), name
