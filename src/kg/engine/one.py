"""Answers requests with a single worker process; the embedded engine of a command."""

import time
from pathlib import Path

from kg.config import Config
from kg.current import read_hash
from kg.engine.outcomes import to_answer
from kg.engine.process import spawn, timeout_after
from kg.engine.questions import clients_of, question_of, seconds_of
from kg.engine.requests import Answer, Request
from kg.engine.spool import Room, Spool
from kg.errors import QueryError


class One:
    """An Engine with a single worker of its own, for a command; asked by one thread at a time."""

    def __init__(self, config: Config, build_dir: Path) -> None:
        """Start the worker over a build folder, and do not wait for it.

        Raises BuildError where the folder is not a build.
        """
        self._build = read_hash(build_dir)
        self._config = config
        self._store = build_dir.resolve() / "store"
        self._room = Room(config.result_bytes)
        self._worker = spawn(config, self._store)

    @property
    def build(self) -> str:
        """The hash of the build."""
        return self._build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer."""
        question = question_of(request, self._config)
        if not self._worker.can_be_asked:
            self._worker.kill()
            self._worker = spawn(self._config, self._store)
        seconds = seconds_of(request, self._config)
        self._worker.await_start()
        deadline = time.monotonic() + seconds
        try:
            spool, late = Spool(self._room), timeout_after(seconds)
            spoken = self._worker.ask(question, spool, deadline, late, clients_of(request))
        except QueryError:
            self._worker.kill()
            raise
        return to_answer(*spoken, request, self._build)

    def pids(self) -> set[int]:
        """Return the process id of the worker."""
        return {self._worker.pid}

    def close(self) -> None:
        """Kill the worker."""
        self._worker.kill()
