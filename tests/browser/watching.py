"""Sees what a page asks for and complains of while a browser shows it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_IN_THE_PAGE: Final = ("data", "blob", "about")
_OF_A_STATUS: Final = "Failed to load resource"
"""How the browser begins to tell of an answer of 400 and above; those are seen by themselves."""


@dataclass
class Watch:
    """What went wrong in a browser context, one line each; nothing is what is hoped for."""

    host: str
    requests: list[str] = field(default_factory=list)
    wrongs: list[str] = field(default_factory=list)

    def over(self, context: "BrowserContext") -> None:
        """Watch every page of a context from now on."""
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.wrongs.append(f"script: {error.error}"))

    def _request(self, request: "Request") -> None:
        address = urlsplit(request.url)
        self.requests.append(request.url)
        if address.netloc != self.host and address.scheme not in _IN_THE_PAGE:
            self.wrongs.append(f"asks another host: {request.url}")

    def _response(self, response: "Response") -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.wrongs.append(f"{response.status}: {response.url}")

    def _console(self, message: "ConsoleMessage") -> None:
        is_complaint = message.type in ("error", "warning")
        if is_complaint and not message.text.startswith(_OF_A_STATUS):
            self.wrongs.append(f"console: {message.text}")
