"""A small project with builds for a real server: a chain to walk, and labels that mean no good."""

import hashlib
import json
from pathlib import Path
from typing import Final

from pyoxigraph import RdfFormat, Store, parse, serialize

from small_world import CONCERNING, WORLD

HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "a\u202eb",
    "=1+1",
    "@x",
    "-1+1",
    "\t=1",
    "</script>",
    "x" * 100_000,
)
"""Labels of states that somebody wrote who means no good."""

LINKS: Final = 2000
"""How many nodes the chain of the build has, for paths that walk it."""

ECHO: Final = """\
#+ title = "Values as they came"
#+ description = "Gives back what was given."
#+ [params.text]
#+ type = "string"
#+ example = "abc"
#+ [params.thing]
#+ type = "iri"
#+ default = "http://example.org/x"
#+ [params.number]
#+ type = "integer"
#+ default = 7
#+ min = 0
#+ max = 1000

SELECT ?said ?about ?count
WHERE {
  BIND(?text AS ?said)
  BIND(?thing AS ?about)
  BIND(?number AS ?count)
}
ORDER BY ?said
"""


def write_live_project(root: Path) -> None:
    """Write a project with two saved queries and a current build of a few thousand quads."""
    (root / "ontology").mkdir(parents=True)
    (root / "ontology" / "diplomacy.ttl").touch()
    (root / "queries").mkdir()
    (root / "queries" / "concerning.rq").write_text(CONCERNING)
    (root / "queries" / "echo.rq").write_text(ECHO)
    write_build(root, "small", world())
    switch(root, "small")


def world() -> bytes:
    """Return the small world, a chain to walk, and hostile labels, as N-Quads."""
    small = serialize(parse(WORLD, RdfFormat.TRIG), format=RdfFormat.N_QUADS) or b""
    chain = "".join(f"<urn:n{n}> <urn:next> <urn:n{n + 1}> .\n" for n in range(LINKS))
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    state = "https://w3id.org/diplomacy-kg/id/state/"
    hostile = "".join(
        f"<{state}hostile-{n}> <{label}> {json.dumps(text)} .\n" for n, text in enumerate(HOSTILE)
    )
    links = "".join(
        f"<{state}hostile-0> <urn:link> <{iri}> .\n"
        for iri in ("javascript:alert(1)", "data:text/html,<b>".replace("<b>", "b"))
    )
    return small + f"{chain}{hostile}{links}".encode()


def write_build(root: Path, name: str, quads: bytes) -> str:
    """Write a build and return its hash."""
    folder = root / "builds" / name
    folder.mkdir(parents=True)
    (folder / "dataset.nq").write_bytes(quads)
    store = Store(str(folder / "store"))
    store.bulk_load(quads, RdfFormat.N_QUADS)
    store.flush()
    digest = hashlib.sha256(quads).hexdigest()
    manifest = {
        "hash": digest,
        "created": "2026-01-01T00:00:00+00:00",
        "quads": {"default": len(store)},
        "propositions": 2,
        "claims": 3,
        "accepted": 1,
        "inputs": [],
        "versions": {},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return digest


def switch(root: Path, name: str) -> None:
    """Make a build the current one, in one step."""
    new = root / "builds" / "new"
    new.write_text(f"{name}\n")
    new.replace(root / "builds" / "current")
