"""The root of the tree of errors (kg.errors)."""

from typing import ClassVar


class KgError(Exception):
    """The root: a person can do something about it, and the message says what."""

    code: ClassVar[str] = "error"
    """What programs tell errors apart by."""
