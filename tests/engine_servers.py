"""Real servers to ask instead of our own engine: Oxigraph and Virtuoso, each started empty.

A server that is not installed is skipped with the reason; docs/engines.md says how to get it.
"""

import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from kg.vocab import BASE
from processes import wait_until

SERVERS: Final = ("oxigraph", "virtuoso")
DEFAULT_GRAPH: Final = BASE + "graph/default"
START_SECONDS: Final = 60.0

VIRTUOSO_INI: Final = """\
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{port}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
TimezonelessDatetimes = {timezoneless}

[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = 8

[SPARQL]
ResultSetMaxRows = {most_rows}
MaxQueryExecutionTime = 60
"""


@dataclass(frozen=True)
class EngineServer:
    """A running server."""

    name: str
    query_url: str
    """KG_ENGINE_URL."""

    store_url: str
    """KG_PUBLISH_URL."""


@contextmanager
def running(name: str, folder: Path) -> Iterator[EngineServer]:
    """Give a server with an empty store in `folder`; skip the test where it is not installed."""
    with {"oxigraph": running_oxigraph, "virtuoso": running_virtuoso}[name](folder) as server:
        yield server


@contextmanager
def running_oxigraph(folder: Path) -> Iterator[EngineServer]:
    """Give an `oxigraph serve`."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("oxigraph is not installed: .venv/bin/pip install oxigraph")
    port = free_port()
    address = f"127.0.0.1:{port}"
    command = [str(program), "serve", "--location", str(folder), "--bind", address]
    with started(command, folder, f"http://{address}/"):
        yield EngineServer("oxigraph", f"http://{address}/query", f"http://{address}/store")


@contextmanager
def running_virtuoso(
    folder: Path, most_rows: int = 1_000_000, timezoneless: int = 2
) -> Iterator[EngineServer]:
    """Give a Virtuoso with the password that it starts with."""
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    http_port = free_port()
    settings = VIRTUOSO_INI.format(
        port=free_port(), http_port=http_port, most_rows=most_rows, timezoneless=timezoneless
    )
    (folder / "virtuoso.ini").write_text(settings)
    site = f"http://127.0.0.1:{http_port}"
    with started([program, "-f", "-c", "virtuoso.ini"], folder, f"{site}/sparql"):
        yield EngineServer(
            "virtuoso",
            f"{site}/sparql?default-graph-uri={DEFAULT_GRAPH}",
            f"http://dba:dba@127.0.0.1:{http_port}/sparql-graph-crud-auth",
        )


@contextmanager
def started(command: list[str], folder: Path, url: str) -> Iterator[None]:
    """Run a server until it is no longer needed; it has started when it answers at `url`."""
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log) as server,
    ):
        try:
            assert wait_until(lambda: answers(url), START_SECONDS), command
            yield
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def answers(url: str) -> bool:
    """Whether anything is answered there."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
