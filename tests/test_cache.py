"""Answers that are kept: which, how many, and for what."""

import tempfile
from dataclasses import replace

import pytest

from kg.engine import cache as module
from kg.engine.cache import Cache, is_repeatable, key_of
from kg.engine.requests import Answer, Request
from kg.formats import CSV, JSON, TURTLE

REQUEST = Request("SELECT ?s { ?s ?p ?o }", rows=JSON, graph=TURTLE)


def answer(size: int) -> Answer:
    """Return an answer of so many bytes."""
    return Answer(b"x" * size, "text/csv", "solutions", "build", size)


def test_what_was_put_is_found() -> None:
    """And nothing else."""
    cache = Cache(10_000)
    cache.put("a", answer(10))

    assert cache.get("a", Answer) == answer(10)
    assert cache.get("b", Answer) is None


def test_what_was_not_asked_for_the_longest_makes_way() -> None:
    """The bytes never pass the bound."""
    cache = Cache(9_000)
    for key in ("a", "b"):
        cache.put(key, answer(3_000))

    cache.get("a", Answer)
    cache.put("c", answer(3_000))

    assert [key for key in "abc" if cache.get(key, Answer)] == ["a", "c"]
    assert cache.bytes <= 9_000


def test_putting_again_counts_once() -> None:
    """The bytes are those of what is kept."""
    cache = Cache(9_000)
    cache.put("a", answer(1_000))
    before = cache.bytes

    cache.put("a", answer(1_000))

    assert (len(cache), cache.bytes) == (1, before)


def test_large_answers_and_files_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor anything where the cache has no bytes."""
    monkeypatch.setattr(module, "MOST_ANSWER_BYTES", 100)
    cache, none = Cache(9_000), Cache(0)

    cache.put("large", answer(101))
    none.put("small", answer(1))
    with tempfile.TemporaryFile() as file:
        cache.put("file", replace(answer(1), content=file))

    assert (len(cache), len(none)) == (0, 0)


@pytest.mark.parametrize(
    "other",
    [
        REQUEST._replace(query="ASK {}"),
        REQUEST._replace(rows=CSV),
        REQUEST._replace(graph=None),
        REQUEST._replace(default_graphs=("http://e/",)),
        REQUEST._replace(named_graphs=()),
        REQUEST._replace(is_own=True),
    ],
)
def test_another_question_has_another_key(other: Request) -> None:
    """So has another build."""
    assert key_of(other, "build") != key_of(REQUEST, "build")
    assert key_of(REQUEST, "other build") != key_of(REQUEST, "build")


def test_who_asks_and_how_long_one_waits_does_not_matter() -> None:
    """The answer is the same."""
    other = REQUEST._replace(timeout=3.0, is_reserved=True, address="192.0.2.1", id="x")

    assert key_of(other, "build") == key_of(REQUEST, "build")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { ?s ?p ?o }", True),
        ('SELECT ?now { ?s ?p "NOW()" } # RAND()', True),
        ("SELECT * { ?s <http://e/now> ?o ; now:uuid 3 }", True),
        ("SELECT (NOW() AS ?t) {}", False),
        ("SELECT (now # comment\n() AS ?t) {}", False),
        ("SELECT * { FILTER(?a<NOW()&&?b>1) }", False),
        ("SELECT (RAND() + UUID() AS ?t) {}", False),
        ("SELECT (STRUUID() AS ?t) {}", False),
        ("SELECT (BNODE() AS ?t) {}", False),
        ("SELECT ?s { ?s ?p 1 } # " + "x" * 10_000, True),
        ("SELECT ?s { ?s ?p 'now' } # " + "x" * 10_000, False),
    ],
)
def test_what_differs_each_time_is_known_by_its_tokens(query: str, *, expected: bool) -> None:
    """Names, strings and comments do not count."""
    assert is_repeatable(query) is expected
