"""From an IRI to what a page links to, and the names that templates know. Pure but for `register`.

An IRI of ours leads to the same path here, whatever host the graph was minted for; one from
elsewhere is linked only where it is the web's, for a label or an IRI may come from anybody.
"""

from typing import Final

import flask
from flask import Flask

from kg.web.addresses import path_of
from kg.web.services import services

_WEB: Final = ("http://", "https://")
_STANDINGS: Final = {"announced or planned": "announced"}


def href(iri: str) -> str:
    """Return what to link to for an IRI, or nothing where it is no address of the web."""
    return path_of(iri) or (iri if iri.startswith(_WEB) else "")


def slug(standing: str) -> str:
    """Return the name of a standing's style, from its label."""
    return _STANDINGS.get(standing, standing).replace(" ", "-")


def register(app: Flask) -> None:
    """Let templates link, and know the build."""
    app.jinja_env.globals.update(href=href, slug=slug, static=_static, build=_build)


def _static(name: str) -> str:
    return flask.url_for("static", filename=name)


def _build() -> str:
    return services().engine.build
