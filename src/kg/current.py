"""Which build is served: found without importing what makes builds, because answering is quick."""

import json
from pathlib import Path

from kg.config import Config
from kg.errors import BuildError


def find_current(config: Config) -> Path:
    """Return the folder of the build that is served.

    Raises BuildError where there is none.
    """
    try:
        name = (config.builds / "current").read_text("utf-8").strip()
    except OSError as error:
        raise BuildError(f"there is no build in {config.builds} yet; run kg build") from error
    except UnicodeDecodeError as error:
        raise BuildError(f"{config.builds / 'current'} is damaged; run kg build") from error
    folder = config.builds / name
    if not (folder / "manifest.json").is_file():
        raise BuildError(f"{folder} is no build; run kg build")
    return folder


def read_hash(build_dir: Path) -> str:
    """Return the hash of a build from its manifest. Raises BuildError where there is none."""
    return str(_read_manifest(build_dir, "hash"))


def count_quads(build_dir: Path) -> int:
    """Return how many quads a build holds, from its manifest. Raises BuildError."""
    counts = _read_manifest(build_dir, "quads")
    return sum(counts.values()) if isinstance(counts, dict) else 0


def _read_manifest(build_dir: Path, member: str) -> object:
    manifest = build_dir / "manifest.json"
    try:
        found: object = json.loads(manifest.read_text(encoding="utf-8"))[member]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{manifest} names no build; run kg build") from error
    return found
