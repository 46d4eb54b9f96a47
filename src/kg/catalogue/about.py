"""What is true of the dataset in every build: title, licence, makers; the same as CITATION.cff."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kg.descriptions import LICENSE as LICENSE_OF_DATA
from kg.formats import N_TRIPLES, TURTLE
from kg.vocab import (
    ACCEPTED_GRAPH,
    BASE,
    CLAIMS_GRAPH,
    INFERRED_GRAPH,
    ONTOLOGY_GRAPH,
    REGISTRY_GRAPH,
)

TITLE: Final = "diplomacy-kg: a knowledge graph of diplomatic relations with evidence"
DESCRIPTION: Final = (
    "Who is represented where, at which level, who met whom, who recognises whom, who says so, how "
    "strongly, and where in the text. The default graph holds what is accepted as fact, with the "
    "ontology, the known things, the claims, and of every other situation a summary that says its "
    "standing. What is planned, expected, hedged, attributed, contested or denied is quoted in a "
    "named graph of its own and is not asserted."
)
COUNTED: Final = "The counts are those of the default graph, which is what a plain pattern finds."
QUOTATIONS: Final = (
    "Quoted, not asserted: each named graph holds the content of one proposition, accepted or not, "
    "with its standing. Not part of the default graph."
)
CAUTION: Final = (
    f"Keep the graphs apart: what stands in the graphs under {BASE}proposition/ is quoted, not "
    "asserted. Whoever merges all graphs into one turns plans, forecasts, hedges and denials into "
    "facts."
)
WHOLE: Final = "All graphs as canonical N-Quads (RDFC-1.0)"
DEFAULT_GRAPH: Final = (
    ("The default graph as N-Triples, made on request", N_TRIPLES),
    ("The default graph as Turtle, made on request", TURTLE),
)
"""The forms in which the default graph alone can be had."""

CREATOR: Final = "The diplomacy-kg maintainers"
LICENSE: Final = LICENSE_OF_DATA
ISSUED: Final = "2026-11-22"
KEYWORDS: Final = ("diplomacy", "knowledge graph", "RDF", "SPARQL", "provenance")
LAYERS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        ONTOLOGY_GRAPH: ("Ontology", "The classes, the properties and the value lists."),
        REGISTRY_GRAPH: ("Registry", "The things that are known, with their names and codes."),
        CLAIMS_GRAPH: (
            "Documents and claims",
            "The documents, and who says what in them, how strongly and where.",
        ),
        ACCEPTED_GRAPH: (
            "Accepted facts and summaries",
            "What is accepted as fact, and of every other situation a summary with its standing.",
        ),
        INFERRED_GRAPH: ("Inferred", "What follows from the other layers by OWL 2 RL."),
    }
)
"""Title and description of each layer of the default graph."""
