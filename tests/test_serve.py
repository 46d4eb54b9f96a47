"""The production server, started and stopped as a person does it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from kg.cli.serving import _find_address
from kg.config import ONTOLOGY, Config
from kg.errors import BuildError, KgError
from kg.web.serve import serve
from processes import descendants, is_running, wait_until

SCRIPT = "from kg.cli import main; main()"


@pytest.fixture(scope="module")
def project(tiny_config: Config, store_dir: Path) -> Config:
    """The tiny project, with the tiny build as its current one."""
    (tiny_config.root / ONTOLOGY).parent.mkdir(exist_ok=True)
    (tiny_config.root / ONTOLOGY).touch()
    tiny_config.builds.mkdir(exist_ok=True)
    (tiny_config.builds / "current").write_text(str(store_dir))
    return tiny_config


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def is_up(url: str) -> bool:
    """Return whether the service is well, waiting a while for it."""
    for _ in range(100):
        try:
            with urlopen(url + "health", timeout=2) as response:  # noqa: S310 - our own
                return bool(response.status == 200)
        except URLError:
            time.sleep(0.05)
    return False


@pytest.fixture
def server(project: Config) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A running server and its address; its process group is its own, as in a terminal."""
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, "serve", "--port", str(port)]
    env = {**os.environ, "KG_ROOT": str(project.root)}
    with subprocess.Popen(
        command, env=env, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        url = f"http://127.0.0.1:{port}/"
        assert is_up(url)
        yield process, url
        if process.poll() is None:
            process.kill()


def test_a_real_client_gets_its_answers(server: tuple[subprocess.Popen[bytes], str]) -> None:
    """Rdflib's SPARQLStore, by GET and by POST."""
    _, url = server
    for method in ("GET", "POST", "POST_FORM"):
        store = SPARQLStore(url + "sparql", method=method)

        rows = list(store.query("SELECT ?s { ?s dip:isoCode 'PAK' }"))

        assert [str(row[0]) for row in rows] == ["https://w3id.org/diplomacy-kg/id/state/pakistan"]  # type: ignore[index]


def test_a_body_without_a_length_is_read_whole_or_refused(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    """A form that is cut at the limit would ask something else."""
    _, url = server
    form = urlencode({"query": "ASK { }", "default-graph-uri": "http://e/" + "x" * 500_000})
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    connection.request("POST", "/sparql", iter([form.encode()]), headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()

    assert status == 413


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_stops_the_server_and_all_below_it(
    server: tuple[subprocess.Popen[bytes], str], ending: signal.Signals
) -> None:
    """A terminal sends it to the whole group, of which the web process is no part."""
    process, _ = server
    family = 5  # the web process, the nursery, three workers
    assert wait_until(lambda: len(descendants(process.pid)) == family)
    below = descendants(process.pid)
    group = os.getpgid(below[0])

    os.killpg(process.pid, ending)

    assert group != process.pid
    assert process.wait(timeout=5) == 0
    assert wait_until(lambda: not any(map(is_running, below)), seconds=1)


def test_a_killed_server_leaves_nobody_behind(
    server: tuple[subprocess.Popen[bytes], str],
) -> None:
    """Neither the web process nor its workers."""
    process, _ = server
    below = descendants(process.pid)

    process.kill()

    assert wait_until(lambda: not any(map(is_running, below)))


def test_an_address_in_use_is_refused(project: Config) -> None:
    """Two servers on one port would answer by turns."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(KgError, match=rf":{port}: Address already in use; try --port"):
            serve(project, "127.0.0.1", port, lambda _: None)


@pytest.mark.parametrize(
    ("host", "address"), [("localhost", "127.0.0.1"), ("::1", "::1"), ("::", "::")]
)
def test_a_host_name_is_resolved(host: str, address: str) -> None:
    """The server underneath takes addresses only."""
    assert _find_address(host) == address


@pytest.mark.parametrize("host", ["", "no such host"])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    """An empty one would mean every address of the machine."""
    with pytest.raises(KgError, match="is no address of this machine"):
        _find_address(host)


def test_a_folder_that_is_no_build_is_refused(tiny_config: Config, tmp_path: Path) -> None:
    """Before anything is started."""
    with pytest.raises(BuildError, match="run kg build"):
        serve(replace(tiny_config, builds=tmp_path), "127.0.0.1", free_port(), lambda _: None)
