"""The queries that run now: who asks what since when, and how to end one of them."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from kg.engine.budget import client_of
from kg.engine.requests import Request
from kg.errors import BudgetSpent

SHOWN: Final = 500
"""Characters of a query that the list repeats."""

_COME_BACK_SECONDS: Final = 1

_turning: Final = threading.Lock()
"""Held while any switch makes, uses or gives back its pipe: a lock for each costs every query."""


@dataclass(frozen=True)
class Running:
    """A query under way."""

    id: str
    query: str
    """Shortened."""

    since: float
    """Seconds since 1970."""

    client: str
    lane: str


class Switch:
    """Ends a query when it is turned: to the engine it is one more client that can leave."""

    def __init__(self) -> None:
        """Begin unturned. A pipe is made when the engine first looks: most queries are quicker."""
        self._pipe: tuple[int, int] | None = None
        self._is_turned = False
        self._is_closed = False

    def fileno(self) -> int:
        """Return a file descriptor that becomes readable when the switch is turned."""
        with _turning:
            if self._pipe is None:
                self._pipe = os.pipe()
                if self._is_turned:
                    os.write(self._pipe[1], b"!")
            return self._pipe[0]

    def is_gone(self) -> bool:
        """Whether it is turned."""
        return self._is_turned

    def turn(self) -> None:
        """End the query."""
        with _turning:
            if self._pipe is not None and not self._is_turned and not self._is_closed:
                os.write(self._pipe[1], b"!")
            self._is_turned = True

    def close(self) -> None:
        """Give back the descriptors; turning it has no effect any more."""
        with _turning:
            self._is_closed = True
            for end in self._pipe or ():
                os.close(end)


class RunningQueries:
    """Knows all queries under way; safe to use from many threads."""

    def __init__(self, most_of_one: int) -> None:
        """Let a client have at most so many of each lane at a time."""
        self._most_of_one = most_of_one
        self._lock = threading.Lock()
        self._found: dict[str, tuple[Running, Switch]] = {}

    @contextmanager
    def entered(self, request: Request) -> Iterator[Request]:
        """List a query while it runs; give the request that can be cancelled.

        Raises BudgetSpent where its client has too many under way.
        """
        switch = Switch()
        client = client_of(request.address)
        with self._lock:
            running = _describe(request, client, self._unused(request.id))
            self._check(running)
            self._found[running.id] = (running, switch)
        try:
            yield request._replace(clients=(*request.clients, switch))
        finally:
            with self._lock:
                del self._found[running.id]
            switch.close()

    def list(self) -> tuple[Running, ...]:
        """Return the queries under way, the oldest first."""
        with self._lock:
            return tuple(running for running, _ in self._found.values())

    def cancel(self, identifier: str) -> bool:
        """End a query, and return whether there was one of that id."""
        with self._lock:
            found = self._found.get(identifier)
        if found is not None:
            found[1].turn()
        return found is not None

    def __len__(self) -> int:
        """Return how many queries are under way."""
        return len(self._found)

    def _unused(self, wanted: str) -> str:
        """Return an id that no other query under way has; the package's own come without."""
        return wanted if wanted and wanted not in self._found else uuid4().hex

    def _check(self, new: Running) -> None:
        """Raise BudgetSpent where its client has too many of its lane: each lane has a queue."""
        place = new.client, new.lane
        has = sum((each.client, each.lane) == place for each, _ in self._found.values())
        has *= bool(new.client)
        if has >= self._most_of_one:
            raise BudgetSpent(
                f"{has} of your queries are under way; wait until one of them ends",
                _COME_BACK_SECONDS,
            )


def _describe(request: Request, client: str, identifier: str) -> Running:
    lane = "reserved" if request.is_reserved else "open"
    return Running(identifier, request.query[:SHOWN], time.time(), client, lane)
