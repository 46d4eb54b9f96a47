"""Queries that nobody wrote, sent to a real server: each is answered or refused, and none harms.

The same for a few hundred of them every time, so that a failure is a failure of the change at hand;
`make fuzz` goes on from there for as long as one likes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.web.errors import CODES
from live_project import switch, write_build, write_live_project
from live_server import LOW, LiveServer, Reply
from processes import is_running, wait_until
from sparql_grammar import WORLD, mutated, queries

LIMITS: Final[dict[str, Any]] = {**LOW, "KG_QUERY_TIMEOUT": 1}
STATUSES: Final = (200, 400, 403, 406, 413, 503, 504)
SAVED: Final = tuple(
    path.read_text("utf-8") for path in sorted(Path(__file__).parents[1].glob("queries/*.rq"))
)
FEW: Final = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

texts: Final = st.one_of(queries.map(str.encode), mutated(queries), mutated(st.sampled_from(SAVED)))
accepts: Final = st.sampled_from(
    ("*/*", *(each.media_type for each in (*RESULT_FORMATS, *RDF_FORMATS)))
)


def all_codes(kind: type[KgError] = KgError) -> set[str]:
    """Return the codes of a class of errors and of all below it."""
    return {kind.code}.union(*map(all_codes, kind.__subclasses__()))


KNOWN: Final = frozenset({*all_codes(), *CODES.values()} - {"internal_error", "error"})


def write_fuzz_project(root: Path) -> None:
    """Write a project whose build is the world of the grammar."""
    write_live_project(root)
    quads = ox.serialize(ox.parse(WORLD, ox.RdfFormat.TRIG), format=ox.RdfFormat.N_QUADS) or b""
    write_build(root, "fuzz", quads)
    switch(root, "fuzz")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with low limits over a tiny graph."""
    root = tmp_path_factory.mktemp("fuzz") / "project"
    write_fuzz_project(root)
    with LiveServer(root, **LIMITS) as running:
        assert wait_until(running.is_whole)
        yield running
        assert wait_until(running.is_whole), running.pids()


def check(server: LiveServer, text: bytes, accept: str) -> Reply:
    """Send a text; assert that it is answered, or refused with a code that is known."""
    reply = server.ask(text, accept)
    server.replies.clear()

    assert reply.status in STATUSES, (text, reply.text)
    if reply.status == 200:
        assert reply.headers.get_content_type() in accept or accept == "*/*"
        assert_well_formed(reply)
    else:
        assert reply.code in KNOWN, (text, reply.text)
        assert reply.code != "busy"
    return reply


def assert_well_formed(reply: Reply) -> None:
    """Assert that a reader of its format takes the answer."""
    media_type = reply.headers.get_content_type()
    graph = ox.RdfFormat.from_media_type(media_type)
    if media_type.endswith("xml"):
        expat.ParserCreate().Parse(reply.body, True)  # noqa: FBT003 - it has no name
    if graph is not None:
        list(ox.parse(reply.body, format=graph))
    elif not media_type.startswith("text/"):
        ox.parse_query_results(reply.body, ox.QueryResultsFormat.from_media_type(media_type))


def test_any_query_is_answered_or_refused(server: LiveServer) -> None:
    """With a code that is known, and by the same server in the end."""
    lasting = [*server.of_kind("supervisor"), *server.of_kind("web"), *server.of_kind("nursery")]

    @FEW
    @given(text=texts, accept=accepts)
    def ask(text: bytes, accept: str) -> None:
        check(server, text, accept)
        assert all(map(is_running, lasting))

    ask()


def test_the_fuzzer_would_notice(server: LiveServer) -> None:
    """Most of what it sends is answered, and the rest is refused for many reasons."""
    found: dict[str, int] = {}

    @settings(FEW, max_examples=400)
    @given(text=texts)
    def count(text: bytes) -> None:
        reply = server.ask(text)
        name = reply.code or str(reply.status)
        found[name] = found.get(name, 0) + 1

    count()

    assert found["200"] > 50, found
    assert len(found) >= 4, found
