"""How words are spelled in the names of a build, to find those that somebody meant."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Final

from kg.searching.words import stem

if TYPE_CHECKING:
    from kg.searching.names import Names

WORD_LENGTHS: Final = range(3, 31)

_SOME: Final = 20
_TELLING: Final = 8
_SPELLED_LIKE: Final = 0.7
_SLIPPED: Final = 0.85
"""How alike words are spelled of which one is a slip, also where other words match."""


def is_spelled(word: str) -> bool:
    """Whether a word is one of letters, neither very short nor very long."""
    return len(word) in WORD_LENGTHS and word.isalpha()


def trigrams_of(word: str) -> set[str]:
    """Return each three letters in a row of a word, its ends marked."""
    marked = f"^{word}$"
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


def spelling_of(names: "Names", words: Sequence[str]) -> str:
    """Return the words as they are spelled here, or nothing where that changes none of them."""
    is_matched = any(word in names.known for word in words)
    least = _SLIPPED if is_matched else _SPELLED_LIKE
    spelled = [_known_word(names, word, least) or word for word in words[:_TELLING]]
    return "" if spelled == list(words[:_TELLING]) else " ".join(spelled)


def _known_word(names: "Names", word: str, least: float) -> str | None:
    """Return the known word that is spelled most like another, where that is not known itself."""
    if word in names.known:
        return None
    near = Counter(
        number
        for trigram in (trigrams_of(word) if len(word) in WORD_LENGTHS else ())
        for number in names.trigrams.get(trigram, ())
    )
    ratios = [
        (SequenceMatcher(None, word, names.words[number]).ratio(), names.words[number])
        for number, _ in near.most_common(_SOME)
    ]
    ratio, nearest = max(ratios, default=(0.0, ""))
    is_other = ratio >= least and not nearest.startswith(stem(word))
    return nearest if is_other else None
