"""The names of a build as they are searched, and what a search finds among them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Final

from kg.searching.spelling import is_spelled, trigrams_of
from kg.searching.words import words_of

THING: Final = "thing"
SITUATION: Final = "situation"
QUESTION: Final = "question"
TERM: Final = "term"
GROUPS: Final = (THING, SITUATION, QUESTION, TERM)
"""What can be found: registered things and documents, situations, saved queries, ontology terms."""

MOST_NAMES: Final = 200_000
"""Names of one build that are searched, the shortest labels of things first; about 100 MB."""

SLICE: Final = 1000
"""Names that are looked through without a pause: about a millisecond."""

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
    about: str = ""
    """Words by which it is found too, behind what is called so."""
    is_office: bool = False


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
    """Each name as it is compared: its folded words, a space around each, then "|" and those of
    what it is about."""
    owners: list[int] = field(default_factory=list)
    """The entry of each name."""
    places: dict[str, int] = field(default_factory=dict)
    """The entry of each target."""
    questions: list[int] = field(default_factory=list)
    """The numbers of the titles of saved queries."""
    words: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """The words again, to see whether one is known."""
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


def gather(build: str, named: Iterable[tuple[Entry, str]], pause: Pause) -> Names:
    """Return the names to search, given in the order in which equally near ones shall stand.

    The first name of an entry is its label.
    """
    names = Names(build)
    for number, (entry, name) in enumerate(named):
        if number % SLICE == 0:
            pause()
        if number == MOST_NAMES:
            return replace(names, is_cut=True)
        place = names.places.setdefault(entry.target, len(names.entries))
        if place == len(names.entries):
            names.entries.append(entry)
        about = f"| {' '.join(words_of(entry.about))} " if entry.about else ""
        text = f" {' '.join(words_of(name))} {about}"
        if entry.group == QUESTION and name == entry.label:
            names.questions.append(number)
        names.names.append(name)
        names.texts.append(text)
        names.owners.append(place)
        _learn(names, text)
    return names


def _learn(names: Names, text: str) -> None:
    """Remember how the words of a name are spelled."""
    for word in text.split():
        if word not in names.known and is_spelled(word):
            names.known.add(word)
            for trigram in trigrams_of(word):
                names.trigrams[trigram].append(len(names.words))
            names.words.append(word)
