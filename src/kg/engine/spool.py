"""Where the parts of an answer are kept until it is whole, and until its reader has taken it."""

import contextlib
import io
import os
import tempfile
import threading
from typing import BinaryIO, Final, cast

from kg.errors import EngineBusy

_HELD: Final = 1 << 20
"""Bytes of an answer that are held in memory; a larger one goes into a temporary file."""


class Room:
    """The bytes that temporary files may take together; safe to use from many threads."""

    def __init__(self, size: int) -> None:
        """Have so many bytes to give away."""
        self._free = size
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Give away some. Raises EngineBusy where so many are not free."""
        with self._lock:
            if size > self._free:
                raise EngineBusy("too many large answers wait for their readers; try again later")
            self._free -= size

    def give_back(self, size: int) -> None:
        """Have them again."""
        with self._lock:
            self._free += size


class TemporaryFile(io.FileIO):
    """A file without a name that gives its room back when it is closed."""

    def __init__(self, room: Room) -> None:
        """Make it, empty. Raises OSError."""
        self._room, self._taken = room, 0
        with tempfile.TemporaryFile(buffering=0) as file:
            super().__init__(os.dup(file.fileno()), "w+b")

    def take(self, data: bytes) -> None:
        """Add all of the bytes. Raises EngineBusy, or OSError where the disk is full."""
        self._room.take(len(data))
        self._taken += len(data)
        rest = memoryview(data)
        while rest:
            rest = rest[self.write(rest) :]

    def close(self) -> None:
        """Close it; the second time does nothing."""
        taken, self._taken = self._taken, 0
        self._room.give_back(taken)
        with contextlib.suppress(OSError):
            super().close()


class Spool:
    """Takes the parts of an answer: in memory, or in a temporary file where they are many."""

    def __init__(self, room: Room) -> None:
        """Begin in memory."""
        self.size = 0
        self._room = room
        self._parts: list[bytes] = []
        self._file: TemporaryFile | None = None

    def take(self, part: bytes) -> None:
        """Add a part. Raises EngineBusy, or OSError where the disk is full."""
        self.size += len(part)
        if self._file is None and self.size <= _HELD:
            self._parts.append(part)
            return
        if self._file is None:
            self._file = TemporaryFile(self._room)
            self._file.take(b"".join(self._parts))
            self._parts.clear()
        self._file.take(part)

    def content(self) -> bytes | BinaryIO:
        """Return all that was taken."""
        return b"".join(self._parts) if self._file is None else cast("BinaryIO", self._file)

    def close(self) -> None:
        """Forget all that was taken."""
        if self._file is not None:
            self._file.close()
