"""The OpenAPI document is valid, complete and true."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from every_type import EXAMPLES, app_with_every_type
from kg.config import Config
from kg.current import find_current
from kg.engine.pool import Pool
from kg.formats import HTML, RDF_FORMATS, RESULT_FORMATS
from kg.library import Build
from kg.saved_queries import read_saved_queries
from kg.web.app import create_app
from kg.web.openapi import describe_interface

ROOT: Final = Path(__file__).parents[1]
QUERIES: Final = read_saved_queries(ROOT / "queries")
WHOLE: Final = describe_interface(
    Config(root=ROOT, builds=ROOT / "builds", public_url="https://example.org/kg"),
    QUERIES.values(),
)
"""The document of this project."""

READ: Final = [path for path in WHOLE["paths"] if "get" in WHOLE["paths"][path]]
PAGE: Final = "text/html"
FOR_OPERATORS: Final = "/admin/queries"
TYPED: Final = ("/queries/every-type", "/queries/graph")
WRONG: Final = {
    "enum": "no-such-value",
    "pattern": "no such value",
    "format": "no such value",
    "minimum": str(-(10**18)),
    "exclusiveMinimum": "0",
    "maxLength": "too long" * 100,
}
"""A value that no parameter takes whose schema has this word."""

LEFT_OUT: Final = {
    "/static/<path:filename>": "what pages load",
    "/static/vendor/<name>": "what pages load",
    "/vocab/": "the same as /vocab",
}
"""The routes that the document does not have, and why."""


@schemathesis.serializer("application/sparql-query")
def write_query(_: SerializationContext, value: object) -> bytes:
    """Send a query as the body itself."""
    return str(value).encode(errors="replace")


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory, tiny_config: Config, engine: Pool) -> Flask:
    """The application over the tiny build, with saved queries of every kind."""
    return app_with_every_type(tiny_config, tmp_path_factory.mktemp("typed"), engine)


@pytest.fixture(scope="module")
def document(typed: Flask) -> Any:  # noqa: ANN401 - JSON
    """The document of that application."""
    return typed.test_client().get("/openapi.json").json


@pytest.fixture(scope="module")
def real(built: Build) -> Iterator[Flask]:
    """The application over the real data."""
    pool = Pool(built._config, find_current(built._config))
    yield create_app(replace(built._config, client_errors=0, client_seconds=0.0), pool)
    pool.close()


@pytest.fixture(scope="module")
def interface(typed: Flask) -> BaseSchema:
    """That document as tests are made from it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", typed)


@pytest.fixture(scope="module")
def whole_interface(real: Flask) -> BaseSchema:
    """The same of the real data."""
    return schemathesis.openapi.from_wsgi("/openapi.json", real)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    """As OpenAPI 3.1 says, with parameters of every type."""
    validate(document)


def test_the_document_of_this_project_is_valid_and_has_every_saved_query() -> None:
    """Each with an operation of its own, and each operation with a name of its own."""
    names = [each["operationId"] for path in WHOLE["paths"].values() for each in path.values()]

    validate(WHOLE)
    assert {f"/queries/{name}" for name in QUERIES} < set(READ)
    assert len(names) == len(set(names))
    assert WHOLE["servers"] == [{"url": "https://example.org/kg"}]


def test_every_part_that_operations_can_share_is_used() -> None:
    """None is left over from an operation that is gone."""
    told = {
        f"#/components/{kind}/{name}"
        for kind, parts in WHOLE["components"].items()
        for name in parts
        if kind != "securitySchemes"
    }

    assert told == set(re.findall(r"#/components/[\w/.-]+", json.dumps(WHOLE)))


def test_scripts_of_any_site_may_read_the_document(typed: Flask) -> None:
    """Tools in browsers do."""
    response = typed.test_client().get("/openapi.json")

    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_every_path_is_answered(document: dict[str, Any], typed: Flask) -> None:
    """With the methods that the document says, and HEAD where there is GET."""
    client = typed.test_client()
    for path, operations in document["paths"].items():
        allowed = client.options(filled(path)).headers["Allow"].lower().split(", ")

        implied = {"options", *(["head"] if "get" in operations else [])}
        assert set(operations) | implied == set(allowed), path


def test_a_parameter_has_the_type_bounds_and_example_of_its_header(
    document: dict[str, Any],
) -> None:
    """Those of the saved query, and the two that all have."""
    operation = document["paths"]["/queries/every-type"]["get"]
    found = {each["name"]: each for each in operation["parameters"] if "name" in each}

    assert found["count"]["schema"] == {
        "type": "integer",
        "minimum": 0,
        "maximum": 10,
        "default": 3,
    }
    assert found["side"]["schema"]["enum"] == ["left", "right"]
    assert found["day"]["schema"]["format"] == "date"
    assert "dip:State" in found["state"]["description"]
    needed = {each["name"]: each["example"] for each in found.values() if each.get("required")}
    assert needed == EXAMPLES
    assert found["format"]["schema"]["enum"] == [each.name for each in RESULT_FORMATS]


@pytest.mark.parametrize("path", ["/queries/every-type", "/queries/graph"])
def test_the_examples_of_a_saved_query_are_answered(
    document: dict[str, Any], typed: Flask, path: str
) -> None:
    """In every format that the document names."""
    operation = document["paths"][path]["get"]
    named = [each for each in operation["parameters"] if "name" in each]
    examples = {each["name"]: each["example"] for each in named if each.get("required")}
    formats = next(each["schema"]["enum"] for each in named if each["name"] == "format")

    for name in formats:
        response = typed.test_client().get(path, query_string={**examples, "format": name})

        assert response.status_code == 200, response.text
        assert response.mimetype in contents(document, operation)


def test_every_route_is_in_the_document(typed: Flask) -> None:
    """Every other one is known, with the reason."""
    rules = {rule.rule for rule in typed.url_map.iter_rules()}
    router = typed.url_map.bind("localhost")
    found = {
        router.match(filled(path), method.upper(), return_rule=True)[0].rule
        for path, operations in WHOLE["paths"].items()
        for method in operations
    }

    assert rules - found == set(LEFT_OUT)


def filled(path: str) -> str:
    """Return a path with something in the place of its parameters."""
    return re.sub(r"\{.*?\}", "x", path.replace("{ending}", "ttl").replace("{kind}", "state"))


def test_a_picture_has_the_parameters_of_its_query() -> None:
    """But for those that choose a format or a build."""
    for form, media_type in (("svg", "image/svg+xml"), ("png", "image/png")):
        operation = WHOLE["paths"][f"/queries/contacts.{form}"]["get"]

        names = [resolved(each)["name"] for each in operation["parameters"]]
        assert names == [*(param.name for param in QUERIES["contacts"].params), "timeout"]
        assert contents(WHOLE, operation) == {media_type}


def test_an_answer_of_another_build_is_refused_as_documented(
    document: dict[str, Any], typed: Flask
) -> None:
    """By the status that every saved query names, and by no picture."""
    response = typed.test_client().get("/queries/graph?build=ffffffffffff")

    assert response.status_code == 409
    for path in ("/queries/graph", "/queries/every-type"):
        assert "409" in document["paths"][path]["get"]["responses"]


def contents(document: Mapping[str, Any], operation: Mapping[str, Any]) -> set[str]:
    """Return the media types that an answer may have."""
    name = operation["responses"]["200"]["$ref"].rpartition("/")[2]
    return set(document["components"]["responses"][name]["content"])


def test_an_answer_may_have_every_format_there_is(document: dict[str, Any]) -> None:
    """Of a query, which may be of any form."""
    offered = {each.media_type for each in (*RESULT_FORMATS, *RDF_FORMATS, HTML)}

    assert contents(document, document["paths"]["/sparql"]["get"]) == offered


@pytest.mark.parametrize("path", [path for path in READ if path != FOR_OPERATORS])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_example_of_an_address_is_answered_as_documented(
    whole_interface: BaseSchema, real: Flask, path: str
) -> None:
    """With every ending that it names, for programs and for people; a redirect leads somewhere.

    Schemathesis leaves the file of a dump open.
    """
    operation = whole_interface[path]["GET"]
    for values in examples(WHOLE["paths"][path]["get"]):
        case = operation.Case(path_parameters=values["path"], query=values["query"])
        for accept in ("*/*", PAGE):
            response = send(case, accept)

            assert response.status_code in (200, 303, *([406] if accept == PAGE else [])), accept
            if response.status_code == 303:
                followed = real.test_client().get(response.headers["location"][0])
                assert followed.status_code in (200, 303)


def examples(operation: Mapping[str, Any]) -> Iterator[dict[str, dict[str, str]]]:
    """Yield the examples of parameters by where they stand, once for each ending of the path."""
    found: dict[str, dict[str, str]] = {"path": {}, "query": {}}
    endings = [""]
    for each in map(resolved, operation["parameters"]):
        if "example" in each:
            found[each["in"]][each["name"]] = each["example"]
        if each["name"] == "ending":
            endings = each["schema"]["enum"]
    for ending in endings:
        yield {**found, "path": {**found["path"], "ending": ending}}


def resolved(parameter: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a parameter, which may be one of those that operations share."""
    name = parameter.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = WHOLE["components"]["parameters"][name] if name else parameter
    return found


def test_a_value_that_the_document_forbids_is_refused(real: Flask) -> None:
    """Each value alone, with the examples of the other parameters."""
    client = real.test_client()
    for path in READ:
        operation = WHOLE["paths"][path]["get"]
        good = next(examples(operation))
        for each in map(resolved, operation["parameters"]):
            wrong = next((WRONG[word] for word in each["schema"] if word in WRONG), "")
            if each["in"] == "query" and wrong:
                values = {**good["query"], each["name"]: wrong}
                response = client.get(path.format_map(good["path"]), query_string=values)

                assert response.status_code in (400, 406), (path, each["name"])


@pytest.mark.parametrize("path", READ)
def test_whatever_is_asked_is_answered_as_documented(
    whole_interface: BaseSchema, path: str
) -> None:
    """Over the real data, for programs and for people; few things that are sent exist."""
    run(whole_interface[path]["GET"], GenerationMode.POSITIVE, 2, ("*/*", PAGE))


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *product(("GET", "POST"), ("/sparql",), GenerationMode),
        *product(("GET",), ("/graphs", "/search", "/search/suggest", *TYPED), GenerationMode),
        *product(("GET",), ("/.well-known/void",), GenerationMode),
        ("DELETE", "/admin/queries/{id}", GenerationMode.POSITIVE),
    ],
)
def test_what_the_document_forbids_is_refused(
    interface: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    """What it allows is answered, with the status, content type and shape that it names."""
    run(interface[path][method], mode, 20, ("*/*",))


def run(
    operation: APIOperation[Any, Any, Any, Any],
    mode: GenerationMode,
    count: int,
    accepts: tuple[str, ...],
) -> None:
    """Send so many requests that fit the document, or do not, and check what comes back."""

    @given(operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any]) -> None:
        for accept in accepts:
            send(case, accept)

    check()


def send(case: Case[Any], accept: str) -> Any:  # noqa: ANN401 - the response of schemathesis
    """Send a request and return the response, which must be as documented."""
    return case.call_and_validate(
        headers={"Accept": accept, "Accept-Encoding": "identity"},
        excluded_checks=[not_a_server_error, positive_data_acceptance],
    )
