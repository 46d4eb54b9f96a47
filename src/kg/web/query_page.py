"""The page of a saved query: its form, its answer as a table, a picture, and ways to use it.

Everything on it is what programs get at the same address, laid out for people.
"""

from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response
from markupsafe import Markup

from kg import excerpts
from kg.engine.cache import is_repeatable
from kg.engine.requests import Answer, Request
from kg.errors import PASSING, QueryError
from kg.excerpts import Excerpt, Rows, read_excerpt
from kg.saved_queries import SavedQuery, place
from kg.suggesting import Meaning, read_meanings
from kg.tabulating import COUNTED, FACT, Table, count_standings, lay_out
from kg.web import answers, pages
from kg.web.errors import status_of
from kg.web.known_names import let_others
from kg.web.paging import Paging, read_page, turn_to
from kg.web.parameters import Parameters, address, timeout_of
from kg.web.pictures import draw_inline
from kg.web.query_form import Values, make_fields, read_values
from kg.web.query_links import Links, add_links
from kg.web.query_uses import citation, make_snippets
from kg.web.services import services

PAGE: Final = 50
"""Rows on a page."""


@dataclass(frozen=True)
class Standings:
    """How many rows speak of facts, and how many of what is none, by standing."""

    facts: int
    others: tuple[tuple[str, int], ...]

    @property
    def other_count(self) -> int:
        """Rows that are no facts."""
        return sum(count for _, count in self.others)


@dataclass(frozen=True)
class Asked:
    """A value that was given, by the label of its parameter; `meant` is the thing that it names."""

    label: str
    value: str
    meant: Meaning | None


@dataclass(frozen=True)
class Shown:
    """An answer as the page shows it: a table with its paging, or an excerpt that is none."""

    table: Table | None = None
    paging: Paging | None = None
    is_cut: bool = False
    standings: Standings | None = None
    excerpt: Excerpt | None = None
    picture: Markup | None = None

    @property
    def kind(self) -> str:
        """Table, Text or bool."""
        return "Table" if self.table else type(self.excerpt).__name__


def respond(
    saved: SavedQuery, parameters: Parameters, others: tuple[str, ...], pinned: str
) -> Response:
    """Return the page for what was given; `others` are parameters that are no values.

    `pinned` is the build that the address names, where it is not the one served. A value that does
    not fit is told at its field, with status 400. What passes by itself (too busy, a budget that is
    spent) is raised, and NotFound beyond the last page.
    """
    number = read_page(parameters)
    values = read_values(saved, parameters, others, answers.Asking())
    links = Links(saved, values)
    if values.is_wrong:
        return _page(links, pinned, HTTPStatus.BAD_REQUEST)
    if values.missing:
        return _page(links, pinned)
    query = place(saved, values.terms)
    try:
        answer = services().engine.answer(_request(query, parameters))
        shown = _show(links, answer, number)
    except QueryError as error:
        status = status_of(error)
        if isinstance(error, PASSING) or status == HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return _page(links, pinned, status, query=query, error=str(error))
    return _page(links, pinned, query=query, shown=shown)


def _request(query: str, parameters: Parameters) -> Request:
    timeout = timeout_of(parameters)
    request = Request(query, excerpts.ROWS, excerpts.GRAPH, timeout=timeout, is_reserved=True)
    return answers.from_here(request)


def _show(links: Links, answer: Answer, number: int) -> Shown:
    rows = read_excerpt(answer, let_others, COUNTED)
    if not isinstance(rows, Rows):
        return Shown(excerpt=rows)
    saved = links.saved
    paging = turn_to(number, len(rows.solutions), PAGE, links.page)
    table = lay_out(answers.Asking(), rows, paging.skipped, PAGE)
    is_drawn = saved.picture is not None and number == 1 and rows.solutions
    drawn = draw_inline(saved, rows.as_mappings(), links.values.given) if is_drawn else None
    return Shown(table, paging, rows.is_cut, _standings(count_standings(rows)), None, drawn)


def _standings(counts: Counter[str]) -> Standings | None:
    others = [(word, count) for word, count in counts.most_common() if word != FACT]
    return Standings(counts[FACT], tuple(others)) if counts else None


def _page(  # noqa: PLR0913 - what is shown, each by its name
    links: Links,
    pinned: str,
    status: HTTPStatus = HTTPStatus.OK,
    *,
    query: str = "",
    shown: Shown | None = None,
    error: str = "",
) -> Response:
    saved, values, build = links.saved, links.values, services().engine.build
    urls = links.whole() if shown else {}
    permalink = address(links.of_build(build))
    absolute = {name: address(url) for name, url in urls.items()}
    response = pages.respond(
        "query.html",
        saved=saved,
        values=values,
        links=links,
        fields=make_fields(saved, values, answers.Asking()),
        asked=_asked(saved, values),
        query=query,
        shown=shown,
        error=error,
        downloads=urls,
        snippets=make_snippets(saved, values.given, absolute) if shown else [],
        pinned=pinned,
        permalink=permalink,
        citation=citation(saved, values.given, build, permalink),
    )
    if status is not HTTPStatus.OK:
        response.status_code = status
    if status is not HTTPStatus.OK or not is_repeatable(query):
        answers.unkept(response)
    return add_links(response, links, shown.paging) if shown else response


def _asked(saved: SavedQuery, values: Values) -> list[Asked]:
    """Return the values given, each with what it was taken for."""
    given, terms = values.given, values.terms
    meant = read_meanings(answers.Asking(), {n: t for n, t in terms.items() if n in given})
    params = [param for param in saved.params if param.name in given]
    return [Asked(each.label, given[each.name], meant.get(each.name)) for each in params]
