"""The log of requests and of slow queries: one JSON object a line on standard error.

Not here: what went wrong in the program itself, which goes through `logging` as text. Nothing that
a client uses to prove who it is is ever given to this log: neither headers nor what stands in a URL
after the path.
"""

import json
import os
import select
from datetime import UTC, datetime
from typing import Final

_STANDARD_ERROR: Final = 2
_ENCODER: Final = json.JSONEncoder(ensure_ascii=True)
_MOST_BYTES: Final = 4096
"""A line of this length goes into a pipe whole (POSIX: PIPE_BUF), and at once where it is ready."""


class Log:
    """Writes lines to a descriptor. Loses a line rather than wait: a reader may be stuck."""

    def __init__(self, fd: int = _STANDARD_ERROR) -> None:
        """Write to this descriptor; the caller keeps it open."""
        self._fd = fd
        self.lost = 0
        """Lines that were not written."""

    def write(self, event: str, **members: object) -> None:
        """Write what happened, with the time in UTC; members that are None are left out."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        known = {name: value for name, value in members.items() if value is not None}
        text = _ENCODER.encode({"time": now, "event": event, **known})
        line = text.encode(errors="backslashreplace") + b"\n"
        if not self._send(line):
            self.lost += 1

    def _send(self, line: bytes) -> bool:
        if len(line) > _MOST_BYTES:
            return False
        try:
            is_ready = bool(select.select([], [self._fd], [], 0)[1])
            return is_ready and os.write(self._fd, line) == len(line)
        except (OSError, ValueError):  # closed, or full
            return False
