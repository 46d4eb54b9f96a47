"""A small process without threads that holds a build in memory and forks workers that share it.

Started by kg.engine.hatching as `python -m kg.engine.nursery STORE LIMITS`. It reads commands from
the socket that is its standard input: `fork`, with one end of a new socket, answered with the
process id of a worker that has that end as its own standard input, or 0; `reap PID`, answered with
the exit code of a worker that has ended. It ends when the other end of its socket is closed. Its
workers live on without it.

A store on disk is never open here: RocksDB has threads, and a process with threads must not be
forked. There each worker opens it for itself.
"""

import gc
import hashlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store

from kg.current import read_hash
from kg.engine.channel import Limits, Reply, send_reply
from kg.engine.confinement import count_tables
from kg.engine.worker import STDIN, connect, work
from kg.errors import KgError

_COMMAND: Final = 64
"""Bytes that no command exceeds."""


def main() -> None:
    """Obey until nobody commands any more."""
    source, limits = Path(sys.argv[1]), Limits(*json.loads(sys.argv[2]))
    control = connect()
    try:
        open_store = prepare(source)
        tables = count_tables(source)
    except (OSError, SyntaxError, ValueError, KgError) as error:
        sys.stderr.write(f"kg: nursery: {error}\n")
        send_reply(control, Reply("store_unavailable"))
        return
    send_reply(control, Reply("ready"))
    while True:
        command, fds, _, _ = socket.recv_fds(control, _COMMAND, 1)
        if not command:
            return
        control.sendall(
            str(_obey(command, fds, partial(work, open_store, limits, tables))).encode()
        )


def prepare(source: Path) -> Callable[[], Store]:
    """Return what gives a worker its store: in memory for a file of N-Quads, else on disk.

    Raises OSError, SyntaxError, or ValueError where the file is not what the manifest beside it
    says: the build is named after the file's hash.
    """
    if source.is_dir():
        return lambda: Store.read_only(str(source))
    with source.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != read_hash(source.parent):
        raise ValueError(f"{source} is damaged: its hash is not the one in the manifest")
    store = Store()
    store.load(path=source, format=RdfFormat.N_QUADS)
    gc.freeze()  # so that no collection in a child writes into what is shared
    return lambda: store


def _obey(command: bytes, fds: list[int], work: Callable[[], None]) -> int:
    if command == b"fork":
        return _fork(fds[0], work)
    return _reap(int(command.removeprefix(b"reap ")))


def _fork(channel: int, work: Callable[[], None]) -> int:
    """Return the process id of a new worker, or 0 where the machine has none to give."""
    try:
        pid = os.fork()
    except OSError as error:
        sys.stderr.write(f"kg: nursery: {error}\n")
        os.close(channel)
        return 0
    if pid == 0:
        os.setpgid(0, 0)
        os.dup2(channel, STDIN)
        os.close(channel)
        work()
    os.close(channel)
    return pid


def _reap(pid: int) -> int:
    """Return the exit code of a worker that has ended or is about to: negative for a signal."""
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return -signal.SIGKILL


if __name__ == "__main__":
    main()
