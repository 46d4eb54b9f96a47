"""Measure what people wait for at a terminal: commands, and the steps of a build."""

import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from figures import median, milliseconds, table
from kg.config import Config, read_config
from kg.dataset.builds import make_build

KG: Final = str(Path(sys.executable).parent / "kg")
COMMANDS: Final = (
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


def measure_commands(rounds: int) -> str:
    """Return a table of commands and a table of the steps of a build."""
    commands = [(name, milliseconds(time_command(words, rounds))) for name, words in COMMANDS]
    steps = [(name, milliseconds(seconds)) for name, seconds in time_build()]
    return table(("command", "ms"), commands) + "\n" + table(("step of the build", "ms"), steps)


def time_command(command: tuple[str, ...], rounds: int) -> float:
    """Return the median seconds of a command with its output thrown away."""
    return median(
        timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL), rounds)
    )


def timed(action: Callable[[], object], rounds: int) -> list[float]:
    """Return the seconds that an action took each time, after one that is not counted."""
    action()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return times


def time_build() -> list[tuple[str, float]]:
    """Return the seconds of each stage of a build into an empty folder, and their sum."""
    stages: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        config = Config(root=read_config().root, builds=Path(folder))
        make_build(config, lambda stage: stages.append((stage, time.perf_counter())))
        stages.append(("end", time.perf_counter()))
    ends = [moment for _, moment in stages[1:]]
    steps = [(name, end - begin) for (name, begin), end in zip(stages, ends, strict=False)]
    return [*steps, ("all", sum(seconds for _, seconds in steps))]
