"""`kg builds`, `kg switch`, `kg rollback`: on folders that look like builds."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli, exit_code
from kg.dataset import switching
from kg.dataset.builds import make_build
from kg.dataset.lock import only_builder
from kg.errors import BuildError
from miniature import change, write_project

OLD, MIDDLE, NEW = "aa" * 32, "ab" * 32, "cc" * 32


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three builds, the newest served, nothing served before; and what is none."""
    project = write_project(tmp_path)
    monkeypatch.setenv("KG_ROOT", str(project.root))
    monkeypatch.setenv("KG_BUILDS", str(project.builds))
    for age, digest in enumerate((NEW, MIDDLE, OLD)):
        folder = project.builds / digest[:12]
        (folder / "store").mkdir(parents=True)
        manifest = folder / "manifest.json"
        manifest.write_text(json.dumps({"hash": digest, "quads": {"a": 7}}))
        os.utime(manifest, (1e9 - age, 1e9 - age))
    (project.builds / "damaged").mkdir()
    (project.builds / ".tmp-1").mkdir()
    (project.builds / "current").write_text(NEW[:12] + "\n")
    return project.builds


def run(*arguments: str) -> Result:
    """Run `kg`."""
    return CliRunner().invoke(cli, list(arguments), standalone_mode=False)


def current(builds: Path) -> str:
    """Return the name of the build that is served."""
    return (builds / "current").read_text().strip()


def test_builds_lists_what_is_on_disk_the_newest_first(builds: Path) -> None:
    """And says which is served; damaged and half-made ones are left out."""
    lines = run("builds").output.splitlines()

    assert current(builds) == NEW[:12]
    assert [line.split()[0] for line in lines] == [NEW[:12], MIDDLE[:12], OLD[:12]]
    assert lines[0] == f"{NEW[:12]}  2001-09-09T01:46:40+00:00           7  current"


def test_switch_goes_to_another_build_and_rollback_comes_back(builds: Path) -> None:
    """Rolling back twice is where one began."""
    served = []
    for command in (("switch", "AA"), ("rollback",), ("rollback",)):
        result = run(*command)
        served.append((result.output.strip(), current(builds)))

    assert served == [(OLD, OLD[:12]), (NEW, NEW[:12]), (OLD, OLD[:12])]
    assert list(builds.glob(f".tmp-{os.getpid()}")) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("switch", "a"), "2 builds in "),
        (("switch", "ff"), "no build in "),
        (("switch", "../x"), "no build in "),
        (("switch", ""), "3 builds in "),
        (("rollback",), "no build was served before this one"),
    ],
)
def test_what_cannot_be_switched_to_is_said_and_nothing_changes(
    builds: Path, arguments: tuple[str, ...], told: str
) -> None:
    """The exit code is that of builds."""
    error = run(*arguments).exception

    assert isinstance(error, BuildError)
    assert told in str(error)
    assert exit_code(error) == 5
    assert current(builds) == NEW[:12]


def test_pruning_keeps_what_is_served_and_what_was_before(builds: Path) -> None:
    """Whatever their age."""
    run("switch", "aa")

    result = run("builds", "--prune", "0")

    assert [line.split()[0] for line in result.stdout.splitlines()] == [NEW[:12], OLD[:12]]
    assert not (builds / MIDDLE[:12]).exists()
    assert (builds / "damaged").exists()


def test_a_build_that_cannot_be_removed_is_told(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the name of the file, and why."""
    run("switch", "aa")

    def refuse(folder: Path) -> None:
        raise OSError(30, "Read-only file system", str(folder))

    monkeypatch.setattr("shutil.rmtree", refuse)

    error = run("builds", "--prune", "0").exception

    assert isinstance(error, BuildError)
    assert str(error) == f"{builds / MIDDLE[:12]} cannot be removed: Read-only file system"


def test_nothing_is_switched_while_a_build_is_being_made(builds: Path) -> None:
    """The two would get into each other's way."""
    with only_builder(builds), pytest.raises(BuildError, match="another build is running"):
        switching.roll_back(builds)


def test_a_disk_that_refuses_leaves_the_old_build_served(
    builds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message says why."""

    def refuse(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)

    with pytest.raises(BuildError, match="No space left"):
        switching.switch(builds, OLD)

    assert current(builds) == NEW[:12]


def test_a_new_build_can_be_rolled_back(tmp_path: Path) -> None:
    """Making a build remembers which was served before."""
    config = write_project(tmp_path)
    first = make_build(config)
    change(tmp_path, "seeds/registry/states.ttl", '"Afghanistan"@en', '"Afghan lands"@en')
    second = make_build(config)

    back = switching.roll_back(config.builds)

    assert first.hash != second.hash
    assert back.hash == first.hash
    assert current(config.builds) == first.hash[:12]
