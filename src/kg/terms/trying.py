"""Queries to begin with: one that shows a term at work, made from the term."""

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from kg.asking import own_query
from kg.placing import place_terms
from kg.terms.ontology import CLASS, Ontology, Term
from kg.vocab import SITUATION, shorten

_PLAIN: Final = re.compile(r"[a-z]+:[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True)
class Trial:
    """A query that uses a term, and what it shows."""

    shows: str
    query: str


def trials_of(ontology: Ontology, term: Term, *, is_quoted: bool) -> tuple[Trial, ...]:
    """Return queries that use a class or property; `is_quoted` where quotations use it too."""
    if term.kind == CLASS:
        return (_of_class(ontology, term),)
    plain = _trial("What the default graph says with it", "statements", "property", term.iri)
    quoted = _trial("What is only quoted, with its standing", "quotations", "property", term.iri)
    return (plain, quoted) if is_quoted else (plain,)


def trial_of_value(iri: str) -> Trial:
    """Return a query for all that points to a value, quoted or not."""
    return _trial("What has this value", "value", "term", iri)


def _of_class(ontology: Ontology, term: Term) -> Trial:
    if term.iri == SITUATION:
        return Trial("All situations, with their standing", own_query("try-all-situations"))
    if SITUATION in ontology.ancestors(term.iri):
        return _trial("All of them, with their standing", "situations", "class", term.iri)
    return _trial("All of them", "things", "class", term.iri)


def _trial(shows: str, name: str, variable: str, iri: str) -> Trial:
    term = NamedNode(iri)
    placed = place_terms(own_query(f"try-{name}"), {variable: term})
    return Trial(shows, placed.replace(str(term), _written(term)))


def _written(term: NamedNode) -> str:
    """Return an IRI as people write it; the endpoint knows the prefixes."""
    short = shorten(term.value)
    return short if _PLAIN.fullmatch(short) else str(term)
