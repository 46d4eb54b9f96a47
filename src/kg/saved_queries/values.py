"""From what a person gives for a parameter to the RDF term that takes its place.

A value only ever becomes a term by a constructor that checks it; an empty text is no value.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from kg.entities import resolve
from kg.errors import ParameterError
from kg.placing import Term
from kg.saved_queries.header import Param
from kg.vocab import expand, unwrap

if TYPE_CHECKING:
    from kg.engine.requests import Engine

XSD_DATE: Final = NamedNode("http://www.w3.org/2001/XMLSchema#date")

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ENGLISH: Final = re.compile(
    r"((?P<day>\d{1,2})(st|nd|rd|th)?\.? (of )?)?"
    r"(?P<month>[a-z]{3,9})\.?( (?P<after>\d{1,2})(st|nd|rd|th)?)?,? (?P<year>\d{4})",
    re.ASCII,
)
"""A day or a month with the month in letters: 31 May 2025, May 31st, 2025, May 2025."""


def bind_params(
    params: tuple[Param, ...], given: Mapping[str, str], engine: "Engine"
) -> dict[str, Term]:
    """Return the term of each parameter that has a value, given or by default.

    An optional parameter that is not given is left out. Raises ParameterError for a name that is
    no parameter, a missing value or one that does not fit, and EntityError for a name that does
    not lead to one thing.
    """
    values = {name: text.strip() for name, text in given.items() if text.strip()}
    _check_names(params, given, values)
    chosen = {p: values.get(p.name) or p.default for p in params}
    terms = {p.name: to_term(p, text, engine) for p, text in chosen.items() if text}
    for error in span_errors(params, terms).values():
        raise error
    return terms


def span_errors(params: tuple[Param, ...], terms: Mapping[str, Term]) -> dict[str, ParameterError]:
    """Return what is wrong, by parameter, where a span of days ends before it begins."""
    ends = {p.partial: p.name for p in params if p.partial and p.name in terms}
    if len(ends) < len(("first", "last")):
        return {}
    first, last = (terms[ends[end]].value for end in ("first", "last"))
    problem = f"{ends['first']}: {first} is after {last}, the value of {ends['last']}"
    return {ends["first"]: ParameterError(problem)} if first > last else {}


def to_term(param: Param, text: str, engine: "Engine | None" = None) -> Term:
    """Return the term that `text` means for `param`; entities are looked up through `engine`.

    Raises ParameterError with the name of the parameter and what it takes.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ParameterError(f"{param.name}: {text!r} is not valid Unicode") from error
    if param.type != "entity":
        return _PLAIN[param.type](param, text)
    if engine is None:
        raise ParameterError(f"{param.name}: a name can only be looked up in a build")
    return resolve(engine, text, param.classes)


def choices(param: Param) -> dict[str, Term]:
    """Return what can be given for a parameter of type enum, and the term each choice means.

    A prefixed name such as `dipv:accepted` is given as `accepted`; any other value is plain text.
    """
    return dict(map(_choice, param.values))


def _choice(value: str) -> tuple[str, Term]:
    iri = expand(value)
    return (value.partition(":")[2], NamedNode(iri)) if iri else (value, Literal(value))


def _check_names(
    params: tuple[Param, ...], given: Mapping[str, str], values: Mapping[str, str]
) -> None:
    known = {param.name: param for param in params}
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise ParameterError(f"the query has no parameter {name!r}; {hint}")
    missing = [p for p in params if p.is_required and p.name not in values]
    if missing:
        needed = "; ".join(f"{p.name} ({p.label}), such as {p.example!r}" for p in missing)
        raise ParameterError(f"a value is needed for {needed}")


def _iri(param: Param, text: str) -> NamedNode:
    iri = expand(text) or unwrap(text)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise ParameterError(f"{param.name}: {text!r} is not an IRI: {error}") from error


def _string(_param: Param, text: str) -> Literal:
    return Literal(text)


def _integer(param: Param, text: str) -> Literal:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ParameterError(f"{param.name}: {text!r} is not a whole number")
    _check_range(param, int(text), text)
    return Literal(int(text))


def _date(param: Param, text: str) -> Literal:
    day = _day(param, text)
    _check_range(param, day, text)
    return Literal(day.isoformat(), datatype=XSD_DATE)


def _day(param: Param, text: str) -> date:
    """Return the day that `text` names; a year or month is a day only where the query says which.

    A year is not a day: whether "2025" means its first or its last day changes the answer.
    """
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text, re.ASCII)
    if match is None:
        problem = f"{param.name}: {text!r} is not a date such as 2025-04-19"
        raise ParameterError(problem, _in_figures(text, is_partial=bool(param.partial)))
    if match[3] is None and not param.partial:
        kind = "month" if match[2] else "year"
        raise ParameterError(f"{param.name}: {text!r} is a {kind}; give a day, as in 2025-04-19")
    try:
        return _complete(match, last=param.partial == "last")
    except ValueError as error:
        raise ParameterError(f"{param.name}: there is no day {text!r}") from error


def _in_figures(text: str, *, is_partial: bool) -> tuple[str, ...]:
    """Return the date that English words say as it is to be given, if they can say only that."""
    said = _ENGLISH.fullmatch(" ".join(text.casefold().split()))
    months = [n for n, name in enumerate(_MONTHS, 1) if said and name.startswith(said["month"])]
    if said is None or not months or (said["day"] and said["after"]):
        return ()
    day = said["day"] or said["after"]
    try:
        told = date(int(said["year"]), months[0], int(day or 1)).isoformat()
    except ValueError:
        return ()
    return (told,) if day else (told[: len("2025-05")],) * is_partial


def _complete(match: re.Match[str], *, last: bool) -> date:
    year, month = int(match[1]), int(match[2] or (12 if last else 1))
    if match[3]:
        return date(year, month, int(match[3]))
    first = date(year, month, 1)
    return first.replace(day=monthrange(year, month)[1]) if last else first


def _enum(param: Param, text: str) -> Term:
    known = choices(param)
    given = unwrap(text)
    for name, term in known.items():
        if given.casefold() == name.casefold() or (expand(given) or given) == term.value:
            return term
    near = get_close_matches(text.casefold(), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"
    raise ParameterError(f"{param.name}: {text!r} is not one of its values; {hint}")


def _check_range(param: Param, value: int | date, text: str) -> None:
    """Raise where `value` is below the least or above the greatest value of `param`."""
    if param.min is not None and value < param.min:  # type: ignore[operator]
        raise ParameterError(f"{param.name}: {text} is less than {param.min}, the least it takes")
    if param.max is not None and value > param.max:  # type: ignore[operator]
        raise ParameterError(f"{param.name}: {text} is more than {param.max}, the most it takes")


_PLAIN: Final[Mapping[str, Callable[[Param, str], Term]]] = {
    "iri": _iri,
    "string": _string,
    "integer": _integer,
    "date": _date,
    "enum": _enum,
}
