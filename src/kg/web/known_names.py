"""The names of the build that is served, read when somebody first searches them."""

import threading
import time
from collections.abc import Callable
from typing import Final

from kg.errors import EngineBusy
from kg.searching import Names, read_names
from kg.web.answers import Asking
from kg.web.home import ASKED
from kg.web.services import services

_SECONDS: Final = 60.0
"""How long names are kept where the engine does not know its build."""


class KnownNames:
    """Keeps the names of one build; safe to use from many threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin without any."""
        self._clock = clock
        self._lock = threading.Lock()
        self._names: Names | None = None
        self._until = 0.0

    def now(self) -> Names:
        """Return the names, read at most once a build. Raises what Engine.answer raises.

        Raises EngineBusy where somebody else reads them for longer than a query waits for a worker.
        """
        known = self._known()
        if known:
            return known
        if not self._lock.acquire(timeout=services().config.queue_seconds):
            raise EngineBusy("the names of a new build are being read; try again in a moment")
        try:
            return self._known() or self._read()
        finally:
            self._lock.release()

    def _known(self) -> Names | None:
        build, known = services().engine.build, self._names
        is_current = known and known.build == build and (build or self._clock() < self._until)
        return known if is_current else None

    def _read(self) -> Names:
        saved = services().saved_queries.values()
        names = read_names(Asking(), saved, ASKED, let_others)
        self._names, self._until = names, self._clock() + _SECONDS
        return names


def let_others() -> None:
    """Let other requests go on; they share a thread."""
    time.sleep(0)
