"""A project in miniature: two states, a group, a document with two claims, rules and checks.

Every test of the pipeline starts from these files and changes what it is about.
"""

import hashlib
from pathlib import Path
from typing import Final

from kg.config import Config

BASE: Final = "https://w3id.org/diplomacy-kg/"
TEXT: Final = "Pakistan has raised its mission. It may not last."

PREFIXES: Final = f"""\
@prefix dip: <{BASE}ontology#> .
@prefix dipv: <{BASE}vocab/> .
@prefix cl: <{BASE}claim/000/> .
@prefix pr: <{BASE}proposition/000/> .
@prefix situation: <{BASE}id/situation/> .
@prefix group: <{BASE}id/group/> .
@prefix source: <{BASE}source/> .
@prefix state: <{BASE}id/state/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""

ONTOLOGY: Final = """\
dip:Party a owl:Class ; rdfs:label "party"@en .

dip:State a owl:Class ; rdfs:subClassOf dip:Party ; rdfs:label "state"@en ;
    owl:disjointWith dip:NonStateGroup .

dip:NonStateGroup a owl:Class ; rdfs:subClassOf dip:Party ; rdfs:label "group"@en .

dip:Situation a owl:Class .

dip:LevelChange a owl:Class ; rdfs:subClassOf dip:Situation .

dip:Claim a owl:Class .

dip:SourceDocument a owl:Class .

dip:DocumentParagraph a owl:Class .

dip:DocumentSentence a owl:Class .

dip:NoFactMark a owl:Class .

dip:sendingState a owl:ObjectProperty .

dip:certainty a owl:ObjectProperty .

dip:expresses a owl:ObjectProperty .

dip:standing a owl:ObjectProperty .

dip:quotedIn a owl:ObjectProperty .

dip:inDocument a owl:ObjectProperty .

dip:dateBasis a owl:ObjectProperty .

dip:date a owl:DatatypeProperty .

dip:earliest a owl:DatatypeProperty .

dip:latest a owl:DatatypeProperty .

dip:isoCode a owl:DatatypeProperty .

dip:length a owl:DatatypeProperty .

dip:sha256 a owl:DatatypeProperty .

dip:paragraph a owl:DatatypeProperty .

dip:sentence a owl:DatatypeProperty .

dip:spanStart a owl:DatatypeProperty .

dip:spanEnd a owl:DatatypeProperty .

dip:spanSha256 a owl:DatatypeProperty .
"""

VALUES: Final = """\
dipv:accepted a skos:Concept ; rdfs:label "accepted"@en .

dipv:hedged a skos:Concept ; rdfs:label "hedged"@en .

dipv:certain a skos:Concept ; rdfs:label "certain"@en .

dipv:possible a skos:Concept ; rdfs:label "possible"@en .

dipv:stated a skos:Concept ; rdfs:label "stated"@en .

dipv:date-not-stated a skos:Concept ; rdfs:label "date not stated"@en .
"""

STATES: Final = """\
state:afghanistan a dip:State ;
    rdfs:label "Afghanistan"@en ;
    dip:isoCode "AFG" .

state:pakistan a dip:State ;
    rdfs:label "Pakistan"@en ;
    dip:isoCode "PAK" .
"""

GROUPS: Final = """\
group:taliban a dip:NonStateGroup ;
    rdfs:label "Taliban"@en .
"""

SOURCE: Final = f"""\
source:000 a dip:SourceDocument ;
    dip:length {len(TEXT)} ;
    dip:sha256 "{hashlib.sha256(TEXT.encode()).hexdigest()}" .

<{BASE}source/000/paragraph/1> a dip:DocumentParagraph ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:spanStart 0 ;
    dip:spanEnd {len(TEXT)} .

<{BASE}source/000/sentence/1> a dip:DocumentSentence ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:sentence 1 ;
    dip:spanStart 0 ;
    dip:spanEnd 32 .

<{BASE}source/000/sentence/2> a dip:DocumentSentence ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:sentence 2 ;
    dip:spanStart 33 ;
    dip:spanEnd {len(TEXT)} .
"""

CLAIMS: Final = f"""\
# ---- paragraph 1

cl:1 a dip:Claim ;
    dip:expresses pr:upgrade ;
    dip:certainty dipv:certain ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:spanStart 0 ;
    dip:spanEnd 31 ;
    dip:spanSha256 "{hashlib.sha256(TEXT[:31].encode()).hexdigest()}" .

cl:2 a dip:Claim ;
    dip:expresses pr:downgrade ;
    dip:certainty dipv:possible ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:spanStart 33 ;
    dip:spanEnd 48 ;
    dip:spanSha256 "{hashlib.sha256(TEXT[33:48].encode()).hexdigest()}" .
"""

PROPOSITIONS: Final = """\
pr:downgrade {
    situation:downgrade a dip:LevelChange ;
        rdfs:label "Downgrade"@en ;
        dip:dateBasis dipv:date-not-stated ;
        dip:sendingState state:pakistan .
}

pr:upgrade {
    situation:upgrade a dip:LevelChange ;
        rdfs:label "Upgrade"@en ;
        dip:date "2025-05" ;
        dip:earliest "2025-05-01"^^xsd:date ;
        dip:latest "2025-05-31"^^xsd:date ;
        dip:dateBasis dipv:stated ;
        dip:sendingState state:pakistan .
}
"""

SHAPES: Final = """\
dip:StateShape a sh:NodeShape ;
    sh:targetClass dip:State ;
    sh:property [
        sh:path dip:isoCode ;
        sh:minCount 1 ;
        sh:message "the state has no ISO code; add dip:isoCode" ;
    ] .

dip:LevelChangeShape a sh:NodeShape ;
    sh:targetClass dip:LevelChange ;
    sh:property [
        sh:path dip:sendingState ;
        sh:class dip:State ;
        sh:message "the sender is no state; name a state" ;
    ] .
"""

STANDING: Final = """\
#+ title = "Standing"

CONSTRUCT { ?situation dip:standing ?standing ; dip:quotedIn ?graph }
WHERE {
  ?claim dip:expresses ?graph ;
    dip:certainty ?certainty .
  GRAPH ?graph { ?situation a ?class }
  BIND(IF(?certainty = dipv:certain, dipv:accepted, dipv:hedged) AS ?standing)
}
"""

CONTENT: Final = """\
#+ title = "Accepted content"

CONSTRUCT { ?situation ?property ?value }
WHERE {
  ?situation dip:standing dipv:accepted ;
    dip:quotedIn ?graph .
  GRAPH ?graph { ?situation ?property ?value }
}
"""

LABELS: Final = """\
#+ title = "Labels with their caveat"
#+ into = "quoted"
#+ replace = true

SELECT ?graph ?subject ?predicate ?object
WHERE {
  ?subject dip:standing/rdfs:label ?standing ;
    dip:quotedIn ?graph .
  GRAPH ?graph { ?subject rdfs:label ?label }
  BIND(rdfs:label AS ?predicate)
  BIND(STRLANG(CONCAT(?label, " (", ?standing, ")"), "en") AS ?object)
}
"""

LABEL_CHECK: Final = """\
#+ title = "a state has no label"
#+ message = "add rdfs:label"
#+ stage = "input"

SELECT ?node WHERE { ?node a dip:State FILTER NOT EXISTS { ?node rdfs:label ?label } }
"""

BUILT_CHECK: Final = """\
#+ title = "a situation has no standing"
#+ message = "write a claim about it"
#+ stage = "built"

SELECT ?node ?detail
WHERE {
  GRAPH ?detail { ?node a dip:LevelChange }
  FILTER(STRSTARTS(STR(?detail), STR(proposition:)))
  FILTER NOT EXISTS { ?node dip:standing ?standing }
}
"""

FILES: Final = {
    "ontology/diplomacy.ttl": PREFIXES + ONTOLOGY,
    "ontology/vocab/values.ttl": PREFIXES + VALUES,
    "ontology/shapes/shapes.ttl": PREFIXES + SHAPES,
    "ontology/rules/10-standing.rq": STANDING,
    "ontology/rules/20-content.rq": CONTENT,
    "ontology/rules/30-labels.rq": LABELS,
    "ontology/checks/state-without-label.rq": LABEL_CHECK,
    "ontology/checks/situation-without-standing.rq": BUILT_CHECK,
    "seeds/registry/groups.ttl": PREFIXES + GROUPS,
    "seeds/registry/states.ttl": PREFIXES + STATES,
    "seeds/sources/000/claims.ttl": PREFIXES + CLAIMS,
    "seeds/sources/000/propositions.trig": PREFIXES + PROPOSITIONS,
    "seeds/sources/000/source.ttl": PREFIXES + SOURCE,
}


def write_project(root: Path) -> Config:
    """Write the miniature below `root` and return its settings."""
    for path, text in FILES.items():
        write(root, path, text)
    return Config(root=root, builds=root / "builds")


def write(root: Path, path: str, text: str) -> None:
    """Write one file below `root`, with the folders it needs."""
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def change(root: Path, path: str, old: str, new: str) -> None:
    """Replace `old`, which must be there, in one file below `root`."""
    text = (root / path).read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {path}"
    (root / path).write_text(text.replace(old, new), encoding="utf-8")


def line_of(root: Path, path: str, start: str) -> int:
    """Return the number of the first line that begins, after its indent, with `start`."""
    lines = (root / path).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, start=1) if line.strip().startswith(start))
