"""What each client may use of the service, so that none uses it up for the others.

A token bucket a client for processing time and one for failed queries, as the Wikidata Query
Service has them. The balance of time may fall below zero: how long a query takes is known
afterwards.
"""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kg.config import Config
from kg.errors import BudgetSpent

MOST_CLIENTS: Final = 10_000
"""Clients that are remembered; who was quiet the longest is forgotten, with a full balance."""

_MINUTE: Final = 60.0
_SAVED_MINUTES: Final = 2
_NETWORK_BITS: Final = 64
_SHOWN: Final = 64


@dataclass(frozen=True)
class _Balance:
    """What a client had left at a moment of the clock."""

    seconds: float
    errors: float
    at: float


class Budgets:
    """The balances of all clients; safe to use from many threads."""

    def __init__(self, config: Config, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with full balances. A setting of 0 means no limit."""
        self._seconds, self._errors = config.client_seconds, config.client_errors
        self._clock = clock
        self._lock = threading.Lock()
        self._balances: OrderedDict[str, _Balance] = OrderedDict()

    def check(self, client: str) -> None:
        """Raise BudgetSpent where a client has nothing left, with the seconds until it has."""
        with self._lock:
            now = self._now(client)
        if self._seconds and now.seconds <= 0:
            wait = _wait(-now.seconds, self._seconds)
            raise BudgetSpent(
                f"your queries have used up {self._seconds:g} s of processing a minute; "
                f"come back in {wait} s",
                wait,
            )
        if self._errors and now.errors < 1:
            wait = _wait(1 - now.errors, self._errors)
            raise BudgetSpent(
                f"more than {self._errors} of your queries a minute failed; mend them, "
                f"and come back in {wait} s",
                wait,
            )

    def charge(self, client: str, seconds: float, *, is_failed: bool) -> None:
        """Take from a client's balance what its query has used."""
        with self._lock:
            now = self._now(client)
            left = _Balance(now.seconds - seconds, now.errors - is_failed, now.at)
            self._balances[client] = left
            self._balances.move_to_end(client)
            if len(self._balances) > MOST_CLIENTS:
                self._balances.popitem(last=False)

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._balances)

    def _now(self, client: str) -> _Balance:
        """Return a client's balance with what has come in since it was written down."""
        now, most = self._clock(), _SAVED_MINUTES * self._seconds
        before = self._balances.get(client)
        if before is None:
            return _Balance(most, self._errors, now)
        minutes = (now - before.at) / _MINUTE
        return _Balance(
            min(before.seconds + minutes * self._seconds, most),
            min(before.errors + minutes * self._errors, self._errors),
            now,
        )


@lru_cache(maxsize=1024)
def client_of(address: str) -> str:
    """Return who stands behind a network address: all of an IPv6 /64 is one client."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:_SHOWN]
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((int(found), _NETWORK_BITS), strict=False))
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def _wait(missing: float, a_minute: float) -> int:
    """Return the whole seconds, at least one, in which so much comes in."""
    return max(math.ceil(missing / a_minute * _MINUTE), 1)
