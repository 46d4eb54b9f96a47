"""Clients that cost little: requests as bytes over a kept connection, in processes of their own."""

import itertools
import multiprocessing
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, Self

LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LAST_CHUNK: Final = b"0\r\n\r\n"
OK: Final = 200
PIECE: Final = 1 << 18

Requests = Callable[[int], Iterator[bytes]]
"""Gives the requests that the client of a number makes; they never end."""


class Connection:
    """A kept HTTP/1.1 connection to a port of this machine; a context manager."""

    def __init__(self, port: int, seconds: float = 30.0) -> None:
        """Connect, and wait for so many seconds for anything. Raises OSError."""
        self._socket = socket.create_connection(("127.0.0.1", port), seconds)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(PIECE)

    def ask(self, request: bytes) -> tuple[int, int]:
        """Return the status and the size of the answer's body. Raises OSError where it is cut."""
        self._socket.sendall(request)
        text = b""
        while (end := text.find(b"\r\n\r\n") + 4) < 4:  # noqa: PLR2004 - the length of the mark
            text += self._receive()
        head, status = text[:end], int(text[9:12])
        if length := LENGTH.search(head):
            return status, self._skip(len(text) - end, int(length[1]))
        return status, self._skip_chunks(text[end:])

    def _skip(self, had: int, length: int) -> int:
        while had < length:
            had += len(self._receive())
        return length

    def _skip_chunks(self, tail: bytes) -> int:
        """Read up to the last chunk; the size includes the lengths of the chunks."""
        size = len(tail)
        while not (tail.endswith(b"\r\n" + LAST_CHUNK) or tail == LAST_CHUNK):
            piece = self._receive()
            size, tail = size + len(piece), tail[-7:] + piece[-7:] if len(piece) < 7 else piece[-7:]  # noqa: PLR2004
        return size

    def _receive(self) -> bytes:
        count = self._socket.recv_into(self._buffer)
        if not count:
            raise ConnectionError("the server hung up")
        return bytes(self._buffer[:count])

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._socket.close()


@dataclass
class Outcome:
    """What clients met: seconds of each good answer, how many others by reason, bytes, duration."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)
    size: int = 0
    duration: float = 0.0

    def add(self, other: "Outcome") -> None:
        """Take up what another client met."""
        self.seconds += other.seconds
        self.size = max(self.size, other.size)
        self.duration = max(self.duration, other.duration)
        for reason, count in other.failures.items():
            self.failures[reason] = self.failures.get(reason, 0) + count

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return len(self.seconds) / self.duration if self.duration else 0.0


def ask_for(port: int, requests: Iterator[bytes], seconds: float, most: int = 10**9) -> Outcome:
    """Ask one request after the other for some seconds, at least one and at most so many."""
    outcome, began = Outcome(), time.perf_counter()
    connection = None
    for request in itertools.islice(requests, most):
        start = time.perf_counter()
        try:
            connection = connection or Connection(port)
            status, size = connection.ask(request)
            reason = "" if status == OK else str(status)
        except OSError as error:
            connection, size, reason = None, 0, type(error).__name__
            time.sleep(0.01)
        end = time.perf_counter()
        if reason:
            outcome.failures[reason] = outcome.failures.get(reason, 0) + 1
        else:
            outcome.seconds.append(end - start)
            outcome.size = max(outcome.size, size)
        if end - began > seconds:
            break
    outcome.duration = time.perf_counter() - began
    if connection:
        connection.__exit__()
    return outcome


def ask_together(port: int, requests: Requests, clients: int, seconds: float) -> Outcome:
    """Ask with several processes at the same time, and return what they met together."""
    return crowd(port, requests, clients, seconds)()


def crowd(port: int, requests: Requests, clients: int, seconds: float) -> Callable[[], Outcome]:
    """Start clients in processes of their own; return what waits for them and gives the outcome."""
    context = multiprocessing.get_context("fork")
    ends = []
    for number in range(clients):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=lambda number=number, theirs=theirs: theirs.send(
                ask_for(port, requests(number), seconds)
            )
        )
        process.start()
        theirs.close()
        ends.append((process, ours))

    def collect() -> Outcome:
        outcome = Outcome()
        for process, end in ends:
            with suppress(EOFError):
                outcome.add(end.recv())
            process.join()
        return outcome

    return collect
