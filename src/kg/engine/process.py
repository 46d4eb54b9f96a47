"""The parent's end of one worker process: start it, ask it, kill it.

Not here: which worker is asked (kg.engine.pool), what a reply means (kg.engine.outcomes).
"""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from kg.config import Config
from kg.engine.channel import Question, Reply, receive_reply, send_question
from kg.engine.outcomes import error_of_death
from kg.errors import EngineUnavailable, QueryError, QueryTimeout

START_SECONDS: Final = 20.0
"""Longest wait for a worker to open the build; usually it takes 30 ms."""

_NEEDED: Final = (
    "DYLD_LIBRARY_PATH",
    "HOME",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONUSERBASE",
)
"""What a child's Python needs of the environment to find its modules; nothing else is passed."""


class WorkerProcess:
    """One child process; asked by one thread at a time."""

    def __init__(self, config: Config, store: Path) -> None:
        """Start the child and do not wait for it. Close what it opens with `kill`."""
        numbers = (config.worker_memory, config.worker_stack, config.result_bytes)
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-P", "-m", "kg.engine.worker", str(store), *map(str, numbers)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=_environment(),
            process_group=0,  # Ctrl-C is for the parent to act upon
        )
        self._is_ready = False
        self._is_clean = True

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    @property
    def can_be_asked(self) -> bool:
        """Whether it lives and is not in the middle of an answer."""
        return self._is_clean and self._process.poll() is None

    def ask(self, question: Question, seconds: float) -> Reply:
        """Return the whole reply to a question.

        Raises QueryTimeout after `seconds`, EngineUnavailable where the child does not start, and
        the error that its end stands for where it ends. After an error it is not to be asked again.
        """
        self._is_clean = False
        self._await_start()
        late = QueryTimeout(f"the query took longer than {seconds:g} s; ask for less at once")
        try:
            send_question(self._in, question)
            reply = receive_reply(self._out, self._before(seconds, late))
        except (EOFError, BrokenPipeError) as error:
            raise self._death() from error
        self._is_clean = True
        return reply

    def kill(self) -> None:
        """End the child at once, whatever it is doing, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _await_start(self) -> None:
        if self._is_ready:
            return
        late = EngineUnavailable("a worker did not start in time; try again")
        try:
            reply = receive_reply(self._out, self._before(START_SECONDS, late))
        except EOFError as error:
            raise EngineUnavailable("a worker did not start; the log says why") from error
        if reply.outcome != "ready":
            raise EngineUnavailable("the build cannot be opened; the log says why")
        self._is_ready = True

    def _before(self, seconds: float, late: QueryError) -> Callable[[], None]:
        """Return a function that waits for something to read, and raises `late` in the end."""
        deadline = time.monotonic() + seconds
        poll = select.poll()
        poll.register(self._out, select.POLLIN)

        def wait() -> None:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise late

        return wait

    def _death(self) -> QueryError:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            code = 0
        return error_of_death(code)

    @property
    def _in(self) -> int:
        return _fileno(self._process.stdin)

    @property
    def _out(self) -> int:
        return _fileno(self._process.stdout)


def _environment() -> dict[str, str]:
    found = {name: os.environ[name] for name in _NEEDED if name in os.environ}
    return {**found, "RUST_BACKTRACE": "0", "PYTHONUTF8": "1"}


def _fileno(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise TypeError("the child was started without pipes")
    return pipe.fileno()
