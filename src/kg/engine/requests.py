"""What callers know of the engine: a request, an answer, and who gives one for the other."""

from dataclasses import dataclass
from typing import Literal, Protocol

from kg.formats import RdfFormat, ResultFormat

Kind = Literal["solutions", "boolean", "graph"]


@dataclass(frozen=True)
class Request:
    """A query text from anywhere, and the form its answer shall have."""

    query: str

    rows: ResultFormat | None
    """For rows or a boolean; None where those are not acceptable."""

    graph: RdfFormat | None
    """For a graph; None where that is not acceptable."""

    default_graphs: tuple[str, ...] | None = None
    """IRIs of the graphs that make up the default graph, instead of the query's own FROM."""

    named_graphs: tuple[str, ...] | None = None
    """IRIs of the named graphs; where only one of the two is given, the other is empty."""

    timeout: float | None = None
    """Seconds; may only lower what the configuration allows."""

    is_own: bool = False
    """Asked by the package itself, about names that it did not choose: none of them is judged."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    body: bytes
    media_type: str
    kind: Kind

    build: str
    """The hash of the build that was asked."""


class Engine(Protocol):
    """Answers requests over one build."""

    @property
    def build(self) -> str:
        """The hash of the build."""

    def answer(self, request: Request) -> Answer:
        """Return the whole answer.

        Raises a QueryError: QuerySyntaxError, QueryRefused, QueryTimeout, ResultTooLarge,
        MemoryExceeded, NotAcceptable or EngineUnavailable.
        """

    def close(self) -> None:
        """End everything that was started."""
