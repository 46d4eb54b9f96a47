"""The OpenAPI document is valid, complete and true."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import BaseSchema, Case, GenerationMode, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import positive_data_acceptance

from every_type import EXAMPLES, app_with_every_type
from kg.config import Config
from kg.engine.pool import Pool
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.saved_queries import read_saved_queries
from kg.web.openapi import describe_interface

ROOT: Final = Path(__file__).parents[1]
PLAIN: Final = ("/queries", "/health", "/health/ready", "/health/live", "/status", "/metrics")
"""Without parameters: there is nothing wrong to send."""


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
def interface(typed: Flask) -> BaseSchema:
    """That document as tests are made from it."""
    return schemathesis.openapi.from_wsgi("/openapi.json", typed)


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    """As OpenAPI 3.1 says, with parameters of every type."""
    validate(document)


def test_the_document_of_this_project_is_valid_and_has_every_saved_query() -> None:
    """Each with an operation of its own."""
    saved = read_saved_queries(ROOT / "queries")
    config = Config(root=ROOT, builds=ROOT / "builds", public_url="https://example.org/kg")

    document = describe_interface(config, saved.values())

    validate(document)
    assert {f"/queries/{name}" for name in saved} < set(document["paths"])
    assert document["servers"] == [{"url": "https://example.org/kg"}]


def test_scripts_of_any_site_may_read_the_document(typed: Flask) -> None:
    """Tools in browsers do."""
    response = typed.test_client().get("/openapi.json")

    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_every_path_is_answered(document: dict[str, Any], typed: Flask) -> None:
    """With the methods that the document says, and HEAD where there is GET."""
    client = typed.test_client()
    for path, operations in document["paths"].items():
        allowed = client.options(path).headers["Allow"].lower().split(", ")

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


def contents(document: Mapping[str, Any], operation: Mapping[str, Any]) -> set[str]:
    """Return the media types that an answer may have."""
    name = operation["responses"]["200"]["$ref"].rpartition("/")[2]
    return set(document["components"]["responses"][name]["content"])


def test_an_answer_may_have_every_format_there_is(document: dict[str, Any]) -> None:
    """Of a query, which may be of any form."""
    offered = {each.media_type for each in (*RESULT_FORMATS, *RDF_FORMATS)}

    assert contents(document, document["paths"]["/sparql"]["get"]) == offered


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        *product(("GET",), PLAIN, (GenerationMode.POSITIVE,)),
        ("GET", "/admin/queries", GenerationMode.POSITIVE),
        ("DELETE", "/admin/queries/{id}", GenerationMode.POSITIVE),
        *product(("GET", "POST"), ("/sparql",), GenerationMode),
        *product(("GET",), ("/graphs",), GenerationMode),
        *product(("GET",), ("/queries/every-type", "/queries/graph"), GenerationMode),
    ],
)
def test_whatever_is_sent_is_answered_as_documented(
    interface: BaseSchema, method: str, path: str, mode: GenerationMode
) -> None:
    """Status, content type and shape; what the document forbids is refused."""

    @given(interface[path][method].as_strategy(generation_mode=mode))
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Case[Any]) -> None:
        case.call_and_validate(
            headers={"Accept-Encoding": "identity"},
            excluded_checks=[not_a_server_error, positive_data_acceptance],
        )

    check()
