"""Find things by what they are called: matching and ranking over every name of one build.

A build never changes, so its names are read once and searched in memory. What holds up others for
long is done in slices, with a pause after each. Pure but for `read_names`, which asks an engine.
Not here: the one thing that a name leads to (kg.entities), and pages.
"""

from kg.searching.matching import search
from kg.searching.names import (
    GROUPS,
    QUESTION,
    SITUATION,
    TERM,
    THING,
    Entry,
    Found,
    Hit,
    Names,
    gather,
)
from kg.searching.reading import read_names

__all__ = [
    "GROUPS",
    "QUESTION",
    "SITUATION",
    "TERM",
    "THING",
    "Entry",
    "Found",
    "Hit",
    "Names",
    "gather",
    "read_names",
    "search",
]
