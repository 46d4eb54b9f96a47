"""Looks at the processes of this machine, for tests that nobody is left behind."""

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path


def is_running(pid: int) -> bool:
    """Whether the process runs; one that only waits for its end to be noticed does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def kill(pids: Iterable[int]) -> None:
    """Kill processes; one that has ended meanwhile is as good as killed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    """Return the processes below a process."""
    children = [int(each) for task in _tasks(pid) for each in _words(task / "children")]
    return children + [below for child in children for below in descendants(child)]


def _tasks(pid: int) -> list[Path]:
    return list(Path(f"/proc/{pid}/task").glob("*"))


def _words(path: Path) -> list[str]:
    try:
        return path.read_text().split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def wait_until(is_so: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Return whether it becomes so in time."""
    deadline = time.monotonic() + seconds
    while not (is_so_now := is_so()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return is_so_now
