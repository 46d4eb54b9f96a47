"""What stands before an engine: the cache, the budgets, the list of running queries."""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kg.config import Config
from kg.engine.front import Front, most_of_one
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Request
from kg.engine.running import Switch
from kg.errors import (
    BudgetSpent,
    EngineBusy,
    QueryCancelled,
    QueryError,
    QuerySyntaxError,
    QueryTimeout,
)
from kg.formats import JSON
from processes import wait_until

CONFIG = Config(root=Path(), builds=Path(), client_errors=3)
ASK = Request("ASK { ?s ?p ?o }", rows=JSON, graph=None, address="192.0.2.1")
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(30)) + "}"


class Engine:
    """Answers what it is told to, and counts how often it is asked."""

    build = "one"

    def __init__(self, act: Callable[[Request], None] = lambda _: None) -> None:
        """Do something for each request."""
        self.asked = 0
        self._act = act

    def answer(self, request: Request) -> Answer:
        """Return `true`."""
        self.asked += 1
        self._act(request)
        return Answer(b"true", "text/csv", "boolean", self.build, 4)

    def close(self) -> None:
        """Do nothing."""


def failing(error: QueryError) -> Engine:
    """Return an engine that raises an error."""

    def act(_: Request) -> None:
        raise error

    return Engine(act)


def test_what_was_asked_before_is_not_asked_again() -> None:
    """Until another build is served."""
    engine = Engine()
    front = Front(engine, CONFIG)

    bodies = [front.answer(ASK).body for _ in range(3)]
    asked = engine.asked
    engine.build = "two"
    after = front.answer(ASK)

    assert (bodies, asked) == ([b"true"] * 3, 1)
    assert (after.build, engine.asked) == ("two", 2)


def test_what_differs_each_time_is_always_asked() -> None:
    """The time is not kept."""
    engine = Engine()
    front = Front(engine, CONFIG)
    request = ASK._replace(query="SELECT (NOW() AS ?t) {}")

    front.answer(request)
    front.answer(request)

    assert engine.asked == 2


def test_errors_are_not_kept() -> None:
    """The next attempt may succeed."""
    engine = failing(QueryTimeout("late"))
    front = Front(engine, CONFIG)

    for _ in range(2):
        with pytest.raises(QueryTimeout):
            front.answer(ASK)

    assert engine.asked == 2


def test_a_client_pays_with_the_time_that_the_engine_worked() -> None:
    """Then it is told to come back; what is kept it still gets."""
    now = [0.0]

    def work(_: Request) -> None:
        now[0] += 121.0

    engine = Engine(work)
    front = Front(engine, CONFIG, clock=lambda: now[0])
    front.answer(ASK)

    with pytest.raises(BudgetSpent) as caught:
        front.answer(ASK._replace(query="ASK { }"))
    kept = front.answer(ASK)
    other = front.answer(ASK._replace(query="ASK { }", address="192.0.2.2"))

    assert caught.value.seconds == 1
    assert (kept.body, other.body, engine.asked) == (b"true", b"true", 2)


@pytest.mark.parametrize(
    ("error", "counts"),
    [
        (QuerySyntaxError("wrong"), True),
        (QueryTimeout("late"), True),
        (EngineBusy("busy"), False),
        (QueryCancelled("gone"), False),
    ],
)
def test_only_errors_that_the_client_causes_count(error: QueryError, *, counts: bool) -> None:
    """A busy service is not its fault."""
    front = Front(failing(error), CONFIG)
    raised: list[type[QueryError]] = []
    for _ in range(4):
        with pytest.raises(QueryError) as caught:
            front.answer(ASK)
        raised.append(caught.type)

    assert (raised[3] is BudgetSpent) is counts


def test_the_programs_own_questions_have_no_budget() -> None:
    """They come from no address."""
    front = Front(failing(QueryTimeout("late")), CONFIG)

    for _ in range(10):
        with pytest.raises(QueryTimeout):
            front.answer(ASK._replace(address=""))


@contextmanager
def held(front: Front, requests: int, release: threading.Event) -> Iterator[None]:
    """Keep so many queries under way."""

    def ask(number: int) -> None:
        front.answer(ASK._replace(query=f"ASK {{ }} # {number}", id=f"id-{number}"))

    threads = [threading.Thread(target=ask, args=(each,)) for each in range(requests)]
    for thread in threads:
        thread.start()
    try:
        assert wait_until(lambda: len(front.running()) == requests)
        yield
    finally:
        release.set()
        for thread in threads:
            thread.join()


def test_one_client_cannot_hold_all_workers_and_the_queue() -> None:
    """Another one still finds room, and the first one again when a query has ended."""
    release = threading.Event()
    front = Front(Engine(lambda r: None if "#" not in r.query else _wait(release)), CONFIG)

    with held(front, most_of_one(CONFIG), release):
        page = ASK._replace(query="ASK {}", is_reserved=True)
        assert front.answer(page).body == b"true"
        with pytest.raises(BudgetSpent, match="10 of your queries are under way"):
            front.answer(ASK)
        other = front.answer(ASK._replace(address="192.0.2.2"))

    assert other.body == b"true"
    assert front.running() == ()
    assert front.answer(ASK).body == b"true"


def _wait(event: threading.Event) -> None:
    assert event.wait(10)


def test_running_queries_are_listed_with_their_ids() -> None:
    """Who asks, what, and in which lane."""
    release = threading.Event()
    front = Front(Engine(lambda _: _wait(release)), CONFIG)

    with held(front, 1, release):
        (running,) = front.running()

    assert (running.id, running.client, running.lane) == ("id-0", "192.0.2.1", "open")
    assert running.query == "ASK { } # 0"


def test_two_queries_of_one_id_are_told_apart() -> None:
    """None of them is lost from the list."""
    release = threading.Event()
    front = Front(Engine(lambda _: _wait(release)), CONFIG)

    with held(front, 1, release):
        thread = threading.Thread(
            target=front.answer, args=(ASK._replace(query="ASK { } # 9", id="id-0"),)
        )
        thread.start()
        assert wait_until(lambda: len(front.running()) == 2)
        ids = {running.id for running in front.running()}
    thread.join()

    assert len(ids) == 2
    assert "id-0" in ids


def test_a_query_can_be_cancelled(tiny_config: Config, store_dir: Path) -> None:
    """Its worker is freed; an id that is not there is told."""
    with closing(Front(Pool(tiny_config, store_dir), tiny_config)) as front:
        caught: list[QueryError] = []

        def ask() -> None:
            try:
                front.answer(Request(ENDLESS, rows=JSON, graph=None, id="endless"))
            except QueryError as error:
                caught.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        assert wait_until(lambda: front.statistics().get("busy", 0) == 1)
        told = (front.cancel("endless"), front.cancel("nobody"))
        thread.join(5)

        assert told == (True, False)
        assert [type(error) for error in caught] == [QueryCancelled]


@pytest.mark.parametrize("is_early", [True, False])
def test_a_switch_is_seen_whenever_it_is_turned(*, is_early: bool) -> None:
    """Before the engine looks, or after."""
    switch = Switch()
    if is_early:
        switch.turn()
        fd = switch.fileno()
    else:
        fd = switch.fileno()
        assert not select.select([fd], [], [], 0)[0]
        switch.turn()

    assert select.select([fd], [], [], 5)[0] == [fd]
    assert switch.is_gone()
    switch.close()
    switch.turn()


def test_every_query_is_told_of_once() -> None:
    """With its outcome: what counts and logs them is given it."""
    told: list[str] = []
    engine = Engine()
    front = Front(engine, CONFIG, observe=lambda _, outcome, __: told.append(outcome))
    broken = Front(
        failing(QuerySyntaxError("x")), CONFIG, observe=lambda _, outcome, __: told.append(outcome)
    )

    front.answer(ASK)
    front.answer(ASK)
    for _ in range(4):
        with pytest.raises(QueryError):
            broken.answer(ASK)

    assert told == ["ok", "cached", *["syntax_error"] * 3, "too_many_requests"]


def test_an_engine_that_does_not_know_its_build_is_asked_each_time() -> None:
    """What it holds may have changed."""
    engine = Engine()
    engine.build = ""
    front = Front(engine, CONFIG)

    assert [front.answer(ASK).body for _ in range(2)] == [b"true", b"true"]
    assert engine.asked == 2


def test_other_work_is_paid_like_a_query() -> None:
    """A picture costs processing time too; who has none left gets none."""
    clock = iter([0.0, 0.0, 1000.0, 1000.0, 1000.0])
    front = Front(Engine(), CONFIG, clock=lambda: next(clock, 1000.0))

    assert front.charged("192.0.2.1", lambda: "drawn") == "drawn"

    with pytest.raises(BudgetSpent):
        front.charged("192.0.2.1", lambda: "again")
    assert front.charged("192.0.2.2", lambda: "other") == "other"
