"""The claims about a situation, a proposition or a document: who says what, how, and where."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from pyoxigraph import NamedNode, QuerySolution

from kg.asking import own_query, select
from kg.engine.requests import Engine
from kg.labels import labels_of
from kg.placing import batches, place_terms, place_values
from kg.portraits.dates import read_date
from kg.portraits.names import NOTHING, Named, named, pair, shown, written
from kg.vocab import DIP

MOST: Final = 250
"""Claims on one page: one less than the LIMIT in claims-about.rq."""

_TERMS: Final = (
    "situation",
    "standing",
    "saidBy",
    "reportedBy",
    "inferredBy",
    "intentionOf",
    "saidIn",
    "speechAct",
    "polarity",
    "certainty",
    "actuality",
    "document",
)
"""The variables of claims.rq that stand for things with a label."""

_WORDING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "committed": "Announced by the party that would do it",
        "planned": "Reported as a plan or intention",
        "predicted": "Said to lie ahead",
        "conditional": "Said to depend on something",
        "counterfactual": "Put contrary to fact",
        "demanded": "Asked for, urged or supported",
    }
)

_TENSION: Final = DIP + "inTensionWith"
_TRUE: Final = "true"


@dataclass(frozen=True)
class Claim:
    """Who said it, how, and where; each part is empty where the claim does not say.

    The offsets of the span count code points over the whole document, the end exclusive.
    """

    iri: str
    situation: Named
    standing: str
    speaker: Named
    reporter: Named
    inferrer: Named
    intention_of: Named
    said_in: Named
    speech_act: str
    polarity: str
    certainty: str
    actuality: str
    hedges: tuple[str, ...]
    wordings: tuple[str, ...]
    direct_quote: bool
    presupposed: bool
    rationale: str
    date: str
    source: Named
    paragraph: str
    sentence: str
    span: tuple[str, str]
    tensions: tuple[Named, ...] = ()
    grounds: tuple[Named, ...] = ()
    grounded: tuple[Named, ...] = ()

    @property
    def number(self) -> str:
        """The last part of the IRI: the number of the claim in its document."""
        return self.iri.rpartition("/")[2]

    @property
    def said_by(self) -> str:
        """What the speaker is called."""
        return self.speaker.label

    @property
    def reported_by(self) -> str:
        """What the one is called who reports it."""
        return self.reporter.label

    @property
    def inferred_by(self) -> str:
        """What the curator is called who worked it out; the text does not say it then."""
        return self.inferrer.label

    @property
    def document(self) -> str:
        """What the source is called."""
        return self.source.label

    @property
    def axes(self) -> tuple[str, ...]:
        """How it is worded: polarity, certainty, actuality; of what is left open, only that."""
        is_open = self.certainty == "unstated"
        return (self.certainty,) if is_open else (self.polarity, self.certainty, self.actuality)

    @property
    def is_own_voice(self) -> bool:
        """Whether the author of the document says it, and does not report another."""
        return bool(self.speaker.iri) and self.speaker.iri == self.reporter.iri

    @property
    def wording(self) -> str:
        """How the claim words what it is about, in a few words."""
        if self.inferrer.iri:
            known = "Left open" if self.certainty == "unstated" else "Worked out"
            return f"{known} by the curator; not said in the text"
        if self.polarity == "negated":
            return "Said not to be so"
        if self.certainty == "unstated":
            return "Left open"
        flat = self.certainty == "certain"
        if self.actuality in _WORDING:
            return _WORDING[self.actuality] + ("" if flat else f", worded as {self.certainty}")
        whose = "by the author" if self.is_own_voice else f"in the words of {self.said_by}"
        return f"Worded as {'done or so' if flat else self.certainty}, {whose}"


@dataclass(frozen=True)
class Claims:
    """The first claims in text order, MOST at most, and how many there are in all."""

    shown: tuple[Claim, ...]
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether there are no others."""
        return len(self.shown) == self.total


def claims_about(engine: Engine, iri: NamedNode) -> Claims:
    """Return the claims about a situation or a proposition, with how they hang together."""
    rows = select(engine, place_terms(own_query("claims-about"), {"thing": iri}))
    found = list(dict.fromkeys(row["claim"] for row in rows))
    if len(rows) <= MOST:
        return Claims(_linked(engine, iri, read_claims(engine, found)), len(found))
    counted = select(engine, place_terms(own_query("claim-count"), {"thing": iri}))
    shown = _linked(engine, iri, read_claims(engine, found[:MOST]))
    return Claims(shown, int(counted[0]["claims"].value))


def claim_itself(engine: Engine, iri: NamedNode) -> Claim:
    """Return the claim that `iri` is, with how it hangs together with others."""
    return _linked(engine, iri, read_claims(engine, [iri]))[0]


def read_claims(engine: Engine, iris: Sequence[NamedNode]) -> tuple[Claim, ...]:
    """Return some claims, in the order of `iris`."""
    text = own_query("claims")
    rows = [
        row for batch in batches(iris) for row in select(engine, place_values(text, "claim", batch))
    ]
    labels = labels_of(engine, _iris(rows))
    by_claim: dict[str, list[QuerySolution]] = {iri.value: [] for iri in iris}
    for row in rows:
        by_claim[row["claim"].value].append(row)
    return tuple(_claim(of_one, labels) for of_one in by_claim.values() if of_one)


def _linked(engine: Engine, iri: NamedNode, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims about `iri` with those that they pull against, rest on, or carry."""
    tensions, grounds, grounded = defaultdict(list), defaultdict(list), defaultdict(list)
    for row in select(engine, place_terms(own_query("claim-links"), {"thing": iri})):
        other = pair(row, "other", "otherLabel")
        if row["property"].value == _TENSION:
            tensions[row["claim"].value].append(other)
        elif row["isOther"].value == _TRUE:
            grounded[row["claim"].value].append(other)
        else:
            grounds[row["claim"].value].append(other)
    return tuple(
        replace(
            claim,
            tensions=_once(tensions[claim.iri]),
            grounds=_once(grounds[claim.iri]),
            grounded=_once(grounded[claim.iri]),
        )
        for claim in claims
    )


def _once(found: Iterable[Named]) -> tuple[Named, ...]:
    return tuple(dict.fromkeys(found))


def _iris(rows: Iterable[QuerySolution]) -> set[str]:
    terms = (row[name] for row in rows for name in _TERMS)
    return {term.value for term in terms if isinstance(term, NamedNode)}


def _claim(rows: list[QuerySolution], labels: Mapping[str, str]) -> Claim:
    """Return the claim that some rows tell: they differ in the cues alone."""
    first = rows[0]
    of = {name: named(first[name], labels) if first[name] else NOTHING for name in _TERMS}
    return Claim(
        iri=first["claim"].value,
        situation=of["situation"],
        standing=of["standing"].label,
        speaker=of["saidBy"],
        reporter=of["reportedBy"],
        inferrer=of["inferredBy"],
        intention_of=of["intentionOf"],
        said_in=of["saidIn"],
        speech_act=of["speechAct"].label,
        polarity=of["polarity"].label,
        certainty=of["certainty"].label,
        actuality=of["actuality"].label,
        hedges=_cues(rows, "hedgeCue"),
        wordings=_cues(rows, "wordingCue"),
        direct_quote=written(first["directQuote"]) == _TRUE,
        presupposed=written(first["presupposed"]) == _TRUE,
        rationale=written(first["rationale"]),
        date=shown(read_date(written(first["date"]))),
        source=of["document"],
        paragraph=written(first["paragraph"]),
        sentence=written(first["sentence"]),
        span=(written(first["start"]), written(first["end"])),
    )


def _cues(rows: Iterable[QuerySolution], name: str) -> tuple[str, ...]:
    return tuple(sorted({written(row[name]) for row in rows if row[name]}))
