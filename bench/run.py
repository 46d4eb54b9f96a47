"""Measure what people wait for: `kg run`, the build, and queries over HTTP. Prints tables.

Run it with `make bench`. Times are wall-clock medians on whatever machine this is; compare
figures of one run with each other, never with those of another machine.
"""

import os
import shlex
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from kg.config import Config, read_config
from kg.dataset.builds import make_build

KG = str(Path(sys.executable).parent / "kg")
ROUNDS = 20
COMMANDS = (
    ("python -c pass", (sys.executable, "-c", "pass")),
    ("kg --version", (KG, "--version")),
    (
        "kg run level-on-date",
        (KG, *shlex.split("run level-on-date --sender PAK --receiver AFG --day 2025-05-29")),
    ),
    ("kg run timeline", (KG, "run", "timeline")),
    ("kg run timeline, as table", (KG, "run", "timeline", "--format", "table")),
    ("kg show Pakistan", (KG, "show", "Pakistan")),
)
PATHS = (
    ("/health", "/health"),
    ("ASK of one triple", "/sparql?query=" + quote("ASK { state:pakistan a dip:State }")),
    ("saved query timeline", "/queries/timeline?format=csv"),
    (
        "all labels",
        "/sparql?query=" + quote("SELECT ?x ?l WHERE { ?x rdfs:label ?l }"),
    ),
)


def main() -> None:
    """Print the three tables."""
    print_table("command", [(name, time_command(command)) for name, command in COMMANDS])
    print_table("step of the build", time_build())
    print_table("request", time_requests())


def print_table(title: str, rows: list[tuple[str, float]]) -> None:
    """Print names and milliseconds."""
    print(f"\n| {title} | ms |\n|---|---|")
    for name, seconds in rows:
        print(f"| {name} | {seconds * 1000:.1f} |")


def median(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of an action in seconds, after one that is not counted."""
    action()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def time_command(command: tuple[str, ...]) -> float:
    """Return the median time of a command with its output thrown away."""
    return median(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))


def time_build() -> list[tuple[str, float]]:
    """Return each stage of a build into an empty folder, and the sum."""
    stages: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        config = Config(root=read_config().root, builds=Path(folder))
        make_build(config, lambda stage: stages.append((stage, time.perf_counter())))
        stages.append(("end", time.perf_counter()))
    ends = [moment for _, moment in stages[1:]]
    steps = [(name, end - begin) for (name, begin), end in zip(stages, ends, strict=False)]
    return [*steps, ("all", sum(seconds for _, seconds in steps))]


def time_requests() -> list[tuple[str, float]]:
    """Return the median time of requests to a server on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        (KG, "serve", "--port", str(port)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base = f"http://127.0.0.1:{port}"
        await_server(base)
        return [(name, median(partial(fetch, base + path), 100)) for name, path in PATHS]
    finally:
        server.terminate()
        server.wait()


def await_server(base: str) -> None:
    """Return when the server answers."""
    for _ in range(100):
        try:
            fetch(base + "/health")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("the server did not start")


def fetch(url: str) -> bytes:
    """Return the body of an answer."""
    with urllib.request.urlopen(url) as answer:
        return bytes(answer.read())


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "100")
    main()
