"""Hypothesis strategies that compose SPARQL queries, and texts that once were some.

The queries are about WORLD. All are well formed but for rules on the scope of variables, which the
engine has to tell; whether they mean anything is nobody's concern.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Text = SearchStrategy[str]

EX: Final = "http://example.org/"
PREFIXES: Final = f"PREFIX ex: <{EX}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "

WORLD: Final = f"""
PREFIX ex: <{EX}>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
ex:a ex:p ex:b ; ex:q ex:c , 1 ; ex:r "x" .
ex:b ex:p ex:c ; ex:q 2 , 2.5 ; ex:r "x"@en , "Y" .
ex:c ex:p ex:a ; ex:q 1e0 ; ex:r true , "2020-02-29"^^xsd:date .
ex:d ex:p ex:d ; ex:r "" .
ex:g {{ ex:a ex:p ex:c . ex:b ex:q 3 . }}
ex:h {{ ex:c ex:r "x" . }}
"""

VARIABLES: Final = ("?a", "?b", "?c", "?d")
FRESH: Final = ("?n1", "?n2", "?n3", "?n4", "?n5", "?n6")
IRIS: Final = ("ex:a", "ex:b", "ex:c", "ex:d", "ex:none")
PREDICATES: Final = ("ex:p", "ex:q", "ex:r")
NUMBERS: Final = ("0", "1", "2", "-3", "2.5", "1e0", "7.0")
STRINGS: Final = ('"x"', '"Y"', '""', '"x y"')
LITERALS: Final = (
    *NUMBERS,
    *STRINGS,
    '"x"@en',
    "true",
    "false",
    '"2020-02-29"^^xsd:date',
    '"2020-02-29T12:00:00Z"^^xsd:dateTime',
    '"bad"^^xsd:integer',
    '"P1D"^^xsd:duration',
    "1E400",
    "99999999999999999999999",
)
ONE: Final = (
    "STR", "LANG", "DATATYPE", "STRLEN", "UCASE", "LCASE", "ABS", "ROUND", "CEIL", "FLOOR",
    "isIRI", "isLiteral", "isBlank", "isNumeric", "YEAR", "MONTH", "DAY", "HOURS", "TIMEZONE", "TZ",
    "SECONDS", "ENCODE_FOR_URI", "MD5", "SHA1", "SHA256", "SHA384", "SHA512", "IRI", "BNODE",
    "xsd:integer", "xsd:decimal", "xsd:double", "xsd:string", "xsd:boolean", "xsd:dateTime",
    "xsd:float", "xsd:date",
)  # fmt: skip
TWO: Final = (
    "CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "sameTerm", "LANGMATCHES",
    "STRLANG", "STRDT", "REGEX",
)  # fmt: skip
NONE: Final = ("NOW()", "RAND()", "UUID()", "STRUUID()", "BNODE()")
OPERATORS: Final = ("=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||")
AGGREGATES: Final = ("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT")

variables: Final = st.sampled_from(VARIABLES)
terms: Final = st.one_of(variables, st.sampled_from(IRIS), st.sampled_from(LITERALS))
subjects: Final = st.one_of(variables, variables, st.sampled_from(IRIS))


def joined(parts: Sequence[str]) -> str:
    """Return the parts with spaces between."""
    return " ".join(parts)


def many(each: Text, least: int = 1, most: int = 3) -> Text:
    """Return a few of them, one after another."""
    return st.lists(each, min_size=least, max_size=most).map(joined)


def fill(form: str, *parts: Text) -> Text:
    """Return a text with one of each part in the place of each `{}`."""
    return st.tuples(*parts).map(lambda found: form.format(*found))


paths: Final = st.recursive(
    st.sampled_from(PREDICATES),
    lambda inner: st.one_of(
        fill("({}/{})", inner, inner),
        fill("({}|{})", inner, inner),
        fill("^({})", inner),
        fill("({}){}", inner, st.sampled_from("*+?")),
        fill("!({}|^{})", st.sampled_from(PREDICATES), st.sampled_from(PREDICATES)),
    ),
    max_leaves=4,
)

triples: Final = fill("{} {} {} .", subjects, st.one_of(variables, paths, paths), terms)


def bigger_expressions(inner: Text) -> Text:
    """Return expressions made of smaller ones."""
    return st.one_of(
        fill("({} {} {})", inner, st.sampled_from(OPERATORS), inner),
        fill("{}({})", st.sampled_from(ONE), inner),
        fill("{}({}, {})", st.sampled_from(TWO), inner, inner),
        fill("{}({})", st.sampled_from(("!", "-", "+")), inner),
        fill("IF({}, {}, {})", inner, inner, inner),
        fill("COALESCE({}, {})", inner, inner),
        fill("CONCAT({}, {})", inner, inner),
        fill("SUBSTR({}, {}, {})", inner, inner, inner),
        fill("REPLACE({}, {}, {})", inner, inner, inner),
        fill("({} {} ({}, {}))", inner, st.sampled_from(("IN", "NOT IN")), inner, inner),
    )


expressions: Final = st.recursive(
    st.one_of(
        variables,
        st.sampled_from(LITERALS),
        st.sampled_from(IRIS),
        st.sampled_from(NONE),
        fill("BOUND({})", variables),
    ),
    bigger_expressions,
    max_leaves=6,
)

values: Final = fill(
    "VALUES ({} {}) {{ {} }}",
    st.just("?a"),
    st.just("?b"),
    many(fill("({} {})", *(st.sampled_from((*IRIS, *LITERALS, "UNDEF")) for _ in range(2))), 0, 3),
)


def bigger_patterns(inner: Text) -> Text:
    """Return group graph patterns, without their braces, made of smaller ones."""
    return st.one_of(
        fill("{} OPTIONAL {{ {} }}", inner, inner),
        fill("{{ {} }} UNION {{ {} }}", inner, inner),
        fill("{} MINUS {{ {} }}", inner, inner),
        fill("{} FILTER {} {{ {} }}", inner, st.sampled_from(("EXISTS", "NOT EXISTS")), inner),
        fill("{} {{ {} }}", inner, inner),
        fill("{} {}", inner, inner),
        fill("GRAPH {} {{ {} }}", st.sampled_from(("ex:g", "ex:h", "?g")), inner),
        fill("{} FILTER({})", inner, expressions),
        fill("{} BIND({} AS {})", inner, expressions, st.sampled_from(FRESH)),
        fill("{} {{ SELECT {} WHERE {{ {} }} {} }}", inner, projections, inner, endings),
    )


orders: Final = st.one_of(st.just(""), fill("ORDER BY {} DESC({})", variables, expressions))
slices: Final = st.sampled_from(("", "", "LIMIT 3", "LIMIT 0", "OFFSET 1", "LIMIT 2 OFFSET 1"))
endings: Final = fill("{} {}", orders, slices)
projections: Final = st.one_of(
    st.just("*"),
    many(variables),
    many(variables).map("DISTINCT {}".format),
    many(variables).map("REDUCED {}".format),
    fill("{} ({} AS ?x)", variables, expressions),
)
patterns: Final = st.recursive(
    st.one_of(many(triples), many(triples), values), bigger_patterns, max_leaves=5
)
aggregates: Final = st.one_of(
    st.just("COUNT(*)"),
    fill("{}({}{})", st.sampled_from(AGGREGATES), st.sampled_from(("", "DISTINCT ")), expressions),
)
grouped: Final = fill(
    "SELECT ?a ({} AS ?x) WHERE {{ {} }} GROUP BY ?a {} {}",
    aggregates,
    patterns,
    st.one_of(st.just(""), fill("HAVING({} > 1)", aggregates)),
    endings,
)
queries: Final = st.one_of(
    fill("SELECT {} WHERE {{ {} }} {}", projections, patterns, endings),
    grouped,
    fill("ASK {{ {} }}", patterns),
    fill(
        "CONSTRUCT {{ {} }} WHERE {{ {} }} {}",
        many(
            triples_of_template := fill(
                "{} {} {} .", subjects, st.one_of(variables, st.sampled_from(PREDICATES)), terms
            )
        ),
        patterns,
        slices,
    ),
    fill("DESCRIBE {} WHERE {{ {} }}", st.one_of(variables, st.sampled_from(IRIS)), patterns),
    fill("SELECT * FROM ex:g FROM NAMED ex:h WHERE {{ {} }}", patterns),
).map(PREFIXES.__add__)

_TOKEN: Final = re.compile(r"""\s+|"[^"]*"|<[^>]*>|[?$@]?[\w:]+|.""", re.DOTALL)
STRAY: Final = (
    "{", "}", "(", ")", "[", "]", ".", ";", ",", "*", "SELECT", "WHERE", "SERVICE", "<http://e/>",
    "FILTER", "GRAPH", "UNION", "LIMIT", "-1", "99999999999999999999", '"""', "'", "\\", "\\u0000",
    "#", "@", "^^", "<<(", ")>>", "\x00", "\ud800", "\U0010ffff", "\ufeff", "INSERT", "DATA", "_:b",
    "LATERAL", "BASE", "PREFIX", "%", "é", "\\uD800",
)  # fmt: skip
"""What no good query has, or has elsewhere."""


def mutated(texts: Text) -> SearchStrategy[bytes]:
    """Return texts to which something has happened: to their tokens, or to their bytes."""
    return st.builds(_mutate, texts, st.lists(_changes, min_size=1, max_size=4), _damage)


_changes: Final = st.tuples(
    st.sampled_from(("delete", "double", "insert", "swap", "cut", "repeat")),
    st.integers(0, 10_000),
    st.sampled_from(STRAY),
)
_damage: Final = st.one_of(
    st.none(), st.none(), st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
)


def _mutate(
    text: str, changes: list[tuple[str, int, str]], damage: tuple[int, bytes] | None
) -> bytes:
    tokens = _TOKEN.findall(text) or [""]
    for what, place, stray in changes:
        _CHANGES[what](tokens, place % max(len(tokens), 1), stray)
    found = "".join(tokens).encode(errors="surrogatepass")
    if damage is None or not found:
        return found
    at = damage[0] % len(found)
    return found[:at] + damage[1] + found[at + 1 :]


def _delete(tokens: list[str], at: int, _stray: str) -> None:
    del tokens[at : at + 1]


def _double(tokens: list[str], at: int, _stray: str) -> None:
    tokens[at:at] = tokens[at : at + 5]


def _insert(tokens: list[str], at: int, stray: str) -> None:
    tokens.insert(at, f" {stray} ")


def _swap(tokens: list[str], at: int, _stray: str) -> None:
    tokens[at : at + 3] = tokens[at : at + 3][::-1]


def _cut(tokens: list[str], at: int, _stray: str) -> None:
    del tokens[at:]


def _repeat(tokens: list[str], at: int, _stray: str) -> None:
    tokens[at:at] = tokens[at : at + 2] * 50


_CHANGES: Final[dict[str, Callable[[list[str], int, str], None]]] = {
    "delete": _delete,
    "double": _double,
    "insert": _insert,
    "swap": _swap,
    "cut": _cut,
    "repeat": _repeat,
}
