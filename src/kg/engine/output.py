"""Where an answer is serialized to: on to where it goes, part by part, within its limits."""

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing_extensions import Buffer

_PART: Final = 1 << 18

_ROW_MARKS: Final = {
    "application/sparql-results+json": b"},{",
    "application/sparql-results+xml": b"<result>",
    "text/csv": b"\n",
    "text/tab-separated-values": b"\n",
}
"""What stands between rows. Inside of literals it may stand too: the count is never too low."""

_XML_TYPES: Final = ("application/sparql-results+xml", "application/rdf+xml")

_NOT_IN_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Characters that XML 1.0 cannot hold, not even escaped (section 2.2), in UTF-8."""

_OVERLAP: Final = 8
"""Bytes that are looked at again with the next part: as many as the longest mark has."""


class CannotWriteError(Exception):
    """The answer goes beyond a limit, or its format cannot hold it; `outcome` says which."""

    def __init__(self, outcome: str) -> None:
        """Name what is wrong, as in a reply."""
        super().__init__(outcome)
        self.outcome = outcome


class Output(io.BytesIO):
    """A file for pyoxigraph to write one answer into; holds no more than a part of it."""

    def __init__(self, send: Callable[[bytes], object], most_bytes: int, most_rows: int) -> None:
        """Give to `send` what is written, but no more than allowed."""
        super().__init__()
        self._send = send
        self._most_bytes, self._most_rows = most_bytes, most_rows
        self._bytes = self._rows = 0
        self._part = bytearray()
        self._before = b""
        self._mark: bytes | None = None
        self._is_xml = False

    def expect(self, media_type: str, *, is_rows: bool) -> None:
        """Say what will be written."""
        self._mark = _ROW_MARKS[media_type] if is_rows else None
        self._is_xml = media_type in _XML_TYPES

    @property
    def rest(self) -> bytes:
        """What was written and not yet sent."""
        return bytes(self._part)

    def write(self, data: "Buffer", /) -> int:
        """Take the bytes. Raises CannotWriteError."""
        taken = bytes(data)
        self._bytes += len(taken)
        if self._bytes > self._most_bytes:
            raise CannotWriteError("result_too_large")
        self._look_at(taken)
        self._part += taken
        if len(self._part) >= _PART:
            self._send(self.rest)
            self._part.clear()
        return len(taken)

    def _look_at(self, taken: bytes) -> None:
        """Count rows and look for what XML cannot hold, also where it spans two parts."""
        if self._mark is not None:
            overlap = len(self._mark) - 1
            before = self._before[-overlap:] if overlap else b""
            self._rows += (before + taken).count(self._mark)
            if self._rows > self._most_rows:
                raise CannotWriteError("too_many_rows")
        if self._is_xml and _NOT_IN_XML.search(self._before + taken):
            raise CannotWriteError("not_representable")
        self._before = taken[-_OVERLAP:]
