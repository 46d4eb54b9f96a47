"""Literals that are not what their datatype says: parsers take `"soon"^^xsd:date` in silence."""

import calendar
import re
from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode

from kg.dataset.files import Dataset, statements
from kg.dataset.violations import Violation
from kg.vocab import PREFIXES, shorten

ZONE: Final = r"(?:Z|[+-]\d\d:\d\d)?"
DAY: Final = r"-?(\d{4,})-(\d\d)-(\d\d)"
ANYTHING: Final = r"(?s:.*)"
FORMS: Final = {
    PREFIXES["rdf"] + "langString": ANYTHING,
    PREFIXES["xsd"] + "anyURI": r"\S+",
    PREFIXES["xsd"] + "boolean": r"true|false|1|0",
    PREFIXES["xsd"] + "date": DAY + ZONE,
    PREFIXES["xsd"] + "dateTime": rf"{DAY}T\d\d:\d\d:\d\d(?:\.\d+)?{ZONE}",
    PREFIXES["xsd"] + "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    PREFIXES["xsd"] + "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    PREFIXES["xsd"] + "gYear": rf"-?\d{{4,}}{ZONE}",
    PREFIXES["xsd"] + "integer": r"[+-]?\d+",
    PREFIXES["xsd"] + "nonNegativeInteger": r"\+?\d+|-0+",
    PREFIXES["xsd"] + "positiveInteger": r"\+?0*[1-9]\d*",
    PREFIXES["xsd"] + "string": ANYTHING,
}
"""The datatypes in use, and the form of their values (XML Schema 1.1, part 2)."""


def literal_violations(dataset: Dataset) -> Iterator[Violation]:
    """Yield each literal whose text is not a value of its datatype, quoted ones too."""
    for subject, predicate, value, _ in statements(dataset.store):
        if isinstance(value, Literal) and not is_well_typed(value):
            node = subject.value if isinstance(subject, NamedNode) else ""
            path, line = dataset.locate(node) or ("seeds", None)
            kind = shorten(value.datatype.value)
            problem = f"{shorten(predicate.value)} is {value.value!r}, which is no {kind}"
            remedy = (
                "correct the value" if value.datatype.value in FORMS else "use a datatype of XSD"
            )
            yield Violation(path, line, shorten(node), problem, remedy, "literal")


def is_well_typed(literal: Literal) -> bool:
    """Return whether the text of `literal` is a value of its datatype, and that one in use."""
    match = re.fullmatch(FORMS.get(literal.datatype.value, "(?!)"), literal.value)
    if match is None:
        return False
    return _is_day(*map(int, match.groups())) if match.re.groups else True


def _is_day(year: int, month: int, day: int) -> bool:
    # The calendar repeats every 400 years; `calendar` knows no year 0.
    return month in range(1, 13) and 1 <= day <= calendar.monthrange(2000 + year % 400, month)[1]
