"""Answers requests with a few worker processes over one build; the embedded engine of a server.

The workers are forked from a nursery; some of them are reserved for pages and saved queries. Before
them is a bounded queue. A keeper starts workers in the place of those that ended, off the way of
any request.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kg.config import Config
from kg.current import count_quads, read_hash
from kg.engine.brake import Brake
from kg.engine.hatching import Nursery
from kg.engine.outcomes import to_answer
from kg.engine.process import WorkerProcess, timeout_after
from kg.engine.questions import clients_of, question_of, seconds_of
from kg.engine.requests import Answer, Request
from kg.engine.spool import Room, Spool
from kg.errors import EngineBusy, EngineUnavailable, QueryCancelled, QueryError, QueryTimeout

_MOST_ASKED: Final = 5000
"""Queries after which a worker is replaced: memory falls to pieces."""

_ROOMS: Final = 4
"""How many of the largest answers may be kept for slow readers at a time."""

_LOOK_SECONDS: Final = 0.5
"""Between two looks whether idle workers still live."""

_SOON_READ: Final = 100_000
"""Quads that are read into memory in a quarter of a second."""

_RETRY_SECONDS: Final = 0.2
"""Between two attempts to start a worker."""

_log: Final = logging.getLogger(__name__)


class Pool:
    """An Engine with several worker processes. Safe to use from many threads."""

    def __init__(self, config: Config, build_dir: Path) -> None:
        """Start the workers over a build folder, and do not wait for them.

        Raises BuildError where the folder is not a build.
        """
        self._build = read_hash(build_dir)
        self._config = config
        self._brake = Brake(config.brake_seconds)
        self._nurseries = _nurseries(config, build_dir.resolve())
        self._changed = threading.Condition()
        self._is_closed = False
        self._trouble = ""
        self._idle: deque[WorkerProcess] = deque()
        self._busy: set[WorkerProcess] = set()
        self._leaving: deque[WorkerProcess] = deque()
        self._counts = {"started": 0, "ended": 0}
        self._waiting = Counter[bool]()  # by whether they are reserved
        self._room = Room(_ROOMS * config.result_bytes)
        self._threads = [
            threading.Thread(target=each, daemon=True) for each in (self._keep, self._change_over)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def build(self) -> str:
        """The hash of the build."""
        return self._build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer."""
        question = question_of(request, self._config)
        self._brake.check(question)
        seconds = seconds_of(request, self._config)
        deadline = time.monotonic() + seconds
        worker = self._take(request, min(seconds, self._config.queue_seconds))
        try:
            spool = Spool(self._room)
            late = timeout_after(seconds)
            spoken = worker.ask(question, spool, deadline, late, clients_of(request))
        except QueryError as error:
            if not isinstance(error, QueryTimeout) or seconds == self._config.query_timeout:
                self._brake.remember(question, error)
            raise
        finally:
            self._give_back(worker)
        return to_answer(*spoken, request, self._build)

    def await_ready(self, seconds: float) -> None:
        """Return when a query can be answered. Raises EngineUnavailable where that is not soon."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._busy or self._trouble, seconds)
            if not (self._idle or self._busy):
                raise EngineUnavailable(self._trouble or "no worker did start in time")

    def statistics(self) -> Mapping[str, int]:
        """Return how many workers are idle and busy, were started and ended; how many wait."""
        with self._changed:
            now = {"idle": len(self._idle), "busy": len(self._busy)}
            return {**now, "waiting": self._waiting.total(), **self._counts}

    def pids(self) -> set[int]:
        """Return the process ids of the workers and of their nurseries, where those run."""
        with self._changed:
            found = {worker.pid for worker in (*self._idle, *self._busy)}
        return found | {each.pid for each in self._nurseries if each.pid}

    def close(self) -> None:
        """Kill all workers; queries under way end in an error."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        for nursery in self._nurseries:
            nursery.close()
        for thread in self._threads:
            thread.join()
        with self._changed:
            workers = [*self._idle, *self._busy, *self._leaving]
            self._idle.clear()
            self._leaving.clear()
        for worker in workers:
            worker.kill()

    def _take(self, request: Request, seconds: float) -> WorkerProcess:
        """Return an idle, living worker. Raises EngineUnavailable where none comes free."""
        until = time.monotonic() + seconds
        while True:
            worker = self._next_idle(request, until - time.monotonic())
            if worker.can_be_asked:
                return worker
            worker.stop()
            self._give_back(worker)

    def _next_idle(self, request: Request, seconds: float) -> WorkerProcess:
        with self._changed:
            if not self._is_free_for(request):
                self._wait(request, seconds)
            if self._is_closed:
                raise EngineUnavailable("the engine is closed")
            if not self._is_free_for(request):
                raise EngineUnavailable(self._trouble or "no worker can be started; try again")
            worker = self._idle.pop()
            self._busy.add(worker)
        return worker

    def _wait(self, request: Request, seconds: float) -> None:
        """Wait in the queue. Raises EngineBusy where it is full, or the wait is too long."""
        if self._waiting[request.is_reserved] >= self._config.queue_length:
            raise EngineBusy("too many queries wait already; try again in a moment")
        self._waiting[request.is_reserved] += 1
        try:
            is_over = self._changed.wait_for(
                lambda: self._is_closed or self._is_hopeless() or self._is_free_for(request),
                seconds,
            )
        finally:
            self._waiting[request.is_reserved] -= 1
        if not is_over and not self._idle and not self._busy:
            raise EngineUnavailable(self._trouble or "no worker has started yet; try again")
        if not is_over:
            raise EngineBusy("all workers are busy; try again in a moment")
        if any(client.is_gone() for client in clients_of(request)):
            self._changed.notify_all()
            raise QueryCancelled("the query was cancelled")

    def _is_hopeless(self) -> bool:
        """Whether there is no worker, and none can be started."""
        return bool(self._trouble) and not self._idle and not self._busy

    def _is_free_for(self, request: Request) -> bool:
        """Whether a worker is idle, and not kept for pages and saved queries alone."""
        kept = 0 if request.is_reserved else self._config.reserved_workers
        return len(self._idle) > kept

    def _give_back(self, worker: WorkerProcess) -> None:
        is_good = worker.is_clean and worker.asked < _MOST_ASKED
        if not is_good:
            worker.stop()
        with self._changed:
            self._busy.discard(worker)
            is_kept = is_good and not self._is_closed
            (self._idle if is_kept else self._leaving).append(worker)
            if not is_kept or self._waiting.total():
                self._changed.notify_all()  # else nobody waits for it, and the keeper need not wake

    def _keep(self) -> None:
        """End the workers that leave and start those that are missing, until the pool closes."""
        while self._await_work():
            try:
                self._tidy()
            except Exception:  # noqa: BLE001 - without a keeper there are soon no workers
                _log.exception("the keeper of the workers met an error, and goes on")
                time.sleep(_RETRY_SECONDS)

    def _tidy(self) -> None:
        while self._leaving:
            self._leaving.popleft().kill()
            self._counts["ended"] += 1
        if self._is_missing() and not self._start_one():
            time.sleep(_RETRY_SECONDS)

    def _change_over(self) -> None:
        """Replace the workers on disk by workers that share the build in memory, once it is read.

        A large build takes seconds to read; it is answered from disk until then.
        """
        if len(self._nurseries) == 1:
            return
        on_disk, in_memory = self._nurseries
        try:
            in_memory.await_ready()
        except (OSError, EngineUnavailable) as error:
            if not self._is_closed:
                _log.warning("the build is answered from disk, not from memory: %s", error)
            return
        with self._changed:
            self._nurseries = (in_memory, on_disk)
            for worker in self._busy:
                worker.retire_after_answer()
            self._leaving.extend(self._idle)
            self._idle.clear()
            self._changed.notify_all()

    def _await_work(self) -> bool:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_closed or self._leaving or self._is_missing(), _LOOK_SECONDS
            )
            for worker in [each for each in self._idle if not each.can_be_asked]:
                self._idle.remove(worker)
                self._leaving.append(worker)
            return not self._is_closed

    def _is_missing(self) -> bool:
        wanted = self._config.workers + self._config.reserved_workers
        return len(self._idle) + len(self._busy) < wanted

    def _start_one(self) -> bool:
        """Start a worker, and return whether that was possible."""
        worker, trouble, nursery = None, "", self._nurseries[0]
        try:
            worker = nursery.start_worker()
        except EngineUnavailable as error:
            trouble = str(error)
        except OSError as error:
            trouble = "no worker can be started; try again"
            _log.warning("no worker can be started: %s", error)
        with self._changed:
            self._trouble = trouble
            if worker is not None:
                is_late = nursery is not self._nurseries[0]
                (self._leaving if is_late else self._idle).appendleft(worker)
                self._counts["started"] += 1
            self._changed.notify_all()
        return worker is not None


def _nurseries(config: Config, build_dir: Path) -> tuple[Nursery, ...]:
    """Return who forks workers, and who takes over from it when it has read the build."""
    on_disk = Nursery(config, build_dir / "store")
    dump = build_dir / "dataset.nq"
    if not dump.is_file() or (quads := count_quads(build_dir)) > config.memory_quads:
        return (on_disk,)
    in_memory = Nursery(config, dump)
    return (in_memory,) if quads <= _SOON_READ else (on_disk, in_memory)
