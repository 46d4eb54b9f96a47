"""Changing over from one build to another while queries are answered."""

import json
import shutil
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.config import Config, environment_of, read_config
from kg.engine.following import Following
from kg.engine.requests import Request
from kg.errors import BuildError
from kg.formats import CSV
from processes import wait_until

WHICH = "SELECT ?build { <a:build> <a:is> ?build }"


def make_build(config: Config, name: str) -> None:
    """Write a build that knows its own name, and make it the current one."""
    folder = config.builds / name
    folder.mkdir(parents=True)
    store = Store(str(folder / "store"))
    store.load(f"<a:build> <a:is> '{name}' .", RdfFormat.TURTLE)
    store.flush()
    (folder / "manifest.json").write_text(json.dumps({"hash": name}))
    switch(config, name)


def switch(config: Config, name: str) -> None:
    """Make a build the current one."""
    (config.builds / "new").write_text(name)
    (config.builds / "new").replace(config.builds / "current")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """An empty project."""
    return Config(root=tmp_path, builds=tmp_path / "builds", queue_seconds=10)


def test_a_new_build_takes_over_without_one_failed_request(config: Config) -> None:
    """Each answer is from the build that it names."""
    make_build(config, "one")
    failures: list[object] = []
    done = threading.Event()

    def ask_on() -> None:
        while not done.is_set():
            answer = engine.answer(Request(WHICH, rows=CSV, graph=None))
            if answer.build not in answer.body.decode():
                failures.append(answer)

    with closing(Following(config)) as engine:
        threads = [threading.Thread(target=ask_on) for _ in range(4)]
        for thread in threads:
            thread.start()
        make_build(config, "two")
        changed = wait_until(lambda: engine.build == "two")
        switch(config, "one")
        changed_back = wait_until(lambda: engine.build == "one")
        done.set()
        for thread in threads:
            thread.join()

    assert changed
    assert changed_back
    assert not failures


def test_a_build_that_cannot_be_opened_leaves_the_old_one_in_its_place(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log says why."""
    make_build(config, "one")
    with closing(Following(config)) as engine:
        make_build(config, "broken")
        shutil.rmtree(config.builds / "broken" / "store")

        assert wait_until(lambda: "the old one goes on" in caplog.text)
        assert wait_until(lambda: engine.statistics()["behind"] == 1)
        assert engine.answer(Request(WHICH, rows=CSV, graph=None)).build == "one"


def test_where_there_is_no_build_nothing_is_started(config: Config) -> None:
    """Never an empty answer."""
    with pytest.raises(BuildError, match="run kg build"):
        Following(config)


def test_a_configuration_survives_the_environment(tmp_path: Path) -> None:
    """The web process gets its own that way."""
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "diplomacy.ttl").touch()
    config = replace(
        Config(root=tmp_path, builds=tmp_path / "b"), workers=7, query_timeout=0.5, queue_length=0
    )

    assert read_config(environment_of(config)) == config
