"""A process in which query texts are evaluated, one at a time, and nowhere else.

A command starts one as `python -m kg.engine.worker STORE LIMITS` (kg.engine.process); a server has
them forked from a nursery (kg.engine.nursery). Either way it reads questions from the socket that
is its standard input and writes answers to it. Before the first question it gives up what it does
not need (kg.engine.confinement), so that no query reaches a network. It ends when the other end of
the socket is closed.

Not here: deadlines (the other side kills), and what a reply means (kg.engine.outcomes). Imports are
few and light, because a worker's start is part of the time a person waits.
"""

import json
import os
import resource
import select
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.engine.channel import Limits, Question, Reply, receive_question, send_data, send_reply
from kg.engine.confinement import confine, count_tables
from kg.engine.guard import check_query
from kg.engine.output import CannotWriteError, Output
from kg.engine.unknown import explain_unknown_names
from kg.errors import QueryRefused
from kg.vocab import BASE, PREFIXES

STDIN = 0
CRASHED = 70


def main() -> None:
    """Answer questions about the store on disk that the command line names."""
    folder, limits = sys.argv[1], Limits(*json.loads(sys.argv[2]))
    work(lambda: Store.read_only(folder), limits, count_tables(Path(folder)))


def work(open_store: Callable[[], Store], limits: Limits, tables: int) -> None:
    """Answer questions in a thread with a large stack, until nobody can ask any more.

    `tables` are the files that the store may open later.
    """
    threading.excepthook = _crash
    threading.stack_size(limits.stack)
    threading.Thread(target=_serve, args=(open_store, limits, tables), daemon=True).start()
    _wait_for_hangup()
    os._exit(0)


def _wait_for_hangup() -> None:
    """Return when the other end of the socket is closed."""
    poll = select.poll()
    poll.register(STDIN, 0)
    poll.poll()


def _crash(args: threading.ExceptHookArgs) -> None:
    """Report a bug, and end the process: a worker without its thread would never answer."""
    if args.exc_value is not None and not isinstance(args.exc_value, BrokenPipeError):
        sys.excepthook(args.exc_type, args.exc_value, args.exc_traceback)
    sys.stderr.flush()
    os._exit(CRASHED)


def connect() -> socket.socket:
    """Return the standard input as a socket that waits, whatever the other side made of it."""
    channel = socket.socket(fileno=STDIN)
    channel.setblocking(True)  # noqa: FBT003 - it has no name
    return channel


def _serve(open_store: Callable[[], Store], limits: Limits, tables: int) -> None:
    channel = connect()
    try:
        store = open_store()
    except (OSError, RuntimeError) as error:
        send_reply(channel, _unavailable(error))
        return
    confine(limits.memory, tables)
    send_reply(channel, Reply("ready"))
    _answer_all(store, channel, limits)


def _answer_all(store: Store, channel: socket.socket, limits: Limits) -> None:
    most = _peak_memory() + limits.memory // 2
    while True:
        try:
            question = receive_question(channel)
        except (EOFError, ConnectionError):
            return
        output = Output(partial(send_data, channel), limits.result_bytes, limits.result_rows)
        reply = answer(store, question, limits, output)
        send_reply(channel, reply._replace(is_spent=_peak_memory() > most), output.rest)


def _peak_memory() -> int:
    """Return the most bytes of memory that this process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def answer(store: Store, question: Question, limits: Limits, output: Output) -> Reply:
    """Write the answer to a question into `output`, and return how it went.

    Errors may come as late as in serializing: pyoxigraph evaluates as it writes.
    """
    try:
        check_query(question.query, limits)
        result = _evaluate(store, question)
        unknown = "" if question.is_own else explain_unknown_names(store, question.query)
        return Reply("unknown_name", unknown) if unknown else _serialize(result, question, output)
    except QueryRefused as error:
        return Reply(error.code, str(error))
    except CannotWriteError as error:
        return Reply(error.outcome)
    except (SyntaxError, MemoryError, OSError, RuntimeError, ValueError) as error:
        return _failure(error)


def _failure(error: Exception) -> Reply:
    """Return what an error of pyoxigraph stands for."""
    match error:
        case SyntaxError():
            return Reply("syntax_error", error.msg)
        case MemoryError():
            return Reply("memory_limit")
        case OSError() if "does not support" in str(error):
            return Reply("not_representable")
        case OSError():
            return Reply("outside", str(error))
        case _ if "Corruption" in str(error):
            return _unavailable(error)
        case _:
            return Reply("query_refused", str(error))


def _evaluate(store: Store, question: Question) -> QuerySolutions | QueryBoolean | QueryTriples:
    text, defaults, named = question.query, question.default_graphs, question.named_graphs
    prefixes = {name: iri for name, iri in PREFIXES.items() if name + ":" in text}
    if defaults is None and named is None:
        return store.query(text, base_iri=BASE, prefixes=prefixes)
    return store.query(
        text,
        base_iri=BASE,
        prefixes=prefixes,
        default_graph=[NamedNode(iri) for iri in defaults or ()],
        named_graphs=[NamedNode(iri) for iri in named or ()],
    )


def _serialize(
    result: QuerySolutions | QueryBoolean | QueryTriples, question: Question, output: Output
) -> Reply:
    if isinstance(result, QueryTriples):
        if question.graph is None:
            return Reply("not_acceptable", "graph")
        rdf = pyoxigraph.RdfFormat.from_media_type(question.graph)
        output.expect(question.graph, is_rows=False)
        pyoxigraph.serialize(result, output, rdf, prefixes=dict(PREFIXES))
        return Reply("graph")
    kind = "boolean" if isinstance(result, QueryBoolean) else "solutions"
    if question.rows is None:
        return Reply("not_acceptable", kind)
    output.expect(question.rows, is_rows=kind == "solutions")
    result.serialize(output, pyoxigraph.QueryResultsFormat.from_media_type(question.rows))
    return Reply(kind)


def _unavailable(error: Exception) -> Reply:
    """Say where the operator looks what is wrong; a caller need not know of files."""
    sys.stderr.write(f"kg: worker: {error}\n")
    sys.stderr.flush()
    return Reply("store_unavailable")


if __name__ == "__main__":
    main()
