"""From a dataset to a build: a directory that is written whole, verified, and switched to.

    builds/<first 12 of the hash>/   store/ (RocksDB), dataset.nq (canonical), manifest.json
    builds/current                   one line: the name of the directory that is served
    builds/previous                  one line: the one that was served before (kg.dataset.switching)
    builds/.tmp-<pid>/               a build in the making; whoever builds next removes a dead one's

Nothing is changed in place: a reader keeps the build it opened, and a builder that is killed at any
moment leaves the old build served.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.config import Config
from kg.current import find_current
from kg.dataset.accept import accept
from kg.dataset.checks import Violation, check_built, check_input
from kg.dataset.files import Dataset, read_dataset
from kg.dataset.infer import infer
from kg.dataset.lock import only_builder, stopping_tidily
from kg.dataset.manifest import (
    Manifest,
    describe,
    graph_counts,
    layer_counts,
    read_manifest,
    to_json,
)
from kg.dataset.switching import point_to, replace_text, sync, temporary_folder
from kg.errors import BuildError

__all__ = ["BuildFailed", "BuildInfo", "Manifest", "check", "make_build", "open_current"]

STAGES: Final = (
    "read",
    "check input",
    "accept",
    "infer",
    "check built",
    "write",
    "verify",
    "publish",
    "switch",
)
"""What `progress` is told, in this order."""

_TIMES_THE_TEXT: Final = 4
"""Room for the dataset as text, and for the store before and after it is put in order."""

Progress = Callable[[str], None]


class BuildFailed(BuildError):  # noqa: N818 - reads better where it is caught
    """The files do not make a build; `violations` say why."""

    def __init__(self, violations: list[Violation]) -> None:
        """Show every violation on a line of its own."""
        count = "1 violation" if len(violations) == 1 else f"{len(violations)} violations"
        super().__init__("\n".join([*map(str, violations), count]))
        self.violations = violations


@dataclass(frozen=True)
class BuildInfo:
    """A build on disk; its `path` holds store/, dataset.nq and manifest.json."""

    path: Path
    manifest: Manifest


def check(config: Config, progress: Progress = lambda _stage: None) -> list[Violation]:
    """Return everything that stands against a build, sorted by file and line; write nothing.

    What rules and reasoning make is judged when the files are in order: from wrong input it would
    only show echoes.
    """
    return _assemble(config, progress)[1]


def make_build(config: Config, progress: Progress = lambda _stage: None) -> Manifest:
    """Make a build of the files, switch to it, and return its manifest.

    Raises BuildFailed where the files do not make a build, BuildError where another build is
    running or the disk refuses. `progress` is called with the name of each stage as it begins.
    """
    with only_builder(config.builds), stopping_tidily():
        _remove_debris(config.builds)
        dataset, violations = _assemble(config, progress)
        if violations:
            raise BuildFailed(violations)
        try:
            return _publish(config.builds, dataset, progress)
        except OSError as error:
            raise BuildError(f"the build cannot be written to {config.builds}: {error}") from error


def open_current(config: Config) -> BuildInfo:
    """Return the build that is served.

    Raises BuildError where there is none.
    """
    path = find_current(config)
    return BuildInfo(path, read_manifest(path / "manifest.json"))


def canonical(store: ox.Store) -> bytes:
    """Return all quads as canonical N-Quads, sorted (RDF Dataset Canonicalization, RDFC-1.0)."""
    dataset = ox.Dataset(store)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    lines = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    return b"".join(sorted((lines or b"").splitlines(keepends=True)))


def verify_build(path: Path, manifest: Manifest) -> None:
    """Compare what stands in a build's directory with `manifest`.

    Raises BuildError where something is missing, damaged or not as it says.
    """
    try:
        digest = hashlib.sha256((path / "dataset.nq").read_bytes()).hexdigest()
        counts = layer_counts(graph_counts(ox.Store.read_only(str(path / "store"))))
    except (OSError, RuntimeError) as error:
        raise BuildError(f"{path} is damaged: {error}") from error
    if digest != manifest.hash:
        raise BuildError(f"{path / 'dataset.nq'} is damaged: its sha256 is {digest}")
    if counts != manifest.quads:
        raise BuildError(f"{path / 'store'} holds {counts}, not {manifest.quads}")


def _assemble(config: Config, progress: Progress) -> tuple[Dataset, list[Violation]]:
    progress("read")
    dataset = read_dataset(config)
    if not (dataset.violations or len(dataset.store)):
        raise BuildError(f"the files under {config.root} state nothing; there is nothing to build")
    steps: tuple[tuple[str, Callable[[Dataset], list[Violation]]], ...] = (
        ("check input", check_input),
        ("accept", accept),
        ("infer", infer),
        ("check built", check_built),
    )
    for stage, step in steps:
        progress(stage)
        if violations := step(dataset):
            return dataset, violations
    return dataset, []


def _publish(builds: Path, dataset: Dataset, progress: Progress) -> Manifest:
    progress("write")
    text = canonical(dataset.store)
    manifest = describe(dataset, hashlib.sha256(text).hexdigest())
    final = builds / manifest.hash[:12]
    with temporary_folder(builds) as temporary:
        if _is_sound(final, manifest):
            # The same data from files or tools that differ: only the description is new.
            replace_text(final / "manifest.json", to_json(manifest), temporary)
        else:
            _check_room(builds, len(text))
            _write(temporary / "build", text, manifest)
            progress("verify")
            verify_build(temporary / "build", manifest)
            progress("publish")
            _move(temporary, final)
        progress("switch")
        point_to(builds, final.name, temporary)
    return manifest


def _is_sound(path: Path, manifest: Manifest) -> bool:
    try:
        verify_build(path, manifest)
    except BuildError:
        return False
    return True


def _check_room(builds: Path, size: int) -> None:
    """Raise BuildError where the disk would be full: others write to it too."""
    needed, free = _TIMES_THE_TEXT * size, shutil.disk_usage(builds).free
    if free < needed:
        raise BuildError(
            f"no space left for a build in {builds}: it takes up to {needed >> 20} MiB, "
            f"and {free >> 20} MiB are free"
        )


def _write(folder: Path, text: bytes, manifest: Manifest) -> None:
    folder.mkdir()
    (folder / "dataset.nq").write_bytes(text)
    (folder / "manifest.json").write_text(to_json(manifest), encoding="utf-8")
    store = ox.Store(str(folder / "store"))
    store.bulk_load(text, ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


def _move(temporary: Path, final: Path) -> None:
    """Give the build in `temporary` its name; one that stands there is damaged and makes way."""
    for path in (temporary / "build").rglob("*"):
        sync(path)
    sync(temporary / "build")
    if final.exists():
        final.rename(temporary / "damaged")
    (temporary / "build").rename(final)
    sync(final.parent)


def _remove_debris(builds: Path) -> None:
    """Remove what killed builders left behind; whoever holds the lock is the only living one."""
    for folder in builds.glob(".tmp-*"):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise BuildError(f"{folder} cannot be removed: {error.strerror}") from error
