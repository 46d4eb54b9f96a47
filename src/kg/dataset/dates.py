"""Dates of the seeds: an EDTF string to read, two bounds to filter by, and how it is known.

EDTF is ISO 8601-2, as the package `edtf` parses it. Of an approximate date (`2025~`) the bounds are
those of the date as written; an end that is open or unknown has no bound.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from time import struct_time
from typing import Final

import edtf
from edtf.parser.edtf_exceptions import EDTFParseException
from edtf.parser.parser_classes import UnspecifiedIntervalSection
from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.dataset.files import Dataset, statements
from kg.dataset.violations import Violation
from kg.vocab import DIP, DIPV, PREFIXES, shorten

PARTS: Final = ("date", "earliest", "latest", "dateBasis")
NOT_STATED: Final = NamedNode(DIPV + "date-not-stated")
XSD_DATE: Final = PREFIXES["xsd"] + "date"
XSD_STRING: Final = PREFIXES["xsd"] + "string"

Term = NamedNode | BlankNode | Literal | Triple
Values = Mapping[str, Sequence[Term]]
"""What one node says of its date, by the local name of the property."""


def date_violations(dataset: Dataset) -> Iterator[Violation]:
    """Yield what is wrong with the dates of the seeds, quoted ones too."""
    for node, values in _dated_nodes(dataset.store):
        path, line = dataset.locate(node) or ("seeds", None)
        for problem, remedy in judge(values):
            yield Violation(path, line, shorten(node), problem, remedy, "date")


def judge(values: Values) -> Iterator[tuple[str, str]]:
    """Yield (problem, remedy) for each thing wrong with what a node says of its date."""
    for part in PARTS:
        if len(values.get(part, ())) > 1:
            yield f"dip:{part} stands {len(values[part])} times", "keep one"
    if NOT_STATED in values.get("dateBasis", ()):
        if values.keys() > {"dateBasis"}:
            yield (
                "a date with the basis that none is stated",
                "correct the basis, or remove the date",
            )
        return
    if "date" not in values:
        yield "a bound or a basis, but no dip:date", "add the EDTF date, such as [..2025-06-08]"
        return
    if "dateBasis" not in values:
        yield "dip:date without dip:dateBasis", "say how the date is known"
    text = _lexical(values["date"][0], XSD_STRING)
    try:
        first, last = bounds(text or "")
    except ValueError:
        yield (
            f"dip:date {values['date'][0]} is not an EDTF date in a plain string",
            'write it like "2025-05-30", "2025-05", "2023-10/.." or "[2025-06-01..2025-06-08]"',
        )
        return
    yield from _judge_bound("earliest", values, first)
    yield from _judge_bound("latest", values, last)


def bounds(text: str) -> tuple[str | None, str | None]:
    """Return the first and the last day of an EDTF date as `YYYY-MM-DD`; None where it has none.

    Raises ValueError where `text` is not EDTF.
    """
    try:
        parsed = edtf.parse_edtf(text)
    except EDTFParseException as error:
        raise ValueError(text) from error
    if text != text.strip():
        raise ValueError(text)
    ends = (getattr(parsed, "lower", None), getattr(parsed, "upper", None))
    days = (parsed.lower_strict(), parsed.upper_strict())
    first, last = (_day(day, end) for day, end in zip(days, ends, strict=True))
    return first, last


def _day(day: struct_time | float, end: object) -> str | None:
    # Of an unknown end (`2025/`) the package makes up a day ten years off.
    if isinstance(end, UnspecifiedIntervalSection) or not isinstance(day, struct_time):
        return None
    sign = "-" if day.tm_year < 0 else ""
    return f"{sign}{abs(day.tm_year):04}-{day.tm_mon:02}-{day.tm_mday:02}"


def _judge_bound(part: str, values: Values, expected: str | None) -> Iterator[tuple[str, str]]:
    given = [_lexical(term, XSD_DATE) for term in values.get(part, ())]
    if expected is None and given:
        yield f"dip:{part} is given, but the date has no such end", "remove it, or close the date"
    if expected is not None and given != [expected] and len(given) < 2:  # noqa: PLR2004 - told above
        found = f"is {given[0] or 'no xsd:date'}" if given else "is missing"
        yield f"dip:{part} {found}", f'write "{expected}"^^xsd:date, as dip:date says'


def _lexical(term: Term, datatype: str) -> str | None:
    if isinstance(term, Literal) and term.datatype.value == datatype:
        return term.value
    return None


def _dated_nodes(store: Store) -> Iterator[tuple[str, Values]]:
    """Yield each node that says something of a date, once for each graph that says it."""
    nodes: dict[tuple[str, str], dict[str, list[Term]]] = defaultdict(dict)
    parts = {DIP + part: part for part in PARTS}
    for s, p, o, graph in statements(store):
        if isinstance(s, NamedNode) and (part := parts.get(p.value)):
            nodes[s.value, str(graph)].setdefault(part, []).append(o)
    yield from ((node, values) for (node, _), values in sorted(nodes.items()))
