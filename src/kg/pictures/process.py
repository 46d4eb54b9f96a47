"""A server's end of the process that draws (kg.pictures.drawing): started at first use, and kept.

Vega runs JavaScript: a hundred MB and threads, which a process that serves, or is forked, must not
have. One picture is drawn at a time; whoever comes meanwhile waits.
"""

import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING, NamedTuple

from kg.config import Config
from kg.engine.channel import Reply, receive_reply, send_reply
from kg.engine.children import Program, start_child
from kg.errors import EngineUnavailable
from kg.pictures.limits import DRAWN, MOST_PICTURES, SECONDS, START_SECONDS
from kg.pictures.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Callable


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
        self._lock = threading.Lock()
        self._drawing: _Drawing | None = None
        self._count = 0
        self._end: Callable[[], object] = bool

    @property
    def pid(self) -> int | None:
        """The process id, where there is a process."""
        return None if self._drawing is None else self._drawing.program.pid

    def draw(self, scene: Scene, form: str) -> bytes:
        """Return the picture as `svg` or `png`.

        Raises EngineUnavailable where it cannot be drawn, or not in time.
        """
        if not self._lock.acquire(timeout=self._seconds):
            raise EngineUnavailable("too many pictures are being drawn; try again")
        try:
            outcome, drawn = self._ask(self._running(), scene, form)
        except OSError as error:
            self._stop()
            raise EngineUnavailable("the picture was not drawn in time; try again") from error
        except EOFError as error:
            self._stop()
            raise EngineUnavailable("the picture cannot be drawn; the log says why") from error
        except BaseException:
            self._stop()  # whoever waited was ended: what comes next is not for the next
            raise
        finally:
            self._lock.release()
        if outcome != DRAWN:
            raise EngineUnavailable("the picture cannot be drawn; the log says why")
        return drawn

    def close(self) -> None:
        """End the process; the next picture starts another."""
        with self._lock:
            self._stop()

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
        """Return the process, started where there is none. Raises OSError, EOFError."""
        if self._drawing is None:
            found = _Drawing(*start_child("kg.pictures.drawing", self._config, self._config.root))
            self._drawing, self._count = found, 0
            self._end = weakref.finalize(self, found.end)
            _hear(found.channel, time.monotonic() + START_SECONDS)
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
