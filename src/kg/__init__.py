"""A knowledge graph of diplomatic relations in which every fact leads to the words that carry it.

`open_build()` opens the current build; the rest of this module is what it gives back. Importing
`kg` imports nothing else: worker processes do it too.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.errors import KgError
    from kg.library import IRI, Build, Rows, open_build

__all__ = ["IRI", "Build", "KgError", "Rows", "open_build"]


def __getattr__(name: str) -> object:
    """Return a public name, importing its module only now."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "kg.errors" if name == "KgError" else "kg.library"
    return getattr(import_module(module), name)
