"""Spans that fit their paragraph, the file that bears out the claims, and what is not yet coded."""

import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kg.cli import cli
from kg.config import Config
from kg.dataset.evidence import Mismatch, Span, coverage, locate, verify
from kg.dataset.files import read_dataset
from kg.dataset.spans import span_violations
from kg.errors import EvidenceError
from miniature import BASE, TEXT, change, line_of, write, write_project

ROOT = Path(__file__).parents[1]
REAL = ROOT.parent / "shared" / "seeds" / "000_ebf43276faa2ecdd.txt"
needs_document = pytest.mark.skipif(
    not REAL.is_file(), reason=f"the document is not part of the repository: no {REAL.name} there"
)

CLAIMS = "seeds/sources/000/claims.ttl"
SOURCE = "seeds/sources/000/source.ttl"
DOCUMENT = BASE + "source/000"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The settings of a project in miniature."""
    return write_project(tmp_path)


def test_a_file_bears_out_every_span_made_from_it(config: Config) -> None:
    """The source is known by the sha256 of the file, whatever its name."""
    report = verify(read_dataset(config), TEXT.encode(), "renamed.txt")

    assert (report.source, report.sha256_ok, report.checked) == (DOCUMENT, True, 2)
    assert report.mismatches == ()


def test_a_changed_file_is_found_by_its_name_and_each_wrong_span_told(config: Config) -> None:
    """One code point more shifts every span after it."""
    changed = TEXT.replace("It may", "But it may")

    report = verify(read_dataset(config), changed.encode(), "somewhere/000_ab12.txt")

    line = line_of(config.root, CLAIMS, "cl:2 a")
    problem = "the words at 33-48 are not those the claim was made from"
    assert (report.sha256_ok, report.checked) == (False, 2)
    assert report.mismatches == (Mismatch(BASE + "claim/000/2", CLAIMS, line, problem),)


def test_a_changed_file_of_any_name_is_known_by_the_words_that_fit(config: Config) -> None:
    """A word changed at the end leaves the claims before it as they are."""
    changed = TEXT.replace("may", "will")

    report = verify(read_dataset(config), changed.encode(), "download.txt")

    assert (report.source, report.sha256_ok) == (DOCUMENT, False)
    assert [wrong.claim for wrong in report.mismatches] == [BASE + "claim/000/2"]


@needs_document
def test_the_document_of_the_seed_bears_out_every_claim() -> None:
    """The file itself is with whoever has it."""
    dataset = read_dataset(Config(root=ROOT, builds=ROOT / "builds"))

    report = verify(dataset, REAL.read_bytes(), REAL.name)

    assert report.sha256_ok
    assert report.checked > 150
    assert report.mismatches == ()


@needs_document
@pytest.mark.parametrize("place", [800, 2010, 7600])
def test_one_changed_character_of_the_document_is_told(place: int) -> None:
    """The hash differs, and each claim whose span holds the place is named."""
    text = REAL.read_text("utf-8")
    changed = text[:place] + "#" + text[place + 1 :]
    dataset = read_dataset(Config(root=ROOT, builds=ROOT / "builds"))

    report = verify(dataset, changed.encode(), "changed.txt")

    assert not report.sha256_ok
    assert report.mismatches


def test_offsets_count_code_points_not_bytes(config: Config) -> None:
    """Letters of several bytes before a span do not move it."""
    text = TEXT.replace("Pakistan", "Pākistān")
    old, new = (hashlib.sha256(t[:31].encode()).hexdigest() for t in (TEXT, text))
    change(config.root, CLAIMS, old, new)

    report = verify(read_dataset(config), text.encode(), "000.txt")

    assert report.mismatches == ()


def test_a_file_that_is_too_short_is_told_as_that(config: Config) -> None:
    """A slice beyond the end would be empty without a word."""
    report = verify(read_dataset(config), TEXT[:40].encode(), "000.txt")

    assert [m.problem for m in report.mismatches] == [
        "the span 33-48 ends after the file (40 code points)"
    ]


def test_a_claim_without_its_hash_is_not_borne_out(config: Config) -> None:
    """There is nothing to compare."""
    sha256 = hashlib.sha256(TEXT[:31].encode()).hexdigest()
    change(config.root, CLAIMS, f' ;\n    dip:spanSha256 "{sha256}"', "")

    report = verify(read_dataset(config), TEXT.encode(), "000.txt")

    assert [m.problem for m in report.mismatches] == ["the claim has no dip:spanSha256"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"other", "none of the known sources .source:000"), (b"\xff", "is not UTF-8")],
)
def test_a_file_of_no_known_source_is_refused(config: Config, content: bytes, message: str) -> None:
    """The message lists the sources there are."""
    with pytest.raises(EvidenceError, match=message):
        verify(read_dataset(config), content, "unknown.txt")


def test_coverage_tells_what_nothing_marks(config: Config) -> None:
    """Full stops are left over; white space between sentences is nobody's."""
    (paragraph,) = coverage(read_dataset(config))

    assert (paragraph.source, paragraph.paragraph) == (DOCUMENT, 1)
    assert (paragraph.start, paragraph.end) == (0, len(TEXT))
    assert (paragraph.claims, paragraph.no_fact_marks) == (2, 0)
    assert paragraph.gaps == ((31, 32), (48, 49))
    assert paragraph.sentences_without == ()


def test_a_sentence_without_claim_or_mark_is_told_by_its_number(config: Config) -> None:
    """A mark that there is no fact covers as a claim does."""
    change(config.root, CLAIMS, "dip:spanStart 33 ;\n    dip:spanEnd 48", SPAN_IN_FIRST)

    (without,) = coverage(read_dataset(config))
    text = (config.root / SOURCE).read_text(encoding="utf-8")
    write(config.root, SOURCE, text + NO_FACT)
    (marked,) = coverage(read_dataset(config))

    assert (without.sentences_without, without.gaps) == ((2,), ((31, 32), (33, 49)))
    assert (marked.sentences_without, marked.gaps) == ((), ((31, 32),))
    assert (marked.claims, marked.no_fact_marks) == (2, 1)


SPAN_IN_FIRST = "dip:spanStart 0 ;\n    dip:spanEnd 8"
NO_FACT = f"""
<{BASE}source/000/no-fact/1> a dip:NoFactMark ;
    dip:inDocument source:000 ;
    dip:paragraph 1 ;
    dip:spanStart 33 ;
    dip:spanEnd 49 .
"""


@pytest.mark.parametrize(
    ("path", "old", "new", "problem"),
    [
        (CLAIMS, "dip:spanEnd 31", "dip:spanEnd 50", "leaves paragraph 1"),
        (CLAIMS, "dip:spanStart 33", "dip:spanStart 48", "is empty"),
        (CLAIMS, "dip:spanStart 33", "dip:spanStart -3", "leaves paragraph 1"),
        (
            CLAIMS,
            "paragraph 1 ;\n    dip:spanStart 33",
            "paragraph 2 ;\n    dip:spanStart 33",
            "no",
        ),
        (SOURCE, "dip:length 49", "dip:length 48", "leaves its document"),
    ],
)
def test_a_span_lies_inside_its_paragraph_and_the_paragraph_inside_its_document(
    config: Config, path: str, old: str, new: str, problem: str
) -> None:
    """Offsets count over the whole document, not from the paragraph."""
    change(config.root, path, old, new)

    violations = list(span_violations(read_dataset(config)))

    assert violations
    assert problem in violations[0].problem
    assert (violations[0].path, violations[0].check) == (path, "span")


def test_spans_in_order_are_passed_over(config: Config) -> None:
    """A span may begin and end with its paragraph."""
    assert list(span_violations(read_dataset(config))) == []


def test_words_are_located_wherever_they_stand() -> None:
    """Any white space fits any other, and nothing in the words is a pattern."""
    text = "He said\nso. He  said so?"

    spans = locate(text, "He said so")

    assert [(span.start, span.end) for span in spans] == [(0, 10), (12, 23)]
    assert spans[0] == Span(0, 10, hashlib.sha256(b"He said\nso").hexdigest())
    assert locate(text, "so?") == [Span(21, 24, hashlib.sha256(b"so?").hexdigest())]
    assert locate(text, "  ") == []


def kg(config: Config, *arguments: str) -> Result:
    """Run a command for the project in miniature."""
    given = ["--root", str(config.root), *arguments]
    return CliRunner().invoke(cli, given, standalone_mode=False)


@pytest.fixture
def document(config: Config) -> str:
    """The path of the text of the source in the miniature."""
    write(config.root, "000.txt", TEXT)
    return str(config.root / "000.txt")


def test_the_commands_succeed_where_the_claims_are_borne_out(config: Config, document: str) -> None:
    """And say how many there are."""
    assert "2 claims checked" in kg(config, "verify", document).output
    assert kg(config, "coverage").exception is None


@pytest.mark.parametrize("path", [CLAIMS, "seeds/registry/states.ttl"])
def test_nothing_is_verified_while_a_file_cannot_be_read(
    config: Config, document: str, path: str
) -> None:
    """The claims in it would be missing, and nobody would see it."""
    write(config.root, path, "this is no Turtle")

    for done in (kg(config, "verify", document), kg(config, "coverage")):
        assert isinstance(done.exception, EvidenceError)
        assert f"{path}:1: " in str(done.exception)
        assert done.output == ""


def test_no_claims_are_no_success(config: Config, document: str) -> None:
    """Nothing has been borne out."""
    (config.root / CLAIMS).unlink()

    for done in (kg(config, "verify", document), kg(config, "coverage")):
        assert isinstance(done.exception, EvidenceError)
        assert "there is no claim about" in str(done.exception)


def test_gaps_of_punctuation_are_not_listed_as_gaps(config: Config) -> None:
    """Full stops need no claim; a stretch with words does."""
    whole = kg(config, "coverage", "--gaps").output
    change(config.root, CLAIMS, "dip:spanStart 33 ;\n    dip:spanEnd 48", SPAN_IN_FIRST)
    broken = kg(config, "coverage", "--gaps").output

    assert len(whole.splitlines()) == 1
    assert broken.splitlines()[1].split("\t")[-2:] == ["2", "33-49"]
