"""The words of a text as they are compared, and those of them that tell what is searched for."""

import re
from typing import Final

from kg.entities import fold

SHORTEST_STEM: Final = 5
_ENDING: Final = 3
"""Letters in which words of one root may differ: recognise, recognition."""

_ASKS: Final = re.compile(r"\s*(who|which|what|where|when)\b.*|.*\?\s*", re.IGNORECASE | re.DOTALL)
_SMALL: Final = (
    " a about according after all an and any are as at be been before between by did do does during"
    " for from had has have how in into is it its no not of on or s since so take takes than that"
    " the their there they this to took until was were what when where which who whom whose why"
    " with "
)
"""Words that tell nothing of what is searched for."""

_MONTH: Final = (
    "(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|"
    "oct(ober)?|nov(ember)?|dec(ember)?|spring|summer|autumn|winter)"
)
_DATE: Final = re.compile(
    rf"\b((\d{{1,2}}(st|nd|rd|th)?\.? (of )?)?{_MONTH}\.?( \d{{1,2}}(st|nd|rd|th)?,?)? \d{{4}}"
    r"|\d{4}(-\d\d){0,2})\b"
)
"""A day, a month, a season or a year."""


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, no accents, no punctuation."""
    return re.findall(r"\w+", fold(text))


def telling_words(text: str) -> list[str]:
    """Return the words of a text without dates and small words; all, where nothing else is left."""
    words = words_of(_DATE.sub(" ", fold(text)))
    return [word for word in words if f" {word} " not in _SMALL] or words_of(text)


def has_date(text: str) -> bool:
    """Whether a text names a day, a month, a season or a year."""
    return _DATE.search(fold(text)) is not None


def is_question(text: str) -> bool:
    """Whether a text asks something, by its first word or its mark."""
    return _ASKS.fullmatch(text) is not None


def root(word: str) -> str:
    """Return a word without its last letters: that of recognise is the beginning of recognition."""
    return word[: max(SHORTEST_STEM, len(word) - _ENDING)]


def stem(word: str) -> str:
    """Return a word without the s of a plural."""
    is_plural = len(word) >= SHORTEST_STEM and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word
