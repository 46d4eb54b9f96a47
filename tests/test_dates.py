"""Dates: EDTF as it is written, its bounds, and what is said when the three do not agree."""

from pathlib import Path

import pytest

from kg.dataset.dates import bounds, date_violations
from kg.dataset.files import read_dataset
from miniature import PREFIXES, change, line_of, write, write_project

PROPOSITIONS = "seeds/sources/000/propositions.trig"


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-05", "2025-05-01", "2025-05-31"),
        ("2025-05-30", "2025-05-30", "2025-05-30"),
        ("2025-05-XX", "2025-05-01", "2025-05-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("2025~", "2025-01-01", "2025-12-31"),
        ("2025-04?-19", "2025-04-19", "2025-04-19"),
        ("2021-08/2025-05-30", "2021-08-01", "2025-05-30"),
        ("2023-10/..", "2023-10-01", None),
        ("../2025", None, "2025-12-31"),
        ("2025/", "2025-01-01", None),
        ("[2025-06-01..2025-06-08]", "2025-06-01", "2025-06-08"),
        ("[..2025-06-08]", None, "2025-06-08"),
        ("[2025-05-30,2025-06-02]", "2025-05-30", "2025-06-02"),
        ("-0044", "-0044-01-01", "-0044-12-31"),
        ("0476", "0476-01-01", "0476-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
    ],
)
def test_bounds_are_the_first_and_last_day_of_the_date_as_written(
    text: str, first: str | None, last: str | None
) -> None:
    """An open or unknown end has none, and approximation does not widen."""
    assert bounds(text) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "soon", "2025-13", "2025-02-30", "30 May 2025", " 2025", "2025 "]
)
def test_what_is_not_edtf_has_no_bounds(text: str) -> None:
    """White space around a date would break a plain match."""
    with pytest.raises(ValueError, match=text or None):
        bounds(text)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('dip:date "2025-05"', 'dip:date "May 2025"', "is not an EDTF date"),
        ('dip:date "2025-05"', 'dip:date "2025"^^xsd:gYear', "is not an EDTF date"),
        ('dip:date "2025-05"', 'dip:date "2025-05" , "2025"', "dip:date stands 2 times"),
        ('        dip:date "2025-05" ;\n', "", "but no dip:date"),
        ("        dip:dateBasis dipv:stated ;\n", "", "without dip:dateBasis"),
        ('"2025-05-01"^^xsd:date', '"2025-05-02"^^xsd:date', "dip:earliest is 2025-05-02"),
        ('"2025-05-01"^^xsd:date', '"2025-05-01"', "dip:earliest is no xsd:date"),
        ('        dip:latest "2025-05-31"^^xsd:date ;\n', "", "dip:latest is missing"),
        ('"2025-05-31"^^xsd:date', '"2025-05-30"^^xsd:date', "dip:latest is 2025-05-30"),
        ('dip:date "2025-05"', 'dip:date "2025-05-01/.."', "dip:latest is given, but"),
        ("dipv:stated", "dipv:date-not-stated", "the basis that none is stated"),
    ],
)
def test_a_date_its_bounds_and_its_basis_agree(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    """Each fault is told once, at the line of the quoted situation."""
    config = write_project(tmp_path)
    change(tmp_path, PROPOSITIONS, old, new)

    (violation,) = [v for v in date_violations(read_dataset(config)) if problem in v.problem]

    line = line_of(tmp_path, PROPOSITIONS, "situation:upgrade a")
    assert (violation.path, violation.line) == (PROPOSITIONS, line)
    assert violation.remedy


def test_dates_in_order_are_passed_over(tmp_path: Path) -> None:
    """Open ends, no date at all with the basis that says so, and the source's own date."""
    config = write_project(tmp_path)
    open_end = (
        'dip:date "2023-10/.." ; dip:earliest "2023-10-01"^^xsd:date ; dip:dateBasis dipv:stated'
    )
    write(tmp_path, "seeds/registry/lists.ttl", f"{PREFIXES}state:x {open_end} .\n")

    assert list(date_violations(read_dataset(config))) == []
