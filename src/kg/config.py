"""One frozen value holds every setting and every limit; the command line and the web build it once.

Not here: anything that changes while the program runs.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kg.errors import BuildError


@dataclass(frozen=True)
class Config:
    """Where things are and how far anything may go; sizes in bytes, times in seconds."""

    root: Path
    """The project: holds ontology/, seeds/ and queries/. KG_ROOT, or found above the folder."""

    builds: Path
    """Where builds stand. KG_BUILDS, default `builds` in the root."""

    workers: int = 2
    """Query processes of a server. KG_WORKERS."""

    threads: int = 16
    """Threads of the web process: requests that wait for a worker, and all others."""

    query_timeout: float = 10.0
    """Longest time a query may take: parse, plan, evaluate, serialize. KG_QUERY_TIMEOUT."""

    query_bytes: int = 64 * 1024
    """Longest query text."""

    query_depth: int = 64
    """Deepest nesting of brackets in a query."""

    query_operators: int = 1000
    """Most operators and clauses in a query."""

    result_bytes: int = 256 * 1024 * 1024
    """Largest answer."""

    worker_memory: int = 1024 * 1024 * 1024
    """Memory a worker may take beyond what it holds after opening the build."""

    worker_stack: int = 256 * 1024 * 1024
    """Stack of the thread that runs a query."""

    queue_seconds: float = 5.0
    """Longest wait for a free worker."""


def read_config(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Config:
    """Return the settings that the environment gives, looking for the project above `folder`.

    Raises BuildError where no project is found, or a number is not one.
    """
    env = os.environ if environ is None else environ
    root = Path(env["KG_ROOT"]) if "KG_ROOT" in env else find_root(folder or Path.cwd())
    return Config(
        root=root,
        builds=Path(env.get("KG_BUILDS", root / "builds")),
        workers=int(_number(env, "KG_WORKERS", Config.workers)),
        query_timeout=_number(env, "KG_QUERY_TIMEOUT", Config.query_timeout),
    )


def find_root(folder: Path) -> Path:
    """Return the nearest folder, upwards, that holds ontology/diplomacy.ttl.

    Raises BuildError where there is none.
    """
    for candidate in (folder, *folder.parents):
        if (candidate / "ontology" / "diplomacy.ttl").is_file():
            return candidate
    raise BuildError(
        f"no project at or above {folder}: run inside a checkout, or set KG_ROOT to one"
    )


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError as error:
        raise BuildError(f"{name}={env[name]!r} is not a number") from error
    if value <= 0:
        raise BuildError(f"{name}={env[name]!r} must be more than 0")
    return value
