"""Prefixes, graph IRIs, and the functions that mint IRIs. Nothing here knows a file or a store."""

import os
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

HOME: Final = "https://w3id.org/diplomacy-kg/"
"""The base that the files of the project are written with."""

BASE: Final = os.environ.get("KG_BASE_IRI") or HOME
"""The base of all IRIs of this process and of its build; kg.config checks what the variable says.

A constant like the others here, so it is one for a process: set the variable before starting it.
"""

DIP: Final = BASE + "ontology#"
DIPV: Final = BASE + "vocab/"

ACCEPTED: Final = DIPV + "accepted"
"""The standing of what is taken as fact."""

SITUATION: Final = DIP + "Situation"

KINDS: Final = (
    "agent",
    "framework",
    "government",
    "group",
    "list",
    "mission",
    "organization",
    "person",
    "place",
    "post",
    "situation",
    "state",
    "treaty",
)

PREFIXES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dip": DIP,
        "dipv": DIPV,
        "graph": BASE + "graph/",
        "source": BASE + "source/",
        "claim": BASE + "claim/",
        "proposition": BASE + "proposition/",
        **{kind: f"{BASE}id/{kind}/" for kind in KINDS},
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "oa": "http://www.w3.org/ns/oa#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)

ONTOLOGY_GRAPH: Final = BASE + "graph/ontology"
REGISTRY_GRAPH: Final = BASE + "graph/registry"
CLAIMS_GRAPH: Final = BASE + "graph/claims"
ACCEPTED_GRAPH: Final = BASE + "graph/accepted"
INFERRED_GRAPH: Final = BASE + "graph/inferred"
BUILD_GRAPH: Final = BASE + "graph/build"
"""Where a published dataset says of which build it is; no build holds it."""

LAYERS: Final = (ONTOLOGY_GRAPH, REGISTRY_GRAPH, CLAIMS_GRAPH, ACCEPTED_GRAPH, INFERRED_GRAPH)


def minted(text: str) -> str:
    """Return the text of a file of the project with its IRIs under the base of this process."""
    return text.replace(HOME, BASE)


def proposition_graph(source: str, name: str) -> str:
    """Return the IRI of the graph that quotes one proposition of a source."""
    return f"{BASE}proposition/{source}/{name}"


def shorten(iri: str) -> str:
    """Return `iri` as a prefixed name where a prefix fits and the rest is plain, else unchanged."""
    fits = [(p, ns) for p, ns in PREFIXES.items() if iri.startswith(ns) and len(iri) > len(ns)]
    if not fits:
        return iri
    prefix, namespace = max(fits, key=lambda pair: len(pair[1]))
    rest = iri[len(namespace) :]
    return iri if "/" in rest or "#" in rest else f"{prefix}:{rest}"


def expand(name: str) -> str | None:
    """Return the IRI of a prefixed name, or None where its prefix is not one of ours."""
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and prefix in PREFIXES else None


def local_name(iri: str) -> str:
    """Return what stands behind the last slash or hash of an IRI; a name alone stays as it is."""
    return re.split(r"[#/]", iri)[-1]


def spell_out(name: str) -> str:
    """Return a name or the end of an IRI as words: `…#NonStateGroup` becomes `non state group`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local_name(name)).lower()


def unwrap(text: str) -> str:
    """Return an IRI without the angle brackets that it may be written in."""
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text
