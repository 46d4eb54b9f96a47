"""What a request means to a worker: the question, the time it has, and who waits for the answer."""

from kg.config import Config
from kg.engine.channel import Question
from kg.engine.guard import check_size
from kg.engine.requests import Client, Request


def question_of(request: Request, config: Config) -> Question:
    """Return what a worker is asked.

    Raises QueryTooLarge and BadEncoding: what is wrong with a text by itself is known at once.
    """
    query = request.query.removeprefix("\ufeff")
    check_size(query, config.query_bytes)
    return Question(
        query,
        None if request.rows is None else request.rows.media_type,
        None if request.graph is None else request.graph.media_type,
        None if request.default_graphs is None else list(request.default_graphs),
        None if request.named_graphs is None else list(request.named_graphs),
        request.is_own,
    )


def seconds_of(request: Request, config: Config) -> float:
    """Return how long the query may take: what the request says, but no more than allowed."""
    return min(request.timeout or config.query_timeout, config.query_timeout)


def clients_of(request: Request) -> tuple[Client, ...]:
    """Return those whose leaving ends the query."""
    return request.clients
