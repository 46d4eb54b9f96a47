"""Put RDF terms where variables stand: token by token, never by formatting text.

The value of a parameter stands wherever its variable is written, also inside sub-selects. Where
the grammar asks for a variable and not a term, the term is bracketed: `SELECT (<iri> AS ?state)`,
`GROUP BY (<iri> AS ?state)`, `ORDER BY (<iri>)`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.sparql_tokens import Occurrence, occurrences, tokens

Term = NamedNode | Literal

_QUESTION: Final = 32_000
"""Characters of IRIs that one question names; the text of a question has an end."""


def place_terms(text: str, values: Mapping[str, Term]) -> str:
    """Return `text` with each variable that `values` names replaced by its term.

    The terms are written as N-Triples, so nothing in a value can end its term. Variables that
    are assigned, or projected or grouped by a sub-select, cannot be placed: reading a saved query
    refuses those.
    """
    found = [spot for spot in occurrences(text) if spot.token.name in values]
    grouped = {spot.token.name for spot in found if spot.role == "grouped"}
    pieces, position = [], 0
    for spot in found:
        pieces += [text[position : spot.token.start], _written(text, spot, values, grouped)]
        position = spot.token.end
    return "".join([*pieces, text[position:]])


def place_values(text: str, name: str, terms: Iterable[Term]) -> str:
    """Return `text` with `terms` as the data of its block `VALUES ?name { … }`.

    Raises ValueError where the text has no such block.
    """
    found = [token for token in tokens(text) if token.kind != "comment"]
    for i, (word, variable, opening) in enumerate(zip(found, found[1:], found[2:], strict=False)):
        if (word.name, variable.text, opening.text) == ("VALUES", f"?{name}", "{"):
            closing = next(token for token in found[i:] if token.text == "}")
            return f"{text[: opening.end]} {' '.join(map(str, terms))} {text[closing.start :]}"
    raise ValueError(f"no block VALUES ?{name} {{ }} in {text!r}")


def batches(things: Iterable[NamedNode]) -> Iterator[list[NamedNode]]:
    """Yield things in lists that one question can name."""
    batch: list[NamedNode] = []
    size = 0
    for thing in things:
        if batch and size + len(thing.value) > _QUESTION:
            yield batch
            batch, size = [], 0
        batch.append(thing)
        size += len(thing.value) + 3
    if batch:
        yield batch


def _written(text: str, spot: Occurrence, values: Mapping[str, Term], grouped: set[str]) -> str:
    """Return what takes the place of one occurrence."""
    name, term = spot.token.name, str(values[spot.token.name])
    if spot.role == "grouped" or (spot.role == "projected" and name not in grouped):
        return f"({term} AS ?{name})"
    if spot.role == "projected":
        return spot.token.text
    if spot.role == "ordered":
        return f"({term})"
    return _apart(text, spot, term)


def _apart(text: str, spot: Occurrence, term: str) -> str:
    """Return `term` with a space where it would otherwise run into its neighbour."""
    before, after = text[: spot.token.start][-1:], text[spot.token.end :][:1]
    left = "" if before.isspace() or before in "(,{" else " "
    right = "" if after.isspace() or after in "),;.}" else " "
    return f"{left}{term}{right}"
