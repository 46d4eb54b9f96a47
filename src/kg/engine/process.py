"""The program's end of one worker process: ask it, watch it, kill it.

Not here: which worker is asked (kg.engine.pool), what a reply means (kg.engine.outcomes).
"""

import select
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from kg.config import Config
from kg.engine.channel import Question, Reply, receive_reply, send_question
from kg.engine.children import Child, start_child
from kg.engine.outcomes import error_of_death
from kg.engine.requests import Client
from kg.engine.spool import Spool
from kg.errors import EngineUnavailable, QueryCancelled, QueryError, QueryTimeout

START_SECONDS: Final = 20.0
"""Longest wait for a worker to open the build; usually it takes a few milliseconds."""

_QUICK: Final = 0.05
"""Seconds in which most queries are answered; nobody looks yet whether the client has left."""


class Spoken(NamedTuple):
    """What a worker said: the reply, and the answer with its size in bytes."""

    reply: Reply
    content: bytes | BinaryIO
    size: int


class WorkerProcess:
    """One worker; asked by one thread at a time."""

    def __init__(self, child: Child, channel: socket.socket) -> None:
        """Take over a process that was just started, and do not wait for it; end it with `kill`."""
        self._child = child
        self._channel = channel
        self._is_ready = False
        self._is_clean = True
        self._is_last = False
        self._is_ended = False
        self._code: int | None = None
        self.asked = 0

    @property
    def pid(self) -> int:
        """The process id."""
        return self._child.pid

    @property
    def is_clean(self) -> bool:
        """Whether it has said all that it was asked, and may be asked again."""
        return self._is_clean

    @property
    def can_be_asked(self) -> bool:
        """Whether it is clean and lives."""
        return self._is_clean and self._is_silent()

    def await_start(self) -> None:
        """Return when it can answer. Raises EngineUnavailable where it cannot."""
        if self._is_ready:
            return
        late = EngineUnavailable("a worker did not start in time; try again")
        receive = self._receiver(time.monotonic() + START_SECONDS, late, ())
        self._is_clean = False
        try:
            reply = receive_reply(receive, lambda _: None)
        except (EOFError, OSError) as error:
            raise EngineUnavailable("a worker did not start; the log says why") from error
        if reply.outcome != "ready":
            raise EngineUnavailable("the build cannot be opened; the log says why")
        self._is_ready = self._is_clean = True

    def ask(
        self,
        question: Question,
        spool: Spool,
        deadline: float,
        late: QueryError,
        clients: tuple[Client, ...],
    ) -> Spoken:
        """Return what it says to a question; the answer is kept in `spool`.

        Raises `late` at the deadline (of time.monotonic), QueryCancelled where a client leaves, and
        the error that its end stands for where it ends. After an error it is not to be asked again.
        """
        self.await_start()
        self._is_clean = False
        self.asked += 1
        self._channel.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            reply = self._converse(question, spool, self._receiver(deadline, late, clients), late)
        except BaseException:
            spool.close()
            raise
        self._is_clean = not (reply.is_spent or self._is_last)
        return Spoken(reply, spool.content(), spool.size)

    def stop(self) -> None:
        """End it at once, and do not wait until it is gone."""
        self._is_clean = False
        if not self._is_ended:
            self._child.stop()

    def _converse(
        self, question: Question, spool: Spool, receive: Callable[[int], bytes], late: QueryError
    ) -> Reply:
        try:
            send_question(self._channel, question)
            return receive_reply(receive, spool.take)
        except TimeoutError as error:
            raise late from error
        except (EOFError, ConnectionError) as error:
            raise error_of_death(self.kill()) from error
        except OSError as error:
            raise EngineUnavailable("there is no room to keep the answer; try again") from error

    def retire_after_answer(self) -> None:
        """Let the answer under way be its last."""
        self._is_last = True

    def kill(self) -> int | None:
        """End it at once, whatever it is doing; return its exit code where that is known."""
        self._is_clean = False
        if not self._is_ended:  # its process id may be another's by now
            self._is_ended = True
            self._code = self._child.end()
            self._channel.close()
        return self._code

    def _is_silent(self) -> bool:
        """Whether there is nothing to read: an idle worker is silent, a dead one says the end."""
        try:
            self._channel.settimeout(0)
            self._channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _receiver(
        self, deadline: float, late: QueryError, clients: tuple[Client, ...]
    ) -> Callable[[int], bytes]:
        """Return a function that reads from the channel, and raises `late` in the end.

        Waiting without a look at the clients is quicker, so that is how each wait begins.
        """

        def receive(size: int) -> bytes:
            left = deadline - time.monotonic()
            self._channel.settimeout(max(min(left, _QUICK), 0.001))
            try:
                return self._channel.recv(size)
            except TimeoutError:
                _wait(self._channel, clients, deadline, late)
                return self._channel.recv(size)

        return receive


def _wait(
    channel: socket.socket, clients: tuple[Client, ...], deadline: float, late: QueryError
) -> None:
    """Return when there is something to read. Raises `late`, or QueryCancelled."""
    poll = select.poll()
    poll.register(channel, select.POLLIN)
    watched = {client.fileno(): client for client in clients}
    for fd in watched:
        poll.register(fd, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        ready = {fd for fd, _ in poll.poll(left * 1000)} if left > 0 else set()
        if not ready:
            raise late
        for fd in ready & set(watched):
            if watched[fd].is_gone():
                raise QueryCancelled("the query was cancelled")
            poll.unregister(fd)  # it says more before it has its answer; let it wait
            del watched[fd]
        if channel.fileno() in ready:
            return


def timeout_after(seconds: float) -> QueryTimeout:
    """Return the error for a query that took so many seconds."""
    return QueryTimeout(f"the query took longer than {seconds:g} s; ask for less at once")


def spawn(config: Config, store: Path) -> WorkerProcess:
    """Start a worker over the store on disk, and do not wait for it. Raises EngineUnavailable."""
    try:
        return WorkerProcess(*start_child("kg.engine.worker", config, store))
    except OSError as error:
        raise EngineUnavailable("no worker can be started; try again") from error
