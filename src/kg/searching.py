"""Find things by what they are called: matching and ranking over every name of one build.

A build never changes, so its names are read once and searched in memory. What holds up others for
long is done in slices, with a pause after each. Pure but for `read_names`, which asks an engine.
Not here: the one thing that a name leads to (kg.entities), and pages.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nsmallest
from itertools import chain, islice
from typing import Final

from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from kg.asking import own_query
from kg.engine.requests import Engine, Request
from kg.entities import fold
from kg.formats import JSON
from kg.overview import spell_out
from kg.saved_queries import SavedQuery
from kg.vocab import expand, unwrap

THING: Final = "thing"
SITUATION: Final = "situation"
QUESTION: Final = "question"
TERM: Final = "term"
GROUPS: Final = (THING, SITUATION, QUESTION, TERM)
"""What can be found: registered things and documents, situations, saved queries, ontology terms."""

MOST_NAMES: Final = 200_000
"""Names of one build that are searched, the shortest labels of things first; about 100 MB."""

_SLICE: Final = 1000
"""Names that are looked through without a pause: about a millisecond."""

_CLOSENESS: Final = 5
"""Ways to match, from all of a name down to letters in the middle of its words."""

_COLUMNS: Final = ("thing", "name", "class", "kind", "standing", "group")
_SOME: Final = 20
_TELLING: Final = 8
_SHARE: Final = 4
_WORD_LENGTHS: Final = range(3, 31)
_SPELLED_LIKE: Final = 0.7
_SHORTEST_PLURAL: Final = 5

Pause = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found; `target` is an IRI, or the name of a saved query."""

    target: str
    label: str
    kind: str
    group: str
    standing: str = ""
    """That of a situation, to be shown wherever its label is."""


@dataclass(frozen=True)
class Hit:
    """An entry, and the name by which it was found."""

    entry: Entry
    name: str


@dataclass(frozen=True)
class Names:
    """The names of a build by their ranks, all of them unless `is_cut`; made by `gather`."""

    build: str
    entries: list[Entry] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Each name as it is compared: its folded words, with a space around each."""
    owners: list[int] = field(default_factory=list)
    """The entry of each name."""
    places: dict[str, int] = field(default_factory=dict)
    """The entry of each target."""
    words: list[str] = field(default_factory=list)
    trigrams: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The words that have three letters in a row, to find those that are spelled alike."""
    is_cut: bool = False


@dataclass(frozen=True)
class Found:
    """What a search found, nearest first.

    `near` has the number of an entry and of the name by which it was found. `is_whole` is false
    where nothing holds all the words, and what was found holds some of them. `spelling` is then
    the text as its words are spelled here, or empty.
    """

    names: Names
    near: Mapping[int, int]
    is_whole: bool = True
    spelling: str = ""

    @cached_property
    def counts(self) -> Counter[str]:
        """How many entries of each group were found."""
        return Counter(self.names.entries[place].group for place in self.near)

    def hits(self, group: str = "", first: int = 0, most: int = 50) -> tuple[Hit, ...]:
        """Return up to `most` hits of one group, or of all, from number `first` on."""
        entries, texts = self.names.entries, self.names.names
        wanted = (place for place in self.near if group in ("", entries[place].group))
        some = islice(wanted, first, first + most)
        return tuple(Hit(entries[place], texts[self.near[place]]) for place in some)


def read_names(engine: Engine, saved: Iterable[SavedQuery], pause: Pause) -> Names:
    """Return the names of everything that can be found in the engine's build, and `saved`.

    Raises what Engine.answer raises.
    """
    answer = engine.answer(Request(own_query("all-searchable"), JSON, None, is_own=True))
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    questions = (
        (Entry(query.name, query.title, "question", QUESTION), query.title) for query in saved
    )
    rows = found if isinstance(found, QuerySolutions) else iter(())
    return gather(answer.build, chain(questions, map(_entry, rows)), pause)


def gather(build: str, named: Iterable[tuple[Entry, str]], pause: Pause) -> Names:
    """Return the names to search, given in the order in which equally near ones shall stand.

    The first name of an entry is its label.
    """
    names, known = Names(build), set[str]()
    for number, (entry, name) in enumerate(named):
        if number % _SLICE == 0:
            pause()
        if number == MOST_NAMES:
            return replace(names, is_cut=True)
        place = names.places.setdefault(entry.target, len(names.entries))
        if place == len(names.entries):
            names.entries.append(entry)
        text = f" {' '.join(words_of(name))} "
        names.names.append(name)
        names.texts.append(text)
        names.owners.append(place)
        _learn(names, known, text)
    return names


def search(names: Names, text: str, pause: Pause) -> Found:
    """Return what has the words of a text in a name.

    A name that is the text goes before one that begins with it, that before one that holds its
    words, their beginnings, or only their letters. Case, accents and a plural s do not count. An
    IRI or a prefixed name finds its thing. Where nothing holds all the words, what holds them as
    they are spelled here is found, or else the 20 entries that hold the most telling of them.
    """
    place = names.places.get(_iri(text))
    if place is not None:
        near = {place: names.owners.index(place)}
    else:
        near = _nearest(names, words_of(text), pause)
    if near:
        return Found(names, near)
    words = words_of(re.split(r"[/#]", text.strip("/#<> "))[-1])
    spelling = _spelling(names, words)
    spelled = spelling.split() or words
    near = _nearest(names, spelled, pause) or _holding_some(names, spelled, pause)
    return Found(names, near, is_whole=False, spelling=spelling)


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: no case, no accents, no punctuation."""
    return re.findall(r"\w+", fold(text))


def _entry(row: QuerySolution) -> tuple[Entry, str]:
    """Return what a row of the query names, and how."""
    said = {name: row[name].value for name in _COLUMNS if row[name] is not None}
    kind = said.get("kind") or spell_out(said.get("class", ""))
    entry = Entry(said["thing"], said["name"], kind, said["group"], said.get("standing", ""))
    return entry, said["name"]


def _iri(text: str) -> str:
    """Return the IRI that a text writes in full or with a prefix, else the text itself."""
    bare = unwrap(text.strip())
    return expand(bare) or bare


def _slices(numbers: Sequence[int], pause: Pause) -> Iterator[Sequence[int]]:
    for start in range(0, len(numbers), _SLICE):
        pause()
        yield numbers[start : start + _SLICE]


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
    phrase, stems = f" {' '.join(words)}", [_stem(word) for word in words]
    buckets: list[list[int]] = [[] for _ in range(_CLOSENESS)]
    for number in _holding(names, stems, pause):
        buckets[_closeness(names.texts[number], phrase, words, stems)].append(number)
    near: dict[int, int] = {}
    for bucket in buckets:
        for numbers in _slices(bucket, pause):
            for number in numbers:
                near.setdefault(names.owners[number], number)
    return near


def _closeness(text: str, phrase: str, words: Sequence[str], stems: Sequence[str]) -> int:
    """Return how near a name that holds all stems is to the words; 0 is the nearest."""
    if text.startswith(phrase):
        return 0 if len(text) == len(phrase) + 1 else 1
    if all(f" {word} " in text for word in words):
        return 2
    return 3 if all(f" {stem}" in text for stem in stems) else 4


def _stem(word: str) -> str:
    """Return a word without the s of a plural."""
    is_plural = len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if is_plural else word


def _holding_some(names: Names, words: Sequence[str], pause: Pause) -> dict[int, int]:
    """Return the entries that hold the most telling of the words, each with one of its names.

    A word tells the more the fewer entries have it; one that a quarter of them have tells nothing.
    """
    weights: dict[int, float] = defaultdict(float)
    where: dict[int, int] = {}
    most = len(names.entries) / _SHARE
    for word in sorted({_stem(word) for word in words}, key=len, reverse=True)[:_TELLING]:
        part = f" {word}" if len(word) in _WORD_LENGTHS else f" {word} "
        holders = {names.owners[n]: n for n in _holding(names, [part], pause)}
        if 0 < len(holders) <= most:
            where = holders | where
            for place in holders:
                weights[place] += math.log(len(names.entries) / len(holders))
    best = nsmallest(_SOME, weights, key=lambda place: (-weights[place], where[place]))
    return {place: where[place] for place in best}


def _learn(names: Names, known: set[str], text: str) -> None:
    """Remember how the words of a name are spelled."""
    for word in text.split():
        if word not in known and len(word) in _WORD_LENGTHS and word.isalpha():
            known.add(word)
            for trigram in _trigrams(word):
                names.trigrams[trigram].append(len(names.words))
            names.words.append(word)


def _trigrams(word: str) -> set[str]:
    marked = f"^{word}$"
    return {marked[i : i + 3] for i in range(len(marked) - 2)}


def _spelling(names: Names, words: Sequence[str]) -> str:
    """Return the words as they are spelled here, or nothing where that changes none of them."""
    spelled = [_known_word(names, word) or word for word in words[:_TELLING]]
    return "" if spelled == list(words[:_TELLING]) else " ".join(spelled)


def _known_word(names: Names, word: str) -> str | None:
    """Return the known word that is spelled most like another, where that is not known itself."""
    near = Counter(
        number
        for trigram in (_trigrams(word) if len(word) in _WORD_LENGTHS else ())
        for number in names.trigrams.get(trigram, ())
    )
    ratios = [
        (SequenceMatcher(None, word, names.words[number]).ratio(), names.words[number])
        for number, _ in near.most_common(_SOME)
    ]
    ratio, nearest = max(ratios, default=(0.0, ""))
    is_other = ratio >= _SPELLED_LIKE and not nearest.startswith(_stem(word))
    return nearest if is_other else None
