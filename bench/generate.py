"""Make a graph of the shape of the seed's, with as many quads as wanted, and a build of it.

The seed's dataset is the pattern. What it says of its document (propositions in quotation graphs,
claims with spans, situations) is repeated under fresh IRIs, each time with other dates and another
number of claims of a proposition. The registry (states, persons, missions) is repeated more rarely,
and a few of its copies are mentioned far more often than others (Zipf). The ontology stands there
once. The same numbers give the same text. Nothing is checked: the rules of `kg build` take hours
for a graph of this size, and a server does not ask for them.
"""

import hashlib
import platform
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.config import read_config
from kg.current import find_current
from kg.dataset.manifest import Manifest, to_json

COPY, WORLD, AGAIN, YEAR = "\x01", "\x02", "\x03", "\x04"
"""What stands in a pattern for: the copy of the document, of the registry, of a claim; a year."""

DOCUMENT: Final = re.compile(r"(/(?:claim|proposition|source)/|author-of-)000(?=[/>])")
SITUATION: Final = re.compile(r"(/id/situation/)")
REGISTRY: Final = re.compile(
    r"(/id/(?:framework|government|group|mission|organization|person|place|post|state|treaty)/[^>]+)"
)
CLAIM: Final = re.compile(COPY + r"(/\d+)(?=[/>])")
DATED: Final = re.compile(r"#(?:date|earliest|latest|firstKnownOn|lastKnownOn)> ")
CALENDAR_YEAR: Final = re.compile(r"(?<=[\"/])(20\d\d)(?=[-/\"])")
LABEL: Final = re.compile(r'(?<=#label> ")')
DIGEST: Final = re.compile(r'(?<=#spanSha256> ")[0-9a-f]{8}')

CLAIMS: Final = ((0, 1, 2, 6), (10, 75, 10, 5))
"""How often a claim of the seed is made in a copy of its document, and how many in 100 are."""

LEAP: Final = 4
"""Dates move by so many years or a multiple, so that 29 February stays a day."""


@dataclass(frozen=True)
class Pattern:
    """The seed's lines with marks: the ontology, the registry, the document and its claims."""

    once: str
    registry: str
    document: str
    claims: tuple[str, ...]
    years: frozenset[str]


def read_pattern(lines: Iterator[str]) -> Pattern:
    """Return the pattern of a dataset in N-Quads, given line by line."""
    once: list[str] = []
    registry: list[str] = []
    document: list[str] = []
    claims: dict[str, list[str]] = {}
    for line in lines:
        marked = mark(line)
        if COPY not in marked:
            (registry if WORLD in marked else once).append(marked)
        elif claim := CLAIM.search(marked):
            claims.setdefault(claim[1], []).append(CLAIM.sub(rf"{COPY}\1{AGAIN}", marked))
        else:
            document.append(marked)
    units = tuple("".join(claims[each]) for each in sorted(claims))
    years = frozenset(re.findall(YEAR + r"(\d{4})", "".join((*document, *units))))
    return Pattern("".join(once), "".join(registry), "".join(document), units, years)


def mark(line: str) -> str:
    """Return a line with marks where copies differ; labels and digests differ with the document."""
    if "<https://w3id.org/diplomacy-kg/graph/ontology>" in line:
        return line
    marked = SITUATION.sub(rf"\1{COPY}-", DOCUMENT.sub(rf"\1{COPY}", line))
    marked = REGISTRY.sub(rf"\1{WORLD}", marked)
    if COPY not in marked:
        return marked
    marked = DIGEST.sub(COPY, LABEL.sub(f"{COPY}: ", marked))
    return CALENDAR_YEAR.sub(rf"{YEAR}\1", marked) if DATED.search(marked) else marked


def generate(pattern: Pattern, quads: int, seed: int = 1) -> Iterator[str]:
    """Yield N-Quads in pieces of some megabytes, until there are at least `quads` of them."""
    chance = random.Random(seed)  # noqa: S311 - chosen so that it can be repeated
    copies = max(1, quads // pattern.document.count("\n") // 2)
    worlds = range(max(1, copies // 8))
    head = pattern.once + "".join(pattern.registry.replace(WORLD, _world(each)) for each in worlds)
    yield head
    count, copy = head.count("\n"), 0
    weights = [1 / (each + 1) for each in worlds]
    while count < quads:
        world = chance.choices(worlds, weights)[0]
        text = _copy(pattern, f"d{copy:06}", _world(world), chance)
        yield text
        count, copy = count + text.count("\n"), copy + 1


def _copy(pattern: Pattern, name: str, world: str, chance: random.Random) -> str:
    shift = LEAP * chance.randrange(20)
    counts = chance.choices(*CLAIMS, k=len(pattern.claims))
    claims = (
        unit.replace(AGAIN, f"-{again}" if again else "")
        for unit, count in zip(pattern.claims, counts, strict=True)
        for again in range(count)
    )
    text = "".join(chain((pattern.document,), claims))
    text = text.replace(COPY, name).replace(WORLD, world)
    for year in pattern.years:
        text = text.replace(YEAR + year, str(int(year) - shift))
    return text


def _world(number: int) -> str:
    """Return what tells a copy of the registry from the others; the first is the seed's own."""
    return f"-{number}" if number else ""


def make_graph(builds: Path, quads: int, seed: int = 1) -> Path:
    """Return a build folder of about so many quads, in `builds`, that `kg serve` can serve.

    One that stands there already is kept. The pattern is the current build.
    """
    folder = builds / f"generated-{quads}"
    if not (folder / "manifest.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        source = find_current(read_config()) / "dataset.nq"
        with source.open(encoding="utf-8") as lines:
            digest, count = write(folder / "dataset.nq", generate(read_pattern(lines), quads, seed))
        load(folder)
        (folder / "manifest.json").write_text(to_json(_describe(digest, count)), encoding="utf-8")
    (builds / "current").write_text(folder.name + "\n", encoding="utf-8")
    return folder


def write(path: Path, pieces: Iterator[str]) -> tuple[str, int]:
    """Write a dump, and return its sha256 in hex and its number of lines."""
    digest, count = hashlib.sha256(), 0
    with path.open("wb") as file:
        for piece in pieces:
            encoded = piece.encode()
            digest.update(encoded)
            count += piece.count("\n")
            file.write(encoded)
    return digest.hexdigest(), count


def load(folder: Path) -> None:
    """Make the store of a build from its dump, as `kg build` does."""
    store = ox.Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "dataset.nq"), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()


def _describe(digest: str, quads: int) -> Manifest:
    return Manifest(
        hash=digest,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        quads={"all": quads},
        propositions=0,
        claims=0,
        accepted=0,
        inputs=(),
        versions={"python": platform.python_version(), "pyoxigraph": version("pyoxigraph")},
    )


if __name__ == "__main__":
    print(make_graph(Path(sys.argv[1]), int(sys.argv[2])))
