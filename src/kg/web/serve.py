"""Starts the production server: granian, one web process with threads, over a pool of workers.

granian keeps a small parent process that passes signals on; the web process below it owns the
pool. Where either goes away, what is below it ends too.
"""

import math
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from kg.config import Config
from kg.engine.pool import Pool, read_hash
from kg.errors import ParameterError
from kg.saved_queries import read_saved_queries
from kg.web.app import create_app


def serve(config: Config, build_dir: Path, host: str, port: int) -> None:
    """Serve a build until interrupted (SIGINT, SIGTERM, SIGHUP); then stop the workers and return.

    Queries under way are answered first, which takes no longer than their deadline. Raises, before
    anything is started, ParameterError where the address cannot be had, BuildError where the
    folder is not a build, and SavedQueryErrors where a saved query is wrong.
    """
    read_hash(build_dir)
    read_saved_queries(config.root / "queries")
    _check_address(host, port)
    server = Granian(
        "kg.web.serve",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        websockets=False,
        workers=1,
        blocking_threads=config.threads,
        workers_kill_timeout=math.ceil(config.query_timeout) + 1,
        log_level=LogLevels.error,
    )
    before = signal.getsignal(signal.SIGHUP)
    server.on_startup(lambda: _stop_at_hangup(server.signal_handler_interrupt, before))
    server.serve(target_loader=partial(load_app, config, build_dir), wrap_loader=False)


def _stop_at_hangup(stop: Callable[..., None], before: object) -> None:
    """Let SIGHUP (the terminal is closed) stop the server; granian would reload. nohup holds."""
    ignored = before is signal.SIG_IGN
    handler = signal.SIG_IGN if ignored else stop
    signal.signal(signal.SIGHUP, handler)


def load_app(config: Config, build_dir: Path) -> Flask:
    """Return the application of a web process, with a pool that lives as long as the process.

    The process leaves the group of its parent. Else Ctrl-C would reach it twice, from the terminal
    and from its parent, and a second signal in the middle of the first can stop granian for good.
    """
    os.setpgrp()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until granian has its own handler here
    threading.Thread(target=_end_with_parent, daemon=True).start()
    return create_app(config, Pool(config, build_dir))


def _check_address(host: str, port: int) -> None:
    """Refuse an address in use: granian would share it with whoever has it, without a word."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        socket.create_server((host, port), family=family).close()
    except (OSError, OverflowError) as error:
        raise ParameterError(
            f"cannot listen on {host} port {port}: {error}; give another host or port"
        ) from error


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
