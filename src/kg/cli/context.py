"""What commands need before they can answer: the settings, and an engine over the current build."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from kg.config import Config, read_config
from kg.engine import opening
from kg.engine.requests import Engine

if TYPE_CHECKING:
    from pathlib import Path


def config_of(ctx: click.Context, timeout: float | None = None) -> Config:
    """Return the settings, for the project that `--root` names where it is given.

    Raises BuildError where there is no project.
    """
    root: Path | None = ctx.find_root().params.get("root")
    environ = {**os.environ, "KG_ROOT": str(root)} if root else None
    config = read_config(environ)
    return replace(config, query_timeout=timeout) if timeout else config


@contextmanager
def open_engine(config: Config) -> Iterator[Engine]:
    """Give the engine that the settings mean, and end it whatever happens."""
    engine = opening.open_engine(config)
    try:
        yield engine
    finally:
        engine.close()
