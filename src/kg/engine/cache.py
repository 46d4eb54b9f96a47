"""Keeps small answers, so that what is asked again is not worked out again.

A build never changes, so an answer of it holds for ever: nothing is ever out of date here, and
what was not asked for the longest time makes way.
"""

import re
import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final, Protocol, TypeVar

from kg.engine.requests import Request
from kg.engine.tokens import tokenize

MOST_ANSWER_BYTES: Final = 1 << 20
"""A larger answer is not kept."""

_OVERHEAD: Final = 1000
"""Bytes that an entry costs beside its texts, roughly."""

_MOST_TOKENIZED: Final = 8192
"""A longer text would hold up everybody else for milliseconds."""

_CALL: Final = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\b", re.IGNORECASE)


class Keepable(Protocol):
    """An answer in some form; kept where its content is bytes."""

    @property
    def content(self) -> object:
        """What is kept."""

    @property
    def size(self) -> int:
        """Its bytes."""


_Kept = TypeVar("_Kept", bound=Keepable)


class Cache:
    """Answers by key, up to so many bytes; safe to use from many threads."""

    def __init__(self, most: int) -> None:
        """Keep at most so many bytes, keys included."""
        self._most = most
        self._lock = threading.Lock()
        self._found: OrderedDict[Hashable, tuple[Keepable, int]] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable, kind: type[_Kept]) -> _Kept | None:
        """Return the answer of this kind kept under a key, or None."""
        with self._lock:
            found = self._found.get(key)
            if found is None or not isinstance(found[0], kind):
                return None
            self._found.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: Keepable) -> None:
        """Keep an answer, unless it is too large."""
        if not isinstance(answer.content, bytes) or answer.size > MOST_ANSWER_BYTES:
            return
        size = answer.size + sys.getsizeof(repr(key)) + _OVERHEAD
        if size > self._most:
            return
        with self._lock:
            self.bytes += size - self._found.pop(key, (answer, 0))[1]
            self._found[key] = (answer, size)
            while self.bytes > self._most:
                self.bytes -= self._found.popitem(last=False)[1][1]

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._found)


def key_of(request: Request, build: str) -> Hashable:
    """Return what is the same exactly where the answer is."""
    return (
        build,
        request.query,
        request.rows and request.rows.media_type,
        request.graph and request.graph.media_type,
        request.default_graphs,
        request.named_graphs,
        request.is_own,
    )


def is_repeatable(query: str) -> bool:
    """Whether a query over the same build has the same answer each time.

    NOW, RAND, UUID, STRUUID and BNODE make it differ. Comments, strings and variables do not count;
    `?a<NOW()&&?b>1` reads like an IRI, so IRIs do. Where in doubt, it is not repeatable.
    """
    if _CALL.search(query) is None:
        return True
    if len(query) > _MOST_TOKENIZED:
        return False
    return not any(
        _CALL.search(text) if kind == "iri" and "(" in text else kind == "words" and _is_call(text)
        for kind, text in tokenize(query)
    )


def _is_call(word: str) -> bool:
    return _CALL.fullmatch(word) is not None
