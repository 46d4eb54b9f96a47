"""What the blueprints share: the configuration, the engine, the saved queries, the metrics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from flask import current_app

from kg.config import Config
from kg.engine.front import Front
from kg.saved_queries import SavedQuery
from kg.web.metrics import Metrics

EXTENSION: Final = "kg"


@dataclass(frozen=True)
class Services:
    """Made once by create_app."""

    config: Config
    engine: Front
    saved_queries: Mapping[str, SavedQuery]
    metrics: Metrics


def services() -> Services:
    """Return the services of the application that handles the current request."""
    return cast("Services", current_app.extensions[EXTENSION])
