"""What is asked again in the same words is answered as before, and only that."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from wsgiref.types import WSGIEnvironment

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kg.config import Config
from kg.engine.requests import Answer, Request
from kg.web.app import create_app
from kg.web.repeats import Kept, Repeats

ASK = "/sparql?query=ASK%7B%7D"
OWN = {"KG-Query-Id", "Server-Timing"}


@dataclass
class Counting:
    """An engine that tells how often it was asked, and may be asked about another build."""

    build: str = "first"
    next_build: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Request) -> Answer:
        """Return the number of questions so far; the build may change meanwhile."""
        self.asked.append(request.query)
        self.build = self.next_build or self.build
        content = f"{len(self.asked)} {'x' * 2000}".encode()
        assert request.rows is not None
        return Answer(content, request.rows.media_type, "solutions", self.build, len(content))

    def close(self) -> None:
        """Nothing was started."""


@pytest.fixture
def counting() -> Counting:
    """An engine that counts."""
    return Counting()


@pytest.fixture
def counted(tiny_config: Config, counting: Counting, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """An application over it, which counts what it did not find among the answers it keeps."""
    app = create_app(tiny_config, counting)
    app.extensions["requests"] = []
    find = Repeats.find

    def count(repeats: Repeats, environ: WSGIEnvironment, build: str) -> Kept | None:
        kept = find(repeats, environ, build)
        app.extensions["requests"] += [1] * (kept is None)
        return kept

    monkeypatch.setattr(Repeats, "find", count)
    return app


@pytest.fixture
def asker(counted: Flask) -> FlaskClient:
    """A client of that application."""
    return counted.test_client()


def worked_out(app: Flask) -> int:
    """Return how many requests were not answered from what is kept."""
    return len(app.extensions["requests"])


def lasting(response: TestResponse) -> dict[str, str]:
    """Return the headers that do not belong to the one request."""
    return {name: value for name, value in response.headers if name not in OWN}


@pytest.mark.parametrize("headers", [{}, {"Accept": "text/csv"}, {"Accept-Encoding": "gzip"}])
def test_a_repeated_question_is_answered_alike(
    counted: Flask, asker: FlaskClient, headers: Mapping[str, str]
) -> None:
    """The application is not asked again; only id and timing differ."""
    first, again = (asker.get(ASK, headers=headers) for _ in range(2))

    assert (again.status, again.data) == (first.status, first.data)
    assert lasting(again) == lasting(first)
    assert again.headers["KG-Query-Id"] != first.headers["KG-Query-Id"]
    assert worked_out(counted) == 1


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (ASK + "&timeout=1", {}),
        (ASK, {"Accept": "text/csv"}),
        (ASK, {"Accept-Encoding": "gzip"}),
        (ASK, {"Host": "other.example"}),
        (ASK, {"If-None-Match": '"x"'}),
        ("/queries", {}),
    ],
)
def test_other_words_are_another_question(
    counted: Flask, asker: FlaskClient, path: str, headers: Mapping[str, str]
) -> None:
    """They reach the application."""
    asker.get(ASK)

    asker.get(path, headers=headers)

    assert worked_out(counted) == 2


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS"])
def test_only_get_is_repeated(counted: Flask, asker: FlaskClient, method: str) -> None:
    """Others reach the application each time."""
    asker.get(ASK)
    for _ in range(2):
        asker.open(ASK, method=method)

    assert worked_out(counted) == 3


@pytest.mark.parametrize(
    "path", ["/sparql?query=SELECT(NOW()AS?x)%7B%7D", "/sparql?query=", "/nowhere", "/sparql"]
)
def test_what_has_no_tag_is_not_kept(counted: Flask, asker: FlaskClient, path: str) -> None:
    """What differs each time, errors, and the description."""
    for _ in range(2):
        asker.get(path)

    assert worked_out(counted) == 2


def test_another_build_has_other_answers(asker: FlaskClient, counting: Counting) -> None:
    """And when the first is served again, its answer still holds."""
    first = asker.get(ASK).data
    counting.build = "second"
    second = asker.get(ASK).data
    counting.build = "first"

    assert asker.get(ASK).data == first != second


def test_an_answer_is_kept_under_its_own_build(asker: FlaskClient, counting: Counting) -> None:
    """Also where the build changed between the question and the answer."""
    counting.next_build = "second"
    of_second = asker.get(ASK)
    counting.build, counting.next_build = "first", ""

    of_first = asker.get(ASK)

    assert of_second.headers["KG-Build"] == "second"
    assert of_first.headers["KG-Build"] == "first"
    assert of_first.data != of_second.data


def test_what_differs_by_other_headers_is_not_kept(counted: Flask, asker: FlaskClient) -> None:
    """Two headers tell answers apart; whatever else does is asked again."""

    def vary(response: Response) -> Response:
        response.vary.add("Cookie")
        return response

    counted.after_request(vary)
    for _ in range(2):
        asker.get("/robots.txt")

    assert worked_out(counted) == 2


@pytest.mark.parametrize(
    ("path", "accept"),
    [(ASK, ""), ("/queries", "text/html"), ("/queries.ttl", ""), ("/robots.txt", "")],
)
def test_an_unknown_build_keeps_nothing(
    counted: Flask, asker: FlaskClient, counting: Counting, path: str, accept: str
) -> None:
    """Another server's data may change at any time: no tag, no copy here or elsewhere."""
    counting.build = ""
    response, _ = (asker.get(path, headers={"Accept": accept}) for _ in range(2))

    assert worked_out(counted) == 2
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_without_a_build_even_what_has_a_tag_is_not_kept(
    counted: Flask, asker: FlaskClient, counting: Counting
) -> None:
    """Nothing says until when it would hold."""

    def tag(response: Response) -> Response:
        response.set_etag("x")
        return response

    counting.build = ""
    counted.after_request(tag)
    for _ in range(2):
        asker.get("/queries")

    assert worked_out(counted) == 2
