"""How to use a saved query's answer elsewhere: commands and code that get it, how to cite it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from shlex import quote

from kg.catalogue.about import CREATOR, ISSUED, LICENSE, TITLE
from kg.saved_queries import Param, SavedQuery
from kg.vocab import spell_out


@dataclass(frozen=True)
class Snippet:
    """Code that gets the answer; `name` says in what, `id` is for the page."""

    id: str
    name: str
    code: str


def make_snippets(
    saved: SavedQuery, given: Mapping[str, str], urls: Mapping[str, str]
) -> list[Snippet]:
    """Return how to get the answer on a command line and in code; `urls` are absolute, by format.

    Each piece runs as it stands.
    """
    wanted = urls.get("csv", urls.get("ttl", ""))
    return [
        Snippet("curl", "curl", f"curl --fail --silent --show-error {quote(wanted)}"),
        Snippet("python", "Python", _python(saved, urls)),
        Snippet("r", "R", _in_r(saved, urls)),
        Snippet("kg", "Command line of this project", _command(saved, given)),
    ]


def citation(saved: SavedQuery, given: Mapping[str, str], build: str, permalink: str) -> str:
    """Return how to cite the answer: the question, its values, the dataset, the build, where."""
    labels = {param.name: param.label for param in saved.params}
    asked = "; ".join(f"{labels[name]}: {value}" for name, value in given.items())
    about = f"“{saved.title}”" + (f" ({asked})" if asked else "")
    dataset = f"{TITLE}, version {version('diplomacy-kg')}"
    return (
        f"{CREATOR} ({ISSUED[:4]}): {about}. Answer of {dataset}, build {build or 'not known'}. "
        f"{permalink} (accessed on …). Licence of the data: {LICENSE}"
    )


def _python(saved: SavedQuery, urls: Mapping[str, str]) -> str:
    """Return code for pandas, or for Python alone where the answer is no table.

    A URL has no quotation marks and nothing beyond ASCII, so JSON writes it as Python does.
    """
    if saved.form == "SELECT":
        return (
            "import pandas as pd\n\n"
            f"rows = pd.read_csv(\n    {json.dumps(urls['csv'])}\n)\nprint(rows)"
        )
    wanted = urls["json"] if saved.form == "ASK" else urls["ttl"]
    read = 'json.load(answer)["boolean"]' if saved.form == "ASK" else "answer.read().decode()"
    imports = "import json\n" if saved.form == "ASK" else ""
    return (
        f"{imports}from urllib.request import urlopen\n\n"
        f"with urlopen(\n    {json.dumps(wanted)}\n) as answer:\n    print({read})"
    )


def _in_r(saved: SavedQuery, urls: Mapping[str, str]) -> str:
    if saved.form == "SELECT":
        options = 'check.names = FALSE, encoding = "UTF-8"'
        return f"rows <- read.csv(\n  {json.dumps(urls['csv'])},\n  {options}\n)\nprint(rows)"
    wanted = urls["csv"] if saved.form == "ASK" else urls["ttl"]
    return f'lines <- readLines(\n  {json.dumps(wanted)},\n  encoding = "UTF-8"\n)\nprint(lines)'


def _command(saved: SavedQuery, given: Mapping[str, str]) -> str:
    options = [_option(param, given[param.name]) for param in saved.params if param.name in given]
    return " ".join(["kg run", saved.name, *options])


def _option(param: Param, value: str) -> str:
    """Return an option with its value; one that begins with a dash is not taken for another."""
    flag = f"--{spell_out(param.name).replace(' ', '-')}"
    return f"{flag}={quote(value)}" if value.startswith("-") else f"{flag} {quote(value)}"
