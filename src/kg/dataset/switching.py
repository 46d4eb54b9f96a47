"""Which of the builds on disk is served: list them, switch to one, go back, remove old ones.

    builds/current     one line: the name of the directory that is served
    builds/previous    one line: the one that was served before it

Needs none of what makes builds, so that going back is quick and works whatever else does not.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kg.current import count_quads, read_hash
from kg.dataset.lock import only_builder
from kg.errors import BuildError

_CURRENT: Final = "current"
_PREVIOUS: Final = "previous"


@dataclass(frozen=True)
class Standing:
    """A build on disk."""

    hash: str
    quads: int
    made: datetime
    """When it was made, in UTC; the same data made again counts anew."""

    is_current: bool
    is_previous: bool


def list_builds(builds: Path) -> list[Standing]:
    """Return the builds on disk, the newest first; what is damaged is left out."""
    found = [_describe(builds, folder) for folder in builds.glob("[!.]*/")]
    return sorted((each for each in found if each), key=lambda each: each.made, reverse=True)


def switch(builds: Path, wanted: str) -> Standing:
    """Switch to the build whose hash begins with `wanted`, and return it.

    Raises BuildError where none or several do, or another build is running.
    """
    with only_builder(builds):
        fitting = [each for each in list_builds(builds) if each.hash.startswith(wanted.lower())]
        if len(fitting) != 1 or not wanted:
            count = "no build" if not fitting else f"{len(fitting)} builds"
            raise BuildError(f"{count} in {builds} with a hash that begins with {wanted!r}")
        return _go_to(builds, fitting[0])


def roll_back(builds: Path) -> Standing:
    """Switch to the build that was served before, and return it; doing so again comes back.

    Raises BuildError where there is none.
    """
    with only_builder(builds):
        before = [each for each in list_builds(builds) if each.is_previous and not each.is_current]
        if not before:
            raise BuildError(f"no build was served before this one; kg builds lists {builds}")
        return _go_to(builds, before[0])


def prune(builds: Path, keep: int) -> list[Standing]:
    """Remove all but the newest `keep` builds, and return those removed.

    The current build and the one before it always stay, and a server changes over within a second:
    none answers from one that is removed. Raises BuildError where one cannot be removed.
    """
    with only_builder(builds):
        old = [
            each for each in list_builds(builds)[keep:] if not (each.is_current or each.is_previous)
        ]
        for each in old:
            _remove(builds / each.hash[:12])
    return old


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise BuildError(f"{error.filename} cannot be removed: {error.strerror}") from error


def point_to(builds: Path, name: str, temporary: Path) -> None:
    """Serve the build of this name, and remember which was served before; the lock is held.

    Whoever is killed in between leaves the old build served.
    """
    before = _read(builds / _CURRENT)
    if before and before != name:
        replace_text(builds / _PREVIOUS, before + "\n", temporary)
    replace_text(builds / _CURRENT, name + "\n", temporary)


def replace_text(path: Path, text: str, temporary: Path) -> None:
    """Write `path` so that a reader meets the old text or the new, and never a part."""
    new = temporary / path.name
    new.write_text(text, encoding="utf-8")
    sync(new)
    new.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a directory, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def temporary_folder(builds: Path) -> Iterator[Path]:
    """Give a folder for what is not finished, and remove it."""
    folder = builds / f".tmp-{os.getpid()}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _go_to(builds: Path, build: Standing) -> Standing:
    try:
        with temporary_folder(builds) as temporary:
            point_to(builds, build.hash[:12], temporary)
    except OSError as error:
        raise BuildError(f"cannot switch builds in {builds}: {error.strerror}") from error
    return build


def _describe(builds: Path, folder: Path) -> Standing | None:
    """Return what a folder holds, or None where that is no build of its name."""
    try:
        found = read_hash(folder)
        quads = count_quads(folder)
    except BuildError:
        return None
    if folder.name != found[:12] or not (folder / "store").is_dir():
        return None
    return Standing(
        found,
        quads,
        datetime.fromtimestamp((folder / "manifest.json").stat().st_mtime, UTC),
        is_current=_read(builds / _CURRENT) == folder.name,
        is_previous=_read(builds / _PREVIOUS) == folder.name,
    )


def _read(path: Path) -> str:
    """Return the line of a file, empty where there is none."""
    try:
        return path.read_text("utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
