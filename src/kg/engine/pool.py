"""Answers requests with a few worker processes over one build; the embedded engine.

A worker that is killed, or ends, is replaced at once. Queries of many threads may wait for each
other here; texts are checked (kg.engine.guard) before they wait.
"""

import json
import queue
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from kg.config import Config
from kg.engine.channel import Question
from kg.engine.guard import check_query
from kg.engine.outcomes import to_answer
from kg.engine.process import WorkerProcess
from kg.engine.requests import Answer, Request
from kg.errors import BuildError, EngineBusy, EngineUnavailable


class Pool:
    """An Engine with `config.workers` processes. Safe to use from many threads."""

    def __init__(self, config: Config, build_dir: Path) -> None:
        """Start the workers over a build folder, and do not wait for them.

        Raises BuildError where the folder is not a build.
        """
        self._build = read_hash(build_dir)
        self._config = config
        self._store = build_dir.resolve() / "store"
        self._lock = threading.Lock()
        self._is_closed = False
        self._idle: queue.LifoQueue[WorkerProcess] = queue.LifoQueue()
        self._workers: set[WorkerProcess] = set()
        self._waiting = threading.Semaphore(max(1, config.threads // 2))
        self._refill()

    @property
    def build(self) -> str:
        """The hash of the build."""
        return self._build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer."""
        question = _question(request)
        check_query(question.query, self._config)
        seconds = min(request.timeout or self._config.query_timeout, self._config.query_timeout)
        worker = self._take(min(seconds, self._config.queue_seconds))
        try:
            reply = worker.ask(question, seconds)
        finally:
            self._give_back(worker)
        return to_answer(reply, request, self._build)

    def close(self) -> None:
        """Kill all workers; queries under way end in an error."""
        with self._lock:
            self._is_closed = True
            workers, self._workers = self._workers, set()
        for worker in workers:
            worker.kill()

    def _take(self, seconds: float) -> WorkerProcess:
        """Return an idle, living worker. Raises EngineUnavailable where none comes free."""
        if self._is_closed:
            raise EngineUnavailable("the engine is closed")
        self._refill()
        worker = self._next_idle(seconds)
        if worker.can_be_asked:
            return worker
        self._replace(worker)
        return self._take(seconds)

    def _next_idle(self, seconds: float) -> WorkerProcess:
        """Return an idle worker; half of the threads may wait for one, so that others are free."""
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            if not self._waiting.acquire(blocking=False):
                raise EngineBusy("too many queries wait already; try again in a moment") from None
        try:
            return self._idle.get(timeout=seconds)
        except queue.Empty as error:
            raise EngineBusy("all workers are busy; try again in a moment") from error
        finally:
            self._waiting.release()

    def _give_back(self, worker: WorkerProcess) -> None:
        if worker.can_be_asked:
            self._idle.put(worker)
        else:
            self._replace(worker)

    def _replace(self, worker: WorkerProcess) -> None:
        worker.kill()
        with self._lock:
            self._workers.discard(worker)
        with suppress(EngineUnavailable):  # the next request tries again, and tells
            self._refill()

    def _refill(self) -> None:
        """Start the workers that are missing. Raises EngineUnavailable where there is none."""
        with self._lock:
            while not self._is_closed and len(self._workers) < self._config.workers:
                try:
                    worker = WorkerProcess(self._config, self._store)
                except OSError as error:
                    if self._workers:
                        return
                    raise EngineUnavailable("no worker can be started; try again") from error
                self._workers.add(worker)
                self._idle.put(worker)


class One(Pool):
    """The same with a single worker, for a command that asks once."""

    def __init__(self, config: Config, build_dir: Path) -> None:
        """Start the worker over a build folder, and do not wait for it."""
        super().__init__(replace(config, workers=1), build_dir)


def read_hash(build_dir: Path) -> str:
    """Return the hash of a build from its manifest. Raises BuildError where there is none."""
    manifest = build_dir / "manifest.json"
    try:
        return str(json.loads(manifest.read_text(encoding="utf-8"))["hash"])
    except (OSError, ValueError, KeyError) as error:
        raise BuildError(f"{manifest} names no build; run kg build") from error


def _question(request: Request) -> Question:
    return Question(
        request.query.removeprefix("\ufeff"),
        None if request.rows is None else request.rows.media_type,
        None if request.graph is None else request.graph.media_type,
        None if request.default_graphs is None else list(request.default_graphs),
        None if request.named_graphs is None else list(request.named_graphs),
        request.is_own,
    )
