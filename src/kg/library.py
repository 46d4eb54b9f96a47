"""The graph from Python: open a build, ask it, get Python values back.

Example:
    with kg.open_build() as build:
        for row in build.run("missions-of-state", state="Pakistan"):
            print(row["mission"])
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self, overload

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.config import Config, read_config
from kg.descriptions import describe
from kg.engine.opening import open_engine
from kg.engine.requests import Answer, Engine, Request
from kg.entities import resolve
from kg.errors import KgError
from kg.formats import JSON, TURTLE
from kg.saved_queries import fill, find_saved_query
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    import pandas as pd


class IRI(str):
    """The IRI of a thing: a `str` that is known to be no text."""

    __slots__ = ()


Value = IRI | str | int | float | Decimal | bool | date | datetime | None
"""What a cell of an answer can be; None where the variable has no value."""


class Rows(Sequence[Mapping[str, Value]]):
    """The rows of an answer, each a mapping from every column to its value.

    An IRI is an `IRI` (a `str`), a text a `str` whatever its language; a literal that does not
    bear out its own type stays a `str`. `build` is the hash of the build that answered.
    """

    def __init__(self, columns: tuple[str, ...], rows: list[dict[str, Value]], build: str) -> None:
        """Hold `rows`, whose keys are `columns`."""
        self.columns: Final = columns
        self.build: Final = build
        self._rows = rows

    @overload
    def __getitem__(self, index: int) -> Mapping[str, Value]: ...

    @overload
    def __getitem__(self, index: slice) -> "Rows": ...

    def __getitem__(self, index: int | slice) -> "Mapping[str, Value] | Rows":
        """Return one row, or some as Rows."""
        if isinstance(index, slice):
            return Rows(self.columns, self._rows[index], self.build)
        return self._rows[index]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self._rows)

    def __repr__(self) -> str:
        """Return the columns and the number of rows."""
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def to_dataframe(self) -> "pd.DataFrame":
        """Return the rows as a pandas data frame. Raises KgError where pandas is missing."""
        try:
            pandas = import_module("pandas")
        except ModuleNotFoundError as error:
            raise KgError("data frames need pandas: pip install 'diplomacy-kg[pandas]'") from error
        return pandas.DataFrame(self._rows, columns=list(self.columns))


class Build:
    """An open build; close it, or use it in a `with` statement, to end its worker process."""

    def __init__(self, config: Config, engine: Engine) -> None:
        """Ask `engine`, and find the saved queries where `config` says."""
        self._config = config
        self._engine = engine

    @property
    def hash(self) -> str:
        """The hash of the build: the same hash, the same answers."""
        return self._engine.build

    def query(self, text: str) -> Rows | bool | str:
        """Return the answer of a SPARQL query: Rows of a SELECT, a bool of an ASK, else Turtle.

        The project's prefixes need no PREFIX line. Raises a QueryError where there is no answer.
        """
        return read_answer(self._engine.answer(Request(text, rows=JSON, graph=TURTLE)))

    def run(self, name: str, **params: object) -> Rows | bool | str:
        """Return the answer of the saved query `name`, as query() does.

        A value is what the command line takes, or an int, a date or an IRI; None is not given.
        Raises SavedQueryError, ParameterError or a QueryError.
        """
        query = find_saved_query(self._config.root / "queries", name)
        given = {key: str(value) for key, value in params.items() if value is not None}
        return self.query(fill(query, given, self._engine))

    def describe(self, thing: str) -> str:
        """Return what the graph says of a thing, named in any way, as Turtle."""
        return describe(self._engine, resolve(self._engine, thing), TURTLE).body.decode()

    def close(self) -> None:
        """End the worker process."""
        self._engine.close()

    def __enter__(self) -> Self:
        """Return the build itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the build."""
        self.close()


def open_build(root: Path | str | None = None, *, config: Config | None = None) -> Build:
    """Return the current build of the project at `root`, or above the working directory.

    With KG_ENGINE_URL it asks that endpoint instead. Raises BuildError where there is no project
    or no build.
    """
    settings = config or _config_of(root)
    return Build(settings, open_engine(settings))


def read_answer(answer: Answer) -> Rows | bool | str:
    """Return an answer in JSON or Turtle as Python values."""
    if answer.kind == "graph":
        return answer.body.decode()
    found = parse_query_results(answer.body, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        return bool(found)
    columns = tuple(variable.value for variable in found.variables)
    rows = [{name: to_python(row[name]) for name in columns} for row in found]
    return Rows(columns, rows, answer.build)


def to_python(term: object) -> Value:
    """Return a term as a Python value: see Rows."""
    if isinstance(term, NamedNode):
        return IRI(term.value)
    if not isinstance(term, Literal):
        return None if term is None else str(term)
    read = _READERS.get(term.datatype.value.removeprefix(PREFIXES["xsd"]))
    try:
        return read(term.value) if read else term.value
    except (LookupError, ValueError, ArithmeticError):
        return term.value


def _read_boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


_INTEGERS = (
    "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger "
    "byte short int long unsignedByte unsignedShort unsignedInt unsignedLong"
)
_READERS: Final[Mapping[str, Callable[[str], Value]]] = {
    **dict.fromkeys(_INTEGERS.split(), int),
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": _read_boolean,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
}


def _config_of(root: Path | str | None) -> Config:
    if root is None:
        return read_config()
    return read_config({"KG_ROOT": str(root)})
