"""What is done to a query text before it goes to an engine elsewhere: checked, and made complete.

Our own engine knows the project's prefixes; one elsewhere does not, so the text must declare them.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final, Literal

from kg.engine.guard import TextLimits, check_query
from kg.engine.tokens import Token, tokenize
from kg.errors import QuerySyntaxError
from kg.vocab import BASE, PREFIXES

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

_FORMS: Final[dict[str, Form]] = {
    "SELECT": "SELECT",
    "ASK": "ASK",
    "CONSTRUCT": "CONSTRUCT",
    "DESCRIBE": "DESCRIBE",
}
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_LAST_CHARACTER: Final = 0x10FFFF


def check_remote_query(text: str, limits: TextLimits) -> None:
    r"""Return only where the text may be sent. Raises what kg.engine.guard.check_query raises.

    Other engines decode `\u0053ERVICE` before they parse (SPARQL 1.1, section 19.2), so the text is
    judged as it is written and as they read it.
    """
    check_query(text, limits)
    decoded = _ESCAPE.sub(_decode, text)
    if decoded != text:
        check_query(decoded, limits)


def find_form(text: str) -> Form:
    """Return the form of a query. Raises QuerySyntaxError where it has none."""
    for kind, word in tokenize(text):
        form = _FORMS.get(word.upper()) if kind == "words" else None
        if form:
            return form
    raise QuerySyntaxError("the query has no SELECT, ASK, CONSTRUCT or DESCRIBE")


def names_dataset(text: str) -> bool:
    """Whether the query says itself, with FROM, which graphs it asks."""
    return any(kind == "words" and word.upper() == "FROM" for kind, word in tokenize(text))


def prologue(text: str) -> str:
    """Return the BASE and PREFIX declarations that the text needs, on one line and without its end.

    So the lines of the text keep their numbers when it stands before it.
    """
    tokens = tokenize(text)
    needed = dict.fromkeys(word.partition(":")[0] for kind, word in tokens if kind == "name")
    declared = _declared(tokens)
    lines = [f"PREFIX {p}: <{PREFIXES[p]}> " for p in needed if p in PREFIXES and p not in declared]
    return f"BASE <{BASE}> {''.join(lines)}"


def graphs_named(text: str) -> list[str]:
    """Return the IRIs after GRAPH, each once; none where a variable stands after one of them."""
    tokens = tokenize(text)
    prefixes = dict(PREFIXES) | {
        name.removesuffix(":"): iri[1:-1]
        for (_, word), (_, name), (_, iri) in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.upper() == "PREFIX"
    }
    after = [token for (_, word), token in pairwise(tokens) if word.upper() == "GRAPH"]
    if any(kind not in ("iri", "name") for kind, _ in after):
        return []
    return list(dict.fromkeys(_expand(word, prefixes) for _, word in after))


def _expand(word: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a token of kind `iri` or `name` stands for."""
    if word.startswith("<"):
        return word[1:-1]
    prefix, _, rest = word.partition(":")
    return prefixes.get(prefix, "") + rest.replace("\\", "")


def _declared(tokens: Sequence[Token]) -> set[str]:
    following = pairwise(tokens)
    return {
        name.partition(":")[0] for (_, word), (_, name) in following if word.upper() == "PREFIX"
    }


def _decode(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code <= _LAST_CHARACTER else escape[0]
