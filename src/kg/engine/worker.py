"""The child process in which query texts are evaluated, one at a time, and nowhere else.

Started by kg.engine.process as `python -m kg.engine.worker STORE MEMORY STACK RESULT` (a folder,
and bytes). It reads questions from its standard input and writes replies to its standard output.
Before the first question it gives up what it does not need: memory beyond its limit, core files,
and every new file descriptor, so that no query reaches a network or a file. It ends when its
parent does.

Not here: deadlines (the parent kills), and what a reply means to a caller (kg.engine.outcomes).
Imports are few and light, because a worker's start is part of the time a person waits.
"""

import io
import os
import resource
import select
import sys
import threading
from typing import TYPE_CHECKING

import pyoxigraph
from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.engine.channel import Question, Reply, receive_question, send_reply
from kg.engine.unknown import explain_unknown_names
from kg.vocab import BASE, PREFIXES

if TYPE_CHECKING:
    from typing_extensions import Buffer

STDIN, STDOUT = 0, 1
CRASHED = 70


class Full(Exception):  # noqa: N818 - not an error but a full cup
    """The answer is larger than the room for it."""


class BoundedOutput(io.BytesIO):
    """A place to serialize into that takes so many bytes and no more."""

    def __init__(self, room: int) -> None:
        """Make room for so many bytes."""
        super().__init__()
        self._room = room

    def write(self, data: "Buffer", /) -> int:
        """Take the bytes; raise Full where they do not fit."""
        written = super().write(data)
        if self.tell() > self._room:
            raise Full
        return written


def main() -> None:
    """Answer questions in a thread with a large stack, until the parent is gone."""
    store, memory, stack, result = sys.argv[1], *map(int, sys.argv[2:])
    threading.excepthook = _crash
    threading.stack_size(stack)
    threading.Thread(target=_serve, args=(store, memory, result), daemon=True).start()
    _wait_for_hangup()
    os._exit(0)


def _wait_for_hangup() -> None:
    """Return when nobody can write to the standard input any more."""
    poll = select.poll()
    poll.register(STDIN, 0)
    poll.poll()


def _crash(args: threading.ExceptHookArgs) -> None:
    """Report a bug, and end the process: a worker without its thread would never answer."""
    if args.exc_value is not None:
        sys.excepthook(args.exc_type, args.exc_value, args.exc_traceback)
    sys.stderr.flush()
    os._exit(CRASHED)


def _serve(folder: str, memory: int, result: int) -> None:
    try:
        store = Store.read_only(folder)
    except (OSError, RuntimeError) as error:
        send_reply(STDOUT, _unavailable(error))
        return
    _confine(memory)
    send_reply(STDOUT, Reply("ready"))
    _answer_all(store, result)


def _answer_all(store: Store, room: int) -> None:
    while True:
        try:
            question = receive_question(STDIN)
        except EOFError:
            return
        send_reply(STDOUT, answer(store, question, room))


def _confine(memory: int) -> None:
    """Give up what no query needs; the store is open, and its files stay so."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        room = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, lowest))


def _address_space() -> int:
    """Return the bytes of address space in use; reserved stacks and mapped files count."""
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = int(os.read(statm, 64).split()[0])
    os.close(statm)
    return pages * resource.getpagesize()


def answer(store: Store, question: Question, room: int) -> Reply:
    """Return the whole answer to a question, or why there is none.

    Errors may come as late as in serializing: pyoxigraph evaluates as it writes.
    """
    try:
        result = _evaluate(store, question)
        unknown = "" if question.is_own else explain_unknown_names(store, question.query)
        return Reply("unknown", unknown) if unknown else _serialize(result, question, room)
    except SyntaxError as error:
        return Reply("syntax", error.msg)
    except Full:
        return Reply("too large")
    except MemoryError:
        return Reply("memory")
    except OSError as error:
        return Reply("outside", str(error))
    except (RuntimeError, ValueError) as error:
        is_damage = "Corruption" in str(error)
        return _unavailable(error) if is_damage else Reply("refused", str(error))


def _evaluate(store: Store, question: Question) -> QuerySolutions | QueryBoolean | QueryTriples:
    defaults, named = question.default_graphs, question.named_graphs
    if defaults is None and named is None:
        return store.query(question.query, base_iri=BASE, prefixes=dict(PREFIXES))
    return store.query(
        question.query,
        base_iri=BASE,
        prefixes=dict(PREFIXES),
        default_graph=[NamedNode(iri) for iri in defaults or ()],
        named_graphs=[NamedNode(iri) for iri in named or ()],
    )


def _serialize(
    result: QuerySolutions | QueryBoolean | QueryTriples, question: Question, room: int
) -> Reply:
    output = BoundedOutput(room)
    if isinstance(result, QueryTriples):
        if question.graph is None:
            return Reply("not acceptable", "graph")
        rdf = pyoxigraph.RdfFormat.from_media_type(question.graph)
        pyoxigraph.serialize(result, output, rdf, prefixes=dict(PREFIXES))
        return Reply("graph", body=output.getvalue())
    kind = "boolean" if isinstance(result, QueryBoolean) else "solutions"
    if question.rows is None:
        return Reply("not acceptable", kind)
    result.serialize(output, pyoxigraph.QueryResultsFormat.from_media_type(question.rows))
    return Reply(kind, body=output.getvalue())


def _unavailable(error: Exception) -> Reply:
    """Say where the operator looks what is wrong; a caller need not know of files."""
    sys.stderr.write(f"kg: worker: {error}\n")
    sys.stderr.flush()
    return Reply("unavailable")


if __name__ == "__main__":
    main()
