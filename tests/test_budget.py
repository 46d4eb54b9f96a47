"""What a client may use, told by a clock that the test moves."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.config import Config
from kg.engine import budget
from kg.engine.budget import Budgets, client_of
from kg.errors import BudgetSpent

CONFIG = Config(root=Path(), builds=Path(), client_seconds=60.0, client_errors=30)


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def waits(budgets: Budgets, client: str = "a") -> int:
    """Return the seconds that a client is told to wait; 0 where it may ask."""
    try:
        budgets.check(client)
    except BudgetSpent as error:
        return error.seconds
    return 0


def test_a_client_may_save_twice_its_minute_and_then_gets_a_second_a_second() -> None:
    """Below zero it waits until what it owes has come in."""
    clock = Clock()
    budgets = Budgets(CONFIG, clock)

    budgets.charge("a", 119.0, is_failed=False)
    before = waits(budgets)
    budgets.charge("a", 11.0, is_failed=False)

    assert (before, waits(budgets)) == (0, 10)
    clock.now += 9
    assert waits(budgets) == 1
    clock.now += 1.1
    assert waits(budgets) == 0


def test_the_thirty_first_error_of_a_minute_is_one_too_many() -> None:
    """One every two seconds is forgiven."""
    clock = Clock()
    budgets = Budgets(CONFIG, clock)
    told = []

    for _ in range(31):
        told.append(waits(budgets))
        budgets.charge("a", 0.0, is_failed=True)

    assert told == [0] * 30 + [2]
    clock.now += 4.1
    assert waits(budgets) == 0


def test_nothing_comes_in_beyond_what_can_be_saved() -> None:
    """A client that was away for a day has two minutes, not a day."""
    clock = Clock()
    budgets = Budgets(CONFIG, clock)
    budgets.charge("a", 1.0, is_failed=True)

    clock.now += 24 * 60 * 60
    budgets.charge("a", 120.0, is_failed=False)

    assert waits(budgets) == 1


def test_clients_have_budgets_of_their_own() -> None:
    """What one has used up, another still has."""
    budgets = Budgets(CONFIG, Clock())
    budgets.charge("a", 1000.0, is_failed=False)

    assert waits(budgets, "a") > 0
    assert waits(budgets, "b") == 0


def test_zero_means_no_limit() -> None:
    """For time and for errors."""
    budgets = Budgets(replace(CONFIG, client_seconds=0.0, client_errors=0), Clock())
    for _ in range(100):
        budgets.charge("a", 1000.0, is_failed=True)

    assert waits(budgets) == 0


def test_the_number_of_remembered_clients_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was quiet the longest is forgotten."""
    monkeypatch.setattr(budget, "MOST_CLIENTS", 2)
    budgets = Budgets(CONFIG, Clock())
    for client in ("a", "b", "a", "c"):
        budgets.charge(client, 100.0, is_failed=False)

    assert len(budgets) == 2
    assert [waits(budgets, client) > 0 for client in "abc"] == [True, False, False]


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("", ""),
        ("no address" * 100, ("no address" * 100)[:64]),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(address: str, client: str) -> None:
    """One line at home has a whole /64; an IPv4 address has two ways to be written."""
    assert client_of(address) == client
