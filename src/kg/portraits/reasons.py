"""Why a situation has the standing it has, from the claims about it. Pure.

The rule itself is ontology/rules/20-standing.rq; what is told here follows from what it decided.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from kg.portraits.claims import Claim
from kg.vocab import DIPV

_AHEAD: Final = ("committed", "planned", "predicted", "conditional", "demanded")


@dataclass(frozen=True)
class Wording:
    """One way in which a situation is worded, and the claims that word it so."""

    how: str
    claims: tuple[Claim, ...]


def spread(claims: Iterable[Claim]) -> tuple[Wording, ...]:
    """Return the ways in which a situation is worded, in the order they first come."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.wording, []).append(claim)
    return tuple(Wording(how, tuple(worded)) for how, worded in found.items())


def reason(standing: str, claims: Iterable[Claim]) -> str:
    """Return in a sentence or two why claims such as these give a standing (its IRI)."""
    tell = _REASONS.get(standing.removeprefix(DIPV))
    return tell(tuple(claims)) if tell else ""


def _accepted(claims: tuple[Claim, ...]) -> str:
    voices = {claim.is_own_voice for claim in claims}
    whose = "in its own voice" if True in voices else "in the words of the party it is about"
    return (
        f"A source states it as actual and certain, {whose}, and no claim about it denies or "
        "hedges it."
    )


def _contested(claims: tuple[Claim, ...]) -> str:
    done = [c for c in claims if c.actuality == "actual" and not c.inferrer.iri]
    ahead = [c for c in claims if c.actuality in _AHEAD]
    if done and ahead:
        return (
            f"It is worded as done in {_count(done)}, and as something still to come in "
            f"{_count(ahead)}. Both cannot stand, so it is not taken as done."
        )
    if {c.polarity for c in claims} >= {"affirmed", "negated"}:
        return (
            "Some claims say that it is so and others that it is not, so it is not taken as fact."
        )
    return "It rests on something that is itself not established, so it is not taken as fact."


def _announced(claims: tuple[Claim, ...]) -> str:
    who = _people(c.intention_of.label or c.said_by for c in claims)
    return (
        f"It is announced or planned by {who}, and no claim says that it has happened. "
        "An announcement is not the act."
    )


def _called_for(claims: tuple[Claim, ...]) -> str:
    return (
        f"It is asked for, urged or supported by {_speakers(claims)}; no claim says that it has "
        "happened."
    )


def _forecast(claims: tuple[Claim, ...]) -> str:
    return (
        f"It is expected or thought possible by {_speakers(claims)}{_cues(claims)}; no claim says "
        "that it has happened."
    )


def _hedged(claims: tuple[Claim, ...]) -> str:
    return (
        f"It is said to be so with words of doubt{_cues(claims)}. One hedge is enough to hold it "
        "back."
    )


def _attributed(claims: tuple[Claim, ...]) -> str:
    return (
        f"It is said to be so by {_speakers(claims)}; the author reports that, and says nothing "
        "of the kind as the author."
    )


def _interpretation(claims: tuple[Claim, ...]) -> str:
    return (
        f"It is an explanation or judgement of {_speakers(claims)}{_cues(claims)}. A reading like "
        "this is never taken as fact, however flatly it is worded."
    )


def _inferred(_: tuple[Claim, ...]) -> str:
    return "The text does not say it. The curator worked it out, and says how with each inference."


def _denied(_: tuple[Claim, ...]) -> str:
    return "The source says that it is not so, or puts it contrary to fact."


def _not_known(_: tuple[Claim, ...]) -> str:
    return "The source is silent on it or leaves it open. That is neither yes nor no."


_REASONS: Final = MappingProxyType(
    {
        "accepted": _accepted,
        "contested": _contested,
        "announced": _announced,
        "called-for": _called_for,
        "forecast": _forecast,
        "hedged": _hedged,
        "attributed": _attributed,
        "interpretation": _interpretation,
        "inferred": _inferred,
        "denied": _denied,
        "not-known": _not_known,
    }
)


def _count(claims: list[Claim]) -> str:
    return "one claim" if len(claims) == 1 else f"{len(claims)} claims"


def _speakers(claims: tuple[Claim, ...]) -> str:
    return _people("the author" if c.is_own_voice else c.said_by for c in claims)


def _people(names: Iterable[str]) -> str:
    """Return some names as a list in words, each once."""
    unique = list(dict.fromkeys(filter(None, names))) or ["somebody"]
    return " and ".join(filter(None, (", ".join(unique[:-1]), unique[-1])))


def _cues(claims: tuple[Claim, ...]) -> str:
    cues = dict.fromkeys(_all_cues(claims))
    return f" ({', '.join(f'“{cue}”' for cue in cues)})" if cues else ""


def _all_cues(claims: tuple[Claim, ...]) -> Iterator[str]:
    for claim in claims:
        yield from claim.hedges
