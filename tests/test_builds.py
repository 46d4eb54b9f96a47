"""A build is whole or not there: what it holds, that it repeats itself, what survives a kill."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.config import Config
from kg.dataset.builds import (
    STAGES,
    BuildFailed,
    canonical,
    check,
    make_build,
    open_current,
    verify_build,
)
from kg.errors import BuildError
from miniature import change, write, write_project

STATES = "seeds/registry/states.ttl"
BUILDER = """
import os, signal, sys, time
from pathlib import Path
from kg.config import Config
from kg.dataset.builds import make_build

root, stage, deed = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def progress(now):
    print(now, flush=True)
    if now == stage:
        if deed == "wait":
            time.sleep(60)
        else:
            os.kill(os.getpid(), getattr(signal, deed))

make_build(Config(root=root, builds=root / "builds"), progress)
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def builder(config: Config, stage: str, deed: str) -> subprocess.Popen[str]:
    """Start a builder in a process of its own that does something at one stage."""
    command = [sys.executable, "-c", BUILDER, str(config.root), stage, deed]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def debris(config: Config) -> list[Path]:
    """Return the half-made builds that lie about."""
    return list(config.builds.glob(".tmp-*"))


def test_a_build_holds_store_dump_and_manifest(config: Config) -> None:
    """The hash is that of the dump; the directory is named by it."""
    manifest = make_build(config)

    build = open_current(config)
    dump = (build.path / "dataset.nq").read_bytes()
    assert build.manifest == manifest
    assert build.path.name == manifest.hash[:12] == (config.builds / "current").read_text().strip()
    assert hashlib.sha256(dump).hexdigest() == manifest.hash
    assert dump.splitlines() == sorted(dump.splitlines())
    assert len(Store.read_only(str(build.path / "store"))) == len(dump.splitlines())
    assert debris(config) == []


def test_the_manifest_describes_the_build(config: Config) -> None:
    """Inputs by path from the root and sha256, quads by layer, tools by version."""
    manifest = make_build(config)

    states = hashlib.sha256((config.root / STATES).read_bytes()).hexdigest()
    assert (STATES, states) in {(file.path, file.sha256) for file in manifest.inputs}
    assert len(manifest.inputs) == 13
    layers = ("ontology", "registry", "claims", "accepted", "inferred")
    assert manifest.quads["registry"] == 8
    assert manifest.quads["default"] == sum(manifest.quads[layer] for layer in layers)
    assert manifest.quads["propositions"] == 11
    assert (manifest.claims, manifest.propositions, manifest.accepted) == (2, 2, 1)
    assert {"python", "pyoxigraph", "pyshacl", "owlrl"} <= manifest.versions.keys()


def test_files_that_state_nothing_make_no_build(tmp_path: Path) -> None:
    """A folder that is no project is not taken for an empty one."""
    config = Config(root=tmp_path, builds=tmp_path / "builds")

    with pytest.raises(BuildError, match="state nothing"):
        make_build(config)

    assert not (config.builds / "current").exists()


def test_builds_that_cannot_be_written_are_told(config: Config) -> None:
    """As where their folder is a file."""
    config.builds.touch()

    with pytest.raises(BuildError, match=f"cannot be written to {config.builds}"):
        make_build(config)


def test_a_damaged_name_of_the_current_build_is_told(config: Config) -> None:
    """It need not be text."""
    config.builds.mkdir()
    (config.builds / "current").write_bytes(b"\xff")

    with pytest.raises(BuildError, match="is damaged; run kg build"):
        open_current(config)


def test_progress_is_told_each_stage_as_it_begins(config: Config) -> None:
    """In the order in which they are listed."""
    told: list[str] = []

    make_build(config, told.append)

    assert tuple(told) == STAGES


def test_the_same_files_give_the_same_hash(config: Config, tmp_path: Path) -> None:
    """In another directory, in files written in another order, under another hash seed."""
    first = make_build(config).hash
    other = tmp_path / "elsewhere" / "project"
    for path in sorted(config.root.glob("[os]*/**/*.*"), reverse=True):
        write(other, str(path.relative_to(config.root)), path.read_text(encoding="utf-8"))
    code = BUILDER.replace("make_build(Config", "m = make_build(Config") + "\nprint(m.hash)"

    hashes = {
        subprocess.run(
            [sys.executable, "-c", code, str(other), "", ""],
            env={"PYTHONHASHSEED": seed, "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()[-1]
        for seed in ("1", "2")
    }

    assert hashes == {first}


def test_other_data_give_another_hash_and_the_old_build_stays(config: Config) -> None:
    """A reader of the old build is not disturbed."""
    old = make_build(config)
    reader = Store.read_only(str(open_current(config).path / "store"))
    change(config.root, STATES, '"Pakistan"@en', '"Islamic Republic of Pakistan"@en')

    new = make_build(config)

    assert new.hash != old.hash
    assert open_current(config).manifest == new
    assert len(reader) == sum(old.quads.values())
    verify_build(config.builds / old.hash[:12], old)


def test_the_same_data_are_not_written_again(config: Config) -> None:
    """A new comment changes the inputs, not the dataset: the build is reused, and says so."""
    old = make_build(config)
    store = config.builds / old.hash[:12] / "store"
    before = {path.name: path.stat().st_mtime_ns for path in store.glob("*.sst")}
    change(config.root, STATES, "state:afghanistan a", "# a comment\nstate:afghanistan a")

    new = make_build(config)

    assert new.hash == old.hash
    assert new.inputs != old.inputs
    assert open_current(config).manifest == new
    assert {path.name: path.stat().st_mtime_ns for path in store.glob("*.sst")} == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "dataset.nq").write_bytes(b""),
        lambda path: shutil.rmtree(path / "store"),
        lambda path: (path / "store" / "CURRENT").unlink(),
        lambda path: next((path / "store").glob("*.sst")).write_bytes(b"x" * 100),
        lambda path: (path / "manifest.json").unlink(),
    ],
)
def test_a_damaged_build_is_replaced(config: Config, damage: Callable[[Path], object]) -> None:
    """Building again is the way to mend it."""
    manifest = make_build(config)
    damage(config.builds / manifest.hash[:12])

    again = make_build(config)

    assert again.hash == manifest.hash
    verify_build(open_current(config).path, again)
    assert debris(config) == []


def test_violations_stop_a_build_and_leave_the_old_one_served(config: Config) -> None:
    """The error carries all of them, and shows them."""
    old = make_build(config)
    change(config.root, STATES, '    rdfs:label "Pakistan"@en ;\n', "")
    change(config.root, STATES, '"AFG"', '"AFG"^^xsd:integer')

    with pytest.raises(BuildFailed, match="2 violations") as caught:
        make_build(config)

    assert [v.check for v in caught.value.violations] == ["literal", "state-without-label"]
    assert open_current(config).manifest == old


@pytest.mark.parametrize(
    ("path", "old", "new", "found"),
    [
        (STATES, 'rdfs:label "Pakistan"@en ;', "", "state-without-label"),
        ("ontology/rules/10-standing.rq", "CONSTRUCT", "CONSTRCT", "rule"),
        (
            "ontology/rules/10-standing.rq",
            "?claim dip:expresses",
            "?claim dip:says",
            "situation-without-standing",
        ),
        (
            "ontology/diplomacy.ttl",
            "dip:sendingState a",
            "dip:sendingState rdfs:range dip:NonStateGroup ; a",
            "consistency",
        ),
    ],
)
def test_check_goes_as_far_as_the_build_and_writes_nothing(
    config: Config, path: str, old: str, new: str, found: str
) -> None:
    """What rules, reasoning and checks of the outcome find is told too."""
    change(config.root, path, old, new)

    violations = check(config)

    assert {violation.check for violation in violations} == {found}
    assert not config.builds.exists()


def test_check_of_files_in_order_finds_nothing(config: Config) -> None:
    """And writes nothing."""
    assert check(config) == []
    assert not config.builds.exists()


def test_without_a_build_the_message_says_what_to_do(config: Config) -> None:
    """Never an empty store."""
    with pytest.raises(BuildError, match="run kg build"):
        open_current(config)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"hash": 1}'])
def test_a_build_whose_manifest_cannot_be_read_is_not_opened(config: Config, text: str) -> None:
    """It is not known what it holds."""
    manifest = make_build(config)
    (config.builds / manifest.hash[:12] / "manifest.json").write_text(text)

    with pytest.raises(BuildError, match=r"manifest.json cannot be read"):
        open_current(config)


@pytest.mark.parametrize("stage", STAGES)
def test_a_killed_build_leaves_the_old_one_served(config: Config, stage: str) -> None:
    """SIGKILL as each stage begins: the next build cleans up and goes through."""
    old = make_build(config)
    change(config.root, STATES, '"Pakistan"@en', '"Islamic Republic of Pakistan"@en')
    process = builder(config, stage, "SIGKILL")
    process.communicate(timeout=60)

    served = open_current(config)
    new = make_build(config)

    assert process.returncode == -signal.SIGKILL
    assert served.manifest == old
    verify_build(served.path, old)
    assert open_current(config).manifest.hash == new.hash != old.hash
    assert debris(config) == []


@pytest.mark.parametrize("delay", [0.02, 0.05, 0.1, 0.15, 0.2])
def test_a_build_killed_while_it_writes_leaves_a_whole_one_served(
    config: Config, delay: float
) -> None:
    """Whatever the moment, the old build or the new."""
    old = make_build(config)
    change(config.root, STATES, '"Pakistan"@en', '"Islamic Republic of Pakistan"@en')
    process = builder(config, "", "")
    wait_for(process, "write")
    time.sleep(delay)
    process.kill()
    process.communicate(timeout=60)

    served = open_current(config)
    new = make_build(config)

    assert served.manifest.hash in {old.hash, new.hash}
    verify_build(served.path, served.manifest)
    assert debris(config) == []


@pytest.mark.parametrize(
    ("deed", "code"), [("SIGTERM", 128 + signal.SIGTERM), ("SIGINT", -signal.SIGINT)]
)
@pytest.mark.parametrize("stage", ["infer", "verify", "switch"])
def test_a_build_told_to_stop_cleans_up_at_once(
    config: Config, stage: str, deed: str, code: int
) -> None:
    """Nothing half made is left for the next build to remove."""
    process = builder(config, stage, deed)
    process.communicate(timeout=60)

    assert process.returncode == code
    assert debris(config) == []
    assert not (config.builds / "current").exists()


def test_a_second_builder_stops_with_the_pid_of_the_first(config: Config) -> None:
    """Two builders would remove each other's work."""
    process = builder(config, "accept", "wait")
    wait_for(process, "accept")

    with pytest.raises(BuildError, match=rf"another build is running .* \(pid {process.pid}\)"):
        make_build(config)

    process.kill()
    process.communicate(timeout=60)
    assert make_build(config).hash


def test_the_lock_of_a_dead_builder_is_taken_over(config: Config) -> None:
    """The file stays behind; the lock does not."""
    process = builder(config, "write", "SIGKILL")
    process.communicate(timeout=60)

    assert (config.builds / ".lock").read_text().strip() == str(process.pid)
    assert make_build(config).hash


def wait_for(process: subprocess.Popen[str], stage: str) -> None:
    """Wait until the builder says that it has come to `stage`."""
    assert process.stdout is not None
    while (line := process.stdout.readline()) and line.strip() != stage:
        pass


def test_the_canonical_form_does_not_depend_on_the_order_of_quads(config: Config) -> None:
    """Lines are sorted by their bytes, as RDFC-1.0 says."""
    make_build(config)
    dump = (open_current(config).path / "dataset.nq").read_bytes()
    lines = dump.splitlines(keepends=True)
    store = Store()
    store.load(b"".join(reversed(lines)), RdfFormat.N_QUADS)

    assert canonical(store) == dump


def test_the_manifest_is_json_for_other_tools_too(config: Config) -> None:
    """Its keys are the fields of the value."""
    manifest = make_build(config)

    said = json.loads((open_current(config).path / "manifest.json").read_text())

    assert said["hash"] == manifest.hash
    assert said["quads"]["registry"] == 8
