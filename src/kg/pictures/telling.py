"""What a picture says, in words: the text alternative, from the same rows."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from kg.pictures.scene import Row, Scene
from kg.pictures.words import ACCEPTED, in_lines, listed

_MOST_TOLD: Final = 6
_WIDTH: Final = 90
_LINE: Final = 15


def tell_by_standing(rows: Sequence[Row]) -> str:
    """Return the labels of rows by standing: facts first, and what is none said to be none."""
    ordered = sorted(rows, key=_facts_first)
    groups = groupby(ordered, key=lambda row: row["standing"])
    return " ".join(_tell(standing, list(group)) for standing, group in groups)


def tell_rest(drawn: int, found: int, nouns: str) -> str:
    """Return how much is left out of a picture, or nothing."""
    return f"Of {found} {nouns}, {drawn} are drawn." if drawn < found else ""


def joined(*sentences: str) -> str:
    """Return the sentences that there are as a paragraph."""
    return " ".join(filter(None, sentences))


def scene_of_words(title: str, description: str) -> Scene:
    """Return the scene of an answer that has nothing to draw: it shows the words alone."""
    lines = in_lines(description, _WIDTH)
    return Scene("words", title, description, {"words": [{"lines": lines}]}, _LINE * len(lines))


def _facts_first(row: Row) -> tuple[bool, str]:
    return row["standing"] != ACCEPTED, row["standing"]


def _tell(standing: str, rows: Sequence[Row]) -> str:
    is_fact = standing == ACCEPTED
    said = "Accepted as fact" if is_fact else f"Not a fact, but {standing or 'without a standing'}"
    return f"{said}: {listed(_labels(rows), _MOST_TOLD)}."


def _labels(rows: Iterable[Row]) -> Iterable[str]:
    return (row["label"].rstrip(".") for row in rows)
