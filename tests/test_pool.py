"""The pool of a server: lanes, queue, brake, clients that leave, processes that die."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.engine.brake import Brake
from kg.engine.channel import Question
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Request
from kg.errors import (
    EngineBusy,
    EngineUnavailable,
    MemoryExceeded,
    NotRepresentable,
    QueryCancelled,
    QueryError,
    QueryTimeout,
    ResultTooLarge,
)
from kg.formats import CSV, JSON, RDF_XML, RESULT_FORMATS, XML, ResultFormat
from processes import is_running, kill, wait_until

ENDLESS = "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(30)) + "}"
TRIVIAL = "ASK { }"


def ask(pool: Pool, query: str = TRIVIAL, rows: ResultFormat = CSV, **more: object) -> Answer:
    """Ask for rows."""
    return pool.answer(Request(query, rows=rows, graph=RDF_XML, **more))  # type: ignore[arg-type]


@contextmanager
def busy(pool: Pool, queries: int, seconds: float) -> Iterator[None]:
    """Keep so many workers at work for so long."""

    def hold() -> None:
        with pytest.raises(QueryError):
            ask(pool, ENDLESS, timeout=seconds)

    assert wait_until(lambda: pool.statistics()["idle"] == 3)
    threads = [threading.Thread(target=hold) for _ in range(queries)]
    for thread in threads:
        thread.start()
    assert wait_until(lambda: pool.statistics()["busy"] == queries)
    yield
    for thread in threads:
        thread.join()


class Leaver:
    """A client that can leave."""

    def __init__(self) -> None:
        """Be there."""
        self.here, self.there = socket.socketpair()

    def close(self) -> None:
        """Be nowhere."""
        self.here.close()
        self.there.close()

    def fileno(self) -> int:
        """Return what becomes readable."""
        return self.here.fileno()

    def is_gone(self) -> bool:
        """Whether it has left."""
        try:
            return not self.here.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False


def write_build(folder: Path, quads: int) -> Path:
    """Write a build that says how many quads it has; its two forms differ, to tell them apart."""
    store = Store(str(folder / "store"))
    store.load("<a:b> <a:is> 'on disk' .", RdfFormat.TURTLE)
    store.flush()
    dump = b'<a:b> <a:is> "in memory" .\n'
    (folder / "dataset.nq").write_bytes(dump)
    manifest = {"hash": hashlib.sha256(dump).hexdigest(), "quads": {"default": quads}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize(("quads", "where"), [(10**5, b"in memory"), (2 * 10**6 + 1, b"on disk")])
def test_a_small_build_is_answered_from_memory_and_a_large_one_from_disk(
    tiny_config: Config, tmp_path: Path, quads: int, where: bytes
) -> None:
    """The manifest says how large it is."""
    with closing(Pool(tiny_config, write_build(tmp_path, quads))) as pool:
        assert where in ask(pool, "SELECT ?where { <a:b> <a:is> ?where }").body


@pytest.mark.parametrize("damage", [b"", b'<a:b> <a:is> "something else" .\n', b"<a:b"])
def test_a_damaged_dump_is_never_served(tiny_config: Config, tmp_path: Path, damage: bytes) -> None:
    """Its hash is the name of the build: with another one it is another graph."""
    (write_build(tmp_path, 10) / "dataset.nq").write_bytes(damage)
    cannot = pytest.raises(EngineUnavailable, match="the build cannot be opened")
    with closing(Pool(tiny_config, tmp_path)) as pool, cannot:
        ask(pool, "SELECT ?where { <a:b> <a:is> ?where }")


def test_a_build_in_between_is_answered_from_disk_until_it_is_in_memory(
    tiny_config: Config, tmp_path: Path
) -> None:
    """And every query is answered meanwhile."""
    found = []
    with closing(Pool(tiny_config, write_build(tmp_path, 10**6))) as pool:

        def is_in_memory() -> bool:
            found.append(ask(pool, "SELECT ?where { <a:b> <a:is> ?where }").body)
            return b"in memory" in found[-1]

        assert wait_until(is_in_memory)
    places = [b"in memory" in each for each in found]
    assert places == sorted(places)


def test_pages_and_saved_queries_have_a_worker_that_no_query_holds(
    tiny_config: Config, store_dir: Path
) -> None:
    """Two endless queries hold the two open workers; the third is not theirs to take."""
    config = replace(tiny_config, queue_seconds=0.05)
    with closing(Pool(config, store_dir)) as pool, busy(pool, 2, 1.0):
        with pytest.raises(EngineBusy, match="all workers are busy"):
            ask(pool)

        assert ask(pool, is_reserved=True).body == b"true"


def test_the_queue_is_bounded(tiny_config: Config, store_dir: Path) -> None:
    """Who finds it full is told at once."""
    config = replace(tiny_config, queue_length=0)
    with (
        closing(Pool(config, store_dir)) as pool,
        busy(pool, 2, 0.5),
        pytest.raises(EngineBusy, match="too many queries wait"),
    ):
        ask(pool)


def test_a_full_queue_is_full_for_its_own_lane_only(tiny_config: Config, store_dir: Path) -> None:
    """Queries from outside take no place of pages and saved queries."""
    config = replace(tiny_config, queue_length=1, workers=1, queue_seconds=3)
    with closing(Pool(config, store_dir)) as pool:
        assert wait_until(lambda: pool.statistics()["idle"] == 2)
        waiting = [
            threading.Thread(target=_endure, args=(pool, is_reserved))
            for is_reserved in (True, False, False)
        ]
        for thread in waiting:
            thread.start()
        assert wait_until(lambda: pool.statistics()["waiting"] == 1)
        with pytest.raises(EngineBusy, match="too many queries wait"):
            ask(pool)

        assert ask(pool, is_reserved=True).body == b"true"
        for thread in waiting:
            thread.join()


def _endure(pool: Pool, is_reserved: bool) -> None:  # noqa: FBT001 - a thread's argument
    with contextlib.suppress(QueryError):
        ask(pool, ENDLESS, timeout=1, is_reserved=is_reserved)


def test_answers_that_wait_for_their_readers_have_room_together(
    tiny_config: Config, store_dir: Path
) -> None:
    """Four times the largest answer; it is free again when they are closed."""
    config = replace(tiny_config, result_bytes=2 << 20)
    query = "SELECT ?s { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(9)) + "?s ?p ?o }"
    with closing(Pool(config, store_dir)) as pool:
        first = ask(pool, f"{query} LIMIT 30000")
        assert 1 << 20 < first.size < 2 << 20
        fitting = 4 * config.result_bytes // first.size
        answers = [first, *(ask(pool, f"{query} LIMIT 30000") for _ in range(fitting - 1))]
        with pytest.raises(EngineBusy, match="wait for their readers"):
            ask(pool, f"{query} LIMIT 30000")
        for answer in answers:
            assert len(answer.body) == answer.size

        assert ask(pool, f"{query} LIMIT 32000").body


def test_a_worker_is_killed_once(tiny_config: Config, store_dir: Path) -> None:
    """Its process id may be another's afterwards."""
    with closing(Pool(tiny_config, store_dir)) as pool:
        assert wait_until(lambda: pool.statistics()["idle"] == 3)
        worker = pool._idle[0]
        assert worker.kill() == -signal.SIGKILL
        worker._child = None  # type: ignore[assignment]  # a second kill would fail

        worker.stop()
        assert worker.kill() == -signal.SIGKILL


def test_a_query_waits_for_its_turn(tiny_config: Config, store_dir: Path) -> None:
    """And is answered when a worker has been replaced."""
    with closing(Pool(tiny_config, store_dir)) as pool, busy(pool, 2, 0.3):
        assert ask(pool).body == b"true"


def test_a_client_that_leaves_ends_its_query(tiny_config: Config, store_dir: Path) -> None:
    """Its worker is gone within a second, long before the deadline."""
    with closing(Leaver()) as leaver, closing(Pool(tiny_config, store_dir)) as pool:
        threading.Timer(0.2, leaver.there.close).start()
        started = time.monotonic()

        with pytest.raises(QueryCancelled):
            ask(pool, ENDLESS, clients=(leaver,))

        assert time.monotonic() - started < 1
        assert wait_until(lambda: pool.statistics()["idle"] == 3)


def test_a_client_that_says_more_is_still_there(tiny_config: Config, store_dir: Path) -> None:
    """The next request on the same connection may come before the answer."""
    with closing(Leaver()) as leaver, closing(Pool(tiny_config, store_dir)) as pool:
        leaver.there.send(b"GET / HTTP/1.1")
        with pytest.raises(QueryTimeout):
            ask(pool, ENDLESS, clients=(leaver,), timeout=0.3)


def test_a_text_that_took_too_long_is_not_tried_again_at_once(
    tiny_config: Config, store_dir: Path
) -> None:
    """Unless the client itself had asked for less time than allowed."""
    with closing(Pool(replace(tiny_config, query_timeout=0.3), store_dir)) as pool:
        assert wait_until(lambda: pool.statistics()["idle"] == 3)
        for seconds in (0.1, 0.3):
            with pytest.raises(QueryTimeout, match=r"s; ask for less at once$"):
                ask(pool, ENDLESS, timeout=seconds)
        with pytest.raises(QueryTimeout, match="remembered"):
            ask(pool, ENDLESS)

        assert wait_until(lambda: pool.statistics()["ended"] == 2)


def test_the_brake_lets_go_in_time() -> None:
    """And knows one question from another."""
    now = 0.0
    brake = Brake(600, clock=lambda: now)
    brake.remember(Question("a"), MemoryExceeded("too much"))

    brake.check(Question("b"))
    with pytest.raises(MemoryExceeded, match=r"too much \(remembered"):
        brake.check(Question("a"))
    now = 601.0
    brake.check(Question("a"))


@pytest.mark.parametrize("chosen", RESULT_FORMATS)
def test_rows_are_bounded_in_every_format(
    tiny_config: Config, store_dir: Path, chosen: ResultFormat
) -> None:
    """An answer with as many rows as allowed is whole; with more it is an error."""
    with closing(Pool(replace(tiny_config, result_rows=2000), store_dir)) as pool:
        rows = "SELECT ?s ?p { ?a ?b ?c . ?s ?p ?o . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
        assert ask(pool, f"{rows} LIMIT 1999", chosen).size > 10_000
        with pytest.raises(ResultTooLarge, match="more rows than allowed"):
            ask(pool, f"{rows} LIMIT 2100", chosen)


def test_a_large_answer_is_whole(tiny_config: Config, store_dir: Path) -> None:
    """It does not fit into the memory that is held for one, and goes through a file."""
    query = "SELECT ?s { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(9)) + "?s ?p ?o }"
    with closing(Pool(tiny_config, store_dir)) as pool:
        answer = ask(pool, f"{query} LIMIT 60000")

        assert not isinstance(answer.content, bytes)
        body = answer.body
        assert answer.size == len(body) > 1 << 20
        assert body.count(b"\n") == 60001


@pytest.mark.parametrize("character", ["\\u0000", "\\u0001", "\\u000B", "\\uFFFE"])
def test_what_xml_cannot_hold_is_not_written_as_xml(engine: Pool, character: str) -> None:
    """XML 1.0, 2.2: not even escaped. Other formats can hold it."""
    query = f'SELECT ("a{character}" AS ?x) {{ }}'

    with pytest.raises(NotRepresentable, match="another format"):
        ask(engine, query, XML)
    with pytest.raises(NotRepresentable):
        ask(engine, f'CONSTRUCT {{ <a:b> <a:b> "a{character}" }} {{ }}')
    assert ask(engine, query, JSON).size > 0


def test_an_idle_worker_that_dies_is_replaced_before_it_is_needed(
    tiny_config: Config, store_dir: Path
) -> None:
    """Also the one that is kept for pages, which may wait long for its turn."""
    with closing(Pool(tiny_config, store_dir)) as pool:
        assert wait_until(lambda: pool.statistics()["idle"] == 3)
        workers = {worker.pid for worker in pool._idle}
        kill(workers)

        assert wait_until(lambda: pool.statistics()["started"] == 6)
        assert not workers & {worker.pid for worker in pool._idle}


def test_a_store_that_cannot_be_opened_is_told_as_such_each_time(
    tiny_config: Config, tmp_path: Path
) -> None:
    """Never as busy, which would ask the client to come again."""
    shutil.rmtree(write_build(tmp_path, 10**7) / "store")
    with closing(Pool(tiny_config, tmp_path)) as pool:
        for _ in range(5):
            with pytest.raises(EngineUnavailable, match="the build cannot be opened") as caught:
                ask(pool)
            assert not isinstance(caught.value, EngineBusy)


def test_a_nursery_that_dies_takes_no_worker_with_it(tiny_config: Config, store_dir: Path) -> None:
    """Another one is started when a worker is missing."""
    with closing(Pool(tiny_config, store_dir)) as pool:
        pool.await_ready(5)
        assert wait_until(lambda: pool.statistics()["idle"] == 3)
        nursery = pool._nurseries[0].pid
        assert nursery is not None
        workers = pool.pids() - {nursery}

        os.kill(nursery, signal.SIGKILL)
        assert wait_until(lambda: not is_running(nursery))
        assert ask(pool).body == b"true"
        kill(workers)
        assert wait_until(lambda: not any(worker.can_be_asked for worker in pool._idle))

        assert ask(pool).body == b"true"
        assert not pool.pids() & (workers | {nursery})
