"""Where the parts of an answer are kept until it is whole."""

import tempfile
from typing import BinaryIO, Final, cast

_HELD: Final = 1 << 20
"""Bytes of an answer that are held in memory; a larger one goes into a temporary file."""


class Spool:
    """Takes the parts of an answer: in memory, or in a temporary file where they are many."""

    def __init__(self) -> None:
        """Begin in memory."""
        self.size = 0
        self._parts: list[bytes] = []
        self._file: BinaryIO | None = None

    def take(self, part: bytes) -> None:
        """Add a part. Raises OSError where the disk is full."""
        self.size += len(part)
        if self._file is None and self.size > _HELD:
            self._file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - an answer keeps it
            self._file.writelines(self._parts)
        (self._parts.append if self._file is None else self._file.write)(part)

    def content(self) -> bytes | BinaryIO:
        """Return all that was taken."""
        return b"".join(self._parts) if self._file is None else self._file

    def close(self) -> None:
        """Forget all that was taken."""
        if self._file is not None:
            self._file.close()
