"""What is answered before Flask is answered as Flask does it, and nothing is asked twice."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.config import Config
from kg.engine.requests import Answer, Request
from kg.errors import KgError, QuerySyntaxError, QueryTimeout
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.web import sparql
from kg.web.app import create_app
from kg.web.sparql import DIRECT, FORM

GZIP = {"Accept-Encoding": "gzip"}
OWN = {"KG-Query-Id", "Server-Timing"}
NAMES = sorted({each.name for each in (*RESULT_FORMATS, *RDF_FORMATS)})


@dataclass
class Told:
    """An engine that gives the answers that it was told, and counts how often."""

    content: bytes = b"{}"
    error: Exception | None = None
    is_large: bool = False
    build: str = "first"
    asked: list[Request] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        """Answer in the form that was asked for, or raise the error."""
        self.asked.append(request)
        if self.error:
            raise self.error
        chosen = request.rows if "SELECT" in request.query else request.graph
        assert chosen is not None
        content = io.BytesIO(self.content) if self.is_large else self.content
        return Answer(content, chosen.media_type, "solutions", self.build, len(self.content))

    def close(self) -> None:
        """Nothing was started."""


Ask = Callable[[FlaskClient], TestResponse]
ByFlask = Callable[[Ask], TestResponse]


@pytest.fixture
def told() -> Told:
    """An engine without an opinion."""
    return Told()


@pytest.fixture
def app(tiny_config: Config, told: Told) -> Flask:
    """An application over it, which counts the requests that reach Flask."""
    app = create_app(tiny_config, told)
    app.extensions["requests"] = 0

    def count() -> None:
        app.extensions["requests"] += 1

    app.before_request(count)
    return app


def asking(method: str, query: str, headers: Mapping[str, str] = {}, **others: str) -> Ask:
    """Return what asks a query by GET, or by POST in a form or as text."""
    match method:
        case "GET":
            url = "/sparql?" + urlencode({"query": query, **others})
            return lambda client: client.get(url, headers=headers)
        case "FORM":
            body = urlencode({"query": query, **others})
            return lambda client: client.post(
                "/sparql", data=body, headers=headers, content_type=FORM
            )
        case _:
            url = "/sparql?" + urlencode(others)
            return lambda client: client.post(url, data=query, headers=headers, content_type=DIRECT)


def seen(response: TestResponse) -> tuple[str, bytes, list[tuple[str, str]]]:
    """Return all of a response that does not belong to the one request."""
    lasting = sorted(pair for pair in response.headers if pair[0] not in OWN)
    return response.status, response.data, lasting


@pytest.fixture
def by_flask(tiny_config: Config, told: Told, monkeypatch: pytest.MonkeyPatch) -> ByFlask:
    """Return what an application answers in which no query counts as plain."""

    def answer(ask: Ask) -> TestResponse:
        with monkeypatch.context() as patch:
            patch.setattr(sparql, "plain_request", lambda _: None)
            return ask(create_app(tiny_config, told).test_client())

    return answer


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("method", ["GET", "FORM", "TEXT"])
def test_a_plain_query_needs_no_flask(
    app: Flask, by_flask: ByFlask, method: str, name: str
) -> None:
    """In each format and each way to ask, the answer is what Flask would make of it."""
    query = "SELECT ?s {}" if name in {each.name for each in RESULT_FORMATS} else "CONSTRUCT {}"
    ask = asking(method, query, format=name)

    response = ask(app.test_client())

    assert app.extensions["requests"] == 0
    assert set(response.headers.keys()) >= OWN | {"ETag", "KG-Build", "Vary"}
    assert seen(response) == seen(by_flask(ask))


@pytest.mark.parametrize(
    ("query", "build"), [("SELECT (NOW() AS ?now) {}", "first"), ("SELECT ?s {}", "")]
)
def test_what_differs_each_time_has_no_tag(
    app: Flask, by_flask: ByFlask, told: Told, query: str, build: str
) -> None:
    """Neither here nor where Flask answers."""
    told.build = build
    ask = asking("GET", query)

    response = ask(app.test_client())

    assert app.extensions["requests"] == 0
    assert "ETag" not in response.headers
    assert seen(response) == seen(by_flask(ask))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QuerySyntaxError("line 1, column 2", 1, 2), 400),
        (QueryTimeout("too long"), 504),
        (KgError("set up badly"), 500),
        (ZeroDivisionError("a mistake of ours"), 500),
    ],
)
@pytest.mark.parametrize("method", ["GET", "FORM", "TEXT"])
def test_an_error_is_told_by_flask_and_met_once(
    app: Flask, told: Told, error: Exception, status: int, method: str
) -> None:
    """As a problem, also where it is a mistake of ours."""
    told.error = error

    response = asking(method, "SELECT ?s {}")(app.test_client())

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert (app.extensions["requests"], len(told.asked)) == (1, 1)


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_a_long_answer_is_sent_by_flask_and_asked_once(
    app: Flask, by_flask: ByFlask, told: Told, headers: Mapping[str, str]
) -> None:
    """In parts, as they are or compressed."""
    told.content, told.is_large = b"x" * 5000, True
    ask = asking("GET", "SELECT ?s {}", headers)

    response = ask(app.test_client())

    assert (app.extensions["requests"], len(told.asked)) == (1, 1)
    assert seen(response) == seen(by_flask(ask))


@pytest.mark.parametrize("query", ["SELECT ?s {}", "SELECT (NOW() AS ?now) {}"])
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
def test_a_small_answer_is_compressed_without_flask(
    app: Flask, by_flask: ByFlask, told: Told, coding: str, query: str
) -> None:
    """As the client accepts it."""
    told.content = b"x" * 5000
    ask = asking("GET", query, {"Accept-Encoding": coding})

    response = ask(app.test_client())

    assert app.extensions["requests"] == 0
    assert response.headers.get("Content-Encoding", "identity") == coding
    assert seen(response) == seen(by_flask(ask))


@pytest.mark.parametrize(
    "ask",
    [
        asking("GET", "SELECT ?s {}", {"Accept": "text/html"}),
        asking("GET", "SELECT ?s {}", {"If-None-Match": '"x"'}),
        asking("GET", "SELECT ?s {}", {"Accept": "a" * 9000}),
        asking("GET", " "),
        asking("GET", "SELECT ?s {}", format="nothing"),
        asking("GET", "SELECT ?s {}", timeout="soon"),
        asking("FORM", "SELECT ?s {}", {"Content-Encoding": "gzip"}),
        asking("FORM", "SELECT ?s {}", update="CLEAR ALL"),
        lambda client: client.post("/sparql?query=ASK{}", data="ASK {}", content_type=DIRECT),
        asking("TEXT", "SELECT ?s {} #" + "x" * 70_000),
        lambda client: client.get("/sparql"),
        lambda client: client.head("/sparql?query=ASK{}"),
        lambda client: client.post("/sparql", data=b"\xff", content_type=DIRECT),
        lambda client: client.post("/sparql", data="ASK {}", content_type=DIRECT + ";charset=x"),
        lambda client: client.post("/sparql", data="CLEAR ALL", content_type=sparql.UPDATE),
        lambda client: client.get("/sparql?query=ASK{}", base_url="http://x/mounted"),
    ],
)
def test_what_is_not_plain_reaches_flask(app: Flask, by_flask: ByFlask, ask: Ask) -> None:
    """Untouched: what it answers is what it answers alone."""
    response = ask(app.test_client())

    assert app.extensions["requests"] == 1
    assert seen(response) == seen(by_flask(ask))


def test_what_clients_add_to_the_type_of_a_form_is_plain(app: Flask) -> None:
    """Browsers send the encoding with it."""
    response = app.test_client().post(
        "/sparql", data="query=SELECT", content_type=FORM + "; charset=UTF-8"
    )

    assert (response.status_code, app.extensions["requests"]) == (200, 0)
