"""One frozen value holds every setting and every limit; the command line and the web build it once.

Not here: anything that changes while the program runs.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.errors import BuildError

ONTOLOGY: Final = Path("ontology", "diplomacy.ttl")
"""The file that every project has."""

MOST_SECONDS: Final = 24 * 60 * 60
"""The longest time that can be allowed for a query."""

MOST_WORKERS: Final = 1000


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

    Raises BuildError where no project is found, or a number is none that can be.
    """
    env = os.environ if environ is None else environ
    named = env.get("KG_ROOT")
    root = _project(Path(named)) if named else find_root(folder or Path.cwd())
    return Config(
        root=root,
        builds=Path(env.get("KG_BUILDS") or root / "builds"),
        workers=_workers(env),
        query_timeout=_query_timeout(env),
    )


def find_root(folder: Path) -> Path:
    """Return the nearest folder, upwards, that holds ontology/diplomacy.ttl.

    Raises BuildError where there is none.
    """
    for candidate in (folder, *folder.parents):
        if (candidate / ONTOLOGY).is_file():
            return candidate
    raise BuildError(
        f"no project at or above {folder}: run inside a checkout, or set KG_ROOT to one"
    )


def _project(root: Path) -> Path:
    if not (root / ONTOLOGY).is_file():
        raise BuildError(
            f"no project at {root}: it has no {ONTOLOGY}; set KG_ROOT or --root to a checkout"
        )
    return root


def _workers(env: Mapping[str, str]) -> int:
    said = env.get("KG_WORKERS", str(Config.workers))
    try:
        value = int(said)
    except ValueError as error:
        raise BuildError(f"KG_WORKERS={said!r} is not a whole number") from error
    if not 1 <= value <= MOST_WORKERS:
        raise BuildError(f"KG_WORKERS={said!r} must be from 1 to {MOST_WORKERS}")
    return value


def _query_timeout(env: Mapping[str, str]) -> float:
    said = env.get("KG_QUERY_TIMEOUT", str(Config.query_timeout))
    try:
        value = float(said)
    except ValueError as error:
        raise BuildError(f"KG_QUERY_TIMEOUT={said!r} is not a number") from error
    if not 0 < value <= MOST_SECONDS:
        raise BuildError(
            f"KG_QUERY_TIMEOUT={said!r} must be more than 0 and at most {MOST_SECONDS} seconds"
        )
    return value
