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
from kg.resources import Description, Fact, Mention, read_description
from kg.vocab import shorten


def portray(engine: Engine, iri: NamedNode, width: int | None = None) -> str:
    """Return what the graph says of `iri`, for the terminal or so many columns wide."""
    about = read_description(engine, iri)
    console = make_console(width)
    with console.capture() as capture:
        _print_head(console, about)
        _print_facts(console, "Summary" if about.quoted else "Facts", about.facts)
        _print_quoted(console, about)
        _print_claims(console, about.claims)
        _print_mentions(console, about)
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


def _print_head(console: Console, about: Description) -> None:
    console.print(Text(clean(about.label), style="bold"))
    console.print(Text(f"{shorten(about.iri)}  {', '.join(about.kinds)}", style="dim"))
    if about.standing:
        style = "green" if about.standing == "accepted" else "yellow"
        console.print(Text(f"Standing: {about.standing}", style=style))
    if about.reason:
        console.print(Text(clean(about.reason)))


def _print_facts(console: Console, title: str, facts: tuple[Fact, ...]) -> None:
    if not facts:
        return
    _print_title(console, title)
    grid = Table.grid(padding=(0, 2))
    grid.add_column(overflow="fold")
    grid.add_column(overflow="fold")
    for name, group in groupby(facts, key=lambda fact: fact.property):
        for i, fact in enumerate(group):
            grid.add_row(Text(clean(name) if i == 0 else ""), _value(fact))
    console.print(Padding(grid, (0, 0, 0, 2)))


def _print_quoted(console: Console, about: Description) -> None:
    """Print what only the proposition graph says, so that nobody takes it for fact."""
    _print_facts(console, f"Quoted, not asserted (standing: {about.standing})", about.quoted)
    if about.quoted:
        console.print(Padding(Text(f"in {about.quoted_in}", "dim"), (0, 0, 0, 2)))


def _value(fact: Fact) -> Text:
    text, short = Text(clean(fact.value)), shorten(fact.iri)
    return text if not fact.iri or short == fact.value else text.append(f"  {short}", "dim")


def _print_claims(console: Console, claims: tuple[Claim, ...]) -> None:
    if not claims:
        return
    _print_title(console, "Claims")
    for claim in claims:
        console.print(Padding(Text(clean(claim_sentence(claim))), (0, 0, 0, 2)))
        console.print(Padding(Text(claim.iri, "dim"), (0, 0, 0, 6)))


def _print_mentions(console: Console, about: Description) -> None:
    if not about.mentions:
        return
    _print_title(console, "Mentioned by")
    for line in _mention_lines(about.mentions):
        console.print(Padding(line, (0, 0, 0, 2)))
    if not about.is_whole:
        console.print(Padding(Text("… and more: ask with kg query"), (0, 0, 0, 2)))


def _mention_lines(mentions: Iterable[Mention]) -> Iterator[Text]:
    for mention in mentions:
        standing = f"[{mention.standing}] " if mention.standing else ""
        yield Text(f"{standing}{clean(mention.label)}")
        yield Text(f"    {', '.join(mention.properties)}; {shorten(mention.iri)}", "dim")


def _print_title(console: Console, title: str) -> None:
    console.print()
    console.print(Text(clean(title), style="bold"))
