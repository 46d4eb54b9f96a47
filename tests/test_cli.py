"""The command line as a person meets it: what is printed where, and with which exit code."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import COMMANDS, EXIT_CODES, cli, exit_code
from kg.config import Config
from kg.errors import KgError
from kg.library import Build
from kg.vocab import BASE
from small_world import BROKEN, SMALL_HASH, UPGRADE_LABEL, write_project

KG = [sys.executable, "-c", "from kg.cli import main; main()"]
SLOW = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
MANY = "SELECT ?a ?b ?c ?d WHERE { ?a ?p ?b . ?c ?q ?d } ORDER BY ?a"
STATES_WITH_LABELS = """SELECT ?state ?stateLabel
  WHERE { ?state a dip:State ; rdfs:label ?stateLabel } ORDER BY ?stateLabel"""
STATES = "SELECT ?s WHERE { ?s a dip:State } ORDER BY ?s"
KINDS = """\
#+ title = "Things of a kind"
#+ description = "Of one kind."
#+ [params.kind]
#+ type = "enum"
#+ label = "Kind"
#+ values = ["dip:Meeting", "dip:DiplomaticMission"]
#+ example = "Meeting"

PREFIX dip: <https://w3id.org/diplomacy-kg/ontology#>

SELECT ?x
WHERE {
  ?x a ?kind .
}
ORDER BY ?x
"""


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The settings of the small project."""
    return write_project(tmp_path_factory.mktemp("world") / "project")


@pytest.fixture(autouse=True)
def _inside(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work inside the small project, with no settings from outside."""
    monkeypatch.chdir(config.root)
    for name in [name for name in os.environ if name.startswith("KG_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def broken(config: Config) -> Iterator[Path]:
    """A saved query with a typo in its header, as long as the test runs."""
    path = config.root / "queries" / "broken.rq"
    path.write_text(BROKEN)
    yield path
    path.unlink()


def kg(*arguments: str, text: str | None = None) -> Result:
    """Run a command in this process; what it raises is in the result."""
    return CliRunner().invoke(cli, arguments, input=text, standalone_mode=False)


def run_kg(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command as a program."""
    return subprocess.run(
        [*KG, *arguments], input=text, capture_output=True, text=True, check=False, timeout=60
    )


def run_on_terminal(*arguments: str, columns: int) -> str:
    """Return what a command shows on a terminal so many columns wide, without its bold type."""
    parent, child = pty.openpty()
    environ = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm"}
    with subprocess.Popen(
        [*KG, *arguments], stdout=child, stderr=subprocess.DEVNULL, env=environ
    ) as process:
        os.close(child)
        shown = b"".join(iter(lambda: _read(parent), b""))
        assert process.wait(timeout=30) == 0
    os.close(parent)
    return re.sub(r"\x1b\[[012]m", "", shown.decode().replace("\r\n", "\n"))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # how Linux says that the other end is closed
        return b""


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_with_examples(name: str) -> None:
    """Without a project or a build."""
    shown = kg(name, "--help")

    assert shown.exit_code == 0
    assert f"kg {name}" in shown.output.split("Example", 1)[1]


def test_examples_name_queries_that_there_are() -> None:
    """In the help of every command."""
    texts = [kg(*arguments).output for arguments in (["--help"], ["run", "--help"])]
    texts.append(kg("queries", "--help").output)

    named = {name for text in texts for name in re.findall(r"kg (?:run|queries) ([a-z]\S+)", text)}

    known = {path.stem for path in (Path(__file__).parents[1] / "queries").glob("*.rq")}
    assert named
    assert named - known == set()


def test_the_things_in_the_help_of_show_are_in_the_graph(built: Build) -> None:
    """By the names that the examples give them."""
    examples = kg("show", "--help").output.split("Examples:")[1]
    things = re.findall(r'kg show (?:"([^"]+)"|(\S+))', examples)

    assert len(things) == 4
    for quoted, bare in things:
        assert built.describe(quoted or bare)


def test_messages_of_the_ontology_name_commands_that_there_are() -> None:
    """What a curator is sent to must exist."""
    files = [
        path
        for ending in ("ttl", "rq")
        for path in (Path(__file__).parents[1] / "ontology").rglob(f"*.{ending}")
    ]

    named = {
        name for path in files for name in re.findall(r"(?<![\w-])kg ([a-z]+)", path.read_text())
    }

    assert "verify" in named
    assert named - COMMANDS.keys() == set()


def test_the_exit_codes_are_documented() -> None:
    """Every code that an error has is in the help."""
    text = kg("--help").output

    assert {str(code) for _, code in EXIT_CODES} <= set(text.split("Exit codes:")[1].split())
    assert exit_code(KgError("")) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["query", "SELECT ?s WHERE {"], 3, "line 1, column 18"),
        (["query", "SELECT ?s WHERE { SERVICE <http://e.org/> { ?s ?p ?o } }"], 3, "SERVICE"),
        (["query", SLOW, "--timeout", "0.2"], 4, "longer than 0.2 s"),
        (["query", "ASK {}", "--format", "ttl"], 2, "not as ttl"),
        (["query", "ASK {}", "--file", "nothing.rq"], 2, "nothing.rq"),
        (["query", "@nothing.rq"], 2, "cannot read nothing.rq"),
        (["query", "ASK {}", "-o", "nowhere/x.csv"], 1, "cannot write nowhere/x.csv"),
        (["run", "concernig"], 2, "no saved query 'concernig'; did you mean concerning?"),
        (["run", "concerning"], 2, "a value is needed for party (Party), such as 'Pakistan'"),
        (["run", "concerning", "--party", "Atlantis"], 1, "no state or government named"),
        (["run", "concerning", "--party", "PAK", "--as-of", "2025"], 2, "give a day"),
        (["run", "concerning", "--parti", "PAK"], 2, "--parti"),
        (["show", "Movement"], 1, "can be several things"),
        (["nothing"], 2, "nothing"),
        (["--root", "/nonexistent", "query", "ASK {}"], 5, "no project at /nonexistent"),
        (["query", STATES, "-f", "json", "-o", "x.csv"], 2, "does not go with the name of x.csv"),
        (["query", STATES, "-f", "table", "-o", "x.csv"], 2, "does not go with the name of x.csv"),
        (["show", "PAK", "-f", "text", "-o", "x.nt"], 2, "does not go with the name of x.nt"),
        (["show", "PAK", "-o", "x.csv"], 2, "csv holds no graph"),
        (["export", "-o", "x.csv"], 2, "csv holds no graph"),
        (["export", "-f", "nq", "-o", "x.trig"], 2, "does not go with the name of x.trig"),
        (["query", "ASK {}", "--timeout", "nan"], 2, "nan is not more than 0 and at most"),
        (["query", "ASK {}", "--timeout", "inf"], 2, "inf is not more than 0 and at most"),
        (["query", "ASK {}", "--timeout", "3000000"], 2, "at most 86400"),
        (["query", "ASK {}", "--timeout", "0"], 2, "is not more than 0"),
        (["export", "--format", "ttl"], 2, "ttl holds one graph"),
        (["verify", "queries/concerning.rq", "--find", "no such words"], 1, "is not in"),
    ],
)
def test_an_error_is_one_message_and_an_exit_code(
    arguments: list[str], code: int, message: str
) -> None:
    """On standard error; standard output stays empty, and no trace is shown."""
    done = run_kg(*arguments)

    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith("kg: error: ")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_project_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the names of commands would come from the project."""
    monkeypatch.chdir(tmp_path)

    done = run_kg("run", "concerning")

    assert (done.returncode, done.stdout) == (5, "")
    assert "run inside a checkout, or set KG_ROOT" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("KG_ROOT", "/", "no project at /: it has no ontology/diplomacy.ttl"),
        ("KG_QUERY_TIMEOUT", "nan", "must be from 0.001 to 86400 s"),
        ("KG_QUERY_TIMEOUT", "inf", "must be from 0.001 to 86400 s"),
        ("KG_QUERY_TIMEOUT", "3000000", "must be from 0.001 to 86400 s"),
        ("KG_QUERY_TIMEOUT", "soon", "is not a number"),
        ("KG_WORKERS", "nan", "is not a whole number"),
        ("KG_WORKERS", "inf", "is not a whole number"),
        ("KG_WORKERS", "0.5", "is not a whole number"),
        ("KG_WORKERS", "0", "must be from 1 to"),
        ("KG_BUILDS", "/dev/null", "there is no build in /dev/null"),
    ],
)
def test_a_setting_that_cannot_be_is_told(
    name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is done."""
    monkeypatch.setenv(name, value)

    done = run_kg("query", "ASK {}")

    assert (done.returncode, done.stdout) == (5, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_on_standard_input_is_utf_8() -> None:
    """What is not is told."""
    done = subprocess.run([*KG, "query"], input=b"ASK {} # \xff", capture_output=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith(b"kg: error: standard input is not UTF-8")


def test_queries_lists_what_each_takes() -> None:
    """Required parameters bare, others in brackets."""
    shown = kg("queries").output

    assert "concerning  --party NAME [--standing WORD] [--as-of DATE]" in shown
    assert "Situations that concern a party" in shown


def test_a_broken_query_is_loud_and_hides_no_other(broken: Path) -> None:
    """The list shows the others, says what is wrong, and fails; the others can be run."""
    listed = run_kg("queries")
    refused = run_kg("run", "broken", "--whatever", "x")
    answered = run_kg("run", "concerning", "--party", "PAK")

    for done in (listed, refused):
        assert done.returncode == 1
        assert f"{broken}:2: unknown key 'descripton'; did you mean description?" in done.stderr
    assert "concerning" in listed.stdout
    assert answered.returncode == 0
    assert "(broken; kg queries says why)" in run_kg("run", "--help").stdout


def test_queries_shows_one_as_it_stands(config: Config) -> None:
    """The file itself, which runs in any tool."""
    shown = kg("queries", "concerning").output

    assert shown == (config.root / "queries" / "concerning.rq").read_text()


def test_run_explains_a_query() -> None:
    """Title, description, parameters with their kind, and an example that works."""
    shown = kg("run", "concerning", "--help").output

    assert "Situations that concern a party" in shown
    assert "What the graph holds about a state or government" in shown
    assert "--as-of, --asOf DATE" in shown
    assert "one of accepted" in shown
    example = shown.split("Example:")[1].split()
    assert example == ["kg", "run", "concerning", "--party", "Pakistan"]
    assert kg(*example[1:]).exit_code == 0


def test_run_answers_in_a_pipe_with_tsv() -> None:
    """Whole IRIs and literals, nothing else."""
    done = run_kg("run", "concerning", "--party", "the pakistan", "--standing", "announced")

    header, row = done.stdout.splitlines()
    assert header == "?situation\t?standing\t?label\t?day"
    assert row.split("\t")[0] == f"<{BASE}id/situation/upgrade>"
    assert done.stderr == ""


def test_a_wide_terminal_shows_a_table() -> None:
    """Things by their labels, but by their names where the label stands beside them."""
    shown = run_on_terminal("run", "concerning", "--party", "PAK", columns=140)

    header, _, *rows = shown.splitlines()
    assert header.split() == ["situation", "standing", "label", "day"]
    assert rows[0].startswith("situation:meeting")
    assert "accepted" in rows[0]
    assert UPGRADE_LABEL in rows[1]


def test_a_label_stands_for_its_thing_in_a_table() -> None:
    """A column whose label has a column of its own is left out, and only in tables."""
    shown = run_kg("query", STATES_WITH_LABELS, "-f", "table").stdout
    written = run_kg("query", STATES_WITH_LABELS, "-f", "csv").stdout

    assert shown.split()[0] == "state"
    assert "state:" not in shown
    assert written.startswith("state,stateLabel")


def test_a_narrow_terminal_shows_lines_and_cuts_nothing() -> None:
    """Each row is a block of lines."""
    shown = run_on_terminal("run", "concerning", "--party", "PAK", columns=40)

    assert max(map(len, shown.splitlines())) <= 40
    words = [word for line in shown.splitlines() for word in line.split()]
    assert " ".join(UPGRADE_LABEL.split()) in " ".join(words)
    assert "\N{HORIZONTAL ELLIPSIS}" not in shown


@pytest.mark.parametrize("arguments", [("run", "concerning", "--party", "PAK"), ("show", "PAK")])
def test_a_terminal_is_never_given_commands_from_the_data(arguments: tuple[str, ...]) -> None:
    """A label with an escape sequence shows a mark in its place."""
    shown = run_on_terminal(*arguments, columns=140)

    assert "Meeting \N{REPLACEMENT CHARACTER}[31mof two" in shown
    assert "\x1b[31m" not in shown


def test_an_empty_table_says_that_it_means_not_known() -> None:
    """On standard error: the answer itself is empty."""
    done = run_kg("query", "SELECT ?s WHERE { ?s a dip:Nothing } ORDER BY ?s", "-f", "table")

    assert "not known" in done.stderr
    assert "not known" not in done.stdout


@pytest.mark.parametrize(
    ("format_name", "start"),
    [
        ("csv", "s\r\nhttps://"),
        ("tsv", "?s\n<https://"),
        ("json", '{"head"'),
        ("xml", "<?xml"),
        ("table", "s\n"),
    ],
)
def test_rows_come_in_every_format(format_name: str, start: str) -> None:
    """In a pipe to the byte as over HTTP: no line break is added."""
    done = subprocess.run(
        [*KG, "query", STATES, "--format", format_name], capture_output=True, check=True
    )

    assert done.stdout.decode().startswith(start)
    assert done.stdout.endswith(b"\n") == (format_name not in ("json", "xml"))


def test_a_terminal_gets_a_line_break_after_every_answer() -> None:
    """So that the next prompt begins a line."""
    assert run_on_terminal("query", STATES, "-f", "json", columns=80).endswith("}\n")


@pytest.mark.parametrize("format_name", ["ttl", "nt", "nq", "trig", "jsonld", "rdfxml"])
def test_graphs_come_in_every_format(format_name: str) -> None:
    """From CONSTRUCT, and from show."""
    query = "CONSTRUCT { ?s a dip:State } WHERE { ?s a dip:State }"

    for arguments in (("query", query), ("show", "Austria")):
        done = run_kg(*arguments, "--format", format_name)
        assert done.returncode == 0
        assert BASE in done.stdout


def test_a_query_is_read_from_a_file_or_standard_input(tmp_path: Path) -> None:
    """Four ways to say the same."""
    file = tmp_path / "states.rq"
    file.write_text(STATES)

    ways = [
        run_kg("query", STATES),
        run_kg("query", f"@{file}"),
        run_kg("query", "--file", str(file)),
        run_kg("query", text=STATES),
    ]

    assert len({way.stdout for way in ways}) == 1
    assert ways[0].stdout.count("\n") == 5


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """A query that fails leaves the file as it was; its ending chooses the format."""
    file = tmp_path / "states.csv"
    file.write_text("as it was")
    file.chmod(0o640)

    assert run_kg("query", SLOW, "--timeout", "0.2", "-o", str(file)).returncode == 4
    assert file.read_text() == "as it was"
    done = run_kg("query", STATES, "-o", str(file))

    assert (done.returncode, done.stdout) == (0, "")
    assert file.read_text().splitlines()[0] == "s"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    """And nothing beside it; a limit on the size of files stands for the disk."""
    file = tmp_path / "many.csv"
    file.write_text("as it was")
    limited = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *KG]

    done = subprocess.run(
        [*limited, "query", f"{MANY} LIMIT 2000", "-o", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert f"cannot write {file}" in done.stderr
    assert file.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    """A pipe stays a pipe, and its reader gets the answer."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with subprocess.Popen([*KG, "query", STATES, "-o", str(pipe)]) as process:
        received = pipe.read_text()
        assert process.wait(timeout=30) == 0

    assert received.startswith("?s\n")
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_is_written_to_and_not_replaced(tmp_path: Path, name: str) -> None:
    """As a pipe, and as a file that holds something already."""
    piped = run_kg("query", STATES, "-o", name)
    file = tmp_path / "log"
    file.write_text("as it was\n")
    with file.open("a") as log:
        subprocess.run([*KG, "query", STATES, "-o", name], stdout=log, check=True)

    assert piped.stdout.startswith("?s\n")
    assert file.read_text() == "as it was\n" + piped.stdout


def test_a_process_that_takes_the_output_gets_it() -> None:
    """The shell gives it the name of a pipe under /dev/fd."""
    reading, writing = os.pipe()
    command = [*KG, "query", STATES, "-o", f"/dev/fd/{writing}"]

    subprocess.run(command, pass_fds=[writing], check=True)
    os.close(writing)

    with os.fdopen(reading) as pipe:
        assert pipe.read().startswith("?s\n")


@pytest.mark.parametrize(
    ("arguments", "ending", "start"),
    [
        (("query", STATES), "srj", '{"head"'),
        (("query", STATES), "json", '{"head"'),
        (("query", STATES), "srx", "<?xml"),
        (("query", STATES), "tsv", "?s\n"),
        (("query", "CONSTRUCT WHERE { ?s a dip:State }"), "nt", "<http"),
        (("query", "CONSTRUCT WHERE { ?s a dip:State }"), "jsonld", "["),
        (("show", "PAK"), "nt", "<http"),
        (("show", "PAK"), "ttl", "@prefix"),
        (("export",), "trig", "@prefix"),
        (("export",), "nq", "<http"),
        (("export", "-g", "registry"), "nt", "<http"),
        (("export", "-g", "registry"), "rdf", "<?xml"),
    ],
)
def test_the_ending_of_a_file_chooses_the_format(
    tmp_path: Path, arguments: tuple[str, ...], ending: str, start: str
) -> None:
    """In every command that writes one."""
    file = tmp_path / f"answer.{ending}"

    assert run_kg(*arguments, "-o", str(file)).returncode == 0

    assert file.read_text().startswith(start)


def test_show_reads_like_a_page() -> None:
    """The standing first, what is quoted under its own title, then who said it and how."""
    shown = " ".join(run_kg("show", "situation:upgrade").stdout.split())

    parts = [
        UPGRADE_LABEL,
        "Standing: announced",
        "Quoted, not asserted (standing: announced)",
        "has sending state",
        "Government of Pakistan (announces), as reported by the author of document 000.",
        "Affirmed, certain, committed, in direct quotation.",
        "Document 000, paragraph 3, characters 723-852.",
        "the author of document 000 (expects).",
        "Affirmed, possible (\N{LEFT DOUBLE QUOTATION MARK}may\N{RIGHT DOUBLE QUOTATION MARK})",
    ]
    places = [shown.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)


def test_show_lists_plans_as_plans() -> None:
    """What concerns a state stands there with its standing."""
    shown = run_kg("show", "the", "Pakistan").stdout

    assert f"[announced] {UPGRADE_LABEL}" in " ".join(shown.split())
    assert "has sending state" not in shown


def test_status_says_whether_the_files_have_changed(config: Config) -> None:
    """Against the sums in the manifest of the build."""
    shown = run_kg("status").stdout

    assert str(config.root) in shown
    assert SMALL_HASH in shown
    assert "stale" in shown
    assert "ontology/diplomacy.ttl is new" in shown


def test_export_writes_the_dataset_or_a_layer(config: Config, tmp_path: Path) -> None:
    """All graphs as they are in the build, or one graph alone."""
    everything = run_kg("export").stdout
    layer = run_kg("export", "--graph", "registry", "--format", "nt").stdout
    file = tmp_path / "default.ttl"
    run_kg("export", "--graph", "default", "--output", str(file))

    assert everything == (config.builds / "small" / "dataset.nq").read_text()
    assert layer.count("\n") == 1
    assert "hasSendingState> <" not in file.read_text()
    assert "PAK" in file.read_text()


def test_verify_finds_words_for_curators(tmp_path: Path) -> None:
    """Start, end and sha256 of each place, without a project."""
    file = tmp_path / "text.txt"
    file.write_text("Ein Wort \u2014 und\nnoch ein Wort.", encoding="utf-8")

    shown = kg("verify", str(file), "--find", "Wort").output

    assert [line.split("\t")[:2] for line in shown.splitlines()] == [["4", "8"], ["24", "28"]]


@pytest.mark.parametrize(
    "damage",
    [
        lambda build: (build / "dataset.nq").unlink(),
        lambda build: (build / "dataset.nq").write_text("other"),
        lambda build: shutil.rmtree(build / "store"),
        lambda build: (build / "store" / "CURRENT").write_text("other"),
    ],
)
def test_a_damaged_build_is_not_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Callable[[Path], object]
) -> None:
    """The files say so, and nothing is written."""
    config = write_project(tmp_path / "project")
    damage(config.builds / "small")
    monkeypatch.chdir(config.root)

    done = [run_kg("export"), run_kg("export", "-f", "trig")]

    failed = [each for each in done if each.returncode]
    assert failed
    assert {each.returncode for each in failed} == {5}
    for each in failed:
        assert each.stdout == ""
        assert "damaged" in each.stderr
        assert "Traceback" not in each.stderr


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [("query", STATES), ("queries",), ("export",), ("show", "PAK"), ("--help",)]
)
def test_a_full_disk_is_told(
    arguments: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With one message, and none when Python ends."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)

    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*KG, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)

    assert done.returncode == 1
    assert done.stderr == b"kg: error: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_halfway_has_not_read_the_answer(
    unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a buffer, a pipe may take a part of what it is given."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)

    with subprocess.Popen([*KG, "query", MANY, "-f", "tsv"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert len(os.read(process.stdout.fileno(), 1000)) == 1000
        process.stdout.close()
        assert process.wait(timeout=30) == 141


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments", [("query", MANY, "--format", "tsv"), ("queries",), ("--help",)]
)
def test_a_reader_that_goes_away_is_no_error(
    arguments: tuple[str, ...], unbuffered: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`kg query ... | head` ends in silence."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with subprocess.Popen(
        [*KG, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=30) == 141


def test_ctrl_c_ends_a_query_at_once() -> None:
    """The worker goes too; nothing is printed."""
    with subprocess.Popen(
        [*KG, "query", SLOW, "--timeout", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        worker = _await_child(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=5)

    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert not Path(f"/proc/{worker}").exists()


def _await_child(pid: int) -> int:
    """Return the id of the worker of a process, once it is at work on a query."""
    deadline = time.monotonic() + 20
    children = Path(f"/proc/{pid}/task/{pid}/children")
    while time.monotonic() < deadline:
        found = children.read_text().split()
        if found and int(Path(f"/proc/{found[0]}/stat").read_text().split()[13]) > 20:
            return int(found[0])
        time.sleep(0.05)
    pytest.fail("no worker has started")


@pytest.mark.parametrize(
    ("typed", "completion"),
    [
        ("kg ru", "run"),
        ("kg run con", "concerning"),
        ("kg run concerning --pa", "--party"),
        ("kg run concerning --standing an", "announced"),
        ("kg queries c", "concerning"),
        ("kg run concerning --format cs", "csv"),
    ],
)
def test_the_shell_completes_names_options_and_values(typed: str, completion: str) -> None:
    """By click's protocol for bash."""
    done = complete(typed)

    assert f"plain,{completion}" in done.stdout.splitlines()
    assert done.stderr == ""


@pytest.mark.parametrize("begun", ["Me", "me"])
def test_values_are_completed_however_they_are_written(config: Config, begun: str) -> None:
    """Classes begin with a capital letter."""
    path = config.root / "queries" / "kinds.rq"
    path.write_text(KINDS)

    done = complete(f"kg run kinds --kind {begun}")

    path.unlink()
    assert done.stdout.splitlines() == ["plain,Meeting"]


def complete(typed: str) -> subprocess.CompletedProcess[str]:
    """Return what the program tells bash of the last word of what was typed."""
    environ = {
        **os.environ,
        "_KG_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    return subprocess.run(KG, capture_output=True, text=True, env=environ, check=False)


def test_serve_says_where_another_server_listens() -> None:
    """Before anything is started."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = run_kg("serve", "--port", str(port))

    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr


def test_the_worker_is_alone_in_what_it_imports() -> None:
    """Answering a saved query loads neither the validators nor the web."""
    program = (
        "import sys; from kg.cli import cli;"
        "cli.main(['run', 'concerning', '--party', 'PAK'], standalone_mode=False);"
        "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)

    loaded = set(json.loads(done.stderr))
    assert not loaded & {"rdflib", "pyshacl", "owlrl", "edtf", "flask", "granian", "rich", "pandas"}
