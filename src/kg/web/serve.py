"""Starts the service and keeps it running: a small process that holds the socket.

The web process below it (kg.web.process) does the work. Where it ends unasked, another is started,
and clients that connect meanwhile wait in the queue of the socket. Where this process ends, all
below it ends too.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Final

from kg.config import Config, environment_of
from kg.current import find_current, read_hash
from kg.errors import KgError
from kg.saved_queries import SavedQuery, read_saved_queries

Greeting = Callable[[Mapping[str, SavedQuery]], None]
"""Is told the saved queries when the first answer can be given."""

_BACKLOG: Final = 1024
_LAST_PORT: Final = 65535
_STOP_SECONDS: Final = 5.0
"""Beyond the time of the longest query."""

_LOOK_SECONDS: Final = 0.5
_QUICK_SECONDS: Final = 2.0
_MOST_QUICK_ENDS: Final = 5
"""A web process that ends so quickly so often will not do better the next time."""


def serve(config: Config, host: str, port: int, greet: Greeting) -> None:
    """Serve the current build until interrupted (SIGINT, SIGTERM, SIGHUP); greet when it answers.

    Queries under way are answered first, which takes no longer than their deadline; a second signal
    ends them. Raises, before anything is started, KgError where the address cannot be had,
    BuildError where there is no build, and SavedQueryErrors where a saved query is wrong.
    """
    if config.engine_url is None:
        read_hash(find_current(config))
    saved_queries = read_saved_queries(config.root / "queries")
    with listen(host, port) as listener:
        Supervisor(config, listener).run(partial(greet, saved_queries))


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises KgError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        hint = f"--port {port + 1}" if port < _LAST_PORT else "another --port"
        raise KgError(f"cannot listen on {host}:{port}: {reason}; try {hint}") from error


class Supervisor:
    """Starts the web process, again and again where it must."""

    def __init__(self, config: Config, listener: socket.socket) -> None:
        """Serve on this socket."""
        self._config, self._listener = config, listener
        self._web: subprocess.Popen[bytes] | None = None
        self._signals = 0
        self._kill_at = 0.0

    def run(self, greet: Callable[[], None]) -> None:
        """Return when a signal has ended the service. Raises KgError where it cannot be started."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup holds
                signal.signal(number, self._stop)
        quick_ends = 0
        while not self._signals:
            started = time.monotonic()
            self._web = self._start()
            if self._signals:  # it came while the process was being started
                self._web.terminate()
            elif self._is_ready(self._web):
                greet()
                greet = _say_nothing
            self._await_end(self._web)
            quick_ends = quick_ends + 1 if time.monotonic() - started < _QUICK_SECONDS else 0
            if quick_ends >= _MOST_QUICK_ENDS and not self._signals:
                raise KgError("the web process ends again and again; its messages stand above")

    def _start(self) -> subprocess.Popen[bytes]:
        fd = self._listener.fileno()
        return subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-P", "-m", "kg.web.process", str(fd)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(fd,),
            env={**os.environ, **environment_of(self._config)},
            process_group=0,  # Ctrl-C is for this process to act upon
        )

    def _is_ready(self, web: subprocess.Popen[bytes]) -> bool:
        return web.stdout is not None and web.stdout.readline() == b"ready\n"

    def _await_end(self, web: subprocess.Popen[bytes]) -> None:
        """Wait for the end; after a signal no longer than the longest query takes."""
        while web.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                web.wait(_LOOK_SECONDS)
            if self._signals and not self._kill_at:
                longest = self._config.longest_request
                self._kill_at = time.monotonic() + longest + _STOP_SECONDS
            if self._kill_at and time.monotonic() > self._kill_at:
                web.kill()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        """Let the web process finish; at the second signal, end it."""
        self._signals += 1
        if self._web is not None:
            self._web.send_signal(signal.SIGTERM if self._signals == 1 else signal.SIGKILL)


def _say_nothing() -> None:
    """Greet only once."""
