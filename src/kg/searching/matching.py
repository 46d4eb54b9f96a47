"""From a text to what is called so, or nearly so, nearest first."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import chain, islice, takewhile
from typing import Final

from kg.searching.names import SLICE, Found, Names, Pause
from kg.searching.spelling import WORD_LENGTHS, spelling_of
from kg.searching.words import has_date, is_question, root, stem, telling_words, words_of
from kg.vocab import expand, unwrap

_CLOSENESS: Final = 7
"""Ways to match, from all of a name down to letters in the middle of its words."""

_BEGINS: Final = 1
"""The way of a name that begins with what is searched for."""

_OFFICE: Final = 5
"""The way of an office, which somebody may hold or not, if it is not called just so."""

_SOME: Final = 20
_ASKED: Final = 3
"""Saved queries that stand first."""

_TELLING: Final = 8
_SHARE: Final = 4


def search(names: Names, text: str, pause: Pause) -> Found:
    """Return what has the words of a text in a name.

    A name that is the text goes before one that begins with it, that before one that holds its
    words, their beginnings, what is about them, offices, and what holds only their letters. Case,
    accents and a plural s do not count, nor small words and dates where nothing has them. An IRI or
    a prefixed name finds its thing. Saved queries that tell of the words of a question go before
    what has only those; of other words the first of them goes before all that is not called or
    begun so. Where nothing holds all the words, what holds them as they are spelled here
    is found, or else the 20 entries that hold the most telling of them.
    """
    place = names.places.get(_iri(text))
    if place is not None:
        return Found(names, {place: names.owners.index(place)})
    words, telling = words_of(text), telling_words(text)
    near = _nearest(names, words, pause) or _nearest(names, telling, pause)
    asked = _asked(names, [*telling, "date"] if has_date(text) else telling)
    if near:
        first = dict(islice(asked.items(), None if is_question(text) else 1))
        return Found(names, _joined(_called(names, words, near), first, near))
    telling = telling_words(re.split(r"[/#]", text.strip("/#<> "))[-1])
    spelling = spelling_of(names, telling)
    spelled = spelling.split() or telling
    near = _nearest(names, spelled, pause) or _holding_some(names, spelled, pause)
    return Found(names, _joined(asked, near), is_whole=False, spelling=spelling)


def _called(names: Names, words: Sequence[str], near: Mapping[int, int]) -> dict[int, int]:
    """Return the first of `near`, as far as their names are the words or begin with them."""
    phrase = f" {' '.join(words)}"
    return dict(takewhile(lambda each: names.texts[each[1]].startswith(phrase), near.items()))


def _joined(*parts: Mapping[int, int]) -> dict[int, int]:
    """Return entries part by part, each where it comes first."""
    joined: dict[int, int] = {}
    for place, number in chain.from_iterable(part.items() for part in parts):
        joined.setdefault(place, number)
    return joined


def _asked(names: Names, words: Sequence[str]) -> dict[int, int]:
    """Return the saved queries that tell of half of several words, one of them in the title.

    A word tells the more the fewer of them have it, and twice as much in a title. Words of one root
    are the same.
    """
    weights: dict[int, float] = defaultdict(float)
    held, titled = Counter[int](), set[int]()
    for part in {f" {root(word)}" for word in words} if len(words) > 1 else ():
        holders = [number for number in names.questions if part in names.texts[number]]
        in_title = {number for number in holders if part in names.texts[number].partition("|")[0]}
        for number in holders:
            weight = math.log(1 + len(names.questions) / len(holders))
            weights[number] += weight * (1 + (number in in_title))
        held.update(holders)
        titled |= in_title
    fitting = (number for number in titled if 2 * held[number] >= len(set(words)))
    best = nsmallest(_ASKED, fitting, key=lambda number: (-weights[number], number))
    return {names.owners[number]: number for number in best}


def _iri(text: str) -> str:
    """Return the IRI that a text writes in full or with a prefix, else the text itself."""
    bare = unwrap(text.strip())
    return expand(bare) or bare


def _slices(numbers: Sequence[int], pause: Pause) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), SLICE):
        pause()
        yield numbers[start : start + SLICE]


def _holding(names: Names, parts: Sequence[str], pause: Pause) -> Iterator[int]:
    """Yield the numbers of the names that hold each of `parts`."""
    rarest, *others = sorted(parts, key=len, reverse=True)
    texts = names.texts
    for numbers in _slices(range(len(texts)), pause):
        held = [number for number in numbers if rarest in texts[number]]
        for part in others:
            held = [number for number in held if part in texts[number]]
        yield from held


def _nearest(names: Names, words: Sequence[str], pause: Pause) -> dict[int, int]:
    """Return the entries that the words name, nearest first, each with its nearest name."""
    if not words:
        return {}
    stems = [stem(word) for word in words]
    buckets: list[list[int]] = [[] for _ in range(_CLOSENESS)]
    for number in _holding(names, stems, pause):
        buckets[_closeness(names, number, words, stems)].append(number)
    near: dict[int, int] = {}
    for bucket in buckets:
        for numbers in _slices(bucket, pause):
            for number in numbers:
                near.setdefault(names.owners[number], number)
    return near


def _closeness(names: Names, number: int, words: Sequence[str], stems: Sequence[str]) -> int:
    """Return how near a name that holds all stems is to the words; 0 is the nearest."""
    phrase, text = f" {' '.join(words)}", names.texts[number]
    called = text.partition("|")[0]
    if called == f"{phrase} ":
        return 0
    if not all(f" {stem}" in text for stem in stems):
        return _CLOSENESS - 1
    if names.entries[names.owners[number]].is_office:
        return _OFFICE
    if called.startswith(phrase):
        return _BEGINS
    if all(f" {word} " in called for word in words):
        return 2
    return 3 if all(f" {stem}" in called for stem in stems) else 4


def _holding_some(names: Names, words: Sequence[str], pause: Pause) -> dict[int, int]:
    """Return the entries that hold the most telling of the words, each with one of its names.

    A word tells the more the fewer entries have it; one that a quarter of them have tells nothing.
    """
    weights: dict[int, float] = defaultdict(float)
    where: dict[int, int] = {}
    most = len(names.entries) / _SHARE
    for word in sorted({stem(word) for word in words}, key=len, reverse=True)[:_TELLING]:
        part = f" {word}" if len(word) in WORD_LENGTHS else f" {word} "
        holders = {names.owners[n]: n for n in _holding(names, [part], pause)}
        if 0 < len(holders) <= most:
            where = holders | where
            for place in holders:
                weights[place] += math.log(len(names.entries) / len(holders))
    best = nsmallest(_SOME, weights, key=lambda place: (-weights[place], where[place]))
    return {place: where[place] for place in best}
