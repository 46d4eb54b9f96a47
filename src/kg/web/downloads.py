"""Gives an answer the name that it has as a file (RFC 6266)."""

from collections.abc import Mapping
from typing import Final

import flask
from flask import Response

from kg.formats import CSV, RDF_FORMATS, RESULT_FORMATS, TSV, Format

_BY_MEDIA_TYPE: Final[Mapping[str, Format]] = {
    each.media_type: each for each in (*RESULT_FORMATS, *RDF_FORMATS)
}


def name_file(response: Response) -> Response:
    """Name an answer after its path and format; browsers save CSV and TSV, and show the others.

    What is no answer (a problem, a page) has another media type.
    """
    found = _BY_MEDIA_TYPE.get(response.mimetype or "")
    if found is not None:
        kind = "attachment" if found in (CSV, TSV) else "inline"
        name = flask.request.path.rpartition("/")[2].removesuffix(f".{found.extension}")
        file = f'{kind}; filename="{name}.{found.extension}"'
        response.headers.add("Content-Disposition", file)
    return response
