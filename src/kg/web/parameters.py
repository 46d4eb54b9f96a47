"""Reads the parameters of a URL or a form strictly: what is not UTF-8 is refused, not replaced."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qsl

from kg.errors import ParameterError

Parameters = Sequence[tuple[str, str]]

_MOST: Final = 200


def read_parameters(encoded: bytes) -> Parameters:
    """Return the (name, value) pairs in their order. Raises ParameterError for bad encoding."""
    try:
        return parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST,
        )
    except UnicodeError as error:
        raise ParameterError("the parameters are not UTF-8") from error
    except ValueError as error:
        raise ParameterError(f"more than {_MOST} parameters") from error


def all_of(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return every value given under a name."""
    return tuple(value for key, value in parameters if key == name)


def one_of(parameters: Parameters, name: str) -> str | None:
    """Return the one value given under a name, or None. Raises ParameterError for several."""
    values = all_of(parameters, name)
    if len(values) > 1:
        raise ParameterError(f"{name!r} is given {len(values)} times; give it once")
    return values[0] if values else None
