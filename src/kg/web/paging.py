"""Long lists, page by page: which page is asked for, and where the next and the one before are."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Response
from werkzeug.exceptions import NotFound

from kg.errors import ParameterError
from kg.web.parameters import Parameters, one_of

_DIGITS: Final = 6
_SHOWN: Final = 20


@dataclass(frozen=True)
class Paging:
    """One page of a list, counted from 1; an address is empty where there is no such page."""

    number: int
    last: int
    total: int
    size: int
    address: Callable[[int], str]
    """Where a page is, by its number."""

    @property
    def skipped(self) -> int:
        """Items on the pages before."""
        return (self.number - 1) * self.size

    @property
    def first_item(self) -> int:
        """The number of the first item on the page; 0 where there is none."""
        return min(self.skipped + 1, self.total)

    @property
    def last_item(self) -> int:
        """The number of the last item on the page."""
        return min(self.number * self.size, self.total)

    @property
    def previous(self) -> str:
        """The address of the page before, or nothing."""
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The address of the page after, or nothing."""
        return self.address(self.number + 1) if self.number < self.last else ""

    def link(self, response: Response) -> Response:
        """Say in the response where its neighbours are (RFC 8288)."""
        neighbours = (("prev", self.previous), ("next", self.next))
        links = [f'<{address}>; rel="{relation}"' for relation, address in neighbours if address]
        if links:
            response.headers["Link"] = ", ".join(links)
        return response


def read_page(parameters: Parameters) -> int:
    """Return the number of the page asked for, 1 where none is. Raises ParameterError."""
    said = one_of(parameters, "page")
    if said is None:
        return 1
    is_number = said.isascii() and said.isdecimal() and len(said) <= _DIGITS
    if not is_number or int(said) == 0:
        raise ParameterError(f"page: {said[:_SHOWN]!r} is not the number of a page; give 1 or more")
    return int(said)


def turn_to(number: int, total: int, size: int, address: Callable[[int], str]) -> Paging:
    """Return the page of a list of `total` items. Raises NotFound beyond the last page."""
    last = max(1, math.ceil(total / size))
    if number > last:
        raise NotFound(f"there is no page {number}; the last is {last}")
    return Paging(number, last, total, size, address)


def with_values(path: str, values: Mapping[str, object]) -> str:
    """Return a path with parameters; those that are empty are left out."""
    given = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
