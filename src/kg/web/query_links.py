"""Where the page of a saved query leads: other pages and values, the whole answer, the editor."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import flask
from flask import Response

from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format
from kg.saved_queries import SavedQuery
from kg.web.editor import LONGEST_URL
from kg.web.paging import Paging, with_values
from kg.web.pictures import MEDIA_TYPES
from kg.web.query_form import Values

_LONGEST_HEADER: Final = 4000
"""Characters of a Link header: proxies refuse long headers, and the page has the links too."""


@dataclass(frozen=True)
class Links:
    """The addresses that keep what was given for a saved query, as paths on this host."""

    saved: SavedQuery
    values: Values

    @property
    def path(self) -> str:
        """The page without any value."""
        return flask.url_for("queries.answer", name=self.saved.name)

    def of_build(self, build: str) -> str:
        """Return the address that names a build."""
        return with_values(self.path, {**self.values.given, "build": build})

    def page(self, number: int) -> str:
        """Return the address of a page of the table."""
        page = number if number > 1 else None
        return with_values(self.path, {**self.values.given, "page": page})

    def with_value(self, name: str, value: str) -> str:
        """Return where the same is asked with another value; values that do not fit are left."""
        wrong = self.values.problems
        given = {key: text for key, text in self.values.given.items() if key not in wrong}
        return with_values(self.path, {**given, name: value})

    def trial(self) -> tuple[str, str]:
        """Return an example of what is missing, in words and as an address."""
        examples = {param.name: param.example for param in self.values.missing}
        address = with_values(self.path, {**self.values.given, **examples})
        return ", ".join(examples.values()), address

    def whole(self) -> dict[str, str]:
        """Return where the whole answer is, by format; and its picture, where it has one."""
        urls = {
            each.name: with_values(self.path, {**self.values.given, "format": each.name})
            for each in offered(self.saved)
        }
        drawn = MEDIA_TYPES if self.saved.picture else {}
        return {
            **urls,
            **{name: with_values(f"{self.path}.{name}", self.values.given) for name in drawn},
        }

    def media_types(self) -> dict[str, str]:
        """Return the media type of each format of `whole`."""
        types = {each.name: each.media_type for each in offered(self.saved)}
        return {**types, **(MEDIA_TYPES if self.saved.picture else {})}

    def editor(self, query: str) -> str:
        """Return where the query can be changed; one too long for an address as it is saved."""
        path = flask.url_for("sparql.get")
        url = with_values(path, {"query": query}) if query else ""
        is_short = 0 < len(url) <= LONGEST_URL
        return url if is_short else with_values(path, {"example": self.saved.name})


def offered(saved: SavedQuery) -> tuple[Format, ...]:
    """Return the formats that the answer of a saved query comes in."""
    return RDF_FORMATS if saved.form in ("CONSTRUCT", "DESCRIBE") else RESULT_FORMATS


def add_links(response: Response, links: Links, paging: Paging | None) -> Response:
    """Say where the other pages are, and the whole answer in each format (RFC 8288)."""
    types = links.media_types()
    whole = (
        f'<{url}>; rel="alternate"; type="{types[name]}"' for name, url in links.whole().items()
    )
    said = ""
    for link in (*_pages(links, paging), *whole):
        if len(said) + len(link) <= _LONGEST_HEADER:
            said += f", {link}" if said else link
    if said:
        response.headers["Link"] = said
    return response


def _pages(links: Links, paging: Paging | None) -> Iterator[str]:
    """Yield the links to other pages of the table; none where it has one page."""
    if paging is None or paging.last == 1:
        return
    for relation, url in (
        ("first", links.page(1)),
        ("prev", paging.previous),
        ("next", paging.next),
        ("last", links.page(paging.last)),
    ):
        if url:
            yield f'<{url}>; rel="{relation}"'
