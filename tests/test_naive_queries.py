"""Naive queries that nobody saved: on the default graph only facts answer.

None may take a plan, a forecast, a hedge, an inference or a denial for a fact.
"""

import re

import pyoxigraph as ox
import pytest

from kg.vocab import PREFIXES, expand, shorten

SUMMARY = {
    "rdf:type",
    "rdfs:label",
    "dip:announcedBy",
    "dip:announcedIn",
    "dip:announcedOn",
    "dip:concerns",
    "dip:kind",
    "dip:numberOfClaims",
    "dip:plannedBy",
    "dip:quotedIn",
    "dip:situationType",
    "dip:standing",
    "dip:strongestWording",
    "dip:weakestWording",
}
"""All that the default graph says of a reported situation."""


def solutions(store: ox.Store, text: str) -> list[tuple[ox.NamedNode | ox.Literal | None, ...]]:
    """Return the rows of a SELECT as tuples of terms."""
    found = store.query(text, prefixes=dict(PREFIXES))
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(row) for row in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param(
            "?x a dip:Representation ; dip:receivingState state:afghanistan ; "
            "dip:level dipv:ambassador",
            [],
            id="who-has-an-ambassador-in-kabul",
        ),
        pytest.param("?x dip:level dipv:ambassador", [], id="who-is-represented-by-an-ambassador"),
        pytest.param(
            "?x a dip:Representation ; dip:sendingState state:pakistan",
            ["representation-of-pakistan-in-afghanistan"],
            id="how-is-pakistan-represented",
        ),
        pytest.param("?x a dip:Recognition", [], id="who-recognises-the-emirate"),
        pytest.param("?x dip:recognisingState ?state", [], id="which-states-recognise"),
        pytest.param(
            "?x dip:recognisedAuthority government:islamic-emirate",
            [],
            id="is-the-emirate-recognised",
        ),
        pytest.param(
            "?x a dip:NonRecognition",
            ["non-recognition-of-the-islamic-emirate"],
            id="who-does-not-recognise-the-emirate",
        ),
        pytest.param("?x a dip:LevelChange", [], id="changes-of-level"),
        pytest.param("?x dip:toLevel ?level", [], id="to-which-level"),
        pytest.param(
            "?x a dip:AmbassadorDesignation",
            [
                "designation-by-china",
                "designation-by-the-united-arab-emirates",
                "designation-by-uzbekistan",
            ],
            id="who-designated-an-ambassador",
        ),
        pytest.param(
            "?x a dip:AmbassadorDesignation ; dip:sendingState state:russia",
            [],
            id="ambassador-of-russia",
        ),
        pytest.param(
            "?x dip:post post:ambassador-of-pakistan-in-kabul", [], id="ambassador-of-pakistan"
        ),
        pytest.param("?x a dip:OrdinalStatement", [], id="order-of-designation"),
        pytest.param("?x a dip:NonDesignation", [], id="absence-of-a-designation"),
        pytest.param(
            "?x a dip:Expulsion", ["expulsion-of-afghan-refugees"], id="deportation-of-afghans"
        ),
        pytest.param(
            "?x dip:attitude dipv:accepts",
            ["acceptance-of-the-mediation-by-pakistan"],
            id="who-accepts-the-mediation",
        ),
        pytest.param(
            "?x a dip:Stance ; dip:holder government:india",
            ["opposition-of-india-to-the-taliban"],
            id="acceptance-and-friendship-of-india",
        ),
        pytest.param(
            "?x dip:attitude dipv:supports ; "
            "dip:towards situation:extension-of-cpec-to-afghanistan",
            ["support-of-china-for-extending-cpec", "support-of-pakistan-for-extending-cpec"],
            id="who-supports-extending-cpec",
        ),
        pytest.param("?x a dip:FrameworkExtension", [], id="extension-of-cpec"),
        pytest.param("?x a dip:Attendance", [], id="who-attended-by-name"),
        pytest.param("?x a dip:Cooperation", [], id="who-cooperates"),
        pytest.param("?x a dip:Restraint", [], id="who-controls-the-ttp"),
        pytest.param("?x a dip:Resolution", [], id="which-issues-are-settled"),
        pytest.param("?x dip:attitude dipv:unwilling", [], id="who-is-unwilling"),
        pytest.param("?x dip:attitude dipv:optimistic", [], id="who-is-optimistic"),
        pytest.param(
            "?x dip:direction dipv:improving",
            [
                "engagement-of-pakistan-with-the-taliban",
                "improvement-of-relations",
                "indias-engagement-with-the-taliban",
            ],
            id="which-relations-improve",
        ),
        pytest.param(
            "?x a dip:FirstSince", ["first-ministerial-contact-since-the-takeover"], id="firsts"
        ),
    ],
)
def test_naive_query_finds_no_more_than_facts(
    built_store: ox.Store, pattern: str, expected: list[str]
) -> None:
    """What most people ask first, on the default graph: only accepted situations answer."""
    rows = solutions(built_store, f"SELECT DISTINCT ?x WHERE {{ {pattern} }} ORDER BY ?x")

    assert [row[0] for row in rows] == [
        ox.NamedNode(f"{PREFIXES['situation']}{x}") for x in expected
    ]


def test_only_accepted_situations_and_interpretations_have_their_class(
    built_store: ox.Store,
) -> None:
    """A class of situations in the default graph holds facts, or says itself that it does not."""
    rows = solutions(
        built_store,
        """SELECT ?situation ?class WHERE {
          ?situation a ?class ; dip:standing ?standing .
          ?class rdfs:subClassOf+ dip:Situation .
          FILTER(?standing != dipv:accepted)
          FILTER NOT EXISTS { ?class rdfs:subClassOf* dip:Interpretation }
        }""",
    )

    assert rows == []


def test_interpretations_are_never_accepted(built_store: ox.Store) -> None:
    """However flatly it is worded, a reading of events stays one."""
    rows = solutions(
        built_store,
        """SELECT ?situation WHERE {
          ?situation dip:standing dipv:accepted ;
            dip:situationType/rdfs:subClassOf* dip:Interpretation
        }""",
    )

    assert rows == []


def test_reported_situations_have_a_summary_only(built_store: ox.Store) -> None:
    """Their content stays in the quotation, so that no pattern over it takes them for facts."""
    rows = solutions(
        built_store,
        """SELECT DISTINCT ?property WHERE {
          ?situation a dip:ReportedSituation ; ?property ?value .
          FILTER NOT EXISTS { ?situation dip:situationType/rdfs:subClassOf* dip:Interpretation }
        }""",
    )

    assert {shorten(row[0].value) for row in rows if row[0]} <= SUMMARY


def test_every_reported_situation_carries_its_caveat(built_store: ox.Store) -> None:
    """Its label ends in brackets that say why it is not a fact."""
    rows = solutions(
        built_store,
        "SELECT ?label WHERE { ?x a dip:ReportedSituation OPTIONAL { ?x rdfs:label ?label } }",
    )

    assert rows
    assert [row for row in rows if not (row[0] and re.search(r" \[.+\]$", row[0].value))] == []


def test_every_situation_is_accepted_or_reported(built_store: ox.Store) -> None:
    """There is one standing each, and whatever is not accepted is a reported situation."""
    rows = solutions(
        built_store,
        """SELECT ?x (COUNT(DISTINCT ?standing) AS ?standings) (COUNT(DISTINCT ?kind) AS ?reported)
          (SAMPLE(?standing) AS ?one) WHERE {
          ?x dip:situationType ?type .
          OPTIONAL { ?x dip:standing ?standing }
          OPTIONAL { ?x a ?kind FILTER(?kind = dip:ReportedSituation) }
        } GROUP BY ?x""",
    )
    accepted = ox.NamedNode(expand("dipv:accepted") or "")

    assert rows
    for situation, standings, reported, standing in rows:
        assert standings == ox.Literal(1), situation
        assert reported == ox.Literal(0 if standing == accepted else 1), situation
