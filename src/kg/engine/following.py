"""An engine that follows which build is served, and changes over without losing a request."""

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Request
from kg.errors import BuildError, EngineUnavailable

_LOOK_SECONDS: Final = 0.5
"""How often to look which build is served."""

_AGAIN_SECONDS: Final = 10.0
"""Between two attempts to serve a build that could not be served."""

_READY_SECONDS: Final = 300.0
"""Longest wait for a new build to be ready; the old one answers meanwhile."""

_log: Final = logging.getLogger(__name__)


class Following:
    """An Engine over whichever build is current. Safe to use from many threads.

    A new build is opened beside the old one and takes over when it can answer; the old one is
    closed when every query that it was given has had its time. A build that cannot be opened is
    reported, and the old one goes on.
    """

    def __init__(self, config: Config) -> None:
        """Open the current build, and watch for another. Raises BuildError where there is none."""
        self._config = config
        self._folder = find_current(config)
        self._pool = Pool(config, self._folder)
        self._old: list[tuple[float, Pool]] = []
        self._failed: Path | None = None
        self._again = 0.0
        self._closing = threading.Event()
        threading.Thread(target=self._watch, name="follower", daemon=True).start()

    @property
    def build(self) -> str:
        """The hash of the build that is asked now."""
        return self._pool.build

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer."""
        return self._pool.answer(request)

    def statistics(self) -> Mapping[str, int]:
        """Return the numbers of the pool that is asked now, how many old ones remain, and `behind`.

        `behind` is 1 while the build that is current cannot be served.
        """
        is_behind = self._failed is not None
        return {**self._pool.statistics(), "old_builds": len(self._old), "behind": int(is_behind)}

    def pids(self) -> set[int]:
        """Return the process ids of everything that was started."""
        return self._pool.pids().union(*(pool.pids() for _, pool in self._old))

    def close(self) -> None:
        """End everything that was started."""
        self._closing.set()
        for pool in (self._pool, *(pool for _, pool in self._old)):
            pool.close()

    def _watch(self) -> None:
        while not self._closing.wait(_LOOK_SECONDS):
            try:
                self._close_old(time.monotonic())
                self._look()
            except Exception:  # noqa: BLE001 - without a follower no new build is ever served
                _log.exception("the follower of builds met an error, and goes on")

    def _look(self) -> None:
        """Change over where another build is current; one that cannot be served is tried again."""
        folder = find_current(self._config)
        if folder == self._folder or (folder == self._failed and time.monotonic() < self._again):
            return
        try:
            self._change_to(folder)
        except (BuildError, EngineUnavailable) as error:
            self._failed, self._again = folder, time.monotonic() + _AGAIN_SECONDS
            _log.error("the new build cannot be served, the old one goes on: %s", error)

    def _change_to(self, folder: Path) -> None:
        pool = Pool(self._config, folder)
        try:
            pool.await_ready(_READY_SECONDS)
        except EngineUnavailable:
            pool.close()
            raise
        self._old.append((time.monotonic() + self._config.longest_request, self._pool))
        self._pool, self._folder, self._failed = pool, folder, None
        _log.info("now serving build %s", pool.build)

    def _close_old(self, now: float) -> None:
        for entry in [each for each in self._old if each[0] < now]:
            self._old.remove(entry)
            entry[1].close()
