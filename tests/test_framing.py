"""What can be said of HTTP without a connection."""

import io

import pytest

from kg.web.framing import RequestError, key_of, read_header, seconds_to_wait


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


def test_a_header_is_read_up_to_the_empty_line() -> None:
    """Names keep their case and are found in any; the white space around a value is not of it."""
    rfile = io.BytesIO(b"Host:x\r\nAccept: \t a:b \nhost: \xe9\r\n\r\nbody")

    header = read_header(rfile, 100)

    assert header.fields == [("Host", "x"), ("Accept", "a:b"), ("host", "\xe9")]
    assert (header.get("HOST"), header.get("none"), header.get_all("host")) == (
        "x",
        None,
        ["x", "\xe9"],
    )
    assert rfile.read() == b"body"


def test_a_header_may_be_as_long_as_allowed() -> None:
    """A hundred fields, and all bytes up to the last of the empty line."""
    assert len(read_header(io.BytesIO(b"A: b\r\n" * 100 + b"\r\n"), 602).fields) == 100


@pytest.mark.parametrize(("fields", "most"), [(100, 601), (101, 10_000)])
def test_a_longer_header_is_refused(fields: int, most: int) -> None:
    """By its bytes, and by its fields."""
    with pytest.raises(RequestError, match="too long, or has too many lines"):
        read_header(io.BytesIO(b"A: b\r\n" * fields + b"\r\n"), most)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Accept", "HTTP_ACCEPT"),
        ("x-Forwarded-for", "HTTP_X_FORWARDED_FOR"),
        ("X_Forwarded_For", None),
        ("Content-Type", None),
        ("content-length", None),
    ],
)
def test_no_field_passes_for_another(name: str, key: str | None) -> None:
    """An underscore would: a client could say what only a proxy may."""
    assert key_of(name) == key
