"""Refuses queries that should not be tried, with a message that says why.

This is courtesy, not the wall: the wall is the worker process, its limits and its end at the
deadline.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, Protocol

from kg.engine.tokens import Token, tokenize
from kg.errors import (
    BadEncoding,
    QueryTooComplex,
    QueryTooLarge,
    ServiceDisabled,
    UpdateRefused,
)

_CLAUSES: Final = frozenset(
    ("BIND", "EXISTS", "FILTER", "GRAPH", "LATERAL", "MINUS", "OPTIONAL", "SELECT", "UNION")
)
_UPDATES: Final = frozenset(
    ("ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE")
)
_REFUSED: Final = re.compile("|".join(("SERVICE", *sorted(_UPDATES))))


class TextLimits(Protocol):
    """What is asked of a text; Config has it, and what a worker is told of it."""

    @property
    def query_bytes(self) -> int:
        """Longest text."""

    @property
    def query_depth(self) -> int:
        """Deepest nesting of brackets."""

    @property
    def query_operators(self) -> int:
        """Most operators and clauses."""


def check_query(text: str, limits: TextLimits) -> None:
    """Return only where the engine may try the text.

    Raises the QueryRefused that fits where it is too long, nested too deeply, has too many
    operators, calls another service or changes the graph, and BadEncoding where it is not UTF-8.
    """
    check_size(text, limits.query_bytes)
    if _is_harmless(text, limits):
        return
    tokens = tokenize(text)
    _check_services(tokens)
    _check_updates(tokens)
    _check_depth(tokens, limits.query_depth)
    _check_operators(tokens, limits.query_operators)


def _is_harmless(text: str, limits: TextLimits) -> bool:
    """Whether a text without its tokens shows that nothing is wrong: so it is with most.

    There are no more operators than characters, and no deeper nesting than opening brackets.
    """
    brackets = text.count("(") + text.count("{") + text.count("[")
    is_small = len(text) <= limits.query_operators and brackets <= limits.query_depth
    return is_small and _REFUSED.search(text.upper()) is None


def check_size(text: str, limit: int) -> None:
    """Return only where the text can be written in UTF-8, in so many bytes.

    Raises BadEncoding or QueryTooLarge otherwise.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        raise BadEncoding(
            f"the query holds a lone surrogate at character {error.start + 1}; send UTF-8"
        ) from error
    if size > limit:
        raise QueryTooLarge(f"the query is {size} bytes long; at most {limit} are allowed")


def _check_services(tokens: Sequence[Token]) -> None:
    """Refuse SERVICE, also where no space parts it from its neighbours: `SERVICEex:s { … }`."""
    bare = any(kind == "words" and "SERVICE" in text.upper() for kind, text in tokens)
    if bare or any(_calls_service(*three) for three in _triples(tokens)):
        raise ServiceDisabled(
            "SERVICE is refused: this graph is asked alone and contacts no other service; "
            "send that part of the query to the other service yourself"
        )


def _calls_service(before: Token, middle: Token, after: Token) -> bool:
    prefix = middle[1].partition(":")[0].upper()
    is_name_of_graph = before[1].upper() == "GRAPH"
    return middle[0] == "name" and "SERVICE" in prefix and after[1] == "{" and not is_name_of_graph


def _check_updates(tokens: Sequence[Token]) -> None:
    for word in _words(tokens):
        if word in _UPDATES:
            raise UpdateRefused(
                f"{word} is refused: the graph is read-only and changes through its files only; "
                "use SELECT, ASK, CONSTRUCT or DESCRIBE"
            )


def _check_depth(tokens: Sequence[Token], limit: int) -> None:
    steps = ({"open": 1, "close": -1}.get(kind, 0) for kind, _ in tokens)
    if max(accumulate(steps), default=0) > limit:
        raise QueryTooComplex(f"the query is too complex: brackets are nested deeper than {limit}")


def _check_operators(tokens: Sequence[Token], limit: int) -> None:
    signs = sum(kind == "operator" for kind, _ in tokens)
    minuses = sum(text.count("-", 1) for kind, text in tokens if kind == "words")
    clauses = sum(word in _CLAUSES for word in _words(tokens))
    if signs + minuses + clauses > limit:
        raise QueryTooComplex(f"the query is too complex: it has more than {limit} operators")


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the bare words in capitals; `true.SELECT` is two."""
    runs = (text.upper() for kind, text in tokens if kind == "words")
    return (word for run in runs for word in re.split(r"[.-]", run))


def _triples(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token, Token]]:
    return zip(tokens, tokens[1:], tokens[2:], strict=False)
