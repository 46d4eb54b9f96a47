"""One frozen value holds every setting and every limit; the command line and the web build it once.

Each number is a field of Config with its name in the environment, its default, its bounds and what
it means, in one place; docs/settings.md and /status are written from there. Not here: anything that
changes while the program runs.
"""

import dataclasses
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from kg.errors import BuildError, SettingError
from kg.vocab import BASE, HOME

ONTOLOGY: Final = Path("ontology", "diplomacy.ttl")
"""The file that every project has."""

MOST_SECONDS: Final = 24 * 60 * 60
"""The longest time that can be allowed for anything."""

MOST_BYTES: Final = 1 << 40
KIB: Final = 1 << 10
MIB: Final = 1 << 20
GIB: Final = 1 << 30


class Setting(NamedTuple):
    """What a number of the configuration is called outside, and which values it may have."""

    variable: str
    least: float
    most: float
    unit: str
    meaning: str


def _setting(
    default: float, variable: str, bounds: tuple[float, float], unit: str, meaning: str
) -> Any:  # noqa: ANN401 - a field of whichever type it is declared with
    setting = Setting(variable, *bounds, unit, meaning)
    return dataclasses.field(default=default, metadata={"setting": setting})


def _seconds(default: float, variable: str, meaning: str, least: float = 0.001) -> Any:  # noqa: ANN401
    return _setting(default, variable, (least, MOST_SECONDS), "s", meaning)


def _size(default: int, variable: str, meaning: str, least: int = 1) -> Any:  # noqa: ANN401
    return _setting(default, variable, (least, MOST_BYTES), "bytes", meaning)


def _count(default: int, variable: str, meaning: str, least: int = 1) -> Any:  # noqa: ANN401
    return _setting(default, variable, (least, 10**9), "", meaning)


@dataclass(frozen=True)
class Config:
    """Where things are and how far anything may go; sizes in bytes, times in seconds."""

    root: Path
    """The project: holds ontology/, seeds/ and queries/. KG_ROOT, or found above the folder."""

    builds: Path
    """Where builds stand. KG_BUILDS, default `builds` in the root."""

    engine_url: str | None = None
    """A SPARQL 1.1 endpoint to ask instead of the build. KG_ENGINE_URL."""

    public_url: str | None = None
    """Where the world reaches the service: scheme and host, no path. KG_PUBLIC_URL."""

    base_iri: str = BASE
    """What the IRIs of a build begin with; the same in all of a process. KG_BASE_IRI."""

    admin_token: str | None = dataclasses.field(default=None, repr=False)
    """What an operator shows to list and cancel queries; without one nobody can. KG_ADMIN_TOKEN."""

    @property
    def body_bytes(self) -> int:
        """Longest body of a request: a percent-encoded form is at most three times its text."""
        return 4 * self.query_bytes

    @property
    def longest_request(self) -> float:
        """Seconds after which no query that was begun can still be under way."""
        return self.query_timeout + self.queue_seconds + 1

    workers: int = _setting(
        2, "KG_WORKERS", (1, 1000), "", "processes that answer queries of any kind"
    )
    reserved_workers: int = _setting(
        1, "KG_RESERVED_WORKERS", (0, 1000), "", "processes for pages and saved queries alone"
    )
    query_timeout: float = _seconds(
        10.0,
        "KG_QUERY_TIMEOUT",
        "longest time of a query: parse, plan, evaluate, serialize; a request may ask for less",
    )
    query_bytes: int = _size(64 * KIB, "KG_QUERY_BYTES", "longest query text")
    query_depth: int = _count(64, "KG_QUERY_DEPTH", "deepest nesting of brackets in a query")
    query_operators: int = _count(
        1000, "KG_QUERY_OPERATORS", "most operators and clauses in a query"
    )
    result_rows: int = _count(1_000_000, "KG_RESULT_ROWS", "most rows of an answer")
    result_bytes: int = _size(256 * MIB, "KG_RESULT_BYTES", "largest answer, uncompressed")
    worker_memory: int = _size(
        GIB, "KG_WORKER_MEMORY", "memory that a query may take beyond the build itself", 16 * MIB
    )
    worker_stack: int = _size(
        256 * MIB, "KG_WORKER_STACK", "stack of the thread that runs a query", 256 * KIB
    )
    memory_quads: int = _count(
        2_000_000, "KG_MEMORY_QUADS", "largest build that a server holds in memory, in quads", 0
    )
    queue_length: int = _count(16, "KG_QUEUE_LENGTH", "most queries that wait for a worker", 0)
    queue_seconds: float = _seconds(2.0, "KG_QUEUE_SECONDS", "longest wait for a worker")
    brake_seconds: float = _seconds(
        600.0, "KG_BRAKE_SECONDS", "how long a text that ended a worker is not tried again", 0
    )
    client_seconds: float = _seconds(
        60.0,
        "KG_CLIENT_SECONDS",
        "processing time that a client gets each minute, saved up to twice as much; 0: no limit",
        0,
    )
    client_errors: int = _count(
        30, "KG_CLIENT_ERRORS", "failed queries that a client gets each minute; 0: no limit", 0
    )
    cache_bytes: int = _size(64 * MIB, "KG_CACHE_BYTES", "answers kept for asking again", 0)
    connections: int = _count(1000, "KG_CONNECTIONS", "most connections at a time")
    header_bytes: int = _size(32 * KIB, "KG_HEADER_BYTES", "longest header of a request", KIB)
    header_seconds: float = _seconds(10.0, "KG_HEADER_SECONDS", "longest wait for a whole header")
    body_seconds: float = _seconds(10.0, "KG_BODY_SECONDS", "longest wait for a whole body")
    idle_seconds: float = _seconds(
        60.0, "KG_IDLE_SECONDS", "how long a connection may wait for its next request"
    )
    send_seconds: float = _seconds(
        30.0, "KG_SEND_SECONDS", "longest wait for a client to take the next part of an answer"
    )
    slow_query_seconds: float = _seconds(
        1.0, "KG_SLOW_QUERY_SECONDS", "queries that take longer are logged with their text", 0
    )
    trusted_proxies: int = _setting(
        0, "KG_TRUSTED_PROXIES", (0, 10), "", "proxies in front whose X-Forwarded-For is believed"
    )


SETTINGS: Final[Mapping[str, Setting]] = {
    each.name: each.metadata["setting"]
    for each in dataclasses.fields(Config)
    if "setting" in each.metadata
}
"""The numbers of the configuration by the names of their fields, in their order."""


def read_config(environ: Mapping[str, str] | None = None, folder: Path | None = None) -> Config:
    """Return the settings that the environment gives, looking for the project above `folder`.

    Raises BuildError where no project is found, and SettingError for a value that cannot be.
    """
    env = os.environ if environ is None else environ
    named = env.get("KG_ROOT")
    root = _project(Path(named)) if named else find_root(folder or Path.cwd())
    return Config(
        root=root,
        builds=Path(env.get("KG_BUILDS") or root / "builds"),
        engine_url=_url(env, "KG_ENGINE_URL"),
        public_url=_public(env),
        base_iri=_base(env),
        admin_token=_token(env),
        **_numbers(env),
    )


def environment_of(config: Config) -> dict[str, str]:
    """Return the variables that make read_config return the same configuration elsewhere."""
    texts = {
        "KG_ROOT": str(config.root.resolve()),
        "KG_BUILDS": str(config.builds.resolve()),
        "KG_ENGINE_URL": config.engine_url,
        "KG_PUBLIC_URL": config.public_url,
        "KG_BASE_IRI": config.base_iri,
        "KG_ADMIN_TOKEN": config.admin_token,
    }
    numbers = {each.variable: str(getattr(config, name)) for name, each in SETTINGS.items()}
    return {name: text for name, text in {**texts, **numbers}.items() if text is not None}


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


def _url(env: Mapping[str, str], variable: str) -> str | None:
    """Return an http(s) URL, or None where there is none; its password is not repeated."""
    said = env.get(variable)
    if not said:
        return None
    try:
        parts = urlsplit(said)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if not is_good:
        raise SettingError(f"{variable} is no http or https URL")
    return said


def _public(env: Mapping[str, str]) -> str | None:
    """Return the public address. Raises SettingError for more than a host: pages link from `/`."""
    said = _url(env, "KG_PUBLIC_URL")
    host = said and said.rstrip("/")
    parts = urlsplit(host or "")
    rest = urlunsplit(("", "", *parts[2:]))
    if rest or "@" in parts.netloc:
        raise SettingError(
            f"KG_PUBLIC_URL has {rest or '@'!r} beside scheme and host, and pages link from the "
            "root of a host: give the service one of its own, such as https://kg.example.org"
        )
    return host


def _base(env: Mapping[str, str]) -> str:
    """Return the base of all IRIs. Raises SettingError for one that this process does not have."""
    said = _url(env, "KG_BASE_IRI") or HOME
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+/", said):
        raise SettingError("KG_BASE_IRI must be an http or https IRI that ends with / and has no ?")
    if said != BASE:
        raise SettingError(f"this process mints under {BASE}: set KG_BASE_IRI before it starts")
    return said


_TOKEN_LENGTH: Final = 32


def _token(env: Mapping[str, str]) -> str | None:
    said = env.get("KG_ADMIN_TOKEN")
    if said is None:
        return None
    if len(said) < _TOKEN_LENGTH or not (said.isascii() and said.isprintable()):
        raise SettingError(
            f"KG_ADMIN_TOKEN must have at least {_TOKEN_LENGTH} printable ASCII characters; "
            "make one with: openssl rand -hex 32"
        )
    return said


def _numbers(env: Mapping[str, str]) -> dict[str, Any]:
    """Return the numbers that the environment gives, by the names of their fields."""
    types = {each.name: each.type for each in dataclasses.fields(Config)}
    return {
        name: _number(setting, env[setting.variable], is_whole=types[name] is int)
        for name, setting in SETTINGS.items()
        if setting.variable in env
    }


def _number(setting: Setting, said: str, *, is_whole: bool) -> float:
    try:
        value = int(said) if is_whole else float(said)
    except ValueError as error:
        kind = "a whole number" if is_whole else "a number"
        raise SettingError(f"{setting.variable}={said!r} is not {kind}") from error
    if not setting.least <= value <= setting.most or not math.isfinite(value):
        bounds = f"from {setting.least:g} to {setting.most:g}"
        raise SettingError(f"{setting.variable}={said!r} must be {bounds} {setting.unit}".rstrip())
    return value
