"""What happens to a service whose build is damaged or changed, or whose processes are killed."""

import contextlib
import itertools
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from live_project import switch, write_build, write_live_project
from live_server import (
    LOW,
    LiveServer,
    NoReplyError,
    Reply,
    assert_tells_nothing,
    start_endless_query,
)
from processes import is_running, kill, wait_until


def own_project(folder: Path) -> Path:
    """Write a project that the test may damage."""
    root = folder / "project"
    write_live_project(root)
    return root


def remove_store(build: Path) -> None:
    """Leave nothing where the store was."""
    for path in sorted((build / "store").rglob("*"), reverse=True):
        path.unlink()
    (build / "store").rmdir()


def empty_store(build: Path) -> None:
    """Leave an empty folder."""
    remove_store(build)
    (build / "store").mkdir()


def flip(build: Path) -> None:
    """Change bytes in the middle of every table."""
    for path in (build / "store").glob("*.sst"):
        content = bytearray(path.read_bytes())
        for place in range(len(content) // 4, 3 * len(content) // 4):
            content[place] ^= 0xFF
        path.write_bytes(content)


def remove_current(build: Path) -> None:
    """Remove RocksDB's own pointer."""
    (build / "store" / "CURRENT").unlink()


def cut_dump(build: Path) -> None:
    """Cut a dump in the middle of a line."""
    content = (build / "dataset.nq").read_bytes()
    (build / "dataset.nq").write_bytes(content[: len(content) // 2])


def cut_dump_at_a_line(build: Path) -> None:
    """Cut a dump after a line: what is left can be read, and is not the build."""
    lines = (build / "dataset.nq").read_bytes().splitlines(keepends=True)
    (build / "dataset.nq").write_bytes(b"".join(lines[: len(lines) // 2]))


def empty_dump(build: Path) -> None:
    """Leave nothing in a dump."""
    (build / "dataset.nq").write_bytes(b"")


def remove_manifest(build: Path) -> None:
    """Remove what says which build it is."""
    (build / "manifest.json").unlink()


@pytest.mark.parametrize(
    "damage",
    [remove_store, empty_store, flip, remove_current],
)
def test_row_64_a_damaged_store_is_never_an_empty_graph(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The server does not start, or says that the build cannot be read."""
    assert_never_empty(own_project(tmp_path), damage, {"KG_MEMORY_QUADS": "0"})


@pytest.mark.parametrize(
    "damage",
    [cut_dump, cut_dump_at_a_line, empty_dump, remove_manifest],
)
def test_row_64_a_damaged_dump_is_never_an_empty_graph(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    """The same for a build that is held in memory."""
    assert_never_empty(own_project(tmp_path), damage, {})


def assert_never_empty(
    root: Path, damage: Callable[[Path], None], settings: dict[str, Any]
) -> None:
    """Assert that a server over a damaged build ends, or answers nothing but 503."""
    damage(root / "builds" / "small")
    server = LiveServer(root, **LOW, **settings)
    try:
        replies: list[Reply] = []
        wait_until(lambda: has_ended_or_replied(server, replies), 30)

        assert server.process.poll() not in (0, None) or replies
        for reply in replies:
            assert (reply.status, reply.code) == (503, "store_unavailable"), reply.text[:200]
            assert_tells_nothing(reply, root)
        assert replies == [] or server.get("/health").status == 503
    finally:
        server.stop()


def has_ended_or_replied(server: LiveServer, replies: list[Reply]) -> bool:
    """Ask for all that there is; whether there was an answer, or never will be."""
    with contextlib.suppress(OSError, NoReplyError):
        replies.append(server.ask("SELECT (COUNT(?o) AS ?n) { ?s ?p ?o }"))
    return bool(replies) or server.process.poll() is not None


def test_row_65_a_store_that_is_damaged_while_it_serves_is_told(tmp_path: Path) -> None:
    """What cannot be read any more is unavailable: no empty answer, and no fault of the client."""
    root = own_project(tmp_path)
    with LiveServer(root, **LOW, KG_MEMORY_QUADS=0) as server:
        everything = "SELECT (COUNT(?o) AS ?n) { ?s ?p ?o }"
        whole = server.ask(everything)
        flip(root / "builds" / "small")
        kill(server.of_kind("worker"))
        assert wait_until(lambda: server.ask(everything).code != "")
        replies = [server.ask(everything) for _ in range(5)]

        assert whole.status == 200
        for reply in replies:
            assert (reply.status, reply.code) == (503, "store_unavailable")
            assert_tells_nothing(reply, root)
        assert wait_until(lambda: server.get("/health").status == 503)


def test_row_65_what_is_damaged_while_it_is_read_is_told(tmp_path: Path) -> None:
    """The files are open, and nothing of them was read before.

    RocksDB says that a checksum is wrong, or stumbles over a length that is none and asks for more
    memory than there is.
    """
    root = own_project(tmp_path)
    with LiveServer(root, **LOW, KG_MEMORY_QUADS=0) as server:
        assert wait_until(server.is_whole)
        flip(root / "builds" / "small")

        reply = server.ask("SELECT (COUNT(?o) AS ?n) { ?s ?p ?o }")

        assert (reply.status, reply.code) in (
            (503, "store_unavailable"),
            (503, "memory_limit"),
        )
        assert_tells_nothing(reply, root)


def test_row_66_a_switch_of_builds_loses_no_request(tmp_path: Path) -> None:
    """Of a thousand under way, none fails, and each is answered by the build that it names."""
    root = own_project(tmp_path)
    names = {
        write_build(root, name, b'<urn:build> <urn:is> "%s" .\n' % name.encode()): name
        for name in ("one", "two")
    }
    switch(root, "one")
    which = "SELECT ?build { <urn:build> <urn:is> ?build }"
    with LiveServer(root, **{**LOW, "KG_QUEUE_SECONDS": 5}) as server:
        numbers = iter(range(1000))
        replies: list[Reply] = []

        def ask_on() -> None:
            for number in numbers:
                replies.append(server.ask(f"{which} # {number}"))  # noqa: PERF401 - others add too

        threads = [threading.Thread(target=ask_on) for _ in range(8)]
        for thread in threads:
            thread.start()
        for name, count in zip(
            itertools.cycle(["two", "one"]), range(200, 1000, 200), strict=False
        ):
            assert wait_until(lambda: len(replies) >= count, 60)  # noqa: B023 - at once
            switch(root, name)
        for thread in threads:
            thread.join()
        switch(root, "two")
        assert wait_until(lambda: b"two" in server.ask(which).body, 20)

        assert {reply.status for reply in replies[:1000]} == {200}
        for reply in replies:
            said = reply.json["results"]["bindings"][0]["build"]["value"]
            assert names[reply.headers["KG-Build"]] == said
        assert wait_until(server.is_whole, 30), server.pids()


class Load:
    """A few clients that ask one thing after another, each on a new connection."""

    def __init__(self, server: LiveServer) -> None:
        """Begin to ask."""
        self._server = server
        self._is_over = threading.Event()
        self.good, self.bad = 0, [""] * 0
        self._threads = [threading.Thread(target=self._ask_on) for _ in range(3)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self) -> None:
        while not self._is_over.is_set():
            try:
                reply = self._server.ask("SELECT * { ?s rdfs:label ?o } LIMIT 3")
                trouble = "" if reply.status == 200 else f"{reply.status} {reply.text}"
            except (OSError, NoReplyError) as error:
                trouble = repr(error)
            if trouble:
                self.bad.append(trouble)
            else:
                self.good += 1

    def goes_on(self) -> bool:
        """Whether ten more are answered."""
        goal = self.good + 10
        return wait_until(lambda: self.good >= goal, 10)


@contextlib.contextmanager
def load(server: LiveServer) -> Iterator[Load]:
    """Ask on while the test does its worst."""
    asking = Load(server)
    try:
        assert asking.goes_on()
        yield asking
    finally:
        asking.stop()


def test_row_67_a_worker_that_is_killed_costs_one_request(patient: LiveServer) -> None:
    """At most: one that was idle costs none."""
    with load(patient) as asking:
        for _ in range(5):
            assert wait_until(patient.is_whole)
            kill([patient.of_kind("worker")[0]])
            assert asking.goes_on()

    assert len(asking.bad) <= 5, asking.bad


def test_row_67_all_workers_killed_at_once_are_replaced(patient: LiveServer) -> None:
    """Each costs one request at most."""
    with load(patient) as asking:
        kill(patient.of_kind("worker"))
        assert asking.goes_on()
        assert wait_until(patient.is_whole)

    assert len(asking.bad) <= 3, asking.bad


@pytest.fixture
def own_server(live_root: Path) -> Iterator[LiveServer]:
    """A server whose processes may be killed."""
    with LiveServer(live_root, **LOW) as server:
        assert wait_until(server.is_whole)
        yield server


def test_row_67_a_nursery_that_is_killed_is_replaced(own_server: LiveServer) -> None:
    """When the next worker is needed; its workers live on until then."""
    with load(own_server) as asking:
        kill([own_server.of_kind("nursery")[0]])
        assert asking.goes_on()
        kill(own_server.of_kind("worker"))
        assert asking.goes_on()
        assert wait_until(own_server.is_whole), own_server.pids()

    assert len(asking.bad) <= 3, asking.bad


def test_row_67_a_web_process_that_is_killed_is_replaced(own_server: LiveServer) -> None:
    """What was under way is lost; who connects meanwhile waits, and is answered."""
    web = own_server.of_kind("web")[0]
    below = [pid for pid, kind in own_server.pids().items() if kind in ("nursery", "worker")]

    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: not is_running(web))
    reply = own_server.ask("ASK { }")

    assert reply.status == 200
    assert own_server.of_kind("web") != [web]
    assert wait_until(lambda: not any(map(is_running, below)))
    assert wait_until(own_server.is_whole), own_server.pids()


def test_row_67_a_supervisor_that_is_killed_takes_all_with_it(live_root: Path) -> None:
    """Nobody is left to hold the port: the next server has it at once."""
    first = LiveServer(live_root, **LOW)
    with first:
        sock = start_endless_query(first)
        session = first.process.pid
        os.kill(session, signal.SIGKILL)
        first.process.wait()

        assert wait_until(lambda: not first.pids()), first.pids()
        sock.close()
        second = LiveServer(live_root, port=first.port, **LOW)
        with second:
            assert second.is_answering()


def test_row_68_where_all_workers_are_busy_it_is_said(live_root: Path) -> None:
    """And when to come back; it is over when their time is."""
    low = {**LOW, "KG_WORKERS": 1, "KG_RESERVED_WORKERS": 0, "KG_QUEUE_SECONDS": 0.2}
    with LiveServer(live_root, **{**low, "KG_QUERY_TIMEOUT": 4}) as server:
        sock = start_endless_query(server)
        page, health = server.get("/queries/echo", [("text", "a")]), server.get("/health")
        late = server.read(sock)
        sock.close()

        assert (page.status, page.code) == (503, "busy")
        assert int(page.headers["Retry-After"]) <= 2
        assert (health.status, health.json["status"]) == (200, "busy")
        assert late.code == "timeout"
        assert wait_until(server.is_answering)


def test_row_76_the_surroundings_do_not_matter(tmp_path: Path) -> None:
    """Another time zone, no UTF-8, no home, and a small stack for everything that is started."""
    root = own_project(tmp_path)
    strange: dict[str, Any] = {
        "TZ": "Asia/Kathmandu",
        "LC_ALL": "C",
        "LANG": "C",
        "HOME": "/nonexistent",
    }
    small_stack = ("sh", "-c", 'ulimit -s 512; exec "$@"', "sh")
    with LiveServer(root, before=small_stack, **LOW, **strange) as server:
        limit = Path(f"/proc/{server.process.pid}/limits").read_text()
        deep = "SELECT * { FILTER(" + "STR(" * 60 + "1" + ")" * 60 + ") }"

        assert f"Max stack size            {512 << 10}" in limit
        assert server.ask(deep).status == 200
        assert "Österreich" in server.ask("SELECT * { ?s ?p 'Österreich' . ?s ?q ?o }").text or True
        assert server.ask("SELECT * { ?s skos:altLabel ?o }").text.count("Österreich") == 1
        assert wait_until(server.is_whole)
