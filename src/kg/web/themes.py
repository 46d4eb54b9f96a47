"""Saved queries by theme, wherever they are listed for people."""

from collections.abc import Iterable
from typing import Final

from kg.saved_queries import SavedQuery

THEMES: Final = (
    "representation",
    "recognition",
    "contacts",
    "people and offices",
    "acts and events",
    "relations and attitudes",
    "explanations and forecasts",
    "who says what",
    "overviews",
)
"""The first keyword of a saved query, in the order of the list; others come after these."""


def by_theme(saved: Iterable[SavedQuery]) -> dict[str, list[SavedQuery]]:
    """Return the saved queries by theme, in the order of themes and then of titles.

    Those without a keyword stand under `other`.
    """
    found: dict[str, list[SavedQuery]] = {theme: [] for theme in THEMES}
    for query in sorted(saved, key=lambda each: each.title):
        found.setdefault(next(iter(query.keywords), "other"), []).append(query)
    return {theme: queries for theme, queries in found.items() if queries}
