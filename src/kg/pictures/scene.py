"""A picture before it is drawn: the data for a specification, and what it says in words."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

Datum = Mapping[str, object]
Row = Mapping[str, str]
"""A row of an answer by the roles of its columns; what is not there is empty."""

MOST_ENTRIES: Final = 60
"""Entries that a picture draws; more are told as a number."""


@dataclass(frozen=True)
class Scene:
    """What is drawn: data by name for the specification of this kind, and numbers for its sizes.

    `title` and `description` are the text alternative: all that the picture says, in words.
    """

    kind: str
    title: str
    description: str
    data: Mapping[str, Sequence[Datum]]
    height: int
    day_format: str = ""

    @property
    def key(self) -> str:
        """What is the same exactly where the picture is."""
        return hashlib.sha256(self.written()).hexdigest()[:32]

    def written(self) -> bytes:
        """Return it as JSON, for the process that draws."""
        return json.dumps(vars(self), ensure_ascii=True, sort_keys=True).encode()


def read_scene(written: bytes) -> Scene:
    """Return the scene that `Scene.written` wrote."""
    return Scene(**json.loads(written))
