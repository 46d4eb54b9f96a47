"""A hand-written project with a build, for the tests of names, pages, the library and the shell."""

import hashlib
import json
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse, serialize

from kg.config import Config

UPGRADE_LABEL = "Upgrade of Pakistan's mission (announced 2025-05-30; no effective date)"
WORLD = f"""
PREFIX agent: <https://w3id.org/diplomacy-kg/id/agent/>
PREFIX cl: <https://w3id.org/diplomacy-kg/claim/000/>
PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX dipv: <https://w3id.org/diplomacy-kg/vocab/>
PREFIX government: <https://w3id.org/diplomacy-kg/id/government/>
PREFIX graph: <https://w3id.org/diplomacy-kg/graph/>
PREFIX group: <https://w3id.org/diplomacy-kg/id/group/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX pr: <https://w3id.org/diplomacy-kg/proposition/000/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX situation: <https://w3id.org/diplomacy-kg/id/situation/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX source: <https://w3id.org/diplomacy-kg/source/>
PREFIX state: <https://w3id.org/diplomacy-kg/id/state/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>

dip:Government rdfs:label "government"@en ; rdfs:subClassOf dip:Party .
dip:NonStateGroup rdfs:label "non-state group"@en ; rdfs:subClassOf dip:Party .
dip:Party rdfs:label "party"@en .
dip:State rdfs:label "state"@en ; rdfs:subClassOf dip:Party .
dip:announcedBy rdfs:label "announced by"@en .
dip:concerns rdfs:label "concerns"@en .
dip:hasSendingState rdfs:label "has sending state"@en .
dip:isoCode rdfs:label "ISO code"@en .

dipv:accepted a skos:Concept ; skos:prefLabel "accepted"@en .
dipv:affirmed a skos:Concept ; skos:prefLabel "affirmed"@en .
dipv:announced a skos:Concept ; skos:prefLabel "announced"@en .
dipv:announces a skos:Concept ; skos:prefLabel "announces"@en .
dipv:certain a skos:Concept ; skos:prefLabel "certain"@en .
dipv:committed a skos:Concept ; skos:prefLabel "committed"@en .
dipv:expects a skos:Concept ; skos:prefLabel "expects"@en .
dipv:possible a skos:Concept ; skos:prefLabel "possible"@en .

state:afghanistan a dip:State ; rdfs:label "Afghanistan"@en , "Afghanistan"@fr ; dip:isoCode "AFG" .
state:austria a dip:State ; rdfs:label "Austria"@en , "Autriche"@fr ; skos:altLabel "Österreich" .
state:georgia a dip:State ; rdfs:label "Georgia"@en .
state:pakistan a dip:State ; rdfs:label "Pakistan"@en ; dip:isoCode "PAK" ;
  dip:openedOn "1947-08-14"^^xsd:date .
government:georgia a dip:Government ; rdfs:label "Government of Georgia"@en ;
  skos:altLabel "Georgia" .
government:pakistan a dip:Government ; rdfs:label "Government of Pakistan"@en ;
  dip:governs state:pakistan ; dip:metonym "Islamabad" .
government:other a dip:Government ; rdfs:label "The other one"@en ; skos:altLabel "Islamabad" .
group:taliban a dip:NonStateGroup ; rdfs:label "Taliban"@en .
group:ttp a dip:NonStateGroup ; rdfs:label "Tehreek-e-Taliban Pakistan (TTP)"@en ;
  skos:altLabel "TTP" , "the movement" .
group:other a dip:NonStateGroup ; rdfs:label "Other group"@en ; skos:altLabel "Movement" .

agent:author-of-000 a dip:Author ; rdfs:label "the author of document 000"@en .
source:000 a dip:SourceDocument ; rdfs:label "document 000"@en .

situation:upgrade a dip:ReportedSituation ; rdfs:label "{UPGRADE_LABEL}"@en ;
  dip:situationType dip:LevelChange ; dip:standing dipv:announced ; dip:quotedIn pr:upgrade ;
  dip:announcedBy government:pakistan ; dip:concerns state:pakistan , state:afghanistan .
situation:meeting a dip:Meeting ; rdfs:label "Meeting \\u001B[31mof two"@en ;
  dip:situationType dip:Meeting ; dip:standing dipv:accepted ; dip:quotedIn pr:meeting ;
  dip:concerns state:pakistan .

cl:1 a dip:Claim ; dip:expresses pr:upgrade ; dip:saidBy government:pakistan ;
  dip:reportedBy agent:author-of-000 ; dip:polarity dipv:affirmed ; dip:certainty dipv:certain ;
  dip:actuality dipv:committed ; dip:speechAct dipv:announces ; dip:directQuote true ;
  dip:inDocument source:000 ; dip:paragraph 3 ; dip:spanStart 723 ; dip:spanEnd 852 .
cl:2 a dip:Claim ; dip:expresses pr:upgrade ; dip:saidBy agent:author-of-000 ;
  dip:reportedBy agent:author-of-000 ; dip:polarity dipv:affirmed ;
  dip:certainty dipv:possible ; dip:hedgeCue "may"@en ; dip:actuality dipv:committed ;
  dip:speechAct dipv:expects ; dip:presupposed true ;
  dip:inDocument source:000 ; dip:paragraph 11 ; dip:spanStart 4302 ; dip:spanEnd 4344 .
cl:3 a dip:Claim ; dip:expresses pr:meeting ; dip:saidBy agent:author-of-000 ;
  dip:certainty dipv:certain ; dip:inDocument source:000 ; dip:paragraph 4 .

graph:registry {{ state:pakistan a dip:State . }}
pr:upgrade {{ situation:upgrade a dip:LevelChange ; dip:hasSendingState state:pakistan . }}
pr:meeting {{ situation:meeting a dip:Meeting ; dip:hasParticipant state:pakistan . }}
"""

CONCERNING = """\
#+ title = "Situations that concern a party"
#+ description = "What the graph holds about a state or government, with its standing."
#+ keywords = ["standing"]
#+ [params.party]
#+ type = "entity"
#+ class = ["dip:State", "dip:Government"]
#+ label = "Party"
#+ example = "Pakistan"
#+ [params.standing]
#+ type = "enum"
#+ values = ["dipv:accepted", "dipv:announced"]
#+ optional = true
#+ [params.asOf]
#+ type = "date"
#+ default = 2025-12-31

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?situation ?standing ?label ?day
WHERE {
  ?situation dip:concerns ?party ;
    dip:standing ?standing ;
    rdfs:label ?label .
  BIND(?asOf AS ?day)
}
ORDER BY ?situation
"""

BROKEN = """\
#+ title = "Broken"
#+ descripton = "a typo"
SELECT ?x WHERE { ?x ?y ?z } ORDER BY ?x
"""

SMALL_DATASET = serialize(parse(WORLD, RdfFormat.TRIG), format=RdfFormat.N_QUADS) or b""
SMALL_HASH = hashlib.sha256(SMALL_DATASET).hexdigest()


def write_project(root: Path) -> Config:
    """Write a project with one saved query and a current build to `root`; return its settings."""
    (root / "ontology").mkdir(parents=True)
    (root / "ontology" / "diplomacy.ttl").touch()
    (root / "queries").mkdir()
    (root / "queries" / "concerning.rq").write_text(CONCERNING)
    config = Config(root=root, builds=root / "builds")
    write_build(config.builds / "small")
    (config.builds / "current").write_text("small\n")
    return config


def write_build(folder: Path) -> None:
    """Write a build of the small world to `folder`."""
    folder.mkdir(parents=True)
    store = Store(str(folder / "store"))
    store.load(WORLD, RdfFormat.TRIG)
    store.flush()
    (folder / "dataset.nq").write_bytes(SMALL_DATASET)
    manifest = {
        "hash": SMALL_HASH,
        "created": "2026-01-01T00:00:00+00:00",
        "quads": {"default": len(store)},
        "propositions": 2,
        "claims": 3,
        "accepted": 1,
        "inputs": [],
        "versions": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
