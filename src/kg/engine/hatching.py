"""A server's end of the nursery (kg.engine.nursery): start it, and have it fork workers."""

import contextlib
import os
import signal
import socket
import threading
from pathlib import Path
from typing import Final

from kg.config import Config
from kg.engine.channel import receive_reply
from kg.engine.children import Program, start_child
from kg.engine.process import WorkerProcess
from kg.errors import EngineUnavailable

_START_SECONDS: Final = 300.0
"""Longest wait for a nursery to load a build; a million quads take some seconds."""

_COMMAND_SECONDS: Final = 10.0
_REAP_SECONDS: Final = 1.0
"""Longest wait for the exit code of a worker, while the nursery may be loading a build."""


class Nursery:
    """Starts workers over one build; started again by itself where it has ended."""

    def __init__(self, config: Config, source: Path) -> None:
        """Have workers over `source`: a file of N-Quads (in memory) or a store on disk."""
        self._config, self._source = config, source
        self._lock = threading.Lock()
        self._program: Program | None = None
        self._control: socket.socket | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """The process id, where it has been started."""
        return None if self._program is None else self._program.pid

    def start_worker(self) -> WorkerProcess:
        """Return a new worker that can be asked.

        Raises EngineUnavailable where the build cannot be opened, OSError where a process cannot be
        started.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                worker = WorkerProcess(Nursling(self, self._fork(theirs.fileno())), ours)
            except (OSError, EngineUnavailable):
                ours.close()
                raise
        try:
            worker.await_start()
        except EngineUnavailable:
            worker.kill()
            raise
        return worker

    def reap(self, pid: int) -> int | None:
        """Return the exit code of a worker that was killed, or None where nobody knows it."""
        if self._control is None or not self._lock.acquire(timeout=_REAP_SECONDS):
            return None
        try:
            return self._say(b"reap %d" % pid)
        except (OSError, EngineUnavailable):
            return None
        finally:
            self._lock.release()

    def await_ready(self) -> None:
        """Return when it has opened the build. Raises EngineUnavailable or OSError."""
        with self._lock:
            try:
                self._control = self._control or self._start()
            except OSError:
                self._stop()
                raise

    def close(self) -> None:
        """End it, whatever it is doing; its workers live on."""
        self._is_closed = True
        if self._program is not None:
            self._program.end()
        with self._lock:
            self._stop()

    def _fork(self, channel: int) -> int:
        with self._lock:
            pid = self._say(b"fork", (channel,))
        if not pid:
            raise EngineUnavailable("no worker can be started; try again")
        return pid

    def _say(self, command: bytes, fds: tuple[int, ...] = ()) -> int:
        """Return what it answers to a command. Raises EngineUnavailable or OSError."""
        try:
            control = self._control or self._start()
            socket.send_fds(control, [command], list(fds))
            said = control.recv(64)
        except OSError:
            self._stop()
            raise
        if not said:
            self._stop()
            raise EngineUnavailable("no worker can be started; try again")
        return int(said)

    def _start(self) -> socket.socket:
        if self._is_closed:
            raise EngineUnavailable("the engine is closed")
        self._program, control = start_child("kg.engine.nursery", self._config, self._source)
        try:
            _await_ready(control)
        except (OSError, EngineUnavailable):
            control.close()
            self._stop()
            raise
        self._control = control
        return control

    def _stop(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._program is not None:
            self._program.end()
        self._control = self._program = None


def _await_ready(control: socket.socket) -> None:
    control.settimeout(_START_SECONDS)
    try:
        reply = receive_reply(control.recv, lambda _: None)
    except EOFError as error:
        raise OSError("the nursery ended before it was ready") from error
    if reply.outcome != "ready":
        raise EngineUnavailable("the build cannot be opened; the log says why")
    control.settimeout(_COMMAND_SECONDS)


class Nursling:
    """A Child that was forked from a nursery."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        """Take over the process."""
        self._nursery = nursery
        self.pid = pid

    def stop(self) -> None:
        """Kill it, and do not wait."""
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)

    def end(self) -> int | None:
        """Kill it, wait until it is gone, and return its exit code where the nursery lives."""
        self.stop()
        return self._nursery.reap(self.pid)
