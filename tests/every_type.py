"""An application with saved queries that take parameters of every type, and give every form."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from flask import Flask

from kg.config import Config
from kg.engine.requests import Engine
from kg.web.app import create_app

EVERY_TYPE: Final = """
#+ title = "A parameter of every type"
#+ description = "Who has a code."
#+ [params.state]
#+ type = "entity"
#+ class = "dip:State"
#+ example = "PAK"
#+ [params.code]
#+ type = "string"
#+ optional = true
#+ [params.thing]
#+ type = "iri"
#+ example = "https://w3id.org/diplomacy-kg/id/state/japan"
#+ [params.count]
#+ type = "integer"
#+ min = 0
#+ max = 10
#+ default = 3
#+ [params.day]
#+ type = "date"
#+ example = "2025-04-19"
#+ [params.month]
#+ type = "date"
#+ partial = "first"
#+ example = "2025-04"
#+ [params.side]
#+ type = "enum"
#+ values = ["left", "right"]
#+ example = "left"

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>

SELECT ?state ?code
WHERE {
  ?state dip:isoCode ?code .
  FILTER (?thing != ?state && ?count < 10 && ?day > ?month && ?side = "left")
}
ORDER BY ?state ?code
"""
GRAPH: Final = """
#+ title = "A graph"
#+ description = "All there is."

CONSTRUCT { ?s ?p ?o }
WHERE { ?s ?p ?o }
"""
EXAMPLES: Final = {
    "state": "PAK",
    "thing": "https://w3id.org/diplomacy-kg/id/state/japan",
    "day": "2025-04-19",
    "month": "2025-04",
    "side": "left",
}
"""Of the parameters that must be given."""


def app_with_every_type(config: Config, root: Path, engine: Engine) -> Flask:
    """Return the application with `every-type` and `graph`, written into `root`."""
    (root / "queries").mkdir()
    (root / "queries" / "every-type.rq").write_text(EVERY_TYPE.lstrip())
    (root / "queries" / "graph.rq").write_text(GRAPH.lstrip())
    unlimited = replace(config, root=root, client_errors=0, client_seconds=0.0)
    return create_app(unlimited, engine)
