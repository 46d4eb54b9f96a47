"""/: what this is, things to try, and what there is, in numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import flask
from flask import Blueprint, Response

from kg import overview
from kg.vocab import shorten
from kg.web import answers, pages
from kg.web.paging import with_values
from kg.web.parameters import address
from kg.web.services import services


@dataclass(frozen=True)
class Try:
    """A question to try: what its answer tells, and the saved query that gives it."""

    question: str
    note: str
    query: str
    given: Mapping[str, str]

    @property
    def url(self) -> str:
        """Where the answer is."""
        return with_values(flask.url_for("queries.answer", name=self.query), self.given)


_AMBASSADORS: Final = (
    "Who has named an ambassador to whom, and who says so?",
    "Facts first, then plans and possibilities. Named does not mean in post.",
    "ambassador-designations",
)
_ANNOUNCED: Final = (
    "What is only announced?",
    "What somebody has announced or is said to plan, and when. No row is a fact.",
    "announced-acts",
)
_EVIDENCE: Final = (
    "Who says so, and where does it stand in the text?",
    "The claims behind one contested act: speaker, wording, paragraph and position of each.",
    "evidence",
)
_OPEN: Final = (
    "What is not known?",
    "What readers will ask and the text leaves open: neither yes nor no.",
    "open-questions",
)
ASKED: Final[Mapping[str, str]] = {
    query: question for question, _, query in (_AMBASSADORS, _ANNOUNCED, _EVIDENCE, _OPEN)
}
"""The questions to try, by the saved query that answers each."""

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> Response:
    """Return the home page."""
    engine = answers.Asking()
    return pages.respond(
        "home.html",
        tries=_tries(engine),
        standings=overview.read_standings(engine),
        classes=overview.read_classes(engine),
        source=overview.read_newest_source(engine),
        endpoint=address(flask.url_for("sparql.get")),
    )


def _tries(engine: answers.Asking) -> list[Try]:
    """Return what to try, as far as the project has the saved queries and the graph an example."""
    example = overview.read_most_claimed(engine)
    tries = [Try(*_AMBASSADORS, {}), Try(*_ANNOUNCED, {})]
    if example:
        tries.append(Try(*_EVIDENCE, {"situation": shorten(example.iri)}))
    tries.append(Try(*_OPEN, {}))
    known = services().saved_queries
    return [each for each in tries if each.query in known]
