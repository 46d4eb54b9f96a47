"""One page of each kind, for tests that look at all of them."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

ROWS: Final = "SELECT ?situation ?standing WHERE { ?situation dip:standing ?standing } LIMIT 30"
BROKEN: Final = "SELECT ?x\nWHERE {\n  ?x a dip:State ;;;\n  FILTER(\n}"

PAGES: Final[Mapping[str, str]] = {
    "home": "/",
    "search": "/search?q=kabul",
    "browse": "/browse",
    "class": "/browse/State",
    "queries": "/queries",
    "query": "/queries/level-on-date?sender=Pakistan&receiver=Afghanistan&day=2025-05-29",
    "query-picture": "/queries/timeline",
    "query-mistake": "/queries/level-on-date?sender=Atlantis&receiver=Afghanistan&day=2025-05-29",
    "thing": "/id/state/pakistan.html",
    "situation": "/id/situation/designation-by-pakistan.html",
    "source": "/source/000.html",
    "claim": "/claim/000/1.html",
    "proposition": "/proposition/000/designation-by-pakistan.html",
    "ontology": "/ontology.html",
    "concept": "/vocab/accepted.html",
    "data": "/dump",
    "sparql": "/sparql",
    "sparql-rows": "/sparql?" + urlencode({"query": ROWS}),
    "sparql-graph": "/sparql?" + urlencode({"query": "DESCRIBE state:pakistan"}),
    "sparql-mistake": "/sparql?" + urlencode({"query": BROKEN}),
    "nowhere": "/nowhere",
}
"""A name for the file of a screenshot, and the path."""

STATUS: Final[Mapping[str, int]] = {"query-mistake": 400, "sparql-mistake": 400, "nowhere": 404}
"""Where it is not 200."""
