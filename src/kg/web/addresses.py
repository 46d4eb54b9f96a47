"""From the path of a request to the IRIs that it can mean, and from an IRI to its path. Pure.

A server hands on a path with its escapes undone, so `a%2Fb` and `a/b` look alike here, and one IRI
of the graph may be written with an escape where another is not. Each way to write a path as an IRI
is tried in a fixed order, the plainest first; the graph knows which of them there is.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import NamedNode

from kg.vocab import BASE, DIP

LONGEST: Final = 2048
"""Characters of the longest IRI that is looked for."""

_IN_PATHS: Final = "/:@!$&'()*+,;=~"
"""What stands in the path of a URL as it is, besides letters, digits, `-`, `.` and `_`."""

_NOT_IN_IRIS: Final = re.compile(r"[\x00-\x20\x7f\"%<>\[\\\]^`{|}]")
_DOTS: Final = frozenset({b".", b".."})
"""Segments that clients resolve: no request has them but from who looks for a gap."""


def iris_at(path: bytes, query: bytes = b"") -> list[NamedNode]:
    """Return the IRIs of ours that a path can mean, given without its first slash, best first.

    A `query` belongs to the IRI where the graph knows one that has it. What holds `.` or `..` as a
    segment, or is longer than LONGEST, means nothing.
    """
    if not _DOTS.isdisjoint(path.split(b"/")):
        return []
    asked = [path + b"?" + query, path] if query else [path]
    spelled = (each for written in asked for each in _spellings(written))
    found = (_iri(each) for each in dict.fromkeys(spelled))
    return [iri for iri in found if iri is not None]


def path_of(iri: str) -> str:
    """Return the path, from the first slash on, at which an IRI of ours is answered, else nothing.

    Whatever the IRI holds, it stays a path on the host that is asked: further slashes at its
    beginning, which would name another host, are left out; `?`, `#` and what is not ASCII are
    escaped, but for the `#` before the name of a term.
    """
    if not iri.startswith(BASE):
        return ""
    if iri.startswith(DIP):
        return f"/ontology#{quote(iri.removeprefix(DIP), safe=_IN_PATHS + '%')}"
    return "/" + quote(iri.removeprefix(BASE).lstrip("/"), safe=_IN_PATHS + "%")


def url_of(iri: str) -> str:
    """Return an IRI in ASCII, as it stands in a header (RFC 3987, section 3.1)."""
    return quote(iri, safe=_IN_PATHS + "%?#[]")


def _spellings(path: bytes) -> Iterator[str]:
    try:
        text = path.decode()
    except UnicodeDecodeError:
        pass
    else:
        yield text
        yield _NOT_IN_IRIS.sub(lambda found: quote(found[0]), text)
    yield quote(path, safe=_IN_PATHS + "?")
    yield quote(path, safe="/~")
    kind, _, rest = path.partition(b"/")
    group, slash, name = rest.partition(b"/")
    yield quote(kind + b"/" + group + slash, safe="/~") + quote(name, safe="~")


def _iri(spelled: str) -> NamedNode | None:
    if len(spelled) > LONGEST:
        return None
    try:
        return NamedNode(BASE + spelled)
    except ValueError:
        return None
