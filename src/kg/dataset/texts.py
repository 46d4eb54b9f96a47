"""Where in the text of a Turtle or TriG file a node stands: parsers keep no lines.

A plain search: house style puts the subject of a block at the beginning of a line, or after the
brace that opens a graph.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

NAME: Final = r"""<[^<>\s]*>|[A-Za-z][\w.-]*:[^\s{}<>"',;()\[\]]*"""
BLOCK: Final = re.compile(rf"\s*(?:GRAPH\s+)?({NAME})(?:\s*\{{\s*({NAME})?)?")
PREFIX: Final = re.compile(r"^\s*@?prefix\s+([\w.-]*:)\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
BLANK: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""' + r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"' + r"|'(?:[^'\\\n]|\\.)*'"
    r"|<[^<>\s]*>|#[^\n]*|(?P<blank>(?<![\w.-])_:|\[|\()",
    re.DOTALL,
)


@dataclass(frozen=True)
class SourceText:
    """A file's text, its prefixes, and the line at which the block of each IRI begins."""

    path: str
    text: str
    prefixes: Mapping[str, str]
    blocks: Mapping[str, int]


def read_source_text(path: str, text: str) -> SourceText:
    """Return `text` with an index of its blocks."""
    prefixes = dict(PREFIX.findall(text))
    blocks: dict[str, int] = {}
    for line, name in _block_names(text):
        blocks.setdefault(_expand(name, prefixes), line)
    return SourceText(path, text, prefixes, blocks)


def find_subject(texts: Iterable[SourceText], iri: str) -> tuple[str, int] | None:
    """Return the path and line of the first block about `iri`."""
    return next(((text.path, text.blocks[iri]) for text in texts if iri in text.blocks), None)


def find_mention(texts: Iterable[SourceText], iri: str) -> tuple[str, int] | None:
    """Return the path and line of the first place that names `iri`."""
    for text in texts:
        names = "|".join(map(re.escape, _names(iri, text.prefixes)))
        if match := re.search(rf"(?<![\w:.-])(?:{names})(?![\w/%-]|\.\w)", text.text):
            return text.path, _line(text.text, match.start())
    return None


def blank_node_lines(text: str) -> list[int]:
    """Return the lines on which a blank node is written: `_:`, `[` or `(`."""
    return sorted({_line(text, m.start()) for m in BLANK.finditer(text) if m["blank"]})


def _block_names(text: str) -> Iterator[tuple[int, str]]:
    begins = True
    for number, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if begins and (match := BLOCK.match(line)):
            yield from ((number, name) for name in match.groups() if name)
        begins = bare.endswith((".", "{", "}"))


def _expand(name: str, prefixes: Mapping[str, str]) -> str:
    if name.startswith("<"):
        return name[1:-1]
    prefix, colon, rest = name.partition(":")
    return prefixes.get(prefix + colon, prefix + colon) + rest


def _names(iri: str, prefixes: Mapping[str, str]) -> list[str]:
    short = [
        prefix + iri.removeprefix(namespace)
        for prefix, namespace in prefixes.items()
        if iri.startswith(namespace) and iri != namespace
    ]
    return [f"<{iri}>", *short]


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
