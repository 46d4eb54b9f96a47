"""`kg verify` and `kg coverage`: the words behind the claims, for curators."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from kg.cli.context import config_of
from kg.config import Config
from kg.errors import EvidenceError
from kg.vocab import shorten

if TYPE_CHECKING:
    from kg.dataset.evidence import ParagraphCoverage
    from kg.dataset.files import Dataset

PUNCTUATION: Final = 3
"""The longest gap, in code points, that is taken for punctuation: the text itself is not here."""


@click.command(
    epilog="""\b
Examples:
  kg verify 000.txt
  kg verify 000.txt --find "welcomed the announcement\""""
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--find", "words", help="Print start, end and sha256 of each place with these words.")
@click.pass_context
def verify(ctx: click.Context, file: Path, words: str | None) -> None:
    """Check that FILE, the text of a source, bears out every claim made about it.

    Offsets count code points from 0 over the whole file, the end exclusive.
    """
    if words is not None:
        _print_places(file, words)
        return
    from kg.dataset.evidence import verify as compare  # noqa: PLC0415 - parses RDF

    report = compare(_read_whole(config_of(ctx)), file.read_bytes(), file.name)
    for wrong in report.mismatches:
        place = f"{wrong.path}:{wrong.line}" if wrong.line else wrong.path
        click.echo(f"{place}: {shorten(wrong.claim)}: {wrong.problem}")
    click.echo(f"{shorten(report.source)}: {report.checked} claims checked")
    if not report.checked:
        raise EvidenceError(f"there is no claim about {shorten(report.source)} to check")
    _judge(file, sha256_ok=report.sha256_ok, wrong=len(report.mismatches))


@click.command(
    epilog="""\b
Examples:
  kg coverage
  kg coverage --gaps"""
)
@click.option(
    "--gaps", is_flag=True, help="Only what nothing covers and is longer than punctuation."
)
@click.pass_context
def coverage(ctx: click.Context, *, gaps: bool) -> None:
    """Show how much of each source is coded, a line a paragraph: claims, no-fact marks, gaps.

    A sentence is covered by a claim, or by a mark that it states no fact of the domain.
    """
    from kg.dataset.evidence import coverage as read_coverage  # noqa: PLC0415 - parses RDF

    found = read_coverage(_read_whole(config_of(ctx)))
    click.echo("source\tparagraph\tspan\tclaims\tno-fact\tsentences without\tgaps")
    for line in _coverage_lines(found, gaps=gaps):
        click.echo(line)
    if not any(part.claims for part in found):
        raise EvidenceError("there is no claim about any paragraph of a source")


def _read_whole(config: Config) -> "Dataset":
    """Return the dataset. Raises EvidenceError where a file is wrong: claims would be missing."""
    from kg.dataset.files import read_dataset  # noqa: PLC0415 - parses RDF

    dataset = read_dataset(config)
    if dataset.violations:
        told = "".join(f"\n  {violation}" for violation in dataset.violations)
        raise EvidenceError(f"the dataset cannot be read as it stands:{told}")
    return dataset


def _coverage_lines(found: Iterable["ParagraphCoverage"], *, gaps: bool) -> Iterable[str]:
    for part in found:
        shown = [gap for gap in part.gaps if not gaps or _may_hold_words(*gap)]
        if shown or part.sentences_without or not gaps:
            without = ",".join(map(str, part.sentences_without)) or "-"
            open_spans = " ".join(f"{start}-{end}" for start, end in shown) or "-"
            yield (
                f"{shorten(part.source)}\t{part.paragraph}\t{part.start}-{part.end}"
                f"\t{part.claims}\t{part.no_fact_marks}\t{without}\t{open_spans}"
            )


def _may_hold_words(start: int, end: int) -> bool:
    return end - start > PUNCTUATION


def _judge(file: Path, *, sha256_ok: bool, wrong: int) -> None:
    if wrong:
        raise EvidenceError(f"{wrong} claims do not fit the words of {file}")
    if not sha256_ok:
        raise EvidenceError(f"{file} has another sha256 than the source; no claim is affected")


def _print_places(file: Path, words: str) -> None:
    from kg.dataset.evidence import locate  # noqa: PLC0415 - parses RDF

    try:
        places = locate(file.read_bytes().decode(), words)
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{file} is not UTF-8: {error}") from error
    for place in places:
        click.echo(f"{place.start}\t{place.end}\t{place.sha256}")
    if not places:
        raise EvidenceError(f"{words!r} is not in {file}")
