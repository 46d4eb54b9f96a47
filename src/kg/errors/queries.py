"""Why a query was not answered."""

from typing import Final

from kg.errors.root import KgError


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


PASSING: Final = (BudgetSpent, EngineUnavailable)
"""What passes by itself: the same question may be answered later."""
