"""Remembers which texts ended a worker, so that the same text does not end the next one."""

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from kg.engine.channel import Question
from kg.errors import MemoryExceeded, QueryError, QueryTimeout, QueryTooComplex

_MOST: Final = 1000
_TIMEOUT_SECONDS: Final = 60.0
"""A query that took too long may be answered later, when fewer others run."""


class Brake:
    """What became of texts that ended a worker; safe to use from many threads."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember each for so many seconds."""
        self._seconds, self._clock = seconds, clock
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, tuple[float, type[QueryError], str]] = OrderedDict()

    def check(self, question: Question) -> None:
        """Raise what the same question raised before, where that is not long ago."""
        if not self._found:
            return
        until, kind, message = self._found.get(_key(question), (0.0, QueryError, ""))
        if until > self._clock():
            raise kind(f"{message} (remembered from a short while ago)")

    def remember(self, question: Question, error: QueryError) -> None:
        """Keep in mind that a question ended its worker with this error."""
        if not isinstance(error, (MemoryExceeded, QueryTimeout, QueryTooComplex)):
            return
        is_late = isinstance(error, QueryTimeout)
        seconds = min(self._seconds, _TIMEOUT_SECONDS) if is_late else self._seconds
        with self._lock:
            self._found[_key(question)] = (self._clock() + seconds, type(error), str(error))
            while len(self._found) > _MOST:
                self._found.popitem(last=False)


def _key(question: Question) -> bytes:
    return hashlib.sha256(repr(question).encode(errors="surrogatepass")).digest()
