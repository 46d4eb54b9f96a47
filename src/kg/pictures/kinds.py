"""The kinds of pictures, and what the columns of an answer can be in each.

Read by the header of saved queries, so it imports nothing of the drawing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Kind:
    """What a kind of picture needs to know: roles that columns play, and whether it has a scale."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    has_scale: bool = False
    """Whether `scale` lists the values of an axis, in their order."""


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "ladder": Kind(
            ("sender", "receiver", "standing", "type", "level", "label"),
            ("fromLevel", "first", "last", "date", "announced"),
            has_scale=True,
        ),
        "timeline": Kind(("date", "earliest", "latest", "type", "standing", "label"), ("basis",)),
        "network": Kind(("contact", "node", "standing"), ("type", "participant")),
        "strength": Kind(
            ("claim", "label", "standing", "speaker", "polarity", "certainty", "actuality"),
            ("kind", "cue"),
            has_scale=True,
        ),
    }
)
"""ladder: the scale holds the levels, the highest first. strength: the certainties, weakest first.
"""


@dataclass(frozen=True)
class Picture:
    """What the header of a saved query says of its picture: the column of each role."""

    kind: str
    columns: Mapping[str, str] = field(hash=False)
    scale: tuple[str, ...] = ()
