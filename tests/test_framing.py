"""What can be said of HTTP without a connection."""

import pytest

from kg.web.framing import seconds_to_wait


@pytest.mark.parametrize(
    ("sent", "elapsed", "expected"),
    [
        (0, 0, 30),
        (0, 10, 20),
        (2_000_000, 10, 30),
        (2_000_000, 100, 30),
        (2_000_000, 120, 10),
        (2_000_000, 130, 0.001),
        (2_000_000, 500, 0.001),
    ],
)
def test_a_client_must_keep_up(sent: int, elapsed: float, expected: float) -> None:
    """Two megabytes may take 100 seconds and one pause of 30; after that it is left."""
    assert seconds_to_wait(sent, elapsed, 30) == pytest.approx(expected)
