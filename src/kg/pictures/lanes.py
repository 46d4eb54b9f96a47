"""Entries below each other in lanes: where each stands, and its words beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from kg.pictures.scene import Datum
from kg.pictures.words import in_lines

LINE: Final = 15
"""Height of a line of words, as the specifications have it."""

_GAP: Final = 14
_LEAST: Final = 34


@dataclass(frozen=True)
class Entry:
    """One thing drawn, with its words: a head in the colour of its tone, and lines below it.

    `marks`, `lines` and `undated` are data of the layers with these names, still without a height.
    """

    head: str
    tone: str
    words: str
    marks: tuple[Datum, ...] = ()
    lines: tuple[Datum, ...] = ()
    undated: tuple[Datum, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A band across the picture: its name at the left, and its entries."""

    name: str
    entries: Sequence[Entry] = ()


def stack(
    lanes: Iterable[Lane], name_width: int, words_width: int
) -> tuple[dict[str, list[Datum]], int]:
    """Return the data of the layers with a height for each entry, and the height of all together.

    Widths are in letters.
    """
    data: dict[str, list[Datum]] = {
        "lanes": [], "marks": [], "lines": [], "undated": [], "words": []
    }  # fmt: skip
    top = 0
    for lane in lanes:
        name = in_lines(lane.name, name_width)
        bottom = top
        for entry in lane.entries:
            bottom = _place(entry, bottom, words_width, data)
        bottom = max(bottom, top + len(name) * LINE + _GAP, top + _LEAST)
        data["lanes"].append({"y": top, "text": name})
        top = bottom
    return data, top


def _place(entry: Entry, top: int, words_width: int, data: dict[str, list[Datum]]) -> int:
    """Add what is drawn for an entry that begins at `top`, and return where it ends."""
    lines = in_lines(entry.words, words_width)
    height = LINE * (1 + len(lines)) + _GAP
    for layer in ("marks", "lines", "undated"):
        data[layer] += [{**datum, "y": top + height / 2} for datum in getattr(entry, layer)]
    data["words"].append(
        {
            "y": top + _GAP / 2,
            "head": in_lines(entry.head, words_width, 1)[0],
            "tone": entry.tone,
            "lines": lines,
        }
    )
    return top + height
