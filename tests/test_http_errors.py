"""What is answered over HTTP where there is no answer: the status, the code, and what to do."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from every_type import EXAMPLES, app_with_every_type
from kg import errors
from kg.config import Config
from kg.engine.pool import Pool
from kg.engine.requests import Answer, Request
from kg.web.app import create_app
from kg.web.errors import CODES, STATUS, status_of
from kg.web.parameters import ACCEPT_BYTES

ASK: Final = "ASK { ?s ?p ?o }"
FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "http.md"


def sparql(query: str, **others: str) -> str:
    """Return the URL that asks a query."""
    return "/sparql?" + urlencode({"query": query, **others})


def members(response: TestResponse) -> dict[str, Any]:
    """Return the members of a problem."""
    found: dict[str, Any] = json.loads(response.data)
    return found


def check_problem(response: TestResponse, status: int, code: str, detail: str = "") -> None:
    """Assert that an answer is the one problem that fits, in the one shape."""
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    found = members(response)
    assert (found["status"], found["code"], found["type"]) == (status, code, "about:blank")
    assert detail in found["detail"]
    assert len(found["detail"]) <= 700


class Failing:
    """An engine that has one answer to everything: an error."""

    build = "ab" * 32

    def __init__(self, error: Exception) -> None:
        """Raise this."""
        self._error = error

    def answer(self, request: Request) -> Answer:  # noqa: ARG002 - whatever is asked
        """Raise it."""
        raise self._error

    def close(self) -> None:
        """Nothing was started."""


class Recording(Failing):
    """An engine that keeps the requests it was given."""

    def __init__(self) -> None:
        """Nothing was asked yet."""
        super().__init__(errors.EngineBusy("busy"))
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer:
        """Keep the request."""
        self.asked.append(request)
        return super().answer(request)


@pytest.fixture(scope="module")
def typed(
    tmp_path_factory: pytest.TempPathFactory, tiny_config: Config, engine: Pool
) -> FlaskClient:
    """A client of an application with parameters of every type."""
    app = app_with_every_type(tiny_config, tmp_path_factory.mktemp("typed"), engine)
    return app.test_client()


@pytest.mark.parametrize(
    ("url", "status", "code", "detail"),
    [
        (sparql("SELEC"), 400, "syntax_error", "line 1, column"),
        (sparql("SELEC ?s {}"), 400, "syntax_error", "did you mean SELECT?"),
        (sparql("# c\nPREFIX a: <http://e/> dscribe a:b"), 400, "syntax_error", "mean DESCRIBE?"),
        (sparql("SHOW TABLES"), 400, "syntax_error", "expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
        (sparql(""), 400, "missing_query", "send one as 'query'"),
        (sparql("  "), 400, "missing_query", "send one as 'query'"),
        ("/sparql?default-graph-uri=http://e/", 400, "missing_query", "there is no query"),
        ("/sparql?qwery=ASK{}", 400, "missing_query", "there is no query"),
        (sparql(ASK) + "&query=ASK", 400, "duplicate_parameter", "'query' is given 2 times"),
        (sparql(ASK, format="csv") + "&format=tsv", 400, "duplicate_parameter", "'format'"),
        (sparql(ASK, timeout="1") + "&timeout=2", 400, "duplicate_parameter", "'timeout'"),
        ("/sparql?query=%ff", 400, "bad_encoding", "not UTF-8"),
        ("/sparql?query=ASK%20%ed%a0%80", 400, "bad_encoding", "not UTF-8"),
        (sparql("SELECT * { SERVICE <http://e/> { } }"), 403, "service_disabled", "send that part"),
        (sparql("LOAD <http://e/>"), 400, "update_refused", "LOAD is refused"),
        (sparql("CLEAR ALL"), 400, "update_refused", "CLEAR is refused"),
        ("/sparql?update=CLEAR%20ALL", 400, "update_refused", "updates are refused"),
        (sparql(f"ASK {{{'FILTER(STR(' * 99}"), 400, "query_too_complex", "nested deeper than 64"),
        (sparql("x" * 70_000), 413, "query_too_large", "at most 65536"),
        (sparql("SELECT (<http://e/f>(1) AS ?x) {}"), 400, "unsupported_function", "http://e/f"),
        (sparql(ASK, format="pdf"), 406, "not_acceptable", "no format 'pdf'; there are json"),
        (sparql(ASK, **{"default-graph-uri": "no iri"}), 400, "bad_parameter", "absolute IRI"),
        (sparql(ASK, **{"named-graph-uri": "relative"}), 400, "bad_parameter", "absolute IRI"),
        ("/sparql?" + "a=b&" * 300, 400, "bad_parameter", "more than 200 parameters"),
        ("/nowhere", 404, "not_found", "the home page (/) leads to all"),
        ("/sparql/", 404, "not_found", ""),
        ("/queries/nowhere", 404, "not_found", "no saved query 'nowhere'; /queries lists them"),
        ("/queries/label-state", 404, "not_found", "did you mean </queries/label-of-state>?"),
        ("/queries/label-of-state", 400, "bad_parameter", "code (Code), such as 'PAK'"),
        ("/queries/label-of-state?code=a&code=b", 400, "duplicate_parameter", "'code'"),
        ("/queries/label-of-state?code=a&kode=x", 400, "bad_parameter", "did you mean code?"),
        ("/queries/label-of-state?code=a&timeout=x", 400, "bad_parameter", "seconds"),
        ("/queries/label-of-state?" + "a=b&" * 10_000, 400, "bad_parameter", "parameters"),
        ("/queries/label-of-state?code=a&format=ttl", 406, "not_acceptable", "rows"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong_and_what_to_do(
    client: FlaskClient, url: str, status: int, code: str, detail: str
) -> None:
    """One shape for all; and the next query is answered."""
    check_problem(client.get(url), status, code, detail)

    assert client.get(sparql(ASK)).status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (ASK, "text/plain", 415, "unsupported_media_type"),
        (ASK, None, 415, "unsupported_media_type"),
        ("CLEAR ALL", "application/sparql-update", 400, "update_refused"),
        (ASK.encode("utf-16"), f"{DIRECT}; charset=utf-16", 415, "unsupported_media_type"),
        ("query=ASK+%7B%7D", f"{FORM}; charset=latin1", 415, "unsupported_media_type"),
        (ASK.encode("utf-16"), DIRECT, 400, "bad_encoding"),
        (b"ASK { } # \xff", DIRECT, 400, "bad_encoding"),
        (b"query=%ff", FORM, 400, "bad_encoding"),
        (b"query=\xff", FORM, 400, "bad_encoding"),
        ("query=ASK&query=ASK", FORM, 400, "duplicate_parameter"),
        ("update=CLEAR+ALL", FORM, 400, "update_refused"),
        ("format=json", FORM, 400, "missing_query"),
        ("", FORM, 400, "missing_query"),
        ("", DIRECT, 400, "missing_query"),
        ("x" * 70_000, DIRECT, 413, "query_too_large"),
        ("x" * 10_000_000, DIRECT, 413, "query_too_large"),
        ("query=" + "x" * 1_000_000, FORM, 413, "query_too_large"),
    ],
)
def test_a_wrong_post_is_told_what_is_wrong(
    client: FlaskClient, body: str | bytes, content_type: str | None, status: int, code: str
) -> None:
    """The content type is believed, never guessed."""
    check_problem(client.post("/sparql", data=body, content_type=content_type), status, code)


def test_a_body_beyond_the_limit_is_not_read(client: FlaskClient) -> None:
    """The limit of a query is told, not that of the form around it."""
    response = client.post("/sparql", data="x" * 10_000_000, content_type=DIRECT)

    check_problem(response, 413, "query_too_large", "a query may have 65536 bytes")


def test_a_compressed_body_is_refused(client: FlaskClient) -> None:
    """It would be read as rubbish."""
    headers = {"Content-Encoding": "gzip"}

    response = client.post("/sparql", data=b"\x1f\x8b", content_type=DIRECT, headers=headers)

    check_problem(response, 415, "unsupported_media_type", "send the text as it is")


def test_a_query_in_the_url_and_in_the_body_is_refused(client: FlaskClient) -> None:
    """Which of them is meant cannot be known."""
    as_body = client.post(sparql(ASK), data=ASK, content_type=DIRECT)
    in_form = client.post(sparql(ASK), data={"query": ASK})

    check_problem(as_body, 400, "duplicate_parameter", "given twice")
    check_problem(in_form, 400, "duplicate_parameter", "given 2 times")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_another_method_is_answered_with_those_there_are(client: FlaskClient, method: str) -> None:
    """405 names them."""
    response = client.open("/sparql", method=method)

    check_problem(response, 405, "method_not_allowed", "allowed: GET, HEAD, OPTIONS, POST")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { service <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE # comment\n <http://e/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://e/> { ?s ?p ?o } }",
        "SELECT * { { SELECT * { SERVICE <http://e/> { ?s ?p ?o } } } }",
        "ASK { FILTER EXISTS { SERVICE <http://e/> { ?s ?p ?o } } }",
    ],
)
def test_another_service_is_never_called(client: FlaskClient, query: str) -> None:
    """In whatever way it is written."""
    check_problem(client.get(sparql(query)), 403, "service_disabled")


@pytest.mark.parametrize(
    "query",
    [
        'ASK { FILTER("SERVICE <http://e/> {}" != "") }',
        "ASK { FILTER(<http://e/SERVICE> = <http://e/SERVICE>) }",
        "ASK { } # SERVICE <http://e/> { }",
        "SELECT ?service { ?service ?p ?o }",
        "PREFIX service: <http://e/> ASK { FILTER(service:a = service:a) }",
        "\ufeffASK { }",
        "ASK FROM <http://127.0.0.1:9/x> { }",
        'ASK { FILTER(REGEX("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$") = false) }',
    ],
)
def test_what_only_looks_wrong_is_answered(client: FlaskClient, query: str) -> None:
    """The word SERVICE anywhere else, a byte order mark, an address that is not fetched."""
    response = client.get(sparql(query))

    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("accept", "status", "code"),
    [
        ("image/png", 406, "not_acceptable"),
        ("*/*;q=0", 406, "not_acceptable"),
        ("text/csv;q=nan", 406, "not_acceptable"),
        ("text/csv;q=", 406, "not_acceptable"),
        ("\xff\xfe", 406, "not_acceptable"),
        ("text/csv," * 12_000, 431, "header_too_large"),
        ("text/html," * 12_000, 431, "header_too_large"),
    ],
)
def test_an_accept_header_that_cannot_be_met_is_told_so(
    client: FlaskClient, accept: str, status: int, code: str
) -> None:
    """With what is offered, or the longest header that is read."""
    check_problem(client.get(sparql(ASK), headers={"Accept": accept}), status, code)
    assert client.get("/", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "said", ["-1", "0", "nan", "inf", "1_0", "soon", "", "1e-1", "\u0661", " 1"]
)
def test_a_timeout_that_is_no_number_of_seconds_is_refused(client: FlaskClient, said: str) -> None:
    """Nothing is guessed."""
    check_problem(client.get(sparql(ASK, timeout=said)), 400, "bad_parameter", "such as 2.5")


@pytest.mark.parametrize(
    ("said", "seconds"), [("99999", 99999.0), ("1e9", 1e9), ("0.5", 0.5), ("3", 3.0)]
)
def test_a_timeout_is_handed_to_the_engine(tiny_config: Config, said: str, seconds: float) -> None:
    """Which never takes more than its own; in the URL, a form, or of a saved query."""
    engine = Recording()
    client = create_app(tiny_config, engine).test_client()

    client.get(sparql(ASK, timeout=said))
    client.post("/sparql", data={"query": ASK, "timeout": said})
    client.post(f"/sparql?timeout={said}", data=ASK, content_type=DIRECT)
    client.get(f"/queries/label-of-state?code=PAK&timeout={said}")
    client.get(f"/graphs?default&timeout={said}")

    assert [each.timeout for each in engine.asked] == [seconds] * 5


def test_a_timeout_beyond_the_longest_is_cut_to_it(client: FlaskClient) -> None:
    """It may only lower."""
    assert client.get(sparql(ASK, timeout="1e300")).status_code == 200


@pytest.mark.parametrize(
    ("error", "status", "code", "retry"),
    [
        (errors.QueryTimeout("late"), 504, "timeout", None),
        (errors.QueryCancelled("gone"), 503, "cancelled", None),
        (errors.ResultTooLarge("large"), 400, "result_too_large", None),
        (errors.MemoryExceeded("much"), 503, "memory_limit", None),
        (errors.NotRepresentable("control"), 406, "not_representable", None),
        (errors.BudgetSpent("spent", 17), 429, "too_many_requests", "17"),
        (errors.EngineUnavailable("broken"), 503, "store_unavailable", "2"),
        (errors.EngineBusy("busy"), 503, "busy", "2"),
        (errors.UnknownName("unknown"), 400, "unknown_name", None),
        (errors.BackendError("bad"), 502, "backend_bad_answer", None),
        (errors.BackendUnreachable("away"), 502, "backend_unreachable", None),
        (errors.BackendTooLarge("large"), 502, "backend_too_large", None),
        (errors.PartialResult("part"), 502, "partial_result", None),
    ],
)
def test_an_error_of_the_engine_has_a_status_and_says_whether_to_come_back(
    tiny_config: Config, error: errors.QueryError, status: int, code: str, retry: str | None
) -> None:
    """Retry-After stands only where the same query may be answered later."""
    response = create_app(tiny_config, Failing(error)).test_client().get(sparql(ASK))

    check_problem(response, status, code, str(error))
    assert response.headers.get("Retry-After") == retry


def test_a_syntax_error_says_where(client: FlaskClient) -> None:
    """Line and column, from 1, for an editor to show: here, behind the bracket that is too soon."""
    found = members(client.get(sparql("ASK {\n  ?s ?p\n}")))

    assert (found["code"], found["line"], found["column"]) == ("syntax_error", 3, 2)


def test_an_answer_beyond_the_limit_is_refused_whole(tiny_config: Config, store_dir: Path) -> None:
    """Never a 200 that is cut; and a retry would not help."""
    engine = Pool(replace(tiny_config, result_rows=2, workers=1, reserved_workers=0), store_dir)
    client = create_app(tiny_config, engine).test_client()

    response = client.get(sparql("SELECT ?s { ?s ?p ?o }"))
    engine.close()

    check_problem(response, 400, "result_too_large", "add LIMIT")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ('SELECT ("\\u0000" AS ?x) {}', "xml"),
        ('CONSTRUCT { <http://e/s> <http://e/p> "\\u0001" } {}', "rdfxml"),
    ],
)
def test_xml_that_would_not_be_well_formed_is_not_sent(
    client: FlaskClient, query: str, wanted: str
) -> None:
    """Another format holds the same answer."""
    response = client.get(sparql(query, format=wanted))

    check_problem(response, 406, "not_representable", "another format")
    assert client.get(sparql(query)).status_code == 200


@pytest.mark.parametrize(
    "name", ["..%2f..%2fetc%2fpasswd", "%2e%2e%2f", "a%00b", "LABEL-OF-STATE", "a" * 300, "con"]
)
def test_the_name_of_a_saved_query_is_looked_up_and_never_made_a_path(
    client: FlaskClient, name: str
) -> None:
    """What is not in the list is not there."""
    check_problem(client.get(f"/queries/{name}?code=PAK"), 404, "not_found")


@pytest.mark.parametrize(
    "wrong",
    [
        {"count": "1e3"},
        {"count": "\u0661"},
        {"count": str(2**63)},
        {"count": "-1"},
        {"thing": "http://e/> ?p ?o } #"},
        {"thing": "relative"},
        {"thing": "http://e/ space"},
        {"day": "2025-02-30"},
        {"day": "2025"},
        {"side": "en\r\nX: y"},
        {"state": "Atlantis"},
        {"query": "ASK {}"},
        {"state": ""},
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_the_name_of_its_parameter(
    typed: FlaskClient, wrong: dict[str, str]
) -> None:
    """A value is a term of the type that its parameter has, or none at all."""
    response = typed.get("/queries/every-type", query_string={**EXAMPLES, **wrong})

    assert response.status_code == 400
    assert members(response)["code"] in ("bad_parameter", "entity_not_found")
    name = next(iter(wrong))
    assert name in members(response)["detail"] or wrong[name] in members(response)["detail"]


@pytest.mark.parametrize(
    "text", ['" } ; DROP ALL #', "\\", "a\nb", '"""', "'''", "\u202e", "{{7*7}}", "?state"]
)
def test_a_text_is_a_text_whatever_it_holds(typed: FlaskClient, text: str) -> None:
    """It is never a piece of the query."""
    response = typed.get(
        "/queries/every-type", query_string={**EXAMPLES, "code": text, "format": "csv"}
    )

    assert (response.status_code, response.text) == (200, "state,code\r\n")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.com",
        "//sparql",
        "/queries//label-of-state",
        "/%0d%0aSet-Cookie:x",
        "/\\evil.com",
        "/?next=http://evil/",
    ],
)
def test_nobody_is_sent_elsewhere(app: Flask, path: str) -> None:
    """No redirect at all, and no header that a URL wrote."""
    path_info, _, query_string = path.partition("?")
    environ = {"PATH_INFO": path_info, "QUERY_STRING": query_string, "HTTP_HOST": "evil.com"}

    response = app.test_client().get("/", environ_overrides=environ)

    assert response.status_code in (200, 404)
    assert "Location" not in response.headers
    assert "Set-Cookie" not in response.headers


def test_people_read_errors_as_a_page_that_escapes_what_was_sent(client: FlaskClient) -> None:
    """The query is repeated in the message, but never as markup."""
    response = client.get(
        sparql("<script>alert(1)</script>"), headers={"Accept": "text/html,*/*;q=0.8"}
    )

    assert (response.status_code, response.mimetype) == (400, "text/html")
    assert "line 1, column" in response.text
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("path", "target", "name"),
    [
        ("/id/state/pakstan", "/id/state/pakistan", "state:pakistan"),
        ("/id/state/pakstan.html", "/id/state/pakistan", "state:pakistan"),
        ("/queries/label-states", "/queries/label-of-state", "Label of a state"),
    ],
)
def test_people_are_led_from_an_address_that_is_none_to_near_ones(
    client: FlaskClient, path: str, target: str, name: str
) -> None:
    """Links by name, and no IRIs in the message; programs get the addresses in the detail."""
    page = client.get(path, headers={"Accept": "text/html"})
    told = members(client.get(path, headers={"Accept": "application/json"}))

    assert page.status_code == 404
    assert f'<a href="{target}"><bdi>{name}</bdi></a>' in page.text
    assert "did you mean" not in page.text
    assert f"{target}>?" in told["detail"]


def test_head_of_an_error_has_its_headers_and_no_body(client: FlaskClient) -> None:
    """As every answer to HEAD."""
    response = client.head(sparql("SELEC"))

    assert (response.status_code, response.data) == (400, b"")
    assert response.content_type == "application/problem+json"


def test_every_error_of_a_query_has_a_status() -> None:
    """Each reaction is decided, and none is left to chance."""
    reactions = [*errors.QueryError.__subclasses__(), errors.ParameterError]

    assert {each for each in reactions if each not in STATUS} == set()


def test_every_code_is_documented_with_its_status() -> None:
    """The table of docs/http.md has them all, and no other."""
    kinds: list[type[errors.KgError]] = [errors.ParameterError]
    kinds += descendants(errors.ParameterError) + descendants(errors.QueryError)
    raised = {(int(nearest(each)), each.code) for each in kinds}
    refused = {(int(status), code) for status, code in CODES.items()}
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    assert {(int(status), code) for status, code in rows} == raised | refused


@pytest.mark.parametrize(
    "limit",
    [
        f"| {Config.query_timeout:g} s |",
        f"| {Config.query_bytes >> 10} KiB |",
        f"| {Config.query_depth}, {Config.query_operators} |",
        f"| {Config.result_rows:_}, {Config.result_bytes >> 20} MiB |".replace("_", " "),
        f"| {Config.worker_memory >> 30} GiB |",
        f"| {Config.header_bytes >> 10} KiB, {ACCEPT_BYTES >> 10} KiB |",
    ],
)
def test_the_document_has_the_limits_that_are_set(limit: str) -> None:
    """Those of the configuration, where nobody sets others."""
    assert limit in DOCUMENT.read_text("utf-8")


def descendants(kind: type[errors.KgError]) -> list[type[errors.KgError]]:
    """Return the classes below a class."""
    return [each for below in kind.__subclasses__() for each in (below, *descendants(below))]


def nearest(kind: type[errors.KgError]) -> int:
    """Return the status of a class."""
    return next(STATUS[each] for each in kind.__mro__ if each in STATUS)


def test_an_error_of_the_set_up_tells_no_path(
    app: Flask, client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    """It is in the log; the client reads that there is one."""
    error = errors.SavedQueryError(Path("/secret/queries/x.rq"), 3, "wrong")
    app.add_url_rule("/broken", view_func=lambda: (_ for _ in ()).throw(error))

    response = client.get("/broken")

    assert status_of(error) == 500
    check_problem(response, 500, "internal_error")
    assert "secret" not in response.text
    assert "/secret/queries/x.rq" in caplog.text


def test_a_bug_tells_nothing_of_the_inside(app: Flask, client: FlaskClient) -> None:
    """The stack goes to the log."""
    app.add_url_rule("/bug", view_func=lambda: str(1 // 0))

    response = client.get("/bug")

    check_problem(response, 500, "internal_error")
    assert "ZeroDivisionError" not in response.text


def test_a_lone_surrogate_is_told_to_be_no_utf_8(client: FlaskClient) -> None:
    """Also in a body, where it would come as three bytes."""
    body = b"ASK { FILTER('" + "\ud800".encode(errors="surrogatepass") + b"' = '') }"

    check_problem(
        client.post("/sparql", data=body, content_type=DIRECT), 400, "bad_encoding", "UTF-8"
    )
    check_problem(client.get(f"/graphs?graph={quote(b'http://e/' + body)}"), 400, "bad_encoding")
