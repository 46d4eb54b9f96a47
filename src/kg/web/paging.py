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
    first_item: int
    last_item: int
    total: int
    previous: str
    next: str

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
    first_item = (number - 1) * size + 1
    return Paging(
        number=number,
        last=last,
        first_item=min(first_item, total),
        last_item=min(number * size, total),
        total=total,
        previous=address(number - 1) if number > 1 else "",
        next=address(number + 1) if number < last else "",
    )


def with_values(path: str, values: Mapping[str, object]) -> str:
    """Return a path with parameters; those that are empty are left out."""
    given = {name: value for name, value in values.items() if value}
    return f"{path}?{urlencode(given)}" if given else path
