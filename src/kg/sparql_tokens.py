"""Where the variables of a SPARQL text stand, and in which role; nothing here changes a text.

The tokens follow the grammar of SPARQL 1.1, section 19.8: a `?name` inside a string, an IRI, a
comment or an escaped local name is not a variable. A name is the same whether `?` or `$` leads it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["comment", "iri", "string", "language", "variable", "word", "mark"]
Role = Literal[
    "pattern",  # in a graph pattern, a CONSTRUCT template or a DESCRIBE list
    "expression",  # inside the brackets of FILTER, BIND, an aggregate, HAVING, ORDER BY ...
    "coalesced",  # the same, inside COALESCE, which stands a free variable
    "projected",  # an item of the outermost SELECT
    "grouped",  # an item of the outermost GROUP BY
    "ordered",  # an item of an ORDER BY
    "assigned",  # named by AS or by VALUES
    "inner",  # an item of the SELECT or GROUP BY of a sub-select
]

_LETTER: Final = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME: Final = _LETTER + r"_0-9\u00B7\u0300-\u036F\u203F\u2040"
_TOKEN: Final = re.compile(
    rf"""
      (?P<comment>\#[^\r\n]*)
    | (?P<iri><[^<>"{{}}|^`\x00-\x20]*>)
    | (?P<string>\"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
                |'''(?:[^'\\]|\\.|'(?!''))*'''
                |"(?:[^"\\\r\n]|\\.)*"
                |'(?:[^'\\\r\n]|\\.)*')
    | (?P<language>@[A-Za-z0-9-]+)
    | (?P<variable>[?$][{_NAME}]+)
    | (?P<word>(?:[{_NAME}:.%-]|\\.)+)
    | (?P<mark>\S)
    """,
    re.VERBOSE | re.DOTALL,
)
_CLAUSES: Final = {
    "SELECT": "select",
    "WHERE": "where",
    "FROM": "where",
    "GROUP": "group",
    "HAVING": "having",
    "ORDER": "order",
    "LIMIT": "where",
    "OFFSET": "where",
    "VALUES": "values",
}


@dataclass(frozen=True)
class Token:
    """One token of a text and where it begins; white space is no token."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the token ends, exclusive."""
        return self.start + len(self.text)

    @property
    def name(self) -> str:
        """The name of a variable, or a word in upper case as keywords are compared."""
        return self.text[1:] if self.kind == "variable" else self.text.upper()


@dataclass(frozen=True)
class Occurrence:
    """One place at which a variable is written."""

    token: Token
    role: Role


@dataclass
class _Group:
    """What is known of one pair of braces: the clause now read, and what opened its brackets."""

    clause: str = "where"
    brackets: list[str] = field(default_factory=list)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of `text` in order, comments included."""
    for match in _TOKEN.finditer(text):
        yield Token(match.lastgroup, match.group(), match.start())  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def occurrences(text: str) -> tuple[Occurrence, ...]:
    """Return every variable written in `text`, in order, with the role it has there.

    Kept for the latest texts: the same few are read again and again.
    """
    groups, found, before = [_Group()], [], Token("mark", "", 0)
    for token in tokens(text):
        if token.kind == "comment":
            continue
        if token.kind == "variable":
            found.append(Occurrence(token, _role(groups, before)))
        elif token.kind == "word":
            groups[-1].clause = _CLAUSES.get(token.name, groups[-1].clause)
        else:
            _follow_brackets(groups, token, before)
        before = token
    return tuple(found)


def _follow_brackets(groups: list[_Group], token: Token, before: Token) -> None:
    if token.text == "{":
        if not groups[-1].brackets:
            groups[-1].clause = "where"
        groups.append(_Group())
    elif token.text == "}" and len(groups) > 1:
        groups.pop()
    elif token.text == "(":
        groups[-1].brackets.append(before.name if before.kind == "word" else "(")
    elif token.text == "[":
        groups[-1].brackets.append("[")
    elif token.text in (")", "]") and groups[-1].brackets:
        groups[-1].brackets.pop()


def _role(groups: list[_Group], before: Token) -> Role:
    group = groups[-1]
    if group.clause == "values" or (before.kind == "word" and before.name == "AS"):
        return "assigned"
    if "COALESCE" in group.brackets:
        return "coalesced"
    if group.clause == "having" or any(opener != "[" for opener in group.brackets):
        return "expression"
    if group.clause == "order":
        return "ordered"
    if group.clause in ("select", "group") and len(groups) > 1:
        return "inner"
    return {"select": "projected", "group": "grouped"}.get(group.clause, "pattern")  # type: ignore[return-value]
