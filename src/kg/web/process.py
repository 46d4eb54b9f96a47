"""The web process: `python -m kg.web.process LISTENER`, started by kg.web.serve.

Its configuration comes in the environment, LISTENER is the descriptor of a socket that listens. It
says `ready` on its standard output, and ends when its standard input is closed or at SIGTERM.
"""

from gevent import monkey

monkey.patch_all()

import gc  # noqa: E402 - nothing may be imported before gevent has put its parts in place
import logging  # noqa: E402
import os  # noqa: E402
import resource  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import sys  # noqa: E402

import gevent  # noqa: E402
from gevent.event import Event  # noqa: E402
from gevent.socket import wait_read  # noqa: E402

from kg.config import read_config  # noqa: E402
from kg.engine.opening import open_served_engine  # noqa: E402
from kg.web.app import create_app  # noqa: E402
from kg.web.logs import Log  # noqa: E402
from kg.web.server import Server  # noqa: E402


def main() -> None:
    """Serve until told to stop; then answer what is under way and end everything."""
    config = read_config()
    _raise_limit(config.connections)
    logging.basicConfig(format="kg: %(message)s", level=logging.INFO)
    engine = open_served_engine(config)
    log = Log()
    server = Server(config, _listener(int(sys.argv[1])), create_app(config, engine, log), log)
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again costs requests milliseconds
    stop = Event()
    gevent.signal_handler(signal.SIGTERM, stop.set)
    gevent.spawn(_await_hangup, stop)
    server.start()
    os.write(sys.stdout.fileno(), b"ready\n")
    stop.wait()
    server.drain(config.longest_request)
    engine.close()


def _raise_limit(connections: int) -> None:
    """Allow descriptors for each connection, its query and its answer, as far as possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * connections + 200
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _listener(fd: int) -> socket.socket:
    listener = socket.socket(fileno=fd)
    listener.setblocking(False)  # noqa: FBT003 - it has no name
    return listener


def _await_hangup(stop: Event) -> None:
    """Stop where the process that started this one is gone."""
    wait_read(sys.stdin.fileno())
    stop.set()


if __name__ == "__main__":
    main()
