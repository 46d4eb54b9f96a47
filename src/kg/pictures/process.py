"""A server's end of the process that draws (kg.pictures.drawing): started at first use, and kept.

Vega runs JavaScript: a hundred MB and threads, which a process that serves, or is forked, must not
have. One picture is drawn at a time; whoever comes meanwhile waits.
"""

import socket
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.config import Config
from kg.engine.channel import Reply, receive_reply, send_reply
from kg.engine.children import Program, start_child
from kg.errors import EngineUnavailable, NotRepresentable
from kg.pictures.limits import DRAWN, MOST_PICTURES, SECONDS, START_SECONDS
from kg.pictures.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable

_REFUSED: Final = "the picture of this answer cannot be drawn; the log says why"
_MOST_REFUSED: Final = 1000
"""Scenes that are remembered; then all of them are forgotten."""


class _Drawing(NamedTuple):
    """The process and the socket to it."""

    program: Program
    channel: socket.socket

    def end(self) -> None:
        """Kill it, whatever it is doing."""
        self.program.end()
        self.channel.close()


class Drawer:
    """Has scenes drawn by another process; safe to use from many threads or greenlets."""

    def __init__(self, config: Config, seconds: float = SECONDS) -> None:
        """Start nothing yet; a picture takes at most so many seconds."""
        self._config, self._seconds = config, seconds
        self._lock = threading.RLock()
        self._drawing: _Drawing | None = None
        self._count = 0
        self._refused: set[str] = set()
        self._end: Callable[[], object] = bool

    @property
    def pid(self) -> int | None:
        """The process id, where there is a process."""
        return None if self._drawing is None else self._drawing.program.pid

    def draw(self, scene: Scene, form: str) -> bytes:
        """Return the picture as `svg` or `png`.

        Raises EngineUnavailable where that takes too long, and NotRepresentable where the scene
        cannot be drawn: that is remembered, and not tried again.
        """
        with self.turn(scene):
            try:
                outcome, drawn = self._ask(self._running(), scene, form)
            except OSError as error:
                self._stop()
                raise EngineUnavailable("the picture was not drawn in time; try again") from error
            except EOFError as error:
                self._stop()
                raise self._refuse(scene) from error
            except BaseException:
                self._stop()  # whoever waited was ended: what comes next is not for the next
                raise
            if outcome != DRAWN:
                raise self._refuse(scene)
            return drawn

    @contextmanager
    def turn(self, scene: Scene) -> Iterator[None]:
        """Wait until no other picture is drawn; so the wait can be told from the drawing.

        Raises EngineUnavailable where that takes too long, and NotRepresentable, at once, where the
        scene was refused before.
        """
        if scene.key in self._refused:
            raise NotRepresentable(_REFUSED)
        if not self._lock.acquire(timeout=self._seconds):
            raise EngineUnavailable("too many pictures are being drawn; try again")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process; the next picture starts another."""
        with self._lock:
            self._stop()

    def _refuse(self, scene: Scene) -> NotRepresentable:
        """Return what is raised for a scene from now on."""
        if len(self._refused) >= _MOST_REFUSED:
            self._refused.clear()
        self._refused.add(scene.key)
        return NotRepresentable(_REFUSED)

    def _ask(self, drawing: _Drawing, scene: Scene, form: str) -> tuple[str, bytes]:
        deadline = time.monotonic() + self._seconds
        drawing.channel.settimeout(self._seconds)
        send_reply(drawing.channel, Reply(form), scene.written())
        heard = _hear(drawing.channel, deadline)
        self._count += 1
        if self._count >= MOST_PICTURES:
            self._stop()
        return heard

    def _running(self) -> _Drawing:
        """Return the process, started where there is none. Raises OSError."""
        if self._drawing is None:
            found = _Drawing(*start_child("kg.pictures.drawing", self._config, self._config.root))
            self._drawing, self._count = found, 0
            self._end = weakref.finalize(self, found.end)
            try:
                _hear(found.channel, time.monotonic() + START_SECONDS)
            except EOFError as error:
                raise ChildProcessError("the process that draws does not start") from error
        return self._drawing

    def _stop(self) -> None:
        self._drawing = None
        self._end()


def _hear(channel: socket.socket, deadline: float) -> tuple[str, bytes]:
    """Return what the process says: an outcome, and bytes. Raises TimeoutError at the deadline."""
    parts: list[bytes] = []

    def receive(size: int) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        channel.settimeout(left)
        return channel.recv(size)

    return receive_reply(receive, parts.append).outcome, b"".join(parts)
