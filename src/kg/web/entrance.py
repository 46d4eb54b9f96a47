"""What a request meets before Flask: an answer that is kept, or the engine where no more is needed.

A request object, the way to a view and the hooks after it cost Flask several times what a small
query costs the engine. So a query that is asked plainly is answered here. All else goes on to
Flask: pages, descriptions, large answers, and what is wrong. What the engine has said by then goes
with it, so nothing is asked twice.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Final, Never
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response

from kg.engine.cache import is_repeatable
from kg.engine.front import Front
from kg.engine.requests import Answer
from kg.web import sparql
from kg.web.answers import ASKED, VARY, asked_by, coded, entity_tag, headers_of
from kg.web.compression import coding_for, is_worth_it
from kg.web.observing import Observer, Told
from kg.web.repeats import Kept, Repeats

Hook = Callable[[Response], Response]

_OK: Final = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"


class Entrance:
    """WSGI middleware before an application."""

    def __init__(self, app: Flask, front: Front, observer: Observer, hooks: Sequence[Hook]) -> None:
        """Stand before `app`; register before anything that changes a response.

        `hooks` add headers to each response of the application, in this order.
        """
        self._flask, self._front, self._observer = app, front, observer
        self._app, self._hooks = app.wsgi_app, hooks
        self._repeats = Repeats(front.cache)
        self._headers: dict[str, list[tuple[str, str]]] = {}
        app.after_request(self._repeats.keep_response)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or ask the engine, or let the application answer."""
        self._observer.arrive(environ)
        answer = self._repeats.find(environ, self._front.build)
        if answer is not None:
            self._observer.repeat(environ)
        else:
            answer = self._ask(environ)
        if answer is None:
            return self._app(environ, start_response)
        told = Told(answer.route, HTTPStatus.OK, answer.build or None, answer.size)
        start_response(_OK, [*answer.headers, *self._observer.leave(environ, told)])
        return [answer.content]

    def _ask(self, environ: WSGIEnvironment) -> Kept | None:
        """Return the answer to a plain query; None where the application has to answer."""
        request = sparql.plain_request(environ)
        if request is None:
            return None
        try:
            answer = self._front.answer(asked_by(environ, request))
        except Exception as error:  # noqa: BLE001 - the application tells of each, as of its own
            environ[ASKED] = partial(_raise, error)
            return None
        if not isinstance(answer.content, bytes):
            environ[ASKED] = lambda: answer
            return None
        is_kept = bool(answer.build) and is_repeatable(request.query)
        tag = entity_tag(request, answer.build) if is_kept else None
        sent = self._sent(environ, answer, tag)
        if tag:
            self._repeats.keep(environ, sent)
        return sent

    def _sent(self, environ: WSGIEnvironment, answer: Answer, tag: str | None) -> Kept:
        """Return a small answer as it is sent: compressed, where the client accepts that."""
        headers = [*self._lasting(answer.media_type), *headers_of(answer.build, tag)]
        coding = coding_for(environ) if is_worth_it(answer.size, answer.media_type) else None
        if coding:
            answer = coded(self._front.cache, answer, coding, tag)
            headers.append(("Content-Encoding", coding))
        headers.append(("Content-Length", str(answer.size)))
        return Kept(headers, answer.body, sparql.PATH, answer.build)

    def _lasting(self, media_type: str) -> list[tuple[str, str]]:
        """Return the headers that all answers of a media type have: what the hooks make of one."""
        if media_type not in self._headers:
            with self._flask.test_request_context(sparql.PATH):
                response = Response(mimetype=media_type, headers=[VARY])
                for change in (*sparql.HOOKS, *self._hooks):
                    response = change(response)
            del response.headers["Content-Length"]
            self._headers[media_type] = response.headers.to_wsgi_list()
        return self._headers[media_type]


def _raise(error: Exception) -> Never:
    raise error
