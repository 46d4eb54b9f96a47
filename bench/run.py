"""Measure what people wait for, and print tables. `make bench` is quick, `make bench-large` not.

Times are wall-clock on whatever machine this is; compare figures of one run with each other, never
with those of another machine.

    python bench/run.py commands                              commands and the build
    python bench/run.py servers --sizes 0 100000              0 is the current build, the seed's
    python bench/run.py report build/bench/*.json             tables and the plot from kept figures
"""

import argparse
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from commands import measure_commands
from generate import make_graph
from kg.config import read_config
from kg.current import find_current
from plots import draw
from race import Effort, Results, race
from report import growth, report

KEPT = Path("build", "bench")


def main() -> None:
    """Do what the command line says."""
    said = _parse()
    if said.what == "commands":
        print(measure_commands(said.rounds))
    elif said.what == "servers":
        effort = Effort(said.rounds, said.seconds, said.crowd_seconds)
        for size in said.sizes:
            results = race(_build(size), effort, tuple(said.servers), _log)
            (KEPT / f"{size:08}.json").write_text(json.dumps(asdict(results), indent=1))
            print(report(results), flush=True)
    else:
        _report([Results(**json.loads(path.read_text())) for path in said.files], said.plot)


def _report(found: list[Results], plot: Path | None) -> None:
    for results in sorted(found, key=lambda each: each.quads):
        print(report(results))
    print("### Growth\n\n" + growth(found))
    if plot:
        draw(found, plot)


def _build(size: int) -> Path:
    """Return a build of about so many quads; 0: a copy of the current one."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    folder = KEPT.resolve() / f"builds-{size}"
    if size:
        return make_graph(folder, size)
    current = find_current(read_config())
    shutil.copytree(current, folder / current.name, dirs_exist_ok=True)
    return folder / current.name


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure.")
    parser.add_argument("--rounds", type=int, default=5)
    whats = parser.add_subparsers(dest="what", required=True)
    whats.add_parser("commands")
    servers = whats.add_parser("servers")
    servers.add_argument("--sizes", type=int, nargs="+", default=[0, 100_000])
    servers.add_argument("--servers", nargs="+", default=["ours", "oxigraph", "rdflib"])
    servers.add_argument("--seconds", type=float, default=1.0, help="a row, round and server")
    servers.add_argument("--crowd-seconds", type=float, default=4.0, help="the same, many clients")
    again = whats.add_parser("report")
    again.add_argument("files", type=Path, nargs="+")
    again.add_argument("--plot", type=Path, help="an SVG or PNG to write")
    return parser.parse_args()


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "100")
    main()
