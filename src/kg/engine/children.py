"""Processes of our own: how they are started, and what they are told.

Not here: what is said to them afterwards (kg.engine.process, kg.engine.hatching).
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final, Protocol

from kg.config import Config
from kg.engine.channel import Limits

_NEEDED: Final = (
    "DYLD_LIBRARY_PATH",
    "HOME",
    "KG_BASE_IRI",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
)
"""What a child needs to find its modules, and the base of its IRIs; nothing else is passed."""


class Child(Protocol):
    """A process that can be ended."""

    @property
    def pid(self) -> int:
        """The process id."""

    def stop(self) -> None:
        """Kill it, and do not wait."""

    def end(self) -> int | None:
        """Kill it, wait until it is gone, and return its exit code where that is known."""


class Program:
    """A Child that was started as a program of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        """Take over the process."""
        self._process = process

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def stop(self) -> None:
        """Kill it, and do not wait."""
        self._process.kill()

    def end(self) -> int:
        """Kill it, wait until it is gone, and return its exit code."""
        self._process.kill()
        return self._process.wait()


def start_child(module: str, config: Config, store: Path) -> tuple[Program, socket.socket]:
    """Start `python -m module STORE LIMITS`; return it and the other end of its standard input."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-P", "-m", module, str(store), json.dumps(limits_of(config))],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=_environment(),
            process_group=0,  # Ctrl-C is for the parent to act upon
        )
    return Program(process), ours


def limits_of(config: Config) -> Limits:
    """Return what a worker is told of the configuration."""
    return Limits(
        config.worker_memory,
        config.worker_stack,
        config.result_bytes,
        config.result_rows,
        config.query_bytes,
        config.query_depth,
        config.query_operators,
    )


def _environment() -> dict[str, str]:
    found = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**found, "RUST_BACKTRACE": "0", "PYTHONUTF8": "1"}
