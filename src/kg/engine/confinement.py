"""What a worker gives up before the first question: it needs none of it to read its build.

A wall stands between a query and the network, behind the guard that refuses SERVICE. Where the
build is in memory, no descriptor is left to open. Where it is on disk, RocksDB opens its tables
when it first needs them and must have descriptors for those, so the kernel is told to refuse
sockets (Linux, seccomp); on other systems only the guard is left then.
"""

import ctypes
import os
import platform
import resource
import struct
import sys
from pathlib import Path
from typing import Final

_SOCKET: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""By machine: how the kernel names its calls (AUDIT_ARCH_…), and its number of `socket`."""

_LOAD, _IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13
"""SECCOMP_RET_ERRNO with EACCES."""

_NO_NEW_PRIVILEGES, _SECCOMP, _FILTER = 38, 22, 2


def confine(memory: int, tables: int) -> None:
    """Leave this thread so many bytes beyond what it holds, no core file, and no new descriptor.

    But those for the `tables` of a store on disk; then it can open no socket either.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        room = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
        if tables:
            _refuse_sockets()
    lowest = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + tables, lowest + tables))


def count_tables(store: Path) -> int:
    """Return how many tables of a store on disk RocksDB may want to open."""
    return sum(1 for _ in store.glob("*.sst"))


def _address_space() -> int:
    """Return the bytes of address space in use; reserved stacks and mapped files count."""
    statm = os.open("/proc/self/statm", os.O_RDONLY)
    pages = int(os.read(statm, 64).split()[0])
    os.close(statm)
    return pages * resource.getpagesize()


def _refuse_sockets() -> None:
    """Let the kernel answer `socket` with EACCES, in this thread and those it starts."""
    known = _SOCKET.get(platform.machine())
    if known is None:
        return
    program = _program(*known)
    instructions = ctypes.create_string_buffer(program)
    count = len(program) // 8
    head = struct.pack("HxxxxxxP", count, ctypes.addressof(instructions))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(head), 0, 0)


def _program(architecture: int, call: int) -> bytes:
    """Return a filter of struct sock_filter (code, jump if true, jump if false, value)."""
    lines = (
        (_LOAD, 0, 0, 4),  # the architecture
        (_IF_EQUAL, 0, 2, architecture),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_IF_EQUAL, 0, 1, call),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    )
    return b"".join(struct.pack("HBBI", *line) for line in lines)
