"""One builder at a time, and one that tidies up when it is told to stop."""

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from kg.errors import BuildError


@contextmanager
def only_builder(builds: Path) -> Iterator[None]:
    """Hold the lock on the folder of builds, making it where there is none.

    The system gives the lock back when a process dies, however it dies: the file may stay behind,
    and the pid in it is only for the message. Raises BuildError where another process holds it, or
    the folder cannot be written to.
    """
    lock = _open_lock(builds)
    try:
        _take(lock, builds)
        yield
    finally:
        os.close(lock)


@contextmanager
def stopping_tidily() -> Iterator[None]:
    """Turn SIGTERM into SystemExit, so that what is half made is removed on the way out."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _open_lock(builds: Path) -> int:
    try:
        builds.mkdir(parents=True, exist_ok=True)
        return os.open(builds / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _refused(builds, error) from error


def _take(lock: int, builds: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(lock, 0)
        os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    except BlockingIOError as error:
        pid = os.pread(lock, 20, 0).decode().strip() or "unknown"
        raise BuildError(
            f"another build is running in {builds} (pid {pid}); wait for it, or stop it"
        ) from error
    except OSError as error:
        raise _refused(builds, error) from error


def _refused(builds: Path, error: OSError) -> BuildError:
    return BuildError(f"builds cannot be written to {builds}: {error.strerror}")


def _stop(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
