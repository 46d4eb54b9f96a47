"""The tokens of a SPARQL text from anywhere: no parser, but fast on any text, also on garbage.

Not here: where variables stand in our own saved queries (kg.sparql_tokens).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

Token = tuple[str, str]
"""What kind it is, and its text."""

_TOKEN: Final = re.compile(
    r"""
      (?P<skip>      \s++ | \#[^\r\n]*+ )
    | (?P<iri>       <(?:[^<>"{}|^`\\\x00-\x20]|\\[uU][0-9A-Fa-f]{4,8})*+> )
    | (?P<string>    \"{3}(?:[^"\\]|\\.?|"(?!""))*+(?:\"{3}|\Z)
                   | '{3}(?:[^'\\]|\\.?|'(?!''))*+(?:'{3}|\Z)
                   | "(?:[^"\\\r\n]|\\.)*+"? | '(?:[^'\\\r\n]|\\.)*+'? )
    | (?P<variable>  [?$]\w++ )
    | (?P<language>  @[\w-]++ )
    | (?P<name>      [\w.-]*+:(?:[\w.:%-]|\\.)*+ )
    | (?P<words>     [\w.-]++ )
    | (?P<open>      [({\[] )
    | (?P<close>     [)}\]] )
    | (?P<operator>  && | \|\| | [!<>]= | \^(?!\^) | [!=<>+*/|?] )
    | (?P<other>     \^\^ | . )
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=1)
def tokenize(text: str) -> Sequence[Token]:
    """Return the tokens of `text` without white space and comments.

    The last text is remembered: what guards a query and what looks at its names read the same.
    """
    return tuple(
        (match.lastgroup or "", match.group())
        for match in _TOKEN.finditer(text)
        if match.lastgroup != "skip"
    )
