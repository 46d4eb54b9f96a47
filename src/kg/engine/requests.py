"""What callers know of the engine: a request, an answer, and who gives one for the other."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal, NamedTuple, Protocol

from kg.formats import RdfFormat, ResultFormat

Kind = Literal["solutions", "boolean", "graph"]

_CHUNK: Final = 1 << 16


class Client(Protocol):
    """Whoever waits for an answer, so that nobody works for one who has left."""

    def fileno(self) -> int:
        """Return a file descriptor that becomes readable when the client may have left."""

    def is_gone(self) -> bool:
        """Whether the client has left; never waits."""


class Request(NamedTuple):
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

    is_reserved: bool = False
    """A page or a saved query: answered by workers that no query from outside can hold."""

    clients: tuple[Client, ...] = ()
    """Those who wait, where known: the query ends when one of them leaves."""

    address: str = ""
    """The network address that asks: its budget pays. Empty: this program, which has none."""

    id: str = ""
    """Names this query in the log, the list of running queries and the answer's header."""


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    content: bytes | BinaryIO
    """A small answer, or a temporary file that holds a large one."""

    media_type: str
    kind: Kind

    build: str
    """The hash of the build that was asked."""

    size: int
    """Bytes."""

    @property
    def body(self) -> bytes:
        """The whole answer in memory; of a large one only once."""
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """Yield the answer, in pieces of 64 KiB where it is large; a file is closed then."""
        if isinstance(self.content, bytes):
            yield self.content
            return
        with self.content:
            self.content.seek(0)
            while chunk := self.content.read(_CHUNK):
                yield chunk


class Engine(Protocol):
    """Answers requests over one build."""

    @property
    def build(self) -> str:
        """The hash of the build."""

    def answer(self, request: Request) -> Answer:
        """Return the whole answer. Raises a QueryError (the tree in kg.errors) where there is none.

        An answer is never cut short: it is whole before this returns.
        """

    def close(self) -> None:
        """End everything that was started."""
