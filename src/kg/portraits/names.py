"""What to call a thing, short enough for a page. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolution

from kg.labels import best_labels, read_term
from kg.vocab import local_name, shorten

LONGEST: Final = 600
"""Characters of a text that a page shows; a label may come from anybody."""

_CAVEAT: Final = " ["


@dataclass(frozen=True)
class Named:
    """An IRI with what to call it; both are empty for nothing."""

    iri: str
    label: str

    @property
    def name(self) -> str:
        """The label without the caveat that it ends with."""
        return part(self.label)[0]

    @property
    def caveat(self) -> str:
        """What keeps a situation from being a plain fact, as its label says it, else empty."""
        return part(self.label)[1]

    @property
    def local(self) -> str:
        """The last part of the IRI, for an anchor."""
        return local_name(self.iri)


NOTHING: Final = Named("", "")


def part(label: str) -> tuple[str, str]:
    """Return the name and the caveat of a label such as `Visit of X [not known to have …]`."""
    name, bracket, caveat = label.partition(_CAVEAT)
    return (name, caveat[:-1]) if bracket and caveat.endswith("]") else (label, "")


def shown(text: str) -> str:
    """Return `text`, cut short with an ellipsis where it is longer than a page can show."""
    return text if len(text) <= LONGEST else text[:LONGEST].rstrip() + "…"


def named(term: object, labels: Mapping[str, str]) -> Named:
    """Return the term with its label; a literal has no IRI, and None is nothing."""
    if isinstance(term, NamedNode):
        return Named(term.value, shown(labels.get(term.value) or shorten(term.value)))
    return Named("", written(term))


def labels_in(rows: Iterable[QuerySolution], *names: str) -> dict[str, str]:
    """Return what rows call the things of some variables, each in a variable `…Label` beside it."""
    spots = [(name, f"{name}Label") for name in names]
    return best_labels(
        (row[thing].value, row[label])
        for row in rows
        for thing, label in spots
        if isinstance(row[thing], NamedNode) and isinstance(row[label], Literal)
    )


def written(term: object) -> str:
    """Return the text of a literal or of an IRI, as short as a page needs it."""
    return shown(shorten(term.value) if isinstance(term, NamedNode) else read_term(term, {}))


def pair(row: QuerySolution, name: str, label: str) -> Named:
    """Return what one variable of a row names, called as another says; unbound is nothing."""
    if not row[name]:
        return NOTHING
    return named(row[name], {row[name].value: row[label].value} if row[label] else {})
