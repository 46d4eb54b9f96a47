"""The messages between a pool and a worker process: a question one way, a reply the other.

Each is a frame: the lengths of its two parts, a head in JSON, a body of bytes. Kept free of heavy
imports, because a worker's start is part of the time a person waits.
"""

import json
import os
import struct
from collections.abc import Callable
from typing import Final, NamedTuple

_LENGTHS: Final = struct.Struct("!IQ")
_CHUNK: Final = 1 << 20


class Question(NamedTuple):
    """What a worker is asked; formats as media types, None where that kind is not acceptable."""

    query: str
    rows: str | None = None
    graph: str | None = None
    default_graphs: list[str] | None = None
    named_graphs: list[str] | None = None
    is_own: bool = False


class Reply(NamedTuple):
    """What a worker says: how it went, why it went wrong, and the serialized answer."""

    outcome: str
    message: str = ""
    body: bytes = b""


def send_question(fd: int, question: Question) -> None:
    """Write a question. Raises BrokenPipeError where nobody reads."""
    _send(fd, json.dumps(question).encode(), b"")


def receive_question(fd: int) -> Question:
    """Wait for a question. Raises EOFError where nobody will write one."""
    head, _ = _receive(fd, lambda: None)
    return Question(*json.loads(head))


def send_reply(fd: int, reply: Reply) -> None:
    """Write a reply. Raises BrokenPipeError where nobody reads."""
    _send(fd, json.dumps((reply.outcome, reply.message)).encode(), reply.body)


def receive_reply(fd: int, wait: Callable[[], None]) -> Reply:
    """Read a reply, calling `wait` before each read; what it raises ends the reading.

    Raises EOFError where the worker ended before its reply was whole.
    """
    head, body = _receive(fd, wait)
    outcome, message = json.loads(head)
    return Reply(outcome, message, body)


def _send(fd: int, head: bytes, body: bytes) -> None:
    for part in (_LENGTHS.pack(len(head), len(body)) + head, body):
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(fd, rest) :]


def _receive(fd: int, wait: Callable[[], None]) -> tuple[bytes, bytes]:
    head_size, body_size = _LENGTHS.unpack(_read(fd, _LENGTHS.size, wait))
    return _read(fd, head_size, wait), _read(fd, body_size, wait)


def _read(fd: int, size: int, wait: Callable[[], None]) -> bytes:
    parts = []
    while size:
        wait()
        part = os.read(fd, min(size, _CHUNK))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
