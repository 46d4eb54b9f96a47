"""Answers requests with a SPARQL 1.1 endpoint elsewhere: Config.engine_url, KG_ENGINE_URL.

The limits and the messages are those of our own workers. What the other side says is never passed
on unread: an answer is parsed to its end and written anew, an error is told in our own words.
"""

import re
import threading
import time
from typing import Final

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.config import Config
from kg.engine.channel import Reply
from kg.engine.outcomes import to_answer
from kg.engine.process import timeout_after
from kg.engine.questions import clients_of, question_of, seconds_of
from kg.engine.remote_answers import GRAPH_TYPE, ROWS_TYPE, Wanted, convert
from kg.engine.remote_http import Watch, close, exchange, read_endpoint
from kg.engine.remote_names import explain, look_up, names_to_look_up
from kg.engine.remote_status import check_response
from kg.engine.remote_text import (
    Form,
    check_remote_query,
    find_form,
    graphs_named,
    names_dataset,
    prologue,
)
from kg.engine.requests import Answer, Kind, Request
from kg.errors import BackendError, QueryCancelled, QueryError, UnknownName
from kg.formats import JSON
from kg.vocab import BUILD_GRAPH

_KINDS: Final[dict[Form, Kind]] = {
    "SELECT": "solutions",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
_BUILD: Final = f"""
SELECT ?hash WHERE {{ GRAPH <{BUILD_GRAPH}> {{ <{BUILD_GRAPH}> dct:identifier ?hash }} }}"""
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_BUILD_SECONDS: Final = 2.0
"""How long the hash is believed before it is asked for again, and the longest wait for it."""


class RemoteEngine:
    """An Engine over an endpoint elsewhere. Safe to use from many threads."""

    def __init__(self, config: Config) -> None:
        """Ask the endpoint at `config.engine_url`; nothing is sent yet."""
        if config.engine_url is None:
            raise ValueError("the configuration has no engine_url")
        self._config = config
        self._endpoint = read_endpoint(config.engine_url)
        self._asking_build = threading.Lock()
        self._build, self._build_until = "", float("-inf")

    @property
    def build(self) -> str:
        """The hash of the build that was published there; "" where it is not known.

        It is asked for again after two seconds. Nothing may be kept for asking again under "".
        """
        return self._find_build(_BUILD_SECONDS)

    @property
    def default_graph(self) -> str:
        """The IRI of the graph that the address names as the default graph; "" where it is none."""
        named = [iri for name, iri in self._endpoint.dataset if name == "default-graph-uri"]
        return named[0] if len(named) == 1 else ""

    def answer(self, request: Request) -> Answer:
        """Return the whole answer; the errors are those of Engine.answer, and BackendError."""
        text = question_of(request, self._config).query
        check_remote_query(text, self._config)
        kind = _KINDS[find_form(text)]
        build = self._find_build(min(seconds_of(request, self._config), _BUILD_SECONDS))
        if (request.graph if kind == "graph" else request.rows) is None:
            return to_answer(Reply("not_acceptable", kind), b"", 0, request, build)
        seconds = seconds_of(request, self._config)
        watch = Watch(time.monotonic() + seconds, clients_of(request))
        try:
            if not request.is_own:
                self._check_names(text, watch)
            return self._ask(text, request, watch, build)
        except (QueryError, TimeoutError) as error:
            raise _reason(error, watch, seconds) from error

    def close(self) -> None:
        """Do nothing: a connection lasts no longer than its query."""

    def _ask(self, text: str, request: Request, watch: Watch, build: str) -> Answer:
        form, before = find_form(text), prologue(text)
        chosen = request.graph if _KINDS[form] == "graph" else request.rows
        media_type = "" if chosen is None else chosen.media_type
        accept = GRAPH_TYPE if _KINDS[form] == "graph" else ROWS_TYPE
        fields = [("query", before + text), *self._dataset(request, text)]
        most = self._config.result_bytes
        response = exchange(self._endpoint, fields, accept, watch, most)
        try:
            check_response(response, accept, len(before))
            wanted = Wanted(form, media_type, most, self._config.result_rows)
            found = convert(response.content, response.size, wanted, watch.seconds_left)
        finally:
            close(response.content)
        if found.outcome == "bad_answer":
            raise BackendError("the answer of the remote engine is not whole or not well-formed")
        return to_answer(Reply(found.outcome), found.content, found.size, request, build)

    def _dataset(self, request: Request, text: str) -> list[tuple[str, str]]:
        """Return the parameters that say which graphs are asked (SPARQL 1.1 Protocol, 2.1.4)."""
        if request.default_graphs is not None or request.named_graphs is not None:
            defaults, named = request.default_graphs or (), request.named_graphs or ()
            return [
                *(("default-graph-uri", iri) for iri in defaults),
                *(("named-graph-uri", iri) for iri in named),
            ]
        if names_dataset(text) or not self._endpoint.dataset:
            return []
        # With a default graph, Virtuoso finds a graph named by an IRI only where this names it too.
        return [
            *self._endpoint.dataset,
            *(("named-graph-uri", iri) for iri in graphs_named(text)),
        ]

    def _check_names(self, text: str, watch: Watch) -> None:
        """Return only where all names of our own exist there. Raises UnknownName otherwise."""
        names = names_to_look_up(text)
        if not names:
            return
        known = self._values(look_up(names), watch)
        unknown = [name for name in names if name.value not in known]
        if unknown:
            raise UnknownName(explain(unknown))

    def _find_build(self, seconds: float) -> str:
        """Return the hash; one thread asks for it again, and the others go on with the old one."""
        is_old = time.monotonic() > self._build_until
        if is_old and self._asking_build.acquire(blocking=False):
            try:
                self._build = self._ask_build(seconds)
                self._build_until = time.monotonic() + _BUILD_SECONDS
            finally:
                self._asking_build.release()
        return self._build

    def _ask_build(self, seconds: float) -> str:
        try:
            found = self._values(_BUILD, Watch(time.monotonic() + seconds, ()))
        except (QueryError, TimeoutError):
            return ""
        hashes = [each for each in found if _HASH.fullmatch(each)]
        return hashes[0] if len(hashes) == 1 else ""

    def _values(self, text: str, watch: Watch) -> set[str]:
        """Return the values of the first column."""
        answer = self._ask(text, Request(text, rows=JSON, graph=None, is_own=True), watch, "")
        found = parse_query_results(answer.body, QueryResultsFormat.JSON)
        rows = found if isinstance(found, QuerySolutions) else ()
        return {term.value for row in rows if isinstance(term := row[0], NamedNode | Literal)}


def _reason(error: QueryError | TimeoutError, watch: Watch, seconds: float) -> QueryError:
    """Return what made an exchange fail: whoever asked, the deadline, or the error itself."""
    if watch.is_cancelled:
        return QueryCancelled("the query was cancelled")
    if isinstance(error, QueryError) and not watch.is_late:
        return error
    return timeout_after(seconds)
