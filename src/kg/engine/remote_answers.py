"""Reads what an engine elsewhere answered to its end, and writes it in the format asked for.

The engine elsewhere is always asked for one format, JSON or N-Triples, so that an answer has the
same form whichever engine gives it. `python -m kg.engine.remote_answers` does the same in a process
of its own: a large answer takes long enough to hold up a server.
"""

import json
import re
import subprocess
import sys
import tempfile
from io import BytesIO
from typing import BinaryIO, Final, NamedTuple, cast

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat

from kg.engine.output import CannotWriteError, Output
from kg.engine.remote_text import Form
from kg.vocab import PREFIXES

ROWS_TYPE: Final = "application/sparql-results+json"
GRAPH_TYPE: Final = "application/n-triples"

_LARGE: Final = 1 << 17
"""Bytes of an answer that are read in a process of their own: above 10 ms of work or so."""

_ASK_RESULT: Final = "__ASK_RETVAL"
"""What Virtuoso 7.2.5 calls the column of an ASK: a row with 1 for true, no row for false."""


class Wanted(NamedTuple):
    """What to read, and what to make of it."""

    form: Form
    media_type: str
    most_bytes: int
    most_rows: int


class Converted(NamedTuple):
    """How it went, as in a worker's reply: a kind of answer, or what is wrong with it."""

    outcome: str
    content: bytes | BinaryIO = b""
    size: int = 0


def convert(content: bytes | BinaryIO, size: int, wanted: Wanted, seconds: float) -> Converted:
    """Return the answer in the format wanted.

    The outcome is `bad_answer` where the answer is not whole and well-formed, and else as in
    kg.engine.outcomes. Raises TimeoutError after so many seconds.
    """
    if size <= _LARGE:
        source = BytesIO(content) if isinstance(content, bytes) else content
        target = BytesIO()
        outcome = write_converted(source, target, wanted)
        return Converted(outcome, target.getvalue(), target.tell())
    return _convert_apart(content, wanted, seconds)


def write_converted(source: BinaryIO, target: BinaryIO, wanted: Wanted) -> str:
    """Write the answer in `source` into `target`, and return the outcome."""
    output = Output(target.write, wanted.most_bytes, wanted.most_rows)
    try:
        kind = _write(source, output, wanted)
    except CannotWriteError as error:
        return error.outcome
    except (SyntaxError, ValueError, KeyError, TypeError, OverflowError, MemoryError):
        return "bad_answer"
    target.write(output.rest)
    return kind


def _write(source: BinaryIO, output: Output, wanted: Wanted) -> str:
    source.seek(0)
    if wanted.form in ("CONSTRUCT", "DESCRIBE"):
        output.expect(wanted.media_type, is_rows=False)
        form = cast("RdfFormat", RdfFormat.from_media_type(wanted.media_type))
        quads = pyoxigraph.parse(source, RdfFormat.N_TRIPLES)
        triples = (quad.triple for quad in quads)
        pyoxigraph.serialize(triples, output, form, prefixes=dict(PREFIXES))
        return "graph"
    is_rows = wanted.form == "SELECT"
    found = _read_rows(source) if is_rows else _read_boolean(source)
    output.expect(wanted.media_type, is_rows=is_rows)
    found.serialize(output, QueryResultsFormat.from_media_type(wanted.media_type))
    return "solutions" if is_rows else "boolean"


def _read_rows(source: BinaryIO) -> QuerySolutions:
    found = pyoxigraph.parse_query_results(source, QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise TypeError("a boolean")
    return found


def _read_boolean(source: BinaryIO) -> QueryBoolean:
    """Return a boolean; pyoxigraph would not see that its end is missing."""
    said = json.load(source)
    value = said.get("boolean")
    if value is None and said["head"]["vars"] == [_ASK_RESULT]:
        value = any(row[_ASK_RESULT]["value"] == "1" for row in said["results"]["bindings"])
    plain = json.dumps({"head": {}, "boolean": value}).encode()
    found = pyoxigraph.parse_query_results(plain, QueryResultsFormat.JSON)
    if not isinstance(found, QueryBoolean):
        raise TypeError("no boolean")
    return found


def _convert_apart(content: bytes | BinaryIO, wanted: Wanted, seconds: float) -> Converted:
    """Convert in a process of its own; the files are handed over open."""
    target = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - an answer keeps it
    try:
        outcome = _run(content, target, wanted, seconds)
    except subprocess.TimeoutExpired as error:
        target.close()
        raise TimeoutError from error
    size = target.seek(0, 2)
    if size <= _LARGE or outcome not in ("solutions", "graph"):
        target.seek(0)
        with target:
            return Converted(outcome, target.read(_LARGE), size)
    return Converted(outcome, target, size)


def _run(content: bytes | BinaryIO, target: BinaryIO, wanted: Wanted, seconds: float) -> str:
    """Return the outcome that the process said, `bad_answer` where it ended without a word."""
    with tempfile.TemporaryFile() as source:
        if isinstance(content, bytes):
            source.write(content)
            source.seek(0)
        else:
            content.seek(0)
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-P", "-m", "kg.engine.remote_answers", json.dumps(wanted)],
            stdin=source if isinstance(content, bytes) else content,
            stdout=target,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=False,
        )
    said = re.fullmatch(rb"outcome: (\w+)\n", done.stderr)
    return said[1].decode() if said else "bad_answer"


def main() -> None:
    """Convert from standard input to standard output; say the outcome on standard error."""
    wanted = Wanted(*json.loads(sys.argv[1]))
    with open(0, "rb") as source, open(1, "wb") as target:
        outcome = write_converted(source, target, wanted)
    sys.stderr.write(f"outcome: {outcome}\n")


if __name__ == "__main__":
    main()
