"""The description of one thing as a text that people read from top to bottom."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import NamedNode
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from kg.cli.tables import clean, make_console
from kg.engine.requests import Engine
from kg.portraits.claims import Claim
from kg.portraits.nodes import Line
from kg.portraits.summaries import Mention, Summary, read_summary
from kg.vocab import shorten


def portray(engine: Engine, iri: NamedNode, width: int | None = None) -> str:
    """Return what the graph says of `iri`, for the terminal or so many columns wide."""
    about = read_summary(engine, iri)
    console = make_console(width)
    with console.capture() as capture:
        _print_head(console, about)
        _print_lines(console, "Summary" if about.quoted else "Facts", about.lines)
        _print_quoted(console, about)
        _print_claims(console, about)
        _print_mentions(console, about.mentions)
        if not about.is_whole:
            console.print(Padding(Text("… and more: ask with kg query"), (0, 0, 0, 2)))
    return "\n".join(line.rstrip() for line in capture.get().split("\n"))


def claim_sentence(claim: Claim) -> str:
    """Return who said it, how strongly, with which words of doubt, and where."""
    return ". ".join(filter(None, (_who(claim), _how(claim), _where(claim)))) + "."


def _who(claim: Claim) -> str:
    if claim.inferred_by:
        return f"Inferred by {claim.inferred_by}, not said by the text"
    act = f" ({claim.speech_act})" if claim.speech_act else ""
    indirect = claim.reported_by and claim.reported_by != claim.said_by
    return f"{claim.said_by}{act}" + (f", as reported by {claim.reported_by}" if indirect else "")


def _how(claim: Claim) -> str:
    cues = f" ({', '.join(f'“{cue}”' for cue in claim.hedges)})" if claim.hedges else ""
    parts = [claim.polarity, claim.certainty + cues, claim.actuality]
    parts += ["in direct quotation"] * claim.direct_quote + ["presupposed"] * claim.presupposed
    how = ", ".join(filter(None, parts))
    return ". ".join(filter(None, (how[:1].upper() + how[1:], claim.rationale.rstrip("."))))


def _where(claim: Claim) -> str:
    place = ", ".join(filter(None, (claim.document, f"paragraph {claim.paragraph}")))
    span = f", characters {'-'.join(claim.span)}" if all(claim.span) else ""
    return f"{place[:1].upper()}{place[1:]}{span}" if claim.paragraph else place


def _print_head(console: Console, about: Summary) -> None:
    node, standing = about.node, clean(about.standing.label)
    console.print(Text(clean(node.label), style="bold"))
    console.print(Text(clean(f"{shorten(node.iri)}  {', '.join(node.kinds)}"), style="dim"))
    if standing:
        console.print(Text(f"Standing: {standing}", style="green" if about.is_fact else "yellow"))
    if about.reason:
        console.print(Text(clean(about.reason)))


def _print_lines(console: Console, title: str, lines: tuple[Line, ...]) -> None:
    if not lines:
        return
    _print_title(console, title)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for name, group in groupby(lines, key=lambda line: line.property):
        for i, line in enumerate(group):
            grid.add_row(Text(clean(name) if i == 0 else ""), _value(line))
    console.print(Padding(grid, (0, 0, 0, 2)))


def _print_quoted(console: Console, about: Summary) -> None:
    """Print what only the proposition graph says, so that nobody takes it for fact."""
    title = f"Quoted, not asserted (standing: {about.standing.label})"
    _print_lines(console, title, about.quoted)
    if about.quoted:
        console.print(Padding(Text(f"in {about.quoted_in}", "dim"), (0, 0, 0, 2)))


def _value(line: Line) -> Text:
    standing = f"[{line.standing}] " if line.standing else ""
    text, short = Text(clean(standing + line.value.label)), shorten(line.value.iri)
    is_named = bool(short) and short != line.value.label
    return text.append(f"  {clean(short)}", "dim") if is_named else text


def _print_claims(console: Console, about: Summary) -> None:
    if not about.claims:
        return
    is_all = len(about.claims) == about.claim_count
    count = "" if is_all else f", the first {len(about.claims)} of {about.claim_count}"
    _print_title(console, f"Claims{count}")
    for claim in about.claims:
        console.print(Padding(Text(clean(claim_sentence(claim))), (0, 0, 0, 2)))
        console.print(Padding(Text(claim.iri, "dim"), (0, 0, 0, 6)))


def _print_mentions(console: Console, mentions: tuple[Mention, ...]) -> None:
    if not mentions:
        return
    _print_title(console, "Mentioned by")
    for line in _mention_lines(mentions):
        console.print(Padding(line, (0, 0, 0, 2)))


def _mention_lines(mentions: Iterable[Mention]) -> Iterator[Text]:
    for mention in mentions:
        standing = f"[{mention.standing}] " if mention.standing else ""
        yield Text(clean(f"{standing}{mention.thing.label}"))
        names = ", ".join(mention.properties)
        yield Text(clean(f"    {names}; {shorten(mention.thing.iri)}"), "dim")


def _print_title(console: Console, title: str) -> None:
    console.print()
    console.print(Text(clean(title), style="bold"))
