"""Texts from outside, made fit to be drawn: without what is not text, not too long, in lines."""

import unicodedata
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

ACCEPTED: Final = "accepted"
"""The one standing that makes a mark solid."""

MOST_READ: Final = 2000
"""Characters of a text that are looked at."""

MOST_LABEL: Final = 300
"""Characters of a label that are drawn or told."""

_LEAST_HEAD: Final = 20
"""Characters of a label that stay before its caveat."""

_WIDE: Final = frozenset("MWmw@%…—")

_JOINERS: Final = "\u200c\u200d"
"""Zero width non-joiner and joiner: parts of words in Persian and in Indic scripts."""

TONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ACCEPTED: "accepted",
        "announced or planned": "announced",
        "called for": "announced",
        "forecast": "forecast",
        "contested": "contested",
        "denied": "contested",
        "hedged": "reading",
        "attributed": "reading",
        "interpretation": "reading",
        "inferred": "reading",
    }
)
"""The colour of a standing, as the specifications and the style sheet name it."""


def plain(value: object) -> str:
    """Return a value of a row (a text, an RDF term, None) as one line of readable characters.

    Control characters, lone surrogates and marks that turn the direction of text around are gone:
    the renderer ends the process at some of them, and others would show what is not there.
    """
    text = "" if value is None else str(getattr(value, "value", value))
    kept = (c if c.isprintable() or c in _JOINERS else " " for c in text[:MOST_READ])
    return cut(" ".join("".join(kept).split()))


def cut(text: str, most: int = MOST_LABEL) -> str:
    """Return at most so many characters of a label; what stands in brackets at its end is kept.

    That is the caveat: without it a plan would read like a fact.
    """
    if len(text) <= most:
        return text
    caveat = _caveat(text)
    if caveat and len(caveat) <= most - _LEAST_HEAD:
        return f"{text[: most - len(caveat) - 2].rstrip()}… {caveat}"
    return f"{text[: most - 1].rstrip()}…"


def _caveat(text: str) -> str:
    """Return what stands in brackets at the end of a label, brackets inside it included."""
    depth = 0
    for place in range(len(text) - 1, -1, -1):
        depth += (text[place] == "]") - (text[place] == "[")
        if depth == 0:
            return text[place:] if text[place] == "[" else ""
    return ""


def in_lines(text: str, width: int, most: int = 8) -> list[str]:
    """Return `text` in lines of the room that `width` usual letters take; of more, `most` lines.

    Room is reckoned here, because the renderer needs milliseconds to measure a line.
    """
    lines = [""]
    for word in text.split():
        for part in _parts(word, width):
            line = f"{lines[-1]} {part}".lstrip()
            if lines[-1] and _room(line) > width:
                lines.append(part)
            else:
                lines[-1] = line
    return lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]}…"]


def _parts(word: str, width: int) -> list[str]:
    """Return a word as it is, or in parts where it is wider than a line."""
    if _room(word) <= width:
        return [word]
    parts, room = [""], 0.0
    for letter in word:
        room += _room(letter)
        if room > width and parts[-1]:
            parts.append("")
            room = _room(letter)
        parts[-1] += letter
    return parts


def _room(text: str) -> float:
    """Return about how many usual letters of a proportional typeface would be as wide."""
    return sum(map(_letter_room, text))


def _letter_room(letter: str) -> float:
    if unicodedata.combining(letter) or letter in _JOINERS:
        return 0
    if unicodedata.east_asian_width(letter) in "WF":
        return 2.2
    if letter in _WIDE:
        return 1.75
    return 1.3 if letter.isupper() else 1


def tone_of(standing: str) -> str:
    """Return the colour of a standing; one that is not known never looks like a fact."""
    return TONES.get(standing, "unknown")


def listed(texts: Iterable[str], most: int = 8) -> str:
    """Return texts as a list in words, the rest of a long one as a number."""
    found = list(dict.fromkeys(texts))
    rest = f"; and {len(found) - most} more" if len(found) > most else ""
    return "; ".join(found[:most]) + rest


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
