# ruff: noqa: T201 - a script that prints how far it is
"""Sends queries that nobody wrote to a real server for as long as one likes: `make fuzz`.

    python tests/fuzz_long.py [MINUTES] [SEED]

Prints the seed and how far it is; ends at the first failure with the smallest text that shows it,
and an exit code other than 0. The same seed gives the same texts in the same order.
"""

import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings

from live_server import LiveServer
from processes import is_running
from test_fuzz import LIMITS, accepts, check, texts, write_fuzz_project

BATCH = 500
MINUTES = 10.0


def main() -> None:
    """Fuzz for so many minutes."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    first = int(sys.argv[2]) if len(sys.argv) > 2 else secrets.randbelow(10**9)
    print(f"fuzzing for {minutes:g} minutes; repeat with: {sys.argv[0]} {minutes:g} {first}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "project"
        write_fuzz_project(root)
        with LiveServer(root, **LIMITS) as server:
            fuzz(server, first, minutes * 60)


def fuzz(server: LiveServer, first: int, seconds: float) -> None:
    """Send batch after batch. Raises AssertionError with the smallest text that fails."""
    started = time.monotonic()
    found: Counter[str] = Counter()
    lasting = [*server.of_kind("supervisor"), *server.of_kind("web"), *server.of_kind("nursery")]
    number = first
    while time.monotonic() - started < seconds:
        run_batch(server, number, lasting, found)
        number += 1
        most = ", ".join(f"{count} {name}" for name, count in found.most_common())
        print(f"{time.monotonic() - started:6.0f} s  {found.total():7} texts: {most}", flush=True)


def run_batch(server: LiveServer, number: int, lasting: list[int], found: Counter[str]) -> None:
    """Send the texts of one seed; where one fails, say which is the smallest that does."""
    sent = b"", ""

    @seed(number)
    @settings(
        max_examples=BATCH, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(text=texts, accept=accepts)
    def send(text: bytes, accept: str) -> None:
        nonlocal sent
        sent = text, accept
        reply = check(server, text, accept)
        found[reply.code or str(reply.status)] += 1
        assert all(map(is_running, lasting)), "a process has ended"

    try:
        send()
    except BaseException:
        print(f"the smallest text that fails: {sent[0]!r}\nasked for as {sent[1]}", flush=True)
        raise


if __name__ == "__main__":
    main()
