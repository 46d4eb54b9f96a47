"""/static/vendor/: the few files of other projects that a page loads, from node_modules.

They come with npm (package.json) and may be absent: then the pages do without them. Only what is
listed here is ever read; nothing of a URL becomes a path.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg.web.answers import BUILD_HEADER
from kg.web.services import services

FILES: Final[Mapping[str, tuple[str, str]]] = {
    "yasqe.js": ("@zazuko/yasqe", "build/yasqe.esm.js"),
    "yasqe.css": ("@zazuko/yasqe", "build/yasqe.min.css"),
}
"""The name in the URL: the package, and the file in it."""

_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}
_SECONDS: Final = 365 * 24 * 60 * 60

blueprint = Blueprint("vendor", __name__)


@blueprint.get("/static/vendor/<name>")
def vendor(name: str) -> Response:
    """Return a file; its URL changes with its version, so that it is kept for a year."""
    package, path = FILES.get(name, ("", ""))
    file = _folder(package) / path
    if not package or not file.is_file():
        raise NotFound
    response = Response(file.read_bytes(), mimetype=_TYPES[file.suffix])
    response.headers["Cache-Control"] = f"public, max-age={_SECONDS}, immutable"
    response.set_etag(f"{_version(package)}-{name}")
    response.headers[BUILD_HEADER] = services().engine.build
    response.make_conditional(flask.request)
    return response


def vendor_url(name: str) -> str | None:
    """Return where to load a file from, or None where it is not installed."""
    package, path = FILES[name]
    if not (_folder(package) / path).is_file():
        return None
    return flask.url_for("vendor.vendor", name=name, v=_version(package))


def _folder(package: str) -> Path:
    return services().config.root / "node_modules" / package


def _version(package: str) -> str:
    about: dict[str, str] = json.loads((_folder(package) / "package.json").read_text("utf-8"))
    return about["version"]
