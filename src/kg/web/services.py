"""What the blueprints share: the configuration, the engine, the saved queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from flask import current_app

from kg.config import Config
from kg.engine.requests import Engine
from kg.saved_queries import SavedQuery

EXTENSION: Final = "kg"


@dataclass(frozen=True)
class Services:
    """Made once by create_app."""

    config: Config
    engine: Engine
    saved_queries: Mapping[str, SavedQuery]


def services() -> Services:
    """Return the services of the application that handles the current request."""
    return cast("Services", current_app.extensions[EXTENSION])
