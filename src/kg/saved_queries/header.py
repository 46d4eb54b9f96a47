"""The `#+` header of a saved query: TOML lines that say its title, parameters and picture.

Nothing here looks at the SPARQL below the header. A key that is not known is an error, because a
typo must not make a parameter vanish.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from kg.errors import SavedQueryError
from kg.pictures.kinds import KINDS, Picture
from kg.vocab import expand, spell_out, unwrap

RESERVED: Final = frozenset({"build", "format", "help", "output", "page", "timeout"})
"""Names that the command line and the web page use themselves."""

QUERY_KEYS: Final[Mapping[str, tuple[type, ...]]] = {
    "title": (str,),
    "description": (str,),
    "ordered": (bool,),
    "keywords": (list,),
    "params": (dict,),
    "picture": (dict,),
}
PICTURE_KEYS: Final[Mapping[str, tuple[type, ...]]] = {
    "kind": (str,),
    "columns": (dict,),
    "scale": (list,),
}
PARAM_KEYS: Final[Mapping[str, tuple[type, ...]]] = {
    "type": (str,),
    "class": (str, list),
    "label": (str,),
    "description": (str,),
    "example": (str, int, date),
    "default": (str, int, date),
    "optional": (bool,),
    "min": (int, date),
    "max": (int, date),
    "values": (list,),
    "partial": (str,),
}
TYPE_KEYS: Final[Mapping[str, frozenset[str]]] = {
    "entity": frozenset({"class"}),
    "iri": frozenset(),
    "string": frozenset(),
    "integer": frozenset({"min", "max"}),
    "date": frozenset({"min", "max", "partial"}),
    "enum": frozenset({"values"}),
}
"""The keys that only some types know, by type."""


@dataclass(frozen=True)
class Param:
    """One parameter: a variable of the query that takes a value from outside.

    `classes` are IRIs (type entity). `values` are plain words or prefixed names (type enum).
    `partial` says which day a year or month stands for: "first", "last", or "" for none.
    A parameter is required unless it has a `default` or is `optional`; an optional parameter that
    is not given stays a variable.
    """

    name: str
    type: str
    label: str
    description: str = ""
    example: str = ""
    default: str = ""
    optional: bool = False
    classes: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    min: int | date | None = None
    max: int | date | None = None
    partial: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the query cannot be answered without a value."""
        return not (self.default or self.optional)


@dataclass(frozen=True)
class Header:
    """What the header of a saved query says; `lines` is where each parameter begins."""

    title: str
    description: str
    params: tuple[Param, ...]
    keywords: tuple[str, ...]
    ordered: bool
    lines: Mapping[str, int]
    picture: Picture | None
    picture_lines: Mapping[str, int]
    """Where each column of the picture is named."""


@dataclass(frozen=True)
class HeaderLines:
    """The TOML of a header and the line of the file (from 1) on which each of its lines stands."""

    path: Path
    toml: tuple[str, ...]
    numbers: tuple[int, ...]

    def line_of(self, key: str, section: str = "") -> int:
        """Return the line that gives `key` in `section`, else the section's, else the first."""
        current, line = "", self.numbers[0] if self.numbers else 1
        for text, number in zip(self.toml, self.numbers, strict=True):
            if match := re.match(r"\s*\[\s*(.+?)\s*\]", text):
                current = match[1]
                line = number if current == section else line
            elif current == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", text):
                return number
        return line

    def error(self, problem: str, key: str, section: str = "") -> SavedQueryError:
        """Return the error to raise about `key`."""
        return SavedQueryError(self.path, self.line_of(key, section), problem)


def read_header(path: Path, text: str) -> Header:
    """Return what the `#+` lines of `text` say.

    Raises SavedQueryError with the line where something is missing, unknown or of a wrong type.
    """
    lines = _header_lines(path, text)
    said = _parse(lines)
    _check_keys(lines, said, QUERY_KEYS, "")
    for key in ("title", "description"):
        if not str(said.get(key, "")).strip():
            raise lines.error(f'the header has no {key}; add #+ {key} = "…"', key)
    params = said.get("params", {})
    picture = _read_picture(lines, said["picture"]) if "picture" in said else None
    return Header(
        title=said["title"],
        description=said["description"],
        params=tuple(_read_param(lines, name, about) for name, about in params.items()),
        keywords=_words(lines, "keywords", said.get("keywords", []), ""),
        ordered=said.get("ordered", False),
        lines={name: lines.line_of("", f"params.{name}") for name in params},
        picture=picture,
        picture_lines={role: lines.line_of(role, _COLUMNS) for role in picture.columns}
        if picture
        else {},
    )


def _header_lines(path: Path, text: str) -> HeaderLines:
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.startswith("#+")]
    return HeaderLines(
        path,
        tuple(line.removeprefix("#+").removeprefix(" ") for _, line in numbered),
        tuple(number for number, _ in numbered),
    )


def _parse(lines: HeaderLines) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(lines.toml))
    except tomllib.TOMLDecodeError as error:
        where = re.search(r" \(at line (\d+), column \d+\)", str(error))
        index = int(where[1]) - 1 if where else len(lines.numbers) - 1
        problem = str(error).replace(where[0], "") if where else str(error)
        line = lines.numbers[min(index, len(lines.numbers) - 1)]
        raise SavedQueryError(lines.path, line, f"the header is not TOML: {problem}") from error


def _check_keys(
    lines: HeaderLines,
    said: Mapping[str, object],
    known: Mapping[str, tuple[type, ...]],
    section: str,
) -> None:
    """Raise where a key is unknown, or its value of a type that the key does not take."""
    for key, value in said.items():
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(known)}"
            raise lines.error(f"unknown key {key!r}; {hint}", key, section)
        if type(value) not in known[key]:
            wanted = " or ".join(kind.__name__ for kind in known[key])
            raise lines.error(f"{key} is {value!r}; it must be of type {wanted}", key, section)


def _read_param(lines: HeaderLines, name: str, about: object) -> Param:
    section = f"params.{name}"
    if not isinstance(about, dict):
        raise lines.error(f"write a parameter as #+ [{section}]", name, "params")
    _check_name(lines, name)
    _check_keys(lines, about, PARAM_KEYS, section)
    _check_type(lines, about, section)
    return Param(
        name=name,
        type=about["type"],
        label=about.get("label", spell_out(name)),
        description=about.get("description", ""),
        example=str(about.get("example", about.get("default", ""))),
        default=str(about.get("default", "")),
        optional=about.get("optional", False),
        classes=_classes(lines, about.get("class", []), section),
        values=_words(lines, "values", about.get("values", []), section),
        min=about.get("min"),
        max=about.get("max"),
        partial=about.get("partial", ""),
    )


_PICTURE: Final = "picture"
_COLUMNS: Final = "picture.columns"


def _read_picture(lines: HeaderLines, about: Mapping[str, Any]) -> Picture:
    """Return the picture that the header describes; whether its columns exist is not known here."""
    _check_keys(lines, about, PICTURE_KEYS, _PICTURE)
    name, columns = str(about.get("kind", "")), about.get("columns", {})
    if name not in KINDS:
        known = ", ".join(KINDS)
        raise lines.error(f"kind is {name!r}; it must be one of {known}", "kind", _PICTURE)
    kind = KINDS[name]
    roles = (*kind.required, *kind.optional)
    _check_keys(lines, columns, dict.fromkeys(roles, (str,)), _COLUMNS)
    for role in kind.required:
        if not columns.get(role):
            raise lines.error(f'a {name} needs the column {role} = "…"', role, _COLUMNS)
    if kind.has_scale != bool(about.get("scale")):
        problem = "needs a scale: its values in order" if kind.has_scale else "takes no scale"
        raise lines.error(f"a {name} {problem}", "scale", _PICTURE)
    return Picture(name, columns, _words(lines, "scale", about.get("scale", ()), _PICTURE))


def _check_name(lines: HeaderLines, name: str) -> None:
    section = f"params.{name}"
    if not re.fullmatch(r"[a-z][A-Za-z0-9]*", name):
        raise lines.error(
            f"parameter {name!r}: write its name in camelCase, a-z first", "", section
        )
    if name.lower() in RESERVED:
        raise lines.error(f"a parameter cannot be named {name!r}: it is an option", "", section)


def _check_type(lines: HeaderLines, about: Mapping[str, object], section: str) -> None:
    """Raise where the type is unknown, or a key does not go with it or with another."""
    kind = str(about.get("type", ""))
    if kind not in TYPE_KEYS:
        known = ", ".join(TYPE_KEYS)
        raise lines.error(f"type is {kind!r}; it must be one of {known}", "type", section)
    for key in frozenset().union(*TYPE_KEYS.values()) & about.keys() - TYPE_KEYS[kind]:
        raise lines.error(f"{key} does not go with type {kind}", key, section)
    for needing, key in (("entity", "class"), ("enum", "values")):
        if kind == needing and not about.get(key):
            raise lines.error(f"type {kind} needs {key}", "type", section)
    if about.get("partial", "first") not in ("first", "last"):
        raise lines.error('partial must be "first" or "last"', "partial", section)
    _check_default(lines, about, section)


def _check_default(lines: HeaderLines, about: Mapping[str, object], section: str) -> None:
    if about.get("optional") and "default" in about:
        raise lines.error("a default and optional exclude each other", "default", section)
    if not (about.get("optional") or about.keys() & {"default", "example"}):
        raise lines.error("a parameter needs an example, so that it can be tried", "", section)


def _classes(lines: HeaderLines, given: str | list[object], section: str) -> tuple[str, ...]:
    names = [given] if isinstance(given, str) else given
    return tuple(_class(lines, str(name), section) for name in names)


def _class(lines: HeaderLines, name: str, section: str) -> str:
    iri = expand(name) or unwrap(name)
    if ":" not in iri or (iri == name and "//" not in iri):
        raise lines.error(f"class {name!r} has an unknown prefix", "class", section)
    return iri


def _words(lines: HeaderLines, key: str, given: Iterable[object], section: str) -> tuple[str, ...]:
    words = tuple(given)
    if not all(isinstance(word, str) and word for word in words):
        raise lines.error(f"{key} must be a list of texts", key, section)
    return tuple(map(str, words))
