"""Every error a person can cause or mend; anything else is a bug and crashes loudly.

KgError
├── SourceError               a file of the project is wrong: path, line, what to do
│   ├── SeedError             a seed or ontology file
│   └── SavedQueryError       a file in queries/
├── SavedQueryErrors          several files in queries/, each with its SavedQueryError
├── BuildError                the build cannot go on, or there is none
├── EvidenceError             a document does not bear out the claims made about it
├── ParameterError            a value given for a parameter does not fit
│   └── EntityError           a name that leads to no single thing
│       ├── EntityNotFound    to none; carries suggestions
│       ├── EntityAmbiguous   to several; carries the candidates
│       └── EntityOfOtherKind only to a thing of another class
└── QueryError                a query was not answered
    ├── QuerySyntaxError      it does not parse
    ├── QueryRefused          it asks for what this service does not do, or is too complex
    │   └── UnknownName       it names a thing of this graph that does not exist
    ├── QueryTimeout          it took longer than allowed
    ├── ResultTooLarge        its answer is larger than allowed
    ├── MemoryExceeded        it needed more memory than allowed
    ├── NotAcceptable         its answer has no form in the media types asked for
    └── EngineUnavailable     no worker could take it
        └── EngineBusy        all are at work on other queries
"""

from pathlib import Path


class KgError(Exception):
    """The root: a person can do something about it, and the message says what."""


class SourceError(KgError):
    """A file of the project is wrong."""

    def __init__(self, path: Path, line: int | None, problem: str) -> None:
        """Say where (`path`, `line` counted from 1 or None) and what to do (`problem`)."""
        super().__init__(f"{path}:{line}: {problem}" if line else f"{path}: {problem}")
        self.path = path
        self.line = line
        self.problem = problem


class SeedError(SourceError):
    """A seed or ontology file states something that cannot become a fact."""


class SavedQueryError(SourceError):
    """A saved query's header or text is wrong."""


class SavedQueryErrors(KgError):  # noqa: N818 - several of them
    """Several saved queries are wrong; `errors` holds one error a file."""

    def __init__(self, errors: tuple[SavedQueryError, ...]) -> None:
        """List all that is wrong, one a line."""
        listed = "".join(f"\n  {error}" for error in errors)
        count = "1 saved query is" if len(errors) == 1 else f"{len(errors)} saved queries are"
        super().__init__(f"{count} wrong:{listed}")
        self.errors = errors


class BuildError(KgError):
    """A build cannot be made, opened or switched to."""


class EvidenceError(KgError):
    """A document does not bear out the claims made about it."""


class ParameterError(KgError):
    """A value given for a parameter does not fit its type."""


class EntityError(ParameterError):
    """A name does not lead to exactly one thing."""


class EntityNotFound(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to nothing in the graph; `suggestions` are near names."""

    def __init__(self, name: str, kinds: str, suggestions: tuple[str, ...]) -> None:
        """Name what was asked for, among which kinds, and what is near."""
        hint = f"; did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else ""
        super().__init__(f"no {kinds} named {name!r}{hint}")
        self.name = name
        self.suggestions = suggestions


class EntityAmbiguous(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to several things; `candidates` are (label, IRI) pairs."""

    def __init__(self, name: str, candidates: tuple[tuple[str, str], ...]) -> None:
        """Name what was asked for and list what it could be."""
        listed = "".join(f"\n  {label}  <{iri}>" for label, iri in candidates)
        super().__init__(f"{name!r} can be several things; give the label or the IRI:{listed}")
        self.name = name
        self.candidates = candidates


class EntityOfOtherKind(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads only to something that is not in the classes asked for."""

    def __init__(self, name: str, found: str, wanted: str) -> None:
        """Name what was asked for, the class of what it is, and the classes it should be in."""
        super().__init__(f"{name!r} is in the graph, but as {found}, not as {wanted}")
        self.name = name


class QueryError(KgError):
    """A query was not answered."""


class QuerySyntaxError(QueryError):
    """A query does not parse; `line` and `column` count from 1 where known."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Say what the parser met, and where."""
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefused(QueryError):  # noqa: N818 - reads better where it is caught
    """A query asks for what this service does not do, or is too complex to try."""


class UnknownName(QueryRefused):
    """A SELECT names a thing or term of this graph that does not exist; suggestions in the text."""


class QueryTimeout(QueryError):  # noqa: N818 - reads better where it is caught
    """A query took longer than allowed."""


class ResultTooLarge(QueryError):  # noqa: N818 - reads better where it is caught
    """An answer is larger than allowed; it is never cut short."""


class MemoryExceeded(QueryError):  # noqa: N818 - reads better where it is caught
    """A query needed more memory than allowed."""


class NotAcceptable(QueryError):  # noqa: N818 - reads better where it is caught
    """An answer has no form in the media types asked for; the message lists those there are."""


class EngineUnavailable(QueryError):  # noqa: N818 - reads better where it is caught
    """No worker could take the query."""


class EngineBusy(EngineUnavailable):
    """Every worker is at work on another query; trying again helps."""
