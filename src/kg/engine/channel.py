"""The messages between the program and a worker process, over one socket.

A question goes one way as one frame of JSON. The answer comes back as frames of bytes, as they are
serialized, and one last frame of JSON that says how it went: only then is the answer whole. Kept
free of heavy imports, because a worker's start is part of the time a person waits.
"""

import json
import socket
import struct
from collections.abc import Callable
from typing import Final, NamedTuple

_HEADER: Final = struct.Struct("!cI")
"""The kind of a frame and the bytes that follow."""

_DATA: Final = b"D"
_LAST: Final = b"L"
_CHUNK: Final = 1 << 16


class Limits(NamedTuple):
    """How far a worker may go: sizes in bytes, and counts."""

    memory: int
    stack: int
    result_bytes: int
    result_rows: int
    query_bytes: int
    query_depth: int
    query_operators: int


class Question(NamedTuple):
    """What a worker is asked; formats as media types, None where that kind is not acceptable."""

    query: str
    rows: str | None = None
    graph: str | None = None
    default_graphs: list[str] | None = None
    named_graphs: list[str] | None = None
    is_own: bool = False


class Reply(NamedTuple):
    """How it went, and why it went wrong."""

    outcome: str
    message: str = ""

    is_spent: bool = False
    """Whether the worker has grown so much that another should take its place."""


def send_question(sock: socket.socket, question: Question) -> None:
    """Write a question. Raises OSError where nobody reads."""
    sock.sendall(_frame(_LAST, json.dumps(question).encode()))


def receive_question(sock: socket.socket) -> Question:
    """Wait for a question. Raises EOFError where nobody will write one."""
    reader = Reader(sock.recv)
    _, head = reader.frame()
    return Question(*json.loads(head))


def send_data(sock: socket.socket, data: bytes) -> None:
    """Write a part of an answer."""
    sock.sendall(_HEADER.pack(_DATA, len(data)))
    sock.sendall(data)


def send_reply(sock: socket.socket, reply: Reply, data: bytes = b"") -> None:
    """Write the last part of an answer and how it went."""
    head = _frame(_DATA, data) if data else b""
    sock.sendall(head + _frame(_LAST, json.dumps(reply).encode()))


def receive_reply(receive: Callable[[int], bytes], take: Callable[[bytes], object]) -> Reply:
    """Read an answer: give its parts to `take` and return how it went.

    `receive` reads at most so many bytes, and what it raises ends the reading. Raises EOFError
    where the worker ended before its answer was whole.
    """
    reader = Reader(receive)
    while True:
        kind, content = reader.frame()
        if kind == _LAST:
            return Reply(*json.loads(content))
        take(content)


class Reader:
    """Reads frames, however the bytes of them arrive."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        """Read from `receive`, which takes the most bytes to read."""
        self._receive = receive
        self._buffer = bytearray()

    def frame(self) -> tuple[bytes, bytes]:
        """Return the kind and the content of the next frame. Raises EOFError at the end."""
        kind, size = _HEADER.unpack(self._take(_HEADER.size))
        return kind, self._take(size)

    def _take(self, size: int) -> bytes:
        while len(self._buffer) < size:
            part = self._receive(_CHUNK)
            if not part:
                raise EOFError
            self._buffer += part
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _frame(kind: bytes, content: bytes) -> bytes:
    return _HEADER.pack(kind, len(content)) + content
