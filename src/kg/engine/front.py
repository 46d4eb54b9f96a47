"""Stands before an engine: answers again what was asked before, and shares the engine out fairly.

The web asks only this. Not here: queue, deadline and workers (kg.engine.pool).
"""

import time
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from kg.config import Config
from kg.engine.budget import Budgets, client_of
from kg.engine.cache import Cache, is_repeatable, key_of
from kg.engine.requests import Answer, Engine, Request
from kg.engine.running import Running, RunningQueries
from kg.errors import (
    BackendError,
    BudgetSpent,
    EngineUnavailable,
    QueryCancelled,
    QueryError,
)

ANSWERED: Final = "ok"
CACHED: Final = "cached"
BROKEN: Final = "internal_error"
"""Outcomes beside the codes of errors."""

_NOT_THE_CLIENTS_FAULT: Final = (BackendError, BudgetSpent, EngineUnavailable, QueryCancelled)

Result = TypeVar("Result")

Observer = Callable[[Request, str, float], None]
"""Is told of each query: the request, its outcome (a code), and the seconds it took."""


class Front:
    """An Engine before another. Safe to use from many threads."""

    def __init__(
        self,
        engine: Engine,
        config: Config,
        clock: Callable[[], float] = time.monotonic,
        observe: Observer = lambda *_: None,
    ) -> None:
        """Stand before `engine`."""
        self._engine, self._clock, self._observe = engine, clock, observe
        self._budgets = Budgets(config, clock)
        self._running = RunningQueries(most_of_one(config))
        self.cache = Cache(config.cache_bytes)

    @property
    def build(self) -> str:
        """The hash of the build."""
        return self._engine.build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer. Raises BudgetSpent, and what the engine's `answer` raises.

        Where the engine does not know its build, the answer may be another one the next time.
        """
        build = self._engine.build
        found = self.cache.get(key_of(request, build), Answer) if build else None
        if found is not None:
            self._observe(request, CACHED, 0.0)
            return found
        answer = self._ask(request)
        is_small = isinstance(answer.content, bytes)
        if answer.build and is_small and is_repeatable(request.query):
            self.cache.put(key_of(request, answer.build), answer)
        return answer

    def charged(self, address: str, work: Callable[[], Result]) -> Result:
        """Return what `work` returns, done for who asks from `address` and paid by its budget.

        Raises BudgetSpent, and what `work` raises.
        """
        client = client_of(address)
        self._budgets.check(client)
        started = self._clock()
        try:
            return work()
        finally:
            self._budgets.charge(client, self._clock() - started, is_failed=False)

    def probe(self, request: Request) -> Answer:
        """Return what the engine itself answers now, and tell nobody."""
        return self._engine.answer(request)

    def running(self) -> tuple[Running, ...]:
        """Return the queries under way, the oldest first."""
        return self._running.list()

    def cancel(self, identifier: str) -> bool:
        """End a query, and return whether there was one of that id."""
        return self._running.cancel(identifier)

    def statistics(self) -> Mapping[str, float]:
        """Return what can be counted now, and the engine's own numbers where it has some."""
        own = {
            "running": len(self._running),
            "clients": len(self._budgets),
            "cached_answers": len(self.cache),
            "cached_bytes": self.cache.bytes,
        }
        count: Callable[[], Mapping[str, float]] = getattr(self._engine, "statistics", dict)
        return {**own, **count()}

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def _ask(self, request: Request) -> Answer:
        """Ask the engine, and let the client pay for the time and for its errors."""
        started, outcome, fault = self._clock(), BROKEN, False
        try:
            if request.address:
                self._budgets.check(client_of(request.address))
            with self._running.entered(request) as watched:
                answer = self._engine.answer(watched)
            outcome = ANSWERED
        except QueryError as error:
            outcome = error.code
            fault = not isinstance(error, _NOT_THE_CLIENTS_FAULT)
            if isinstance(error, (BudgetSpent, EngineUnavailable)):
                started = self._clock()  # nobody worked for it
            raise
        finally:
            seconds = self._clock() - started
            if request.address and (seconds or fault):
                self._budgets.charge(client_of(request.address), seconds, is_failed=fault)
            self._observe(request, outcome, seconds)
        return answer


def most_of_one(config: Config) -> int:
    """Return how many queries of one client run and wait at a time; half of the queue is left."""
    return config.workers + config.queue_length // 2
