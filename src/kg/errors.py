"""Every error a person can cause or mend; anything else is a bug and crashes loudly.

KgError
├── SourceError               a file of the project is wrong: path, line, what to do
│   ├── SeedError             a seed or ontology file
│   └── SavedQueryError       a file in queries/
├── SavedQueryErrors          several files in queries/, each with its SavedQueryError
├── BuildError                the build cannot go on, or there is none
├── EvidenceError             a document does not bear out the claims made about it
├── ParameterError            a value given for a parameter does not fit
│   ├── BadEncoding           it is not UTF-8
│   ├── DuplicateParameter    it is given several times
│   ├── MissingQuery          there is no query
│   ├── OtherBuild            the address names a build that is not the one served
│   └── EntityError           a name that leads to no single thing
│       ├── EntityNotFound    to none; carries suggestions
│       ├── EntityAmbiguous   to several; carries the candidates
│       └── EntityOfOtherKind only to a thing of another class
└── QueryError                a query was not answered
    ├── QuerySyntaxError      it does not parse
    ├── QueryRefused          it asks for what this service does not do
    │   ├── QueryTooLarge     its text is longer than allowed
    │   ├── QueryTooComplex   it is nested too deeply, or has too many operators
    │   ├── ServiceDisabled   it calls another service
    │   ├── UnsupportedFunction   it calls a function that the engine does not have
    │   ├── UpdateRefused     it would change the graph
    │   └── UnknownName       it names a thing of this graph that does not exist
    ├── QueryTimeout          it took longer than allowed
    ├── QueryCancelled        whoever asked is gone, or an operator ended it
    ├── ResultTooLarge        its answer is larger than allowed
    ├── MemoryExceeded        it needed more memory than allowed
    ├── NotAcceptable         its answer has no form in the media types asked for
    │   └── NotRepresentable  the form asked for cannot hold this answer
    ├── BudgetSpent           the client has used up its share; carries when to come back
    ├── EngineUnavailable     no worker could take it
    │   └── EngineBusy        all are at work on other queries
    └── BackendError          the remote engine did not answer as the standard says
        ├── BackendUnreachable    it cannot be reached
        ├── BackendTooLarge   its answer is larger than allowed
        └── PartialResult     its answer is cut short, and it says so

Each has a `code`, which stays the same when the words of its message change.
"""

from pathlib import Path
from typing import ClassVar


class KgError(Exception):
    """The root: a person can do something about it, and the message says what."""

    code: ClassVar[str] = "error"
    """What programs tell errors apart by."""


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

    code = "build_error"


class EvidenceError(KgError):
    """A document does not bear out the claims made about it."""


class ParameterError(KgError):
    """A value given for a parameter does not fit its type."""

    code = "bad_parameter"


class BadEncoding(ParameterError):  # noqa: N818 - reads better where it is caught
    """A value is not UTF-8."""

    code = "bad_encoding"


class DuplicateParameter(ParameterError):  # noqa: N818 - reads better where it is caught
    """A parameter that has one value is given several times."""

    code = "duplicate_parameter"


class MissingQuery(ParameterError):  # noqa: N818 - reads better where it is caught
    """A request to the endpoint holds no query."""

    code = "missing_query"


class OtherBuild(ParameterError):  # noqa: N818 - reads better where it is caught
    """An address names the build to ask, and another one is served."""

    code = "other_build"


class EntityError(ParameterError):
    """A name does not lead to exactly one thing."""


class EntityNotFound(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to nothing in the graph; `suggestions` are near names."""

    code = "entity_not_found"

    def __init__(self, name: str, kinds: str, suggestions: tuple[str, ...]) -> None:
        """Name what was asked for, among which kinds, and what is near."""
        hint = f"; did you mean {' or '.join(map(repr, suggestions))}?" if suggestions else ""
        super().__init__(f"no {kinds} named {name!r}{hint}")
        self.name = name
        self.suggestions = suggestions


class EntityAmbiguous(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads to several things; `candidates` are (label, IRI) pairs."""

    code = "entity_ambiguous"

    def __init__(self, name: str, candidates: tuple[tuple[str, str], ...]) -> None:
        """Name what was asked for and list what it could be."""
        listed = "".join(f"\n  {label}  <{iri}>" for label, iri in candidates)
        super().__init__(f"{name!r} can be several things; give the label or the IRI:{listed}")
        self.name = name
        self.candidates = candidates


class EntityOfOtherKind(EntityError):  # noqa: N818 - reads better where it is caught
    """A name leads only to something that is not in the classes asked for."""

    code = "entity_of_other_kind"

    def __init__(self, name: str, found: str, wanted: str) -> None:
        """Name what was asked for, the class of what it is, and the classes it should be in."""
        super().__init__(f"{name!r} is in the graph, but as {found}, not as {wanted}")
        self.name = name


class QueryError(KgError):
    """A query was not answered."""

    code = "query_error"


class QuerySyntaxError(QueryError):
    """A query does not parse; `line` and `column` count from 1 where known."""

    code = "syntax_error"

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        """Say what the parser met, and where."""
        super().__init__(message)
        self.line = line
        self.column = column


class QueryRefused(QueryError):  # noqa: N818 - reads better where it is caught
    """A query asks for what this service does not do, or is too complex to try."""

    code = "query_refused"


class QueryTooLarge(QueryRefused):
    """A query's text is longer than allowed."""

    code = "query_too_large"


class QueryTooComplex(QueryRefused):
    """A query is nested too deeply, or has too many operators, for the engine to try it."""

    code = "query_too_complex"


class ServiceDisabled(QueryRefused):
    """A query calls another service, and this one contacts none."""

    code = "service_disabled"


class UnsupportedFunction(QueryRefused):
    """A query calls a function that the engine does not have."""

    code = "unsupported_function"


class UpdateRefused(QueryRefused):
    """A text would change the graph, which changes through its files only."""

    code = "update_refused"


class UnknownName(QueryRefused):
    """A SELECT names a thing or term of this graph that does not exist; suggestions in the text."""

    code = "unknown_name"


class QueryTimeout(QueryError):  # noqa: N818 - reads better where it is caught
    """A query took longer than allowed."""

    code = "timeout"


class QueryCancelled(QueryError):  # noqa: N818 - reads better where it is caught
    """Whoever asked is gone, or an operator ended the query."""

    code = "cancelled"


class ResultTooLarge(QueryError):  # noqa: N818 - reads better where it is caught
    """An answer is larger than allowed; it is never cut short."""

    code = "result_too_large"


class MemoryExceeded(QueryError):  # noqa: N818 - reads better where it is caught
    """A query needed more memory than allowed."""

    code = "memory_limit"


class NotAcceptable(QueryError):  # noqa: N818 - reads better where it is caught
    """An answer has no form in the media types asked for; the message lists those there are."""

    code = "not_acceptable"


class NotRepresentable(NotAcceptable):
    """The form asked for cannot hold this answer: XML has no control characters."""

    code = "not_representable"


class BudgetSpent(QueryError):  # noqa: N818 - reads better where it is caught
    """A client has used up its share of the service; `seconds` until it has some again."""

    code = "too_many_requests"

    def __init__(self, message: str, seconds: int) -> None:
        """Say what is used up, and after how many seconds to come back."""
        super().__init__(message)
        self.seconds = seconds


class EngineUnavailable(QueryError):  # noqa: N818 - reads better where it is caught
    """No worker could take the query."""

    code = "store_unavailable"


class EngineBusy(EngineUnavailable):
    """Every worker is at work on another query; trying again helps."""

    code = "busy"


class BackendError(QueryError):
    """The remote engine did not answer as the standard says."""

    code = "backend_bad_answer"


class BackendUnreachable(BackendError):  # noqa: N818 - reads better where it is caught
    """The remote engine cannot be reached."""

    code = "backend_unreachable"


class BackendTooLarge(BackendError):  # noqa: N818 - reads better where it is caught
    """The answer of the remote engine is larger than allowed."""

    code = "backend_too_large"


class PartialResult(BackendError):  # noqa: N818 - reads better where it is caught
    """The remote engine says that it has left out a part of the answer."""

    code = "partial_result"
