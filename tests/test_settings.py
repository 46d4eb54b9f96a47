"""The table in docs/settings.md says what the code says; run this file to write it anew."""

import dataclasses
from pathlib import Path
from typing import Any, Final

import pytest

from kg.config import GIB, KIB, MIB, SETTINGS, Config, Setting, read_config
from kg.errors import SettingError

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "settings.md"
HEAD: Final = """\
| variable | default | least | most | meaning |
|---|---|---|---|---|
"""


def table() -> str:
    """Return the table of all numbers."""
    defaults = {each.name: each.default for each in dataclasses.fields(Config)}
    return HEAD + "".join(row(each, defaults[name]) for name, each in SETTINGS.items())


def row(setting: Setting, default: Any) -> str:  # noqa: ANN401 - as dataclasses give it
    """Return the line about one setting."""
    values = (shown(each, setting.unit) for each in (default, setting.least, setting.most))
    return f"| `{setting.variable}` | {' | '.join(values)} | {setting.meaning} |\n"


def shown(value: float, unit: str) -> str:
    """Return a number with its unit; round sizes in larger ones."""
    for size, name in ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if unit == "bytes" and value and value % size == 0:
            return f"{int(value // size)} {name}"
    number = f"{value:,.10g}".replace(",", " ")
    return f"{number} {unit}".rstrip()


def test_the_table_lists_every_number_as_the_code_has_it() -> None:
    """Name, default, bounds, meaning."""
    assert DOCUMENT.read_text("utf-8").endswith("\n\n" + table())


def test_every_variable_that_is_read_is_in_the_document() -> None:
    """Also those that are no numbers."""
    read: set[str] = set()

    class Environment(dict[str, str]):
        """Notes what is asked for."""

        def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
            read.add(key)
            return super().get(key, default)

    read_config(Environment(), DOCUMENT.parent)

    assert len(read) >= 5
    assert {name for name in read if f"`{name}`" not in DOCUMENT.read_text("utf-8")} == set()


@pytest.mark.parametrize("beside", ["/kg", "/kg/", "/?a=b", "#x"])
def test_the_public_address_has_no_path(beside: str) -> None:
    """Pages link from the root of a host; below a path their links would lead elsewhere."""
    with pytest.raises(SettingError, match=r"KG_PUBLIC_URL has .* host: give the service one of"):
        read_config({"KG_PUBLIC_URL": f"https://x.example{beside}"}, DOCUMENT.parent)

    config = read_config({"KG_PUBLIC_URL": "https://x.example:8443/"}, DOCUMENT.parent)
    assert config.public_url == "https://x.example:8443"


def test_the_public_address_names_no_user() -> None:
    """Every link would tell the password; the message does not."""
    with pytest.raises(SettingError) as caught:
        read_config({"KG_PUBLIC_URL": "https://me:secret@x.example"}, DOCUMENT.parent)

    assert "secret" not in str(caught.value)


if __name__ == "__main__":
    text = DOCUMENT.read_text("utf-8")
    DOCUMENT.write_text(text[: text.index(HEAD)] + table(), "utf-8")
