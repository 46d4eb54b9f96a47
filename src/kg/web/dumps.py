"""/dump: the dataset as files, to be downloaded whole or in parts (RFC 9110, section 14).

A file goes as it lies on the disk: its length is known, a download that broke off can be taken up
again, and `Repr-Digest` (RFC 9530) is the hash of the build.
"""

import base64
from typing import Final

import flask
from flask import Blueprint, Response
from werkzeug.exceptions import NotFound

from kg.catalogue import about
from kg.catalogue.dumps import DATASET, Dump, find_dump, list_dumps
from kg.formats import HTML, JSON, N_QUADS
from kg.web import answers
from kg.web.parameters import address, chosen_form, read_parameters
from kg.web.services import services

CURRENT: Final = "current"
_OLDER: Final = 20
"""Builds that the list names beside the one that is served."""

_ELSEWHERE: Final = (
    "the build that is served cannot be downloaded here: its files are not on this machine"
)
_EXPOSED: Final = "Accept-Ranges, Content-Disposition, Content-Range, Repr-Digest"

blueprint = Blueprint("dumps", __name__)


@blueprint.after_request
def share(response: Response) -> Response:
    """Let scripts of any site read the files, and what their headers say."""
    answers.share(response)
    exposed = response.headers["Access-Control-Expose-Headers"]
    response.headers["Access-Control-Expose-Headers"] = f"{exposed}, {_EXPOSED}"
    return response


@blueprint.get("/dump")
def listing() -> Response:
    """List what can be downloaded: JSON, or a page for people."""
    build, dump = services().engine.build, current_dump()
    found = {
        "note": about.CAUTION,
        "files": [*([_file(dump)] if dump else []), *_graphs()],
        "older": [_file(each) for each in _older(build)],
    }
    if chosen_form(read_parameters(flask.request.query_string), (JSON, HTML)) is HTML:
        page = flask.render_template(
            "download.html", reason=_ELSEWHERE, dump=dump, licence=about.LICENSE, **found
        )
        response = Response(page)
    else:
        response = flask.jsonify(build=build, **found)
    response.headers[answers.BUILD_HEADER] = build
    return answers.unkept(response)  # old builds may go while this one is served


@blueprint.get(f"/dump/<build>/{DATASET}")
def dataset(build: str) -> Response:
    """Return all graphs of the current build, or of one whose hash begins so."""
    dump = current_dump() if build == CURRENT else find_dump(services().config.builds, build)
    if dump is None:
        raise NotFound(_ELSEWHERE if build == CURRENT else "no such build here; /dump lists them")
    # Compressed on the way, a file would lose its length, its digest and its parts.
    flask.request.environ.pop("HTTP_ACCEPT_ENCODING", None)
    response = flask.send_file(
        dump.path,
        mimetype=N_QUADS.media_type,
        as_attachment=True,
        download_name=f"diplomacy-kg-{dump.build[:12]}.{N_QUADS.extension}",
        etag=dump.build,
    )
    digest = base64.b64encode(bytes.fromhex(dump.build)).decode()
    response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.cache_control.no_transform = True  # nor may a proxy
    response.headers["Content-Location"] = _path(dump)
    response.headers[answers.BUILD_HEADER] = dump.build
    return response


def current_dump() -> Dump | None:
    """Return the file of the build that is served; None where it is not on this machine."""
    return find_dump(services().config.builds, services().engine.build)


def dump_address(dump: Dump) -> str:
    """Return where the world reaches a file; it stays the same as long as the file is there."""
    return address(_path(dump))


def _path(dump: Dump) -> str:
    return flask.url_for("dumps.dataset", build=dump.build)


def _older(build: str) -> list[Dump]:
    found = list_dumps(services().config.builds)
    return [each for each in found if each.build != build][:_OLDER]


def _file(dump: Dump) -> dict[str, object]:
    return {
        "title": about.WHOLE,
        "url": dump_address(dump),
        "mediaType": N_QUADS.media_type,
        "bytes": dump.size,
        "sha256": dump.build,
        "created": dump.created,
    }


def _graphs() -> list[dict[str, object]]:
    graphs = address(flask.url_for("graph_store.get"))
    return [
        {
            "title": title,
            "url": f"{graphs}?default&format={each.name}",
            "mediaType": each.media_type,
        }
        for title, each in about.DEFAULT_GRAPH
    ]
