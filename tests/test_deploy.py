"""The files in deploy/ do what they say, as far as the tools of this machine can tell."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kg.cli import COMMANDS
from live_server import LiveServer, Reply, free_port, read_reply, write_live_project
from processes import wait_until

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
TOKEN = "0123456789abcdef" * 2  # - of this test alone
MAIN = """
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def tool(name: str) -> str:
    """Return the path of a program; skip the test where it is not installed."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A running service that believes one proxy."""
    root = tmp_path_factory.mktemp("service")
    write_live_project(root)
    with LiveServer(root, KG_TRUSTED_PROXIES=1, KG_ADMIN_TOKEN=TOKEN, KG_QUERY_TIMEOUT=5) as server:
        yield server


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory, service: LiveServer) -> Iterator[int]:
    """The port of nginx before that service, with deploy/nginx.conf but for TLS and ports."""
    nginx, folder, port = tool("nginx"), tmp_path_factory.mktemp("nginx"), free_port()
    site = (DEPLOY / "nginx.conf").read_text()
    for old, new in (
        ("127.0.0.1:8000", service.authority),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
    ):
        assert old in site
        site = site.replace(old, new)
    (folder / "site.conf").write_text(re.sub(r"\n *ssl_.*", "", site))
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert wait_until(lambda: is_listening(port))
        yield port
        process.terminate()


def is_listening(port: int) -> bool:
    """Whether somebody accepts connections there."""
    with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def get(port: int, path: str, *headers: str, body: bytes = b"") -> Reply:
    """Send a request, and return the answer."""
    method = "POST" if body else "GET"
    lines = "".join(f"{header}\r\n" for header in headers)
    head = f"{method} {path} HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\n{lines}\r\n"
    with socket.create_connection(("127.0.0.1", port), 20) as sock:
        sock.sendall(head.encode() + body)
        return read_reply(sock, method)


def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    """Its paths and its user are those of this machine here: they must exist."""
    analyze = tool("systemd-analyze")
    text = (DEPLOY / "kg.service").read_text()
    assert "/srv/diplomacy-kg/.venv/bin/kg serve" in text
    unit = tmp_path / "kg.service"
    text = text.replace("/srv/diplomacy-kg/.venv/bin/kg", sys.executable)
    unit.write_text(re.sub(r"(User|Group)=kg", r"\1=root", text))

    done = subprocess.run([analyze, "verify", unit], capture_output=True, text=True, check=False)

    if "Failed to" in done.stderr and "manager" in done.stderr:
        pytest.skip(f"systemd-analyze cannot run here: {done.stderr.strip()}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("line", ["KillMode=mixed", "Restart=always", "OOMPolicy=continue"])
def test_the_unit_keeps_the_service_alive(line: str) -> None:
    """A worker that is killed must not end the service, and what ends starts again."""
    assert line in (DEPLOY / "kg.service").read_text().splitlines()


def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    """As it is but for the certificate, which is made here."""
    nginx, openssl = tool("nginx"), tool("openssl")
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=example.org"),
            *("-keyout", key, "-out", certificate),
        ],
        capture_output=True,
        check=True,
    )
    site = (DEPLOY / "nginx.conf").read_text()
    site = site.replace("/etc/ssl/certs/example.org.pem", str(certificate))
    site = site.replace("/etc/ssl/private/example.org.key", str(key))
    (tmp_path / "site.conf").write_text(site)
    (tmp_path / "nginx.conf").write_text(MAIN.format(folder=tmp_path))

    done = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_the_service_answers_through_nginx(proxy: int, service: LiveServer) -> None:
    """With the same bytes, the tag, the compression and the id that it gives itself."""
    query = "/sparql?query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"
    direct = get(service.port, query)
    through = get(proxy, query)
    packed = get(proxy, query, "Accept-Encoding: gzip")
    again = get(proxy, query, f"If-None-Match: {through.headers['ETag']}")

    assert (through.status, through.body) == (200, direct.body)
    assert through.headers["ETag"] == direct.headers["ETag"]
    assert through.headers["KG-Query-Id"]
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.body) < len(direct.body)
    assert (again.status, again.body) == (304, b"")


def test_nginx_says_who_the_client_is_whatever_he_says_himself(
    proxy: int, service: LiveServer
) -> None:
    """Else anybody could use up the budget of another."""
    path = "/health/live?" + "x" * 10

    get(proxy, path, "X-Forwarded-For: 192.0.2.66")

    assert wait_until(lambda: '"path": "/health/live"' in service.log_text())
    assert "192.0.2.66" not in service.log_text()


def test_nginx_turns_away_what_is_too_long(proxy: int) -> None:
    """Before the service is asked."""
    long = get(
        proxy,
        "/sparql",
        "Content-Type: application/sparql-query",
        "Content-Length: 300000",
        body=b"x" * 1000,
    )

    assert long.status == 413


def test_who_leaves_nginx_ends_his_query(proxy: int, service: LiveServer) -> None:
    """Nobody works for one who has gone."""
    triples = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(30))
    query = f"SELECT (COUNT(*) AS ?n) {{ {triples} }}".encode()
    head = (
        "POST /sparql HTTP/1.1\r\nHost: example.org\r\n"
        f"Content-Type: application/sparql-query\r\nContent-Length: {len(query)}\r\n\r\n"
    )

    def running() -> int:
        reply = get(proxy, "/admin/queries", f"Authorization: Bearer {TOKEN}")
        return len(reply.json["queries"])

    with socket.create_connection(("127.0.0.1", proxy), 20) as sock:
        sock.sendall(head.encode() + query)
        assert wait_until(lambda: running() == 1)

    assert wait_until(lambda: running() == 0, 3.0)
    assert '"outcome": "cancelled"' in service.log_text()


def test_the_container_file_copies_what_there_is_and_runs_what_there_is() -> None:
    """It was never built here: that needs an engine. Its parts are looked at one by one."""
    text = (DEPLOY / "Containerfile").read_text().replace("\\\n", " ")
    steps = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    copied = [name for word, rest in steps if word == "COPY" for name in rest.split()[:-1]]
    commands = re.findall(r"RUN kg (\w+)|\"kg\", \"(\w+)\"", text)

    known = {"FROM", "WORKDIR", "ENV", "COPY", "RUN", "USER", "EXPOSE", "STOPSIGNAL", "CMD"}
    assert {word for word, _ in steps} <= known | {"HEALTHCHECK"}
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert {"src", "ontology", "seeds", "queries"} <= set(copied)
    assert {first or second for first, second in commands} <= set(COMMANDS)
