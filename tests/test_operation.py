"""What operators rely on: logs, metrics, health, status, running queries, compression."""

import gzip
import json
import os
import sys
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import brotli
import pytest
from flask.testing import FlaskClient

from kg.config import SETTINGS, Config
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Request
from kg.engine.running import Switch
from kg.errors import QueryTimeout
from kg.web.app import create_app
from kg.web.logs import Log
from processes import wait_until

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TOKEN = "0123456789abcdef" * 2  # - of this test alone
ROWS = "SELECT * { VALUES ?n { " + " ".join(f'"row {n}"' for n in range(500)) + " } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(30)) + "}"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstd.decompress,
}


class Lines:
    """A log that a test reads."""

    def __init__(self, folder: Path) -> None:
        """Write into a file."""
        self._path = folder / "log"
        self.fd = os.open(self._path, os.O_WRONLY | os.O_CREAT)

    def read(self, event: str = "request") -> list[dict[str, Any]]:
        """Return what happened so far."""
        lines = map(json.loads, self._path.read_text().splitlines())
        return [line for line in lines if line["event"] == event]


@pytest.fixture
def lines(tmp_path: Path) -> Iterator[Lines]:
    """An empty log."""
    found = Lines(tmp_path)
    yield found
    os.close(found.fd)


@pytest.fixture
def operated(tiny_config: Config, engine: Pool, lines: Lines) -> FlaskClient:
    """A client of an application with an operator, behind one proxy."""
    config = replace(tiny_config, admin_token=TOKEN, trusted_proxies=1, slow_query_seconds=0.0)
    return create_app(config, engine, Log(lines.fd)).test_client()


def sparql(query: str, **others: str) -> str:
    """Return the URL that asks a query."""
    return "/sparql?" + urlencode({"query": query, **others})


def operator(token: str = TOKEN) -> dict[str, str]:
    """Return the header that an operator sends."""
    return {"Authorization": f"Bearer {token}"}


def test_each_request_is_one_line_of_the_log(operated: FlaskClient, lines: Lines) -> None:
    """With the id that the client was given, and without the text of the query."""
    response = operated.get(sparql("ASK { ?s ?p ?o }"), headers={"X-Forwarded-For": "192.0.2.7"})

    (line,) = lines.read()
    assert line["id"] == response.headers["KG-Query-Id"]
    assert line["client"] == "192.0.2.7"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sparql", 200)
    assert line["bytes"] == len(response.data)
    assert line["build"] == response.headers["KG-Build"]
    assert line["outcome"] == "ok"
    assert line["seconds"] > 0
    assert set(line) <= {"time", "event", *line}


def test_the_log_says_what_became_of_a_query(operated: FlaskClient, lines: Lines) -> None:
    """The code of the error, or that it was kept."""
    for query in ("ASK { }", "ASK { }", "SELEC"):
        operated.get(sparql(query))

    assert [line["outcome"] for line in lines.read()] == ["ok", "cached", "syntax_error"]


def test_a_slow_query_is_logged_with_its_text_shortened(
    operated: FlaskClient, lines: Lines
) -> None:
    """Under the id of its request; a kept answer is not slow."""
    query = "ASK { }" + "# é\n" * 2000
    response = operated.get(sparql(query))
    operated.get(sparql(query))

    (slow,) = lines.read("slow_query")
    assert slow["id"] == response.headers["KG-Query-Id"]
    assert slow["query"] == query[:250]
    assert slow["outcome"] == "ok"


def test_nothing_secret_is_in_the_log(operated: FlaskClient, lines: Lines, tmp_path: Path) -> None:
    """Neither what operators show nor what stands in the URL after the path."""
    operated.get("/admin/queries?token=" + TOKEN, headers=operator())
    operated.get("/admin/queries", headers={"Authorization": "Basic dXNlcjpzZWNyZXQ="})

    text = (tmp_path / "log").read_text()
    assert [line["status"] for line in lines.read()] == [200, 401]
    assert TOKEN not in text
    assert "dXNlcjpzZWNyZXQ" not in text


@pytest.mark.parametrize("path", ["/" + "é" * 3000, "/%00%0a%22", "/%ff%fe"])
def test_whatever_is_asked_for_is_one_line(operated: FlaskClient, lines: Lines, path: str) -> None:
    """No path can break the log, or a line of it out of the pipe."""
    assert operated.get(path).status_code == 404

    assert len(lines.read()) == 1


def test_a_log_that_nobody_reads_holds_nobody_up() -> None:
    """Lines are lost and counted."""
    reader, writer = os.pipe()
    log = Log(writer)

    for _ in range(1000):
        log.write("request", text="x" * 1000)

    assert log.lost > 0
    assert os.read(reader, 10).startswith(b'{"time"')
    os.close(reader)
    before = log.lost
    log.write("request")
    assert log.lost == before + 1
    os.close(writer)


def test_a_proxy_that_is_not_trusted_is_not_believed(
    tiny_config: Config, engine: Pool, lines: Lines
) -> None:
    """Anybody can send the header."""
    client = create_app(tiny_config, engine, Log(lines.fd)).test_client()

    client.get("/health/live", headers={"X-Forwarded-For": "192.0.2.7"})

    assert lines.read()[0]["client"] == "127.0.0.1"


def test_a_client_that_has_used_up_its_share_is_told_when_to_come_back(
    tiny_config: Config, engine: Pool, lines: Lines
) -> None:
    """429 with Retry-After; pages that ask nothing are answered, and so are other clients."""
    config = replace(tiny_config, client_errors=2, trusted_proxies=1)
    client = create_app(config, engine, Log(lines.fd)).test_client()
    statuses = [client.get(sparql("SELEC")).status_code for _ in range(3)]

    refused = client.get(sparql("ASK { }"))
    other = client.get(sparql("ASK { }"), headers={"X-Forwarded-For": "192.0.2.9"})

    assert statuses == [400, 400, 429]
    assert (refused.status_code, refused.json and refused.json["code"]) == (
        429,
        "too_many_requests",
    )
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert (other.status_code, client.get("/health").status_code) == (200, 200)


def test_metrics_count_requests_queries_and_the_cache(operated: FlaskClient) -> None:
    """By route, never by URL: a client cannot make them grow."""
    for query in ("ASK { }", "ASK { }", "SELEC"):
        operated.get(sparql(query))
    operated.get("/nowhere/1")
    operated.get("/nowhere/2")

    text = operated.get("/metrics").text

    assert 'kg_http_requests_total{route="/sparql",status="200"} 2.0' in text
    assert 'kg_http_requests_total{route="none",status="404"} 2.0' in text
    for outcome in ("ok", "cached", "syntax_error"):
        assert f'kg_queries_total{{outcome="{outcome}"}} 1.0' in text
    assert "kg_query_seconds_count 2.0" in text
    assert "kg_engine_cached_answers 2.0" in text  # the answer, and the response made of it
    assert "kg_engine_idle" in text
    assert 'kg_build_info{hash="abab' in text


def test_two_applications_count_for_themselves(tiny_config: Config, engine: Pool) -> None:
    """Nothing is held by the module."""
    first, second = (create_app(tiny_config, engine).test_client() for _ in range(2))
    first.get(sparql("ASK { }"))

    assert "kg_queries_total" in first.get("/metrics").text
    assert 'outcome="ok"' not in second.get("/metrics").text


def test_the_process_lives_whatever_becomes_of_queries(
    tiny_config: Config, store_dir: Path
) -> None:
    """Liveness asks no engine; readiness does, and so does its older name."""
    pool = Pool(tiny_config, store_dir)
    pool.close()
    client = create_app(tiny_config, pool).test_client()

    paths = ("/health/live", "/health/ready", "/health")

    assert [client.get(path).status_code for path in paths] == [200, 503, 503]


def test_readiness_asks_the_engine_each_time(tiny_config: Config, store_dir: Path) -> None:
    """A kept answer would hide that nothing answers any more."""
    with closing(Pool(tiny_config, store_dir)) as pool:
        client = create_app(tiny_config, pool).test_client()
        assert wait_until(lambda: client.get("/health/ready").status_code == 200)

        pool.close()

        assert client.get("/health/ready").status_code == 503


def test_status_shows_every_limit(operated: FlaskClient) -> None:
    """With its value, its unit and its meaning; and no secret."""
    response = operated.get("/status")
    status = json.loads(response.data)

    assert set(status["settings"]) == {each.variable for each in SETTINGS.values()}
    assert status["settings"]["KG_QUERY_TIMEOUT"]["value"] == 10.0
    assert status["build"] == response.headers["KG-Build"]
    assert status["now"]["running"] == 0
    assert TOKEN not in response.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        operator("wrong"),
        operator(TOKEN + "x"),
        operator(""),
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \u00e9\u00ff"},
        {"Authorization": TOKEN},
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("DELETE", "/x")])
def test_who_is_no_operator_is_turned_away(
    operated: FlaskClient, headers: dict[str, str], method: str, path: str
) -> None:
    """Whatever the header holds; the answer says how to be one."""
    response = operated.open("/admin/queries" + path, method=method, headers=headers)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_without_a_token_there_are_no_operators(client: FlaskClient) -> None:
    """Not even one who sends nothing."""
    for headers in ({}, operator(""), operator("None")):
        assert client.get("/admin/queries", headers=headers).status_code == 404


def test_an_operator_lists_and_ends_queries(
    tiny_config: Config, store_dir: Path, lines: Lines
) -> None:
    """Who asked is told that it was cancelled; what is not there is 404."""
    config = replace(tiny_config, admin_token=TOKEN)
    with closing(Pool(config, store_dir)) as pool:
        app = create_app(config, pool, Log(lines.fd))
        answers: list[Any] = []
        thread = threading.Thread(
            target=lambda: answers.append(app.test_client().get(sparql(ENDLESS)))
        )
        thread.start()
        assert wait_until(lambda: pool.statistics()["busy"] == 1)
        client = app.test_client()
        (shown,) = json.loads(client.get("/admin/queries", headers=operator()).data)["queries"]
        ended = client.delete(f"/admin/queries/{shown['id']}", headers=operator())
        thread.join(5)
        gone = client.delete(f"/admin/queries/{shown['id']}", headers=operator())

    assert (shown["client"], shown["lane"]) == ("127.0.0.1", "open")
    assert (ended.status_code, gone.status_code) == (204, 404)
    assert [answer.status_code for answer in answers] == [503]
    assert json.loads(answers[0].data)["code"] == "cancelled"
    assert answers[0].headers["KG-Query-Id"] == shown["id"]


@pytest.mark.parametrize("coding", DECODERS)
def test_an_answer_is_compressed_as_the_client_accepts_it(client: FlaskClient, coding: str) -> None:
    """The second time too, from what was kept; the tag is the same, since it is weak."""
    plain = client.get(sparql(ROWS))
    first, again = (client.get(sparql(ROWS), headers={"Accept-Encoding": coding}) for _ in range(2))

    assert first.headers["Content-Encoding"] == coding
    assert int(first.headers["Content-Length"]) == len(first.data) < len(plain.data)
    assert DECODERS[coding](first.data) == plain.data
    assert again.data == first.data
    assert first.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("gzip;q=nan", None),
        ("identity, gzip;q=0.5", None),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br;q=0.5", "gzip"),
        ("compress, *", "zstd"),
        ("GZIP", "gzip"),
        (",,;;==", None),
    ],
)
def test_the_coding_is_the_one_that_is_liked_best(
    client: FlaskClient, header: str, coding: str | None
) -> None:
    """None where none is, or where it is refused."""
    response = client.get(sparql(ROWS), headers={"Accept-Encoding": header})

    assert response.headers.get("Content-Encoding") == coding


def test_small_answers_and_errors_go_as_they_are(client: FlaskClient) -> None:
    """Compressing them would gain nothing."""
    headers = {"Accept-Encoding": "gzip"}

    for url in (sparql("ASK { }"), sparql("SELEC"), "/health"):
        assert "Content-Encoding" not in client.get(url, headers=headers).headers


def test_documents_are_compressed_too(client: FlaskClient) -> None:
    """The description of the interface is long."""
    response = client.get("/openapi.json", headers={"Accept-Encoding": "gzip"})

    assert response.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(response.data))["openapi"]


def test_head_has_the_headers_of_the_compressed_answer(client: FlaskClient) -> None:
    """And no body."""
    got = client.get(sparql(ROWS), headers={"Accept-Encoding": "gzip"})
    asked = client.head(sparql(ROWS), headers={"Accept-Encoding": "gzip"})

    assert asked.data == b""
    for name in ("Content-Encoding", "Content-Length", "ETag", "Vary"):
        assert asked.headers[name] == got.headers[name]


def test_a_query_that_differs_each_time_is_kept_by_nobody(client: FlaskClient) -> None:
    """Neither here, nor by the client, nor in between."""
    url = sparql("SELECT (STRUUID() AS ?id) {}", format="csv")
    first, second = client.get(url), client.get(url)

    assert first.data != second.data
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers


class LargeEngine:
    """Answers with a file, as an engine does where an answer is large."""

    build = "ab" * 32
    content = b"<http://example.org/s> <http://example.org/p> <http://example.org/o> .\n" * 50_000

    def __init__(self) -> None:
        """Remember the files."""
        self.files: list[Any] = []

    def answer(self, _: Request) -> Answer:
        """Return an answer of three and a half megabytes."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends the answer closes it
        file.write(self.content)
        self.files.append(file)
        return Answer(file, "application/n-triples", "graph", self.build, len(self.content))

    def close(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize("coding", [None, "gzip", "br", "zstd"])
def test_a_large_answer_goes_in_parts_and_its_file_is_closed(
    tiny_config: Config, coding: str | None
) -> None:
    """With its length where it goes as it is; compressed, its length is not known before."""
    engine = LargeEngine()
    client = create_app(tiny_config, engine).test_client()
    headers = {"Accept-Encoding": coding or "identity"}

    response = client.get(sparql("CONSTRUCT WHERE { ?s ?p ?o }"), headers=headers)
    length = response.headers.get("Content-Length")
    body = response.data
    response.close()

    assert response.headers.get("Content-Encoding") == coding
    assert (DECODERS[coding](body) if coding else body) == engine.content
    assert length == (None if coding else str(len(engine.content)))
    assert [file.closed for file in engine.files] == [True]


def test_a_file_that_nobody_reads_is_closed(tiny_config: Config) -> None:
    """HEAD needs its length alone."""
    engine = LargeEngine()
    client = create_app(tiny_config, engine).test_client()

    response = client.head(sparql("CONSTRUCT WHERE { ?s ?p ?o }"))
    response.close()

    assert response.headers["Content-Length"] == str(len(engine.content))
    assert [file.closed for file in engine.files] == [True]


def test_the_engine_is_told_who_waits(tiny_config: Config) -> None:
    """The connection that the server watches, the address, and the id of the answer."""
    asked: list[Request] = []

    class Noting(LargeEngine):
        def answer(self, request: Request) -> Answer:
            asked.append(request)
            return super().answer(request)

    connection = Switch()
    client = create_app(tiny_config, Noting()).test_client()
    response = client.get(sparql("ASK { }"), environ_base={"kg.client": connection})
    response.close()

    (request,) = asked
    assert connection in request.clients
    assert request.address == "127.0.0.1"
    assert request.id == response.headers["KG-Query-Id"]


def test_a_bug_in_the_engine_is_logged_and_counted(tiny_config: Config, lines: Lines) -> None:
    """500, with an id that leads to the log."""

    class Broken(LargeEngine):
        def answer(self, _: Request) -> Answer:
            raise ZeroDivisionError

    client = create_app(tiny_config, Broken(), Log(lines.fd)).test_client()
    client.application.config["PROPAGATE_EXCEPTIONS"] = False

    response = client.get(sparql("ASK { }"))

    assert response.status_code == 500
    assert [(line["status"], line["outcome"]) for line in lines.read()] == [(500, "internal_error")]
    assert lines.read()[0]["id"] == response.headers["KG-Query-Id"]


def test_an_engine_without_numbers_has_metrics_too(tiny_config: Config) -> None:
    """A remote engine has no workers."""

    class Late(LargeEngine):
        def answer(self, _: Request) -> Answer:
            raise QueryTimeout("late")

    client = create_app(tiny_config, Late()).test_client()
    client.get(sparql("ASK { }"))

    assert 'kg_queries_total{outcome="timeout"} 1.0' in client.get("/metrics").text


def test_gzip_is_the_gzip_format() -> None:
    """Old programs take nothing else: RFC 1952, not the bare zlib stream."""
    from kg.web.compression import compress  # noqa: PLC0415 - only here

    packed = b"".join(compress([b"a" * 100_000], "gzip"))

    assert packed[:2] == b"\x1f\x8b"
    assert zlib.decompress(packed, 31) == b"a" * 100_000


def test_an_answer_of_unknown_build_has_no_tag(tiny_config: Config) -> None:
    """A remote engine may not say which build it holds; then nothing is to be kept."""

    class Unknown:
        build = ""

        def answer(self, _: Request) -> Answer:
            return Answer(b"true", "text/csv", "boolean", "", 4)

        def close(self) -> None:
            pass

    response = create_app(tiny_config, Unknown()).test_client().get("/sparql?query=ASK{}")

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert not {"ETag", "KG-Build"} & set(response.headers.keys())
