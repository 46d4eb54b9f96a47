"""What the documents show is what the program prints."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from kg.cli import COMMANDS
from kg.library import Build, Rows

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
WIDTH = "100"
SHOWN = re.compile(r"```sparql\n(?P<query>.*?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)
SESSION = re.compile(r"```console\n(?P<lines>.*?)```", re.DOTALL)


def run_kg(arguments: list[str], built: Build, text: str | None = None) -> str:
    """Return what `kg` prints, as a table of 100 columns."""
    command = [str(Path(sys.executable).parent / "kg"), *arguments, "--format", "table"]
    environ = {**os.environ, "COLUMNS": WIDTH, "KG_BUILDS": str(built._config.builds)}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, input=text, capture_output=True, text=True, check=True
    )
    return done.stdout


def shown_queries() -> list[tuple[str, str, str]]:
    """Every query with an answer below it: document, query, answer."""
    return [
        (path.name, found["query"], found["answer"])
        for path in DOCUMENTS
        for found in SHOWN.finditer(path.read_text())
    ]


def shown_commands() -> list[tuple[str, str, str]]:
    """Every `$ kg …` line of a console block: document, command, what stands below it."""
    return [
        (path.name, command, output)
        for path in DOCUMENTS
        for session in SESSION.finditer(path.read_text())
        for command, output in re.findall(
            r"^\$ (kg .*)\n((?:(?!\$ ).*\n)*)", session["lines"], re.MULTILINE
        )
    ]


@pytest.mark.parametrize(("document", "query", "answer"), shown_queries())
def test_a_shown_query_gives_the_shown_answer(
    document: str, query: str, answer: str, built: Build
) -> None:
    """The table below a query is what `kg query` prints for it."""
    assert run_kg(["query"], built, query) == answer, document


@pytest.mark.parametrize(
    ("document", "command", "output"), [c for c in shown_commands() if c[2].strip()]
)
def test_a_shown_command_prints_what_is_shown(
    document: str, command: str, output: str, built: Build
) -> None:
    """The lines below a command are what it prints on a terminal of 100 columns."""
    assert run_kg(shlex.split(command)[1:], built) == output, document


@pytest.mark.parametrize(("document", "command", "output"), shown_commands())
def test_a_shown_command_exists(document: str, command: str, output: str) -> None:
    """The command is one of `kg`, and a saved query that it names is in queries/."""
    words = shlex.split(command, comments=True)[1:]

    assert words[0] in COMMANDS, (document, output)
    assert words[0] != "run" or (ROOT / "queries" / f"{words[1]}.rq").is_file(), document


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    """A relative link names a file that exists."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_queries_without_an_answer_run_too(built: Build) -> None:
    """Every query in a document parses and answers."""
    for path in DOCUMENTS:
        for query in re.findall(r"```sparql\n(.*?)```", path.read_text(), re.DOTALL):
            built.query(query)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_claims_shown_are_those_of_the_seed(path: Path) -> None:
    """A `cl:` block in a document begins as the claim of that number does."""
    claims = (ROOT / "seeds/sources/000/claims.ttl").read_text("utf-8")
    shown = re.findall(
        r"^(cl:\d+ a dip:\w+ ;\n    dip:expresses \S+ ;)$", path.read_text(), re.MULTILINE
    )

    assert [head for head in shown if head not in claims] == []


def test_the_readme_counts_what_the_build_holds(built: Build) -> None:
    """Claims of the text, situations, and how many of them are accepted."""
    patterns = ("?x a dip:Claim", "?x dip:standing ?s", "?x dip:standing dipv:accepted")
    counts = [built.query(f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}") for pattern in patterns]
    numbers = [str(row["n"]) for rows in counts if isinstance(rows, Rows) for row in rows]

    sentence = "{} claims about {} situations, {} of them accepted"
    assert sentence.format(*numbers) in (ROOT / "README.md").read_text("utf-8")
