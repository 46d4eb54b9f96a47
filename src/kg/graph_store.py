"""A client of the SPARQL 1.1 Graph Store HTTP Protocol, for loading graphs into a store elsewhere.

User and password stand in the URL; both Basic and Digest authentication are answered. Redirects are
not followed.
"""

import urllib.error
import urllib.request
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from kg.errors import BuildError

_SECONDS: Final = 300.0
"""Longest silence of the store; Virtuoso answers when a part is loaded."""


class GraphStore:
    """The graphs of a store, by their IRIs; the default graph's is ""."""

    def __init__(self, url: str) -> None:
        """Use the store at an http(s) URL. Raises BuildError where it is none."""
        try:
            parts = urlsplit(url)
            is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError as error:
            raise BuildError("the graph store's address is no http or https URL") from error
        if not is_good:
            raise BuildError("the graph store's address is no http or https URL")
        host = parts.netloc.rpartition("@")[2]
        self._url = urlunsplit((parts.scheme, host, parts.path, "", ""))
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        if parts.username is not None:
            user, password = unquote(parts.username), unquote(parts.password or "")
            passwords.add_password(None, self._url, user, password)
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPBasicAuthHandler(passwords),
            _EagerDigest(passwords),
            _NoRedirects(),
        )

    def put(self, graph: str, n_triples: bytes) -> None:
        """Replace a graph. Raises BuildError where the store refuses."""
        self._send("PUT", graph, n_triples)

    def post(self, graph: str, n_triples: bytes) -> None:
        """Add to a graph. Raises BuildError where the store refuses."""
        self._send("POST", graph, n_triples)

    def delete(self, graph: str) -> None:
        """Remove a graph, where it is there. Raises BuildError where the store refuses."""
        self._send("DELETE", graph, None)

    def _send(self, method: str, graph: str, body: bytes | None) -> None:
        query = f"graph={quote(graph, safe='')}" if graph else "default"
        request = urllib.request.Request(  # noqa: S310 - the scheme is known
            f"{self._url}?{query}",
            data=body,
            method=method,
            headers={} if body is None else {"Content-Type": "application/n-triples"},
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                response.read()
        except urllib.error.HTTPError as error:
            if method != "DELETE" or error.code != HTTPStatus.NOT_FOUND:
                where = graph or "the default graph"
                raise BuildError(
                    f"the graph store refuses to {method} {where}: status {error.code}"
                ) from error
        except (OSError, HTTPException) as error:
            raise BuildError("the graph store cannot be reached, or cuts its answers") from error


class _EagerDigest(urllib.request.HTTPDigestAuthHandler):
    """Answers a challenge before it is made again: Virtuoso hangs up while a body is being sent."""

    _challenge: Mapping[str, str] | None = None

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> object:
        """Answer a challenge, and remember it."""
        found = urllib.request.parse_http_list(auth.partition(" ")[2])
        self._challenge = urllib.request.parse_keqv_list(found)
        return super().retry_http_digest_auth(req, auth)

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        """Add an answer to the challenge that is known, if there is one."""
        if self._challenge is not None and not req.has_header("Authorization"):
            answer = self.get_authorization(req, self._challenge)
            req.add_unredirected_header("Authorization", f"Digest {answer}")
        return req

    https_request = http_request


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the error that it is here."""

    def redirect_request(self, *_: object) -> None:
        """Return no request to follow."""
