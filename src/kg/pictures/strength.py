"""The strength of claims: how certain each is worded, affirmed against denied, and by whom.

A claim is no fact however certain its words are, so nothing here has the colour of a fact; the
standing of each situation, which follows from all its claims, stands before its name.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from kg.pictures.kinds import Picture
from kg.pictures.lanes import Entry, Lane, stack
from kg.pictures.scene import MOST_ENTRIES, Row, Scene
from kg.pictures.telling import joined, tell_rest
from kg.pictures.words import counted, listed

_NAME_WIDTH: Final = 36
_WORDS_WIDTH: Final = 36
_UNSTATED: Final = "unstated"
_MOST_TOLD: Final = 10
_CLAIM: Final = "claim"
_ROLES: Final = ("label", "standing", "speaker", "kind", "polarity", "certainty", "actuality")


class _Wording(NamedTuple):
    """What claims have in common that word a situation the same way."""

    label: str
    standing: str
    speaker: str
    kind: str
    polarity: str
    certainty: str
    actuality: str
    cues: str

    @property
    def situation(self) -> str:
        """The situation, its standing first."""
        return f"{self.standing or 'standing not stated'}: {self.label}"

    def told(self, number: int) -> str:
        """Return how it is worded, and in how many claims."""
        cues = f", worded “{self.cues}”" if self.cues else ""
        how = f"{self.polarity} as {self.actuality}, certainty {self.certainty or _UNSTATED}"
        return f"{how}{cues} ({counted(number, self.kind or _CLAIM)})"


def compose_strength(picture: Picture, title: str, rows: Sequence[Row]) -> Scene:
    """Return the wordings of each situation in `rows`, each with the number of its claims."""
    wordings = _wordings(rows)
    drawn = list(wordings.items())[:MOST_ENTRIES]
    lanes = [
        Lane(situation, [_entry(picture, w, n) for w, n in drawn if w.situation == situation])
        for situation in dict.fromkeys(wording.situation for wording, _ in drawn)
    ]
    data, height = stack(lanes, _NAME_WIDTH, _WORDS_WIDTH)
    data["columns"] = [
        {"column": column, "text": text, "y": 0, "y2": height}
        for column, text in _columns(picture.scale).items()
    ]
    said = joined(
        f"{counted(sum(wordings.values()), _CLAIM)}; a claim is not a fact.",
        f"{listed((_tell(w, n) for w, n in wordings.items()), _MOST_TOLD)}.",
        tell_rest(len(drawn), len(wordings), "wordings"),
    )
    return Scene("strength", title, said, data, height)


def _wordings(rows: Sequence[Row]) -> Counter[_Wording]:
    """Return how many claims word a situation the same way; cues of a claim are put together."""
    claims: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        claims.setdefault((row["claim"], row["label"]), []).append(row)
    return Counter(map(_wording, claims.values()))


def _wording(claim: Sequence[Row]) -> _Wording:
    cues = listed((row["cue"] for row in claim if row["cue"]), 3)
    return _Wording(**{role: claim[0][role] for role in _ROLES}, cues=cues)


def _columns(scale: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns from the strongest denial to the strongest affirmation, with headings."""
    denied = {f"denied {each}": ["denied", *each.split()] for each in reversed(scale)}
    affirmed = {f"affirmed {each}": ["affirmed", *each.split()] for each in scale}
    return {**denied, _UNSTATED: ["not", "stated"], **affirmed}


def _entry(picture: Picture, wording: _Wording, number: int) -> Entry:
    column = f"{wording.polarity} {wording.certainty}"
    is_said = wording.actuality == "actual" and wording.kind in ("", _CLAIM)
    mark = {
        "column": column if column in _columns(picture.scale) else _UNSTATED,
        "shape": "cross" if wording.polarity == "denied" else "circle",
        "filling": "ink" if is_said else "surface",
        "tone": "ink",
    }
    return Entry(wording.speaker or "speaker not stated", "ink", wording.told(number), (mark,))


def _tell(wording: _Wording, number: int) -> str:
    return f"{wording.situation}: {wording.speaker or 'somebody'}, {wording.told(number)}"
