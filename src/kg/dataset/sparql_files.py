"""A rule or a check: a SPARQL query in a file of its own, with a TOML header of `#+` lines.

Not here: saved queries, which have parameters and are run for whoever asks.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyoxigraph import QuerySolutions, QueryTriples, Store

from kg.errors import SeedError
from kg.vocab import PREFIXES


@dataclass(frozen=True)
class SparqlFile:
    """A query (`text`), what its header says (`header`), and its path from the root."""

    path: str
    header: Mapping[str, object]
    text: str

    @property
    def name(self) -> str:
        """The file's stem: the name of the rule or check."""
        return PurePosixPath(self.path).stem

    def said(self, key: str, default: str = "") -> str:
        """Return the header's text under `key`."""
        return str(self.header.get(key, default))


def read_sparql_file(path: str, text: str) -> SparqlFile:
    """Return the query in `text` with its header.

    Raises SeedError where the `#+` lines are not TOML.
    """
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        raise SeedError(Path(path), 1, f"the header is not TOML: {error}") from error
    return SparqlFile(path, header, text)


def select(store: Store, query: str) -> QuerySolutions:
    """Return the solutions of a SELECT query; our prefixes need not be declared.

    Raises SyntaxError where `query` does not parse, ValueError where it is not a SELECT query.
    """
    answer = store.query(query, prefixes=dict(PREFIXES))
    if not isinstance(answer, QuerySolutions):
        raise ValueError("not a SELECT query")  # noqa: TRY004 - the text is wrong, not a type
    return answer


def construct(store: Store, query: str) -> QueryTriples:
    """Return the triples of a CONSTRUCT query; our prefixes need not be declared.

    Raises SyntaxError where `query` does not parse, ValueError where it is not a CONSTRUCT query.
    """
    answer = store.query(query, prefixes=dict(PREFIXES))
    if not isinstance(answer, QueryTriples):
        raise ValueError("not a CONSTRUCT query")  # noqa: TRY004 - the text is wrong, not a type
    return answer
