"""Which build is served: found without importing what makes builds, because answering is quick."""

import json
from collections.abc import Mapping
from pathlib import Path

from kg.config import Config
from kg.errors import BuildError
from kg.vocab import BASE, HOME


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
    _check_base(folder)
    return folder


def read_hash(build_dir: Path) -> str:
    """Return the hash of a build from its manifest. Raises BuildError where there is none."""
    return str(_member(build_dir, "hash"))


def count_quads(build_dir: Path) -> int:
    """Return how many quads a build holds, from its manifest. Raises BuildError."""
    counts = _member(build_dir, "quads")
    return sum(counts.values()) if isinstance(counts, dict) else 0


def _check_base(build_dir: Path) -> None:
    """Raise BuildError where the IRIs of a build are not those that this process knows."""
    base = _read_manifest(build_dir).get("base", HOME)
    if base != BASE:
        raise BuildError(
            f"the IRIs of {build_dir} begin with {base}, not with {BASE}: "
            f"set KG_BASE_IRI={base}, or run kg build"
        )


def _member(build_dir: Path, name: str) -> object:
    try:
        return _read_manifest(build_dir)[name]
    except KeyError as error:
        raise _no_manifest(build_dir) from error


def _read_manifest(build_dir: Path) -> Mapping[str, object]:
    try:
        found: object = json.loads((build_dir / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_manifest(build_dir) from error
    if not isinstance(found, dict):
        raise _no_manifest(build_dir)
    return found


def _no_manifest(build_dir: Path) -> BuildError:
    return BuildError(f"{build_dir / 'manifest.json'} cannot be read; run kg build")
