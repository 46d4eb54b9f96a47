"""Which things have a page that search engines should know: how many, and those of one part."""

from typing import Final

from kg.asking import own_query, select
from kg.engine.requests import Engine

PART: Final = 5000
"""Things in a part of the sitemap.

A part may have 50 000 addresses (sitemaps.org); one of this size is small enough to be kept.
"""


def count_pages(engine: Engine) -> int:
    """Return how many things there are in all parts. Raises a QueryError where nothing answers."""
    return int(select(engine, own_query("page-count"))[0]["things"].value)


def things_with_pages(engine: Engine, skipped: int, most: int) -> list[str]:
    """Return the IRIs of a part: up to `most` after `skipped` ones. Raises as count_pages does."""
    query = f"{own_query('pages')}LIMIT {most:d} OFFSET {skipped:d}"
    return [row["thing"].value for row in select(engine, query)]
