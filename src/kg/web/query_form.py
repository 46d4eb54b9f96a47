"""The form of a saved query's page: a field a parameter, what was given, and what is wrong with it.

A mistake is told at its field, with what would fit as links.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kg.engine.requests import Engine
from kg.errors import DuplicateParameter, EntityAmbiguous, ParameterError
from kg.saved_queries import Param, SavedQuery, Term, choices
from kg.saved_queries.values import span_errors, to_term
from kg.suggesting import Choice, read_choices
from kg.vocab import shorten
from kg.web.parameters import Parameters, one_of

_DAY: Final = r"\d{4}-\d\d-\d\d"
_PARTIAL_DAY: Final = r"\d{4}(-\d\d(-\d\d)?)?"
_HINTS: Final[Mapping[str, str]] = {
    "entity": "A name, a code or an IRI.",
    "iri": "An IRI or a prefixed name.",
    "date": "A day: 2025-04-19.",
    "integer": "A whole number.",
}


@dataclass(frozen=True)
class Values:
    """What was given for a saved query, read.

    `terms` are what fits, `problems` the errors of what does not, both by parameter; `missing` are
    parameters that need a value and have none. `problem` is of no parameter: a name that is none.
    """

    given: Mapping[str, str]
    terms: Mapping[str, Term]
    problems: Mapping[str, ParameterError]
    missing: tuple[Param, ...]
    problem: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something that was given does not fit."""
        return bool(self.problems or self.problem)


@dataclass(frozen=True)
class Field:
    """A parameter as a field of the form; `near` are values that would fit better."""

    param: Param
    value: str
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    pattern: str = ""
    problem: str = ""
    near: tuple[Choice, ...] = ()

    @property
    def kind(self) -> str:
        """The control: select, number or text."""
        return {"enum": "select", "integer": "number"}.get(self.param.type, "text")


def read_values(
    saved: SavedQuery, parameters: Parameters, others: tuple[str, ...], engine: Engine
) -> Values:
    """Return what was given for `saved`; `others` are the parameters that every page takes."""
    names = dict.fromkeys(name for name, _ in parameters if name not in others)
    given: dict[str, str] = {}
    terms: dict[str, Term] = {}
    problems: dict[str, ParameterError] = {}
    for param in saved.params:
        try:
            text = (one_of(parameters, param.name) or "").strip()
            given[param.name] = text
            if text or param.default:
                terms[param.name] = to_term(param, text or param.default, engine)
        except ParameterError as error:
            problems[param.name] = error
    problems |= span_errors(saved.params, terms)
    missing = (p for p in saved.params if p.is_required and p.name not in {**terms, **problems})
    unknown = [name for name in names if name not in {p.name for p in saved.params}]
    return Values(
        {name: text for name, text in given.items() if text},
        terms,
        problems,
        tuple(missing),
        _unknown(saved, unknown[0]) if unknown else "",
    )


def make_fields(saved: SavedQuery, values: Values, engine: Engine) -> list[Field]:
    """Return the fields of the form. Raises what Engine.answer raises."""
    return [_field(param, values, engine) for param in saved.params]


def _unknown(saved: SavedQuery, name: str) -> str:
    known = ", ".join(param.name for param in saved.params) or "none"
    return f"this question has no parameter {name[:64]!r}; it has {known}"


def _field(param: Param, values: Values, engine: Engine) -> Field:
    error = values.problems.get(param.name)
    return Field(
        param,
        _value(param, values),
        tuple(read_choices(engine, param)),
        _hint(param),
        _pattern(param),
        _told(param, error) if error else "",
        tuple(_near(error)) if error else (),
    )


def _value(param: Param, values: Values) -> str:
    """Return what was given; a choice as the form has it, however it was written."""
    given = values.given.get(param.name, "")
    meant = values.terms.get(param.name) if given else None
    return next((name for name, term in choices(param).items() if term == meant), given)


def _hint(param: Param) -> str:
    """Return what can be given, in words."""
    if param.type == "date" and param.partial:
        return f"A day, month or year: 2025-04-19, 2025-04 or 2025 (its {param.partial} day)."
    if param.type == "integer" and None not in (param.min, param.max):
        return f"A whole number from {param.min} to {param.max}."
    return _HINTS.get(param.type, "")


def _pattern(param: Param) -> str:
    if param.type != "date":
        return ""
    return _PARTIAL_DAY if param.partial else _DAY


def _told(param: Param, error: ParameterError) -> str:
    """Return the message of an error without what its field says already."""
    if isinstance(error, EntityAmbiguous):
        return f"{error.name!r} can be several things; choose one:"
    if isinstance(error, DuplicateParameter):
        return "Given several times; give it once."
    message = str(error).removeprefix(f"{param.name}: ")
    message = message[:1].upper() + message[1:]
    if error.suggestions:
        return f"{message.rpartition('; did you mean ')[0]}; did you mean:"
    return message


def _near(error: ParameterError) -> Iterator[Choice]:
    """Yield the values that would fit, as far as the error knows them."""
    yield from (Choice(name, name) for name in error.suggestions)
    if isinstance(error, EntityAmbiguous):
        for label, iri in error.candidates:
            yield Choice(shorten(iri), f"{label} ({shorten(iri)})")
