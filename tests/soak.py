# ruff: noqa: T201 - a script that prints its table
"""Keeps a real server busy, also with what means no good, and looks whether it grows: `make soak`.

    python tests/soak.py [MINUTES]

Eight clients ask without a pause; one request in five is hostile. What the processes of the service
hold is measured as it goes. The first fifth of the time is for warming up; of the rest, the last
quarter is compared with the first: memory, descriptors and processes have to be flat. Exit code 0
only where they are, nothing was answered wrongly, and all processes live that should.
"""

import itertools
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from live_project import write_live_project
from live_server import LOW, LiveServer, NoReplyError
from processes import is_running, wait_until
from test_robustness import ROWS, Row

MINUTES: Final = 10.0
CLIENTS: Final = 8
HOSTILE_SHARE: Final = 0.2
MEASUREMENTS: Final = 120
WARM_UP: Final = 0.2
MEMORY_SLACK: Final = 1.10
"""The memory of the last quarter may be so many times that of the first, plus MEMORY_BYTES."""

MEMORY_BYTES: Final = 16 << 20
COUNT_SLACK: Final = 8
"""Descriptors and processes come and go with the requests of the moment."""

LAST_HOSTILE_ROW: Final = 17

OVERLOAD: Final = ("busy", "timeout", "too_many_requests")
"""What any query may be answered where others keep the service busy."""

GOOD: Final = (
    "ASK { ?s ?p ?o }",
    "SELECT * { ?s rdfs:label ?o FILTER(STRLEN(?o) < 100) } LIMIT 20",
    "SELECT ?s ?o { ?s <urn:next> ?o } LIMIT 2000",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 100",
    "SELECT * { <urn:n0> <urn:next>+ ?o } LIMIT 50",
    "SELECT ?l { ?s rdfs:label ?l FILTER(STRLEN(?l) > 1000) { ?a <urn:next> ?b } } LIMIT 30",
)


class Measurement(NamedTuple):
    """What the service held at a moment: bytes (shared ones shared out), and counts."""

    memory: int
    files: int
    processes: int


class Soak:
    """Eight clients, and what they were answered."""

    def __init__(self, server: LiveServer) -> None:
        """Begin."""
        self._server = server
        self._is_over = threading.Event()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._threads = [
            threading.Thread(target=self._ask_on, args=(random.Random(each),))  # noqa: S311
            for each in range(CLIENTS)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ask no more."""
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _ask_on(self, chance: random.Random) -> None:
        hostile = [row for row in ROWS if row.number <= LAST_HOSTILE_ROW]
        while not self._is_over.is_set():
            if chance.random() < HOSTILE_SHARE:
                self._send(chance.choice(hostile))
            else:
                self._send(Row(0, "good", f"{chance.choice(GOOD)} # {chance.random()}", (200,)))

    def _send(self, row: Row) -> None:
        try:
            reply = self._server.ask(row.query, row.accept, seconds=30)
        except (OSError, NoReplyError) as error:
            self._note("no answer", f"{row}: {error!r}")
            return
        is_right = reply.status in row.status and reply.code in row.code
        is_right = is_right or reply.code in OVERLOAD
        name = reply.code or str(reply.status)
        self._note(name, "" if is_right else f"{row}: {reply.status} {reply.text[:200]}")
        self._server.replies.clear()

    def _note(self, name: str, trouble: str) -> None:
        with self._lock:
            self.found[name] += 1
            if trouble:
                self.wrong.append(trouble)


def measure(server: LiveServer) -> Measurement:
    """Return what the processes of the service hold now."""
    pids = list(server.pids())
    return Measurement(sum(map(memory_of, pids)), sum(map(files_of, pids)), len(pids))


def memory_of(pid: int) -> int:
    """Return the bytes of a process; what several share counts for each in proportion (PSS)."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (OSError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:"))


def files_of(pid: int) -> int:
    """Return how many descriptors a process has open."""
    try:
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0


def is_flat(found: Sequence[Measurement]) -> bool:
    """Whether the last quarter is as the first, by their medians; print both."""
    quarter = len(found) // 4
    first, last = found[:quarter], found[-quarter:]
    good = True
    for name, place in (("memory", 0), ("files", 1), ("processes", 2)):
        before, after = (median(each[place] for each in part) for part in (first, last))
        most = before * MEMORY_SLACK + MEMORY_BYTES if place == 0 else before + COUNT_SLACK
        print(f"{name:10} first quarter {before:14,.0f}   last quarter {after:14,.0f}")
        good = good and after <= most
    return good


def main() -> int:
    """Soak for so many minutes; return the exit code."""
    seconds = 60 * (float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        write_live_project(root)
        with LiveServer(root, **{**LOW, "KG_CACHE_BYTES": 4 << 20}) as server:
            return soak(server, seconds)


def soak(server: LiveServer, seconds: float) -> int:
    """Keep a server busy for so long; return the exit code."""
    lasting = [*server.of_kind("supervisor"), *server.of_kind("web"), *server.of_kind("nursery")]
    clients, found = Soak(server), list[Measurement]()
    print("  time   requests  wrong   memory MB   files   processes   answers")
    try:
        for number in range(MEASUREMENTS):
            time.sleep(seconds / MEASUREMENTS)
            found.append(measure(server))
            if number % 5 == 4:
                show(seconds * (number + 1) / MEASUREMENTS, clients, found[-1])
    finally:
        clients.stop()
    has_lived = all(map(is_running, lasting))
    is_well = wait_until(server.is_answering, 10) and wait_until(server.is_whole, 10)
    print(f"processes live: {has_lived}; answers: {is_well}; wrong answers: {len(clients.wrong)}")
    print("\n".join(clients.wrong[:20]))
    warm = found[int(len(found) * WARM_UP) :]
    return 0 if is_flat(warm) and has_lived and is_well and not clients.wrong else 1


def show(seconds: float, clients: Soak, now: Measurement) -> None:
    """Print a line of the table."""
    most = " ".join(f"{name}:{count}" for name, count in clients.found.most_common(6))
    print(
        f"{seconds:5.0f}s {clients.found.total():10} {len(clients.wrong):6} "
        f"{now.memory / 1e6:11.1f} {now.files:7} {now.processes:11}   {most}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
