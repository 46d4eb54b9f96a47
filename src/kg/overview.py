"""What the graph holds, to look around in: its classes with their things, standings and sources.

Situations are counted and listed by their standing, never together with facts. The classes of the
RDF machinery (ontology terms, value lists, annotations) are left out.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.labels import labels_of
from kg.placing import place_terms
from kg.vocab import ACCEPTED, DIP, DIPV, PREFIXES, local_name, shorten, spell_out

PAGE: Final = 50
"""Members that are listed at a time: the LIMIT in members.rq and situations.rq."""

_FIRST_PAGE: Final = "OFFSET 0\n"
_MACHINERY: Final = tuple(PREFIXES[prefix] for prefix in ("oa", "owl", "rdf", "rdfs", "skos"))
_SAYING: Final = frozenset(
    {
        PREFIXES["prov"] + "Agent",
        *(DIP + name for name in ("Author", "Claim", "Curator", "CuratorInference")),
        *(DIP + name for name in ("DocumentParagraph", "DocumentSentence", "Proposition")),
        DIP + "SourceDocument",
    }
)
"""The classes of where something is said, and by whom."""


@dataclass(frozen=True)
class Standing:
    """What a situation can stand for, and how many situations do."""

    iri: str
    label: str
    definition: str
    count: int

    @property
    def name(self) -> str:
        """The last part of the IRI."""
        return self.iri.removeprefix(DIPV)

    @property
    def is_fact(self) -> bool:
        """Whether it means that something is taken as fact."""
        return self.iri == ACCEPTED


@dataclass(frozen=True)
class Member:
    """A thing of a class; `standing` is the label of that of a situation, else empty."""

    iri: str
    label: str
    standing: str = ""
    is_fact: bool = False


@dataclass(frozen=True)
class Class:
    """A class that has things, here or in a class below it.

    `counts` has the number of its situations by the IRI of their standing, or the number of its
    things under an empty text. `depth` is how far it stands below the first of its group.
    """

    iri: str
    name: str
    label: str
    definition: str
    counts: Mapping[str, int]
    example: Member | None = None
    depth: int = 0

    @property
    def facts(self) -> int:
        """How many of its situations are accepted as fact."""
        return self.counts.get(ACCEPTED, 0)

    @property
    def total(self) -> int:
        """How many things it has, accepted or not."""
        return sum(self.counts.values())

    @property
    def is_of_situations(self) -> bool:
        """Whether its things have a standing."""
        return "" not in self.counts


@dataclass(frozen=True)
class Classes:
    """All classes that have things, by what they are of; narrower ones follow broader ones."""

    things: tuple[Class, ...]
    situations: tuple[Class, ...]
    saying: tuple[Class, ...]

    def find(self, name: str) -> Class | None:
        """Return the class with a local name, or None."""
        every = (*self.things, *self.situations, *self.saying)
        return next((each for each in every if each.name == name), None)


@dataclass(frozen=True)
class Source:
    """A source document, and between which days it was written, as far as is known."""

    iri: str
    label: str
    description: str
    earliest: str
    latest: str


@dataclass
class _Counted:
    """What is known of a class before the classes are put in order."""

    counts: dict[str, int] = field(default_factory=dict)
    example: str = ""
    standing: str = ""


def read_standings(engine: Engine) -> tuple[Standing, ...]:
    """Return every standing with its meaning, facts first."""
    rows = select(engine, own_query("standings"))
    return tuple(_standing(row) for row in rows)


def read_newest_source(engine: Engine) -> Source | None:
    """Return the source document written last, or None where there is none."""
    rows = select(engine, own_query("newest-source"))
    return Source(*_texts(rows[0], 5)) if rows else None


def read_most_claimed(engine: Engine) -> Member | None:
    """Return a contested situation with many claims, or None where nothing is contested."""
    rows = select(engine, own_query("most-claimed"))
    return _member(rows[0]) if rows else None


def read_classes(engine: Engine) -> Classes:
    """Return every class that has things, with their numbers and one of them."""
    counted = _read_counts(engine)
    rows = select(engine, own_query("class-terms"))
    terms = {row["class"].value: row for row in rows}
    examples = {iri for each in counted.values() for iri in (each.example, each.standing) if iri}
    labels = labels_of(engine, examples)
    known = [_class(iri, each, terms.get(iri), labels) for iri, each in counted.items()]
    own = {each.name for each in known if each.iri.startswith(DIP)}
    groups: dict[str, list[Class]] = {"things": [], "situations": [], "saying": []}
    for each in known:
        if each.iri.startswith(DIP) or each.name not in own:
            groups[_group_of(each)].append(each)
    above: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["parent"]:
            above[row["class"].value].append(row["parent"].value)
    return Classes(**{name: tuple(_in_order(group, above)) for name, group in groups.items()})


def read_members(
    engine: Engine, of: Class, number: int = 1, standing: str = ""
) -> tuple[Member, ...]:
    """Return the things on a page of a class: situations facts first, then by standing and label.

    Where `standing` (an IRI) is given, the situations that have it.
    """
    text = own_query("situations" if of.is_of_situations else "members")
    page = text.removesuffix(_FIRST_PAGE) + f"OFFSET {PAGE * (number - 1):d}"
    placed = {"class": NamedNode(of.iri)} | ({"how": NamedNode(standing)} if standing else {})
    rows = select(engine, place_terms(page, placed))
    return tuple(_member(row) for row in rows)


def outline(iris: Sequence[str], parents: Mapping[str, Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Yield things with their depths, in order, each followed by those below it.

    A thing stands below the first of its parents that is one of them; who stands below itself, by
    whatever way, begins anew.
    """
    below: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        above = (each for each in parents.get(iri, ()) if each in iris and each != iri)
        below[next(above, "")].append(iri)
    told: set[str] = set()
    for start in (*below[""], *iris):
        waiting = [(0, start)]
        while waiting:
            depth, iri = waiting.pop()
            if iri not in told:
                told.add(iri)
                yield depth, iri
                waiting += [(depth + 1, each) for each in reversed(below[iri])]


def _texts(row: QuerySolution, count: int) -> list[str]:
    """Return the first columns of a row as texts, empty where they are not bound."""
    return ["" if row[i] is None else row[i].value for i in range(count)]


def _standing(row: QuerySolution) -> Standing:
    iri, label, definition, count = _texts(row, 4)
    return Standing(iri, label, definition, int(count))


def _member(row: QuerySolution) -> Member:
    """Return the member of a row: its IRI, its label, and the label and IRI of its standing."""
    iri, label, standing, how, *_ = *_texts(row, len(row)), "", ""
    return Member(iri, label, standing, how == ACCEPTED)


def _read_counts(engine: Engine) -> dict[str, _Counted]:
    """Return what is counted of each class; the example is a fact where there is one."""
    counted: dict[str, _Counted] = defaultdict(_Counted)
    for row in select(engine, own_query("class-counts")):
        iri, standing = _texts(row, 2)
        if not iri.startswith(_MACHINERY):
            each = counted[iri]
            each.counts[standing] = int(row["count"].value)
            if not each.example or standing == ACCEPTED:
                each.example, each.standing = row["example"].value, standing
    return counted


def _class(
    iri: str, counted: _Counted, said: QuerySolution | None, labels: Mapping[str, str]
) -> Class:
    label, definition = _texts(said, 3)[1:] if said else (spell_out(iri), "")
    example = Member(
        counted.example,
        labels.get(counted.example, shorten(counted.example)),
        labels.get(counted.standing, ""),
        counted.standing == ACCEPTED,
    )
    return Class(iri, local_name(iri), label, definition, counted.counts, example)


def _group_of(each: Class) -> str:
    if each.iri in _SAYING:
        return "saying"
    return "situations" if each.is_of_situations else "things"


def _in_order(group: Sequence[Class], above: Mapping[str, Sequence[str]]) -> Iterator[Class]:
    """Yield classes by label, each followed by those below it, which stand deeper."""
    known = {each.iri: each for each in sorted(group, key=lambda each: each.label)}
    for depth, iri in outline(list(known), above):
        yield replace(known[iri], depth=depth)
