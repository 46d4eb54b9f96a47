"""The servers that are compared: start one over a build, watch its processes, end it.

Each gets at most so much memory as ADDRESS_SPACE says, so that a hostile query ends a server and
not the machine.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from clients import Connection

ADDRESS_SPACE: Final = 12 << 30
START_SECONDS: Final = 240.0
BIN: Final = Path(sys.executable).parent
RDFLIB_ENDPOINT: Final = ("rdflib-endpoint==0.6.3", "rdflib==7.6.0", "uvicorn==0.54.0")
LARGEST_FOR_RDFLIB: Final = 150_000
"""Quads; rdflib takes about 10 seconds and 350 MB for 100,000, and minutes for a million."""

_PROBE: Final = b"GET PATH?query=ASK%20%7B%7D HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n"
PATHS: Final = {"ours": "/sparql", "oxigraph": "/query", "rdflib": "/"}


@dataclass(frozen=True)
class Service:
    """A server under test: its name, where it takes queries, and its process."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    seconds_to_start: float

    @property
    def is_alive(self) -> bool:
        """Whether it still accepts connections."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return self.process.poll() is None
        return False


@dataclass(frozen=True)
class Memory:
    """Megabytes of all processes of a service: shared pages counted each time (RSS), or once."""

    rss: float
    pss: float
    processes: int


@contextmanager
def running(name: str, build: Path, port: int = 0) -> Iterator[Service]:
    """Give a service of that name over a build folder, that has answered once; end it after."""
    port = port or _free_port()
    began = time.perf_counter()
    process = _start(name, build, port)
    try:
        _await_answer(name, port, process)
        yield Service(name, port, PATHS[name], process, time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _start(name: str, build: Path, port: int) -> subprocess.Popen[bytes]:
    command, env = _command(name, build, port)
    return subprocess.Popen(
        (shutil.which("prlimit") or "prlimit", f"--as={ADDRESS_SPACE}", *command),
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
        stderr=(build / f"{name}.log").open("wb"),
    )


def _command(name: str, build: Path, port: int) -> tuple[tuple[str, ...], dict[str, str]]:
    if name == "ours":
        (build.parent / "current").write_text(build.name + "\n", encoding="utf-8")
        limits = {"KG_CLIENT_SECONDS": "0", "KG_CLIENT_ERRORS": "0"}
        return (str(BIN / "kg"), "serve", "--port", str(port)), {
            **limits,
            "KG_BUILDS": str(build.parent),
        }
    if name == "oxigraph":
        where = ("--location", str(oxigraph_store(build)), "--bind", f"127.0.0.1:{port}")
        return (str(BIN / "oxigraph"), "serve-read-only", *where), {}
    program = str(_rdflib_endpoint() / "bin" / "rdflib-endpoint")
    return (
        program,
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        str(build / "dataset.nq"),
    ), {}


def oxigraph_store(build: Path) -> Path:
    """Return the folder of a store that `oxigraph load` and `oxigraph optimize` have made."""
    folder = build.with_name(build.name + ".oxigraph")
    if not folder.is_dir():
        program, where = str(BIN / "oxigraph"), ("--location", str(folder))
        dump = ("--file", str(build / "dataset.nq"))
        began = time.perf_counter()
        subprocess.run((program, "load", *where, *dump), check=True, stderr=subprocess.DEVNULL)
        subprocess.run((program, "optimize", *where), check=True, stderr=subprocess.DEVNULL)
        (folder.with_suffix(".seconds")).write_text(str(time.perf_counter() - began))
    return folder


def _rdflib_endpoint() -> Path:
    """Return a virtual environment of its own, for its pins are not ours."""
    folder = Path("build", "rdflib-endpoint").resolve()
    if not (folder / "bin" / "rdflib-endpoint").is_file():
        subprocess.run((sys.executable, "-m", "venv", str(folder)), check=True)
        install = (str(folder / "bin" / "pip"), "install", "--quiet", *RDFLIB_ENDPOINT)
        subprocess.run(install, check=True)
    return folder


def _await_answer(name: str, port: int, process: subprocess.Popen[bytes]) -> None:
    """Return when a query is answered. Raises RuntimeError where that never happens."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), Connection(port, 5) as connection:
            if connection.ask(_PROBE.replace(b"PATH", PATHS[name].encode()))[0] == 200:  # noqa: PLR2004 - HTTP
                return
        time.sleep(0.02)
    raise RuntimeError(f"{name} did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def memory_of(service: Service) -> Memory:
    """Return the memory of a service and of all its descendants, now."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, rest = [], [service.process.pid]
    while rest:
        found.append(rest.pop())
        rest += children.get(found[-1], [])
    sums = [_rollup(pid) for pid in found]
    return Memory(sum(each[0] for each in sums), sum(each[1] for each in sums), len(found))


def _rollup(pid: int) -> tuple[float, float]:
    lines = {}
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        lines = dict(line.split(":") for line in text.splitlines()[1:])
    return tuple(int(lines.get(key, "0 kB").split()[0]) / 1024 for key in ("Rss", "Pss"))  # type: ignore[return-value]


def size_of(folder: Path) -> float:
    """Return the megabytes that the files of a folder take."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / (1 << 20)


def forget(folder: Path) -> None:
    """Have the system drop a folder's files from its memory, so that they come from the disk."""
    for file in folder.rglob("*"):
        if file.is_file():
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
