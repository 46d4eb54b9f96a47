"""What changed from version to version, read from a changelog (Keep a Changelog 1.1.0)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

_VERSION: Final = "## "
_SORT: Final = "### "
_ITEM: Final = "- "


@dataclass(frozen=True)
class Change:
    """One change: the sort it is of (such as Added) and its words, with code in backticks."""

    sort: str
    words: str


@dataclass(frozen=True)
class Version:
    """A version by the name it has in the changelog, with its changes in their order there."""

    name: str
    changes: tuple[Change, ...]


def read_changes(path: Path) -> tuple[Version, ...]:
    """Return the versions of a changelog, newest first; none where there is no such file."""
    found: list[tuple[str, list[Change]]] = []
    sort = ""
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if line.startswith(_VERSION):
            found.append((line.removeprefix(_VERSION).replace("[", "").replace("]", ""), []))
        elif line.startswith(_SORT):
            sort = line.removeprefix(_SORT)
        elif found and line.startswith(_ITEM):
            found[-1][1].append(Change(sort, line.removeprefix(_ITEM)))
        elif found and found[-1][1] and line.startswith("  "):
            last = found[-1][1][-1]
            found[-1][1][-1] = Change(last.sort, f"{last.words} {line.strip()}")
    return tuple(Version(name, tuple(changes)) for name, changes in found)
