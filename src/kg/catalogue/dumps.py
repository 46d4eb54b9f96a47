"""The builds on disk as files to download: each dataset as canonical N-Quads (RDFC-1.0).

The hash of a build is the SHA-256 of that file, so a download proves itself.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kg.vocab import BASE, HOME

DATASET: Final = "dataset.nq"
_NAME: Final = re.compile(r"[0-9a-f]{12,64}")
_FOLDER_LENGTH: Final = 12


@dataclass(frozen=True)
class Dump:
    """The file that holds all graphs of a build, and what its manifest says of it."""

    path: Path
    build: str
    """The hash of the build, and the SHA-256 of the file in hex."""

    size: int
    """Bytes."""

    created: str
    """When the build was made (xsd:dateTime, UTC); empty where the manifest does not say."""


def find_dump(builds: Path, name: str) -> Dump | None:
    """Return the dump of the build whose hash begins with `name`, 12 hex digits or more.

    None where no such build is on disk, or its IRIs are not those of this process.
    """
    if not _NAME.fullmatch(name):
        return None
    folder = builds / name[:_FOLDER_LENGTH]
    said = _manifest(folder)
    build = str(said.get("hash", ""))
    if not build.startswith(name) or said.get("base", HOME) != BASE:
        return None
    path = (folder / DATASET).absolute()
    try:
        size = path.stat().st_size
    except OSError:
        return None
    return Dump(path, build, size, str(said.get("created", "")))


def list_dumps(builds: Path) -> list[Dump]:
    """Return the dumps of all builds on disk, the newest first."""
    folders = (each.name for each in builds.glob("[0-9a-f]*"))
    found = (find_dump(builds, name) for name in folders if len(name) == _FOLDER_LENGTH)
    return sorted(filter(None, found), key=lambda each: (each.created, each.build), reverse=True)


def _manifest(folder: Path) -> Mapping[str, object]:
    """Return what a manifest says; nothing where it cannot be read."""
    try:
        said = json.loads((folder / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
