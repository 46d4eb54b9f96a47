"""From a query text to a whole answer or an error, through real worker processes."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.config import Config
from kg.engine.channel import Question
from kg.engine.children import Program, limits_of
from kg.engine.one import One
from kg.engine.pool import Pool
from kg.engine.process import WorkerProcess, timeout_after
from kg.engine.requests import Answer, Engine, Request
from kg.engine.spool import Room, Spool
from kg.errors import (
    BuildError,
    EngineUnavailable,
    MemoryExceeded,
    NotAcceptable,
    QueryError,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    ResultTooLarge,
)
from kg.formats import CSV, JSON, RDF_FORMATS, RESULT_FORMATS, TURTLE, RdfFormat, ResultFormat
from processes import is_running, wait_until

ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + "".join(f"?a{i} ?b{i} ?c{i} . " for i in range(30)) + "}"
REGISTRY = "https://w3id.org/diplomacy-kg/graph/registry"
QUOTED = "https://w3id.org/diplomacy-kg/proposition/000/quoted"


def ask(engine: Engine, query: str) -> Answer:
    """Ask for CSV or Turtle."""
    return engine.answer(Request(query, rows=CSV, graph=TURTLE))


def count(engine: Engine, query: str, **dataset: tuple[str, ...]) -> int:
    """Return the number that a query counts."""
    answer = engine.answer(Request(query, rows=CSV, graph=None, **dataset))  # type: ignore[arg-type]
    return int(answer.body.split()[1])


UNGUARDED = "import kg.engine.worker as w; w.check_query = lambda *_: None; w.main()"


def spawn_unguarded(config: Config, build_dir: Path) -> WorkerProcess:
    """Return a worker that tries every text."""
    ours, theirs = socket.socketpair()
    limits = json.dumps(limits_of(config))
    command = [sys.executable, "-c", UNGUARDED, str(build_dir / "store"), limits]
    with theirs:
        child = Program(subprocess.Popen(command, stdin=theirs.fileno()))
    return WorkerProcess(child, ours)


def pids(engine: Pool | One) -> set[int]:
    """Return the process ids of what an engine has started."""
    return engine.pids()


@pytest.fixture
def unguarded(tiny_config: Config) -> Config:
    """Limits under which the guard lets any nesting through, with a small stack below."""
    return replace(tiny_config, query_depth=10**6, query_operators=10**6, worker_stack=1 << 19)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this machine on which nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


@pytest.mark.parametrize("chosen", RESULT_FORMATS)
@pytest.mark.parametrize(
    ("query", "kind"), [("SELECT ?s { ?s ?p ?o }", "solutions"), ("ASK { ?s ?p ?o }", "boolean")]
)
def test_rows_and_booleans_come_in_every_format_of_rows(
    engine: Pool, query: str, kind: str, chosen: ResultFormat
) -> None:
    """A boolean in CSV and TSV too, where the word alone is the answer."""
    answer = engine.answer(Request(query, rows=chosen, graph=None))

    assert (answer.kind, answer.media_type) == (kind, chosen.media_type)
    assert answer.build == engine.build
    assert b"japan" in answer.body or b"true" in answer.body


@pytest.mark.parametrize("chosen", RDF_FORMATS)
@pytest.mark.parametrize("query", ["CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "DESCRIBE state:japan"])
def test_graphs_come_in_every_format_of_graphs(engine: Pool, query: str, chosen: RdfFormat) -> None:
    """The prefixes of the project are declared in the query, and in what is written."""
    answer = engine.answer(Request(query, rows=None, graph=chosen))

    assert (answer.kind, answer.media_type) == ("graph", chosen.media_type)
    assert b"JPN" in answer.body


@pytest.mark.parametrize(
    ("query", "rows", "graph", "offered"),
    [
        ("ASK { }", None, TURTLE, "a boolean; offered: application/sparql-results"),
        ("SELECT * { }", None, TURTLE, "rows; offered: application/sparql-results"),
        ("DESCRIBE <a:b>", JSON, None, "a graph; offered: text/turtle"),
    ],
)
def test_an_answer_of_a_kind_not_asked_for_is_not_acceptable(
    engine: Pool, query: str, rows: ResultFormat | None, graph: RdfFormat | None, offered: str
) -> None:
    """Which kind an answer has is known only when the query has been evaluated."""
    with pytest.raises(NotAcceptable, match=offered):
        engine.answer(Request(query, rows, graph))


def test_a_prefix_that_the_query_declares_goes_before_ours(engine: Pool) -> None:
    """`state:` can mean something else for one query."""
    assert ask(engine, "ASK { state:japan ?p ?o }").body == b"true"
    assert ask(engine, "PREFIX state: <http://e/> ASK { state:japan ?p ?o }").body == b"false"


def test_a_relative_iri_is_one_of_ours_unless_the_query_says_otherwise(engine: Pool) -> None:
    """SPARQL 1.1, 4.1.1.2: the service decides on the base where the query has none."""
    assert ask(engine, "ASK { <id/state/japan> ?p ?o }").body == b"true"
    assert ask(engine, "BASE <http://e/> ASK { <id/state/japan> ?p ?o }").body == b"false"


def test_a_byte_order_mark_is_not_part_of_the_query(engine: Pool) -> None:
    """Editors put one at the start of a file."""
    assert ask(engine, "\ufeffASK { }").body == b"true"


def test_quoted_content_is_not_in_the_default_graph(engine: Pool) -> None:
    """The default graph is a graph of its own, not the union of all."""
    assert count(engine, ALL) == 6
    assert count(engine, ALL_NAMED) == 7


@pytest.mark.parametrize(
    ("dataset", "in_default", "in_named"),
    [
        ({"default_graphs": (QUOTED,)}, 1, 0),
        ({"named_graphs": (QUOTED,)}, 0, 1),
        ({"default_graphs": (REGISTRY, QUOTED)}, 7, 0),
        ({"default_graphs": (QUOTED,), "named_graphs": (REGISTRY,)}, 1, 6),
        ({"default_graphs": ("http://nowhere/",)}, 0, 0),
    ],
)
def test_the_dataset_of_a_request_is_exactly_the_graphs_it_names(
    engine: Pool, dataset: dict[str, tuple[str, ...]], in_default: int, in_named: int
) -> None:
    """SPARQL 1.1 Protocol, 2.1.4: what is not named is empty; FROM is overruled."""
    assert count(engine, ALL, **dataset) == in_default
    assert count(engine, ALL_NAMED, **dataset) == in_named
    assert count(engine, ALL.replace("{", f"FROM <{REGISTRY}> {{"), **dataset) == in_default


def test_a_graph_that_is_no_iri_is_refused(engine: Pool) -> None:
    """A relative reference names no graph."""
    with pytest.raises(QueryRefused, match="IRI"):
        count(engine, ALL, default_graphs=("registry",))


def test_a_syntax_error_says_where(engine: Pool) -> None:
    """Line and column count from one, and the text before it is shown."""
    with pytest.raises(
        QuerySyntaxError, match=r"line 2, column 22, after '.*FILTR\(\?o'"
    ) as caught:
        ask(engine, "SELECT * {\n  ?s ?p ?o . FILTR(?o) }")

    assert (caught.value.line, caught.value.column) == (2, 22)


def test_an_unknown_prefix_is_named_as_such(engine: Pool) -> None:
    """The parser's own words would fill a page."""
    with pytest.raises(QuerySyntaxError, match="the prefix is not declared; add a PREFIX line"):
        ask(engine, "ASK { ?s nowhere:p ?o }")


def test_an_unknown_function_is_refused(engine: Pool) -> None:
    """The parser lets it through; evaluating it fails."""
    with pytest.raises(QueryRefused, match="<http://e/f> is not supported"):
        ask(engine, "SELECT (<http://e/f>(1) AS ?x) { }")


def test_a_query_past_its_deadline_is_killed_and_its_worker_replaced(
    tiny_config: Config, store_dir: Path
) -> None:
    """The next query is answered by another process."""
    with closing(One(tiny_config, store_dir)) as pool:
        before = pids(pool)
        started = time.monotonic()
        with pytest.raises(QueryTimeout, match=r"longer than 0\.3 s"):
            pool.answer(Request(ENDLESS, rows=CSV, graph=None, timeout=0.3))
        took = time.monotonic() - started

        assert took < 1
        assert not any(map(is_running, before))
        assert ask(pool, "ASK { }").body == b"true"
        assert not pids(pool) & before


def test_a_request_cannot_raise_the_deadline(tiny_config: Config, store_dir: Path) -> None:
    """The configuration has the last word."""
    config = replace(tiny_config, query_timeout=0.2)
    with closing(One(config, store_dir)) as pool, pytest.raises(QueryTimeout, match=r"0\.2 s"):
        pool.answer(Request(ENDLESS, rows=CSV, graph=None, timeout=60))


def test_nesting_that_overflows_the_stack_kills_one_worker_only(
    unguarded: Config, store_dir: Path
) -> None:
    """What the guard lets through ends in an error, and the next query is answered."""
    bomb = "SELECT * { FILTER(" + "STR(" * 1000 + "1" + ")" * 1000 + ") }"
    with closing(Pool(unguarded, store_dir)) as pool:
        with pytest.raises(QueryRefused, match="nested too deeply"):
            ask(pool, bomb)

        assert ask(pool, "ASK { }").body == b"true"


def test_the_stack_of_a_worker_holds_any_nesting_of_five_kilobytes(
    unguarded: Config, store_dir: Path
) -> None:
    """The guard is courtesy: without it the same text is answered."""
    config = replace(unguarded, worker_stack=Config.worker_stack)
    with closing(Pool(config, store_dir)) as pool:
        assert ask(pool, "ASK { FILTER(" + "STR(" * 1000 + "1" + ")" * 1000 + ") }").body == b"true"


def test_a_query_that_needs_too_much_memory_ends_alone(
    tiny_config: Config, store_dir: Path
) -> None:
    """The worker's own limit ends it, long before the machine's."""
    config = replace(tiny_config, worker_memory=64 << 20)
    greedy = 'SELECT ?x { BIND("0123456789" AS ?x0) '
    greedy += "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40)) + "}"
    with closing(One(config, store_dir)) as pool:
        with pytest.raises(MemoryExceeded, match="more memory than allowed"):
            ask(pool, greedy)

        assert ask(pool, "ASK { }").body == b"true"


def test_an_answer_that_is_too_large_is_an_error_and_never_cut(
    tiny_config: Config, store_dir: Path
) -> None:
    """The same worker answers the next query."""
    with closing(One(replace(tiny_config, result_bytes=50), store_dir)) as pool:
        before = pids(pool)
        with pytest.raises(ResultTooLarge, match="add LIMIT"):
            ask(pool, "SELECT * { ?s ?p ?o }")

        assert ask(pool, "ASK { }").body == b"true"
        assert pids(pool) == before


@pytest.mark.parametrize("query", ["SERVICE", "SERVICE SILENT"])
def test_no_packet_leaves_a_worker(
    tiny_config: Config, store_dir: Path, listener: socket.socket, query: str
) -> None:
    """Also where the guard was passed by: a worker can open no socket."""
    port = listener.getsockname()[1]
    worker = spawn_unguarded(tiny_config, store_dir)
    service = f"{query} <http://127.0.0.1:{port}/>"
    text = f"SELECT * {{ {service} {{ ?s ?p ?o }} }}"

    question, deadline = Question(text, rows=CSV.media_type), time.monotonic() + 5
    spool = Spool(Room(1 << 20))
    reply = worker.ask(question, spool, deadline, timeout_after(5), ()).reply
    worker.kill()

    assert reply.outcome == ("solutions" if "SILENT" in query else "outside")
    with pytest.raises(TimeoutError):
        listener.accept()


def test_a_store_of_many_tables_is_answered(tiny_config: Config, tmp_path: Path) -> None:
    """RocksDB opens the first sixteen by itself, and the others when a query needs them."""
    store = Store(str(tmp_path / "store"))
    for each in range(20):
        about = NamedNode(f"http://e/{each}")
        store.bulk_extend(Quad(about, about, Literal(f"{n} " * 100)) for n in range(500))
    store.flush()
    del store
    (tmp_path / "manifest.json").write_text(json.dumps({"hash": "0"}))
    assert len(list((tmp_path / "store").glob("*.sst"))) > 16

    with closing(One(tiny_config, tmp_path)) as engine:
        found = ask(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(STRLEN(?o) > 1) }")

    assert found.body == b"n\r\n10000\r\n"


def test_a_call_outside_that_passed_the_guard_is_refused_all_the_same(engine: Pool) -> None:
    """A text in which the guard sees a string and the parser a comment."""
    hidden = 'SELECT * { FILTER(1<?b#>"""\n) SERVICE <http://127.0.0.1/> { ?s ?p ?o } } #"""'

    with pytest.raises(QueryError, match=r"SERVICE is refused|line \d"):
        ask(engine, hidden)


def test_a_worker_that_dies_between_queries_is_replaced_unnoticed(
    tiny_config: Config, store_dir: Path
) -> None:
    """Nothing was asked of it, so nothing is lost."""
    with closing(One(tiny_config, store_dir)) as pool:
        ask(pool, "ASK { }")
        worker = pool._worker
        os.kill(worker.pid, signal.SIGKILL)

        assert wait_until(lambda: not worker.can_be_asked)
        assert ask(pool, "ASK { }").body == b"true"


def test_more_queries_than_workers_wait_no_longer_than_allowed(
    tiny_config: Config, store_dir: Path
) -> None:
    """Where no worker comes free, the error says that trying again can help."""
    config = replace(tiny_config, workers=0, reserved_workers=1, queue_seconds=0.05)
    busy = pytest.raises(EngineUnavailable, match="busy; try again")
    with closing(Pool(config, store_dir)) as pool:
        pool.await_ready(5)
        with busy:
            ask(pool, "ASK { }")


def test_a_worker_that_could_not_be_replaced_is_replaced_later(
    tiny_config: Config, store_dir: Path
) -> None:
    """Too many open files pass; the pool is whole again then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with closing(One(tiny_config, store_dir)) as pool:
        ask(pool, "ASK { }")
        worker = pool._worker
        os.kill(worker.pid, signal.SIGKILL)
        assert wait_until(lambda: not worker.can_be_asked)
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
        try:
            for _ in range(2):
                with pytest.raises(EngineUnavailable):
                    pool.answer(Request("ASK { }", rows=CSV, graph=None, timeout=0.1))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert ask(pool, "ASK { }").body == b"true"


def test_closing_leaves_no_worker(tiny_config: Config, store_dir: Path) -> None:
    """Neither them nor their nursery."""
    pool = Pool(tiny_config, store_dir)
    ask(pool, "ASK { }")
    workers = pids(pool)

    pool.close()

    assert len(workers) >= 2
    assert wait_until(lambda: not any(map(is_running, workers)))


def test_a_folder_without_a_manifest_is_no_build(tiny_config: Config, tmp_path: Path) -> None:
    """The error says what makes one."""
    with pytest.raises(BuildError, match="run kg build"):
        One(tiny_config, tmp_path)


def test_a_build_without_its_store_is_unavailable_and_never_empty(
    tiny_config: Config, tmp_path: Path
) -> None:
    """No store is made where there is none, and no path is told."""
    (tmp_path / "manifest.json").write_text(json.dumps({"hash": "0"}))
    with (
        closing(One(tiny_config, tmp_path)) as pool,
        pytest.raises(EngineUnavailable, match=r"^the build cannot be opened; the log says why$"),
    ):
        ask(pool, "ASK { }")

    assert not (tmp_path / "store").exists()


def test_ctrl_c_in_a_terminal_does_not_reach_the_workers(engine: Pool) -> None:
    """It is for the parent to act upon: a server lets queries end, a command kills."""
    assert all(os.getpgid(pid) != os.getpgid(0) for pid in pids(engine))


def test_a_worker_inherits_neither_environment_nor_files(
    tiny_config: Config, store_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No secret of the parent can be read from within a query."""
    monkeypatch.setenv("TOKEN", "secret")
    with (tmp_path / "private").open("w") as private, closing(One(tiny_config, store_dir)) as pool:
        os.set_inheritable(private.fileno(), True)  # noqa: FBT003 - it has no name
        pool._worker.kill()
        ask(pool, "ASK { }")
        process = Path(f"/proc/{pids(pool).pop()}")
        files = {str(each.readlink()) for each in (process / "fd").iterdir()}

        assert b"secret" not in (process / "environ").read_bytes()
        assert str(tmp_path / "private") not in files


SCRIPT = """
import sys
from pathlib import Path
from kg.config import Config
from kg.engine.one import One
from kg.engine.requests import Request
from kg.formats import CSV

root = Path(sys.argv[1])
one = One(Config(root=root, builds=root), root)
one.answer(Request("ASK { }", rows=CSV, graph=None))
print(*one.pids(), flush=True)
try:
    one.answer(Request(sys.argv[2], rows=CSV, graph=None))
finally:
    one.close()
"""


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_dead_parent_leaves_no_worker(store_dir: Path, ending: signal.Signals) -> None:
    """However it dies, in the middle of a query that would run for ever."""
    command = [sys.executable, "-c", SCRIPT, str(store_dir), ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.1)

        parent.send_signal(ending)
        parent.wait(timeout=2)

        assert wait_until(lambda: not is_running(worker), seconds=2)
