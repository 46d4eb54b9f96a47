"""One thing that is wrong with the dataset, said so that whoever curates it can mend it."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Violation:
    """Where (`path` from the root, `line` from 1 or None), which node, what is wrong, what to do.

    `check` names what found it: the stem of a file in ontology/checks/, the local name of a shape,
    or the name of a check written in Python (`syntax`, `blank-node`, `date` ...).
    """

    path: str
    line: int | None
    node: str
    problem: str
    remedy: str
    check: str = ""

    def __str__(self) -> str:
        """Return `path:line: node: problem; remedy`, leaving out what is not known."""
        place = f"{self.path}:{self.line}" if self.line else self.path
        told = "; ".join(part for part in (self.problem, self.remedy) if part)
        return ": ".join(part for part in (place, self.node, told) if part)


def in_order(violations: Iterable[Violation]) -> list[Violation]:
    """Return each violation once, sorted by file, line and text."""
    return sorted(set(violations), key=lambda v: (v.path, v.line or 0, v.node, v.problem, v.check))
