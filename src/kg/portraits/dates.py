"""Dates as people read them. Pure: what is no pattern of ours stays as it is written (EDTF)."""

import re
from typing import Final

_SET: Final = re.compile(r"\[(?P<first>[\d-]*)\.\.(?P<last>[\d-]*)\]")
_SPAN: Final = re.compile(r"(?P<first>[\d~-]*|\.\.)/(?P<last>[\d~-]*|\.\.)")


def read_date(text: str) -> str:
    """Return an EDTF date (ISO 8601-2) in words: one day of a range, or from one to another."""
    if found := _SET.fullmatch(text):
        first, last = found["first"], found["last"]
        if first and last:
            return f"between {first} and {last}"
        return f"on or after {first}" if first else f"on or before {last}"
    if found := _SPAN.fullmatch(text):
        return _span(_about(found["first"]), _about(found["last"]))
    return _about(text)


def _span(first: str, last: str) -> str:
    since = f"from {first}" if first not in ("", "..") else ""
    until = {"": "end not known", "..": "going on when the source was written"}.get(
        last, f"until {last}"
    )
    return f"{since}, {until}" if since else f"{until} (start not stated)"


def _about(text: str) -> str:
    return f"about {text[:-1]}" if text.endswith("~") else text
