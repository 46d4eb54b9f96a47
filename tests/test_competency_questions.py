"""The competency questions of document 000: each saved query gives exactly the expected rows.

A cell that is None is not stated: the row has no value there. Labels are those of the registry.
"""

from dataclasses import dataclass, field
from datetime import date

import pytest

from kg.library import IRI, Build, Rows, Value
from kg.vocab import shorten

Cells = tuple[Value, ...]

CHARGE = "chargé d'affaires"
AUTHOR = "agent:author-of-000"
WRITER = "The author of document 000"
EMIRATE = "Islamic Emirate of Afghanistan (de facto authority)"
EMIRATES_MINISTRY = "Ministry of Foreign Affairs of the Islamic Emirate of Afghanistan"
EMIRATES_MINISTER = "Foreign Minister of the Islamic Emirate"
WRITTEN = "[2025-06-01..2025-06-08]"
AFTER_30_MAY = "[2025-05-30..2025-06-08]"

UPGRADE = "situation:upgrade-of-pakistans-mission"
UPGRADE_BACK = "situation:upgrade-of-the-islamic-emirates-mission"
TRILATERAL = "situation:trilateral-meeting-in-beijing"
CALL = "situation:call-of-jaishankar-and-muttaqi"
DELISTING = "situation:delisting-of-the-taliban-by-russia"
EXTENSION = "situation:extension-of-cpec-to-afghanistan"
TAKEOVER = "situation:takeover-of-kabul"
MEDIATION = "situation:mediation-by-china"
EASING = "situation:easing-of-tensions"
UNWILLINGNESS = "situation:unwillingness-to-restrain-the-ttp"
INDIAS_ENGAGEMENT = "situation:indias-engagement-with-the-taliban"


@dataclass(frozen=True)
class Question:
    """A question as a saved query with values, and the cells its rows must have.

    The order of `rows` counts where `ordered`.
    """

    number: str
    query: str
    columns: str
    rows: tuple[Cells, ...]
    given: dict[str, str] = field(default_factory=dict)
    ordered: bool = False


QUESTIONS = (
    Question(
        "Q01: at which level was Pakistan represented in Afghanistan on 2025-05-29",
        "level-on-date",
        "senderLabel receiverLabel levelLabel standingLabel",
        (("Pakistan", "Afghanistan", CHARGE, "accepted"),),
        {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2025-05-29"},
    ),
    Question(
        "Q03: announced changes of level",
        "announced-level-changes",
        "senderAuthorityLabel placeLabel fromLevelLabel toLevelLabel announcerLabel announcedOn "
        "effectiveDate wordedAs standingLabel",
        (
            (
                *("Government of Pakistan", "Kabul", CHARGE, "ambassador"),
                *("Government of Pakistan", "2025-05-30", None),
                *("actual; committed; planned", "contested"),
            ),
            (
                *(EMIRATE, "Islamabad", CHARGE, "ambassador", EMIRATES_MINISTRY, AFTER_30_MAY),
                *(None, "committed", "announced or planned"),
            ),
        ),
    ),
    Question(
        "Q05: at which level was Pakistan represented in Kabul on 2023-01-01",
        "level-on-date",
        "levelLabel lastLevelLabel situation knownFrom standingLabel",
        (
            (
                *(None, None, "situation:absence-of-a-pakistani-designation-since-2021"),
                *(date(2021, 8, 1), "inferred"),
            ),
        ),
        {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2023-01-01"},
    ),
    Question(
        "Q06: the first four countries to designate an ambassador to Kabul",
        "order-of-designation",
        "position countryLabel positionBasisLabel upgradeAnnouncedOn standingLabel",
        (
            (1, "China", "list order", None, "inferred"),
            (2, "United Arab Emirates", "list order", None, "inferred"),
            (3, "Uzbekistan", "list order", None, "inferred"),
            (4, "Pakistan", "position stated", "2025-05-30", "contested"),
        ),
        {"receiver": "Afghanistan"},
        ordered=True,
    ),
    Question(
        "Q08: who may be next to designate an ambassador to Kabul, and on what ground",
        "expected-designations",
        "countryLabel hedgeCue certaintyLabel ground groundDate standingLabel",
        (("Russia", "might soon", "possible", DELISTING, "2025-04", "forecast"),),
        {"receiver": "Afghanistan"},
    ),
    Question(
        "Q09: which act was declared reciprocal to which",
        "reciprocal-acts",
        "act answered declarerLabel channelLabel",
        ((UPGRADE_BACK, UPGRADE, EMIRATES_MINISTRY, "post on X"),),
    ),
    Question(
        "Q11: how many countries recognise the Taliban as government of Afghanistan",
        "recognition-count",
        "numberOfRecognisingStates stateLabel governedLabel date standingLabel",
        ((0, None, "Afghanistan", WRITTEN, "accepted"),),
        {"authority": "Taliban regime"},
    ),
    Question(
        "Q13: officials with office and side",
        "officials",
        "personLabel postLabel authorityLabel",
        (
            ("Ishaq Dar", "Foreign Minister of Pakistan", "Government of Pakistan"),
            ("Amir Khan Muttaqi", EMIRATES_MINISTER, EMIRATE),
            ("Vikram Misri", "Foreign Secretary of India", "Government of India"),
            ("Anand Prakash", "Senior diplomat of India (title not stated)", "Government of India"),
            ("S. Jaishankar", "Minister of External Affairs of India", "Government of India"),
            ("Wang Yi", "Foreign Minister of China", "Government of China"),
        ),
    ),
    Question(
        "Q15: offices without a named holder",
        "offices-without-named-holder",
        "postLabel status presupposed",
        (
            ("Post of ambassador of Pakistan to Afghanistan", "planned", False),
            ("Post of chargé d'affaires of Pakistan in Afghanistan", "existing", True),
            ("Post of chargé d'affaires of the Islamic Emirate in Islamabad", "existing", True),
            ("Post of ambassador of the Islamic Emirate in Islamabad", "planned", False),
            ("Post of ambassador of China in Kabul", "designated", True),
            ("Post of ambassador of the United Arab Emirates in Kabul", "designated", True),
            ("Post of ambassador of Uzbekistan in Kabul", "designated", True),
            ("Supreme leader of the Taliban (successive holders)", "existing", True),
        ),
    ),
    Question(
        "Q16: meetings, visits and calls",
        "contacts",
        "typeLabel date placeLabel participantLabel rankLabel",
        (
            ("meeting", "2025-01", "Dubai", "Vikram Misri", "foreign secretary"),
            ("meeting", "2025-01", "Dubai", "Amir Khan Muttaqi", "minister"),
            ("visit", "2025-04-19", "Kabul", "Ishaq Dar", "minister"),
            ("visit", "2025-04-27", "Kabul", "Anand Prakash", "senior diplomat"),
            ("call", None, None, "S. Jaishankar", "minister"),
            ("call", None, None, "Amir Khan Muttaqi", "minister"),
            ("meeting", "2025-05-21", "Beijing", "Foreign Minister of Pakistan", "minister"),
            ("meeting", "2025-05-21", "Beijing", EMIRATES_MINISTER, "minister"),
            ("meeting", "2025-05-21", "Beijing", "Foreign Minister of China", "minister"),
        ),
    ),
    Question(
        "Q18: who took part in the Beijing meeting",
        "contact-participants",
        "officeLabel personLabel nameBasis standingLabel",
        (
            ("Foreign Minister of Pakistan", "Ishaq Dar", "inferred", "inferred"),
            (EMIRATES_MINISTER, "Amir Khan Muttaqi", "inferred", "inferred"),
            ("Foreign Minister of China", "Wang Yi", "inferred", "inferred"),
        ),
        {"contact": TRILATERAL},
    ),
    Question(
        "Q20: contacts with a minister on every side",
        "contacts-at-rank",
        "contact date sideLabel",
        (
            (CALL, None, "Government of India"),
            (CALL, None, EMIRATE),
            (TRILATERAL, "2025-05-21", "Government of Pakistan"),
            (TRILATERAL, "2025-05-21", EMIRATE),
            (TRILATERAL, "2025-05-21", "Government of China"),
        ),
        {"rank": "minister"},
    ),
    Question(
        "Q21: firsts since an earlier event",
        "firsts-since",
        "occurrence event eventDate paragraph standingLabel",
        (
            (
                *("situation:designation-by-pakistan", TAKEOVER, "2021-08", 1),
                "announced or planned",
            ),
            (CALL, TAKEOVER, "2021-08", 13, "accepted"),
        ),
    ),
    Question(
        "Q23: to whom the TTP owes allegiance, and whether that is hedged",
        "allegiances",
        "groupLabel owedToLabel certaintyLabel hedgeCue presupposed",
        (
            (
                "Tehreek-e-Taliban Pakistan (TTP)",
                "Supreme leader of the Taliban (successive holders)",
                *("certain", None, True),
            ),
        ),
        {"group": "TTP"},
    ),
    Question(
        "Q25: who removed the Taliban from a terrorist list, and when",
        "terrorist-listings",
        "stateLabel groupLabel date earliest latest dateBasisLabel",
        (
            (
                *("Russia", "Taliban", "2025-04"),
                *(date(2025, 4, 1), date(2025, 4, 30), "year inferred"),
            ),
        ),
        {"group": "Taliban", "type": "Delisting"},
    ),
    Question(
        "Q27: which corridor is to be extended, who supports it, and was it carried out",
        "framework-extensions",
        "frameworkLabel stateLabel supporterLabel supportDate widerFrameworkLabel "
        "extensionStandingLabel",
        tuple(
            (
                *("China-Pakistan Economic Corridor", "Afghanistan", supporter),
                *("2025-05-21", "Belt and Road Initiative", "called for"),
            )
            for supporter in ("Government of China", "Government of Pakistan")
        ),
    ),
    Question(
        "Q29: did the Afghan side support extending CPEC",
        "stances",
        "partyLabel attitudeLabel standingLabel",
        (
            ("Government of China", "in support", "accepted"),
            ("Government of Pakistan", "in support", "accepted"),
            (EMIRATE, None, "not known"),
        ),
        {"towards": EXTENSION},
    ),
    Question(
        "Q30: figures for Afghans in or leaving Pakistan",
        "quantities",
        "population measureLabel value qualifierLabel isExact date",
        (
            ("Afghans", "persons who left", 845000, "approximately", False, "2023-10/.."),
            ("Afghans", "persons who remain", 3000000, "almost", False, WRITTEN),
        ),
        {"location": "Pakistan"},
    ),
    Question(
        "Q32: posts on X, by whom and when",
        "statements-by-channel",
        "speakerLabel date dateBasisLabel statementActLabel relationLabel content",
        (
            *(
                ("Ishaq Dar", "2025-05-30~", "bounded by context", None, relation, content)
                for relation, content in (
                    ("regarding", "situation:announcement-by-pakistan"),
                    ("regarding", UPGRADE),
                    ("asserting", "situation:positive-trajectory-of-relations"),
                    ("predicting", "situation:momentum-through-the-upgrade"),
                    ("predicting", "situation:cooperation-through-the-upgrade"),
                    ("predicting", "situation:deeper-cooperation"),
                    ("predicting", "situation:enhanced-engagement"),
                    ("predicting", "situation:further-exchanges"),
                )
            ),
            *(
                (EMIRATES_MINISTRY, AFTER_30_MAY, "bounded by context", act, relation, content)
                for act, relation, content in (
                    ("welcoming", "regarding", UPGRADE),
                    (None, "announces", UPGRADE_BACK),
                    (None, "announcing", UPGRADE_BACK),
                )
            ),
        ),
        {"channel": "post-on-x"},
    ),
    Question(
        "Q34: in which areas Ishaq Dar expects deeper cooperation",
        "cooperation-fields",
        "fieldLabel actualityLabel certaintyLabel hedgeCue",
        tuple(
            (area, "predicted", "near certain", "I am confident")
            for area in ("economy", "security", "counterterrorism", "trade")
        ),
        {"speaker": "Ishaq Dar", "cooperation": "situation:deeper-cooperation"},
    ),
    Question(
        "Q35: factors offered for Pakistan's announced upgrade, with their certainty",
        "offered-explanations",
        "factor paragraph roleLabel hedgeCue wordingCue certaintyLabel actualityLabel",
        (
            (
                *(INDIAS_ENGAGEMENT, 2, "contributing cause", "may be one of the reasons"),
                *(None, "possible", "actual"),
            ),
            (
                *("situation:chinas-engagement-in-afghanistan", 2, "contributing cause"),
                *("may have also influenced", None, "possible", "actual"),
            ),
            (
                *(INDIAS_ENGAGEMENT, 12, "contributing cause", "could be one of the reasons"),
                *(None, "possible", "actual"),
            ),
            (INDIAS_ENGAGEMENT, 12, "purpose", "might serve", None, "possible", "actual"),
            (
                *(INDIAS_ENGAGEMENT, 14, "contributing cause", None),
                *("partially been influenced", "certain", "actual"),
            ),
            (
                *(MEDIATION, 15, "contributing cause", "could be part of"),
                *(None, "possible", "actual"),
            ),
            (
                *("situation:no-room-for-another-rival", 17, "contributing cause"),
                *(None, "cannot afford", "certain", "actual"),
            ),
            (
                *(INDIAS_ENGAGEMENT, 17, "contributing cause", None),
                *("provided Pakistan with the impetus", "certain", "actual"),
            ),
            (
                *(MEDIATION, 17, "necessary condition", None),
                *("would not have been possible without", "certain", "counterfactual"),
            ),
            (
                *("situation:support-of-china-for-pakistan", 17, "necessary condition"),
                *(None, "would not have been possible without", "certain", "counterfactual"),
            ),
        ),
        {"explained": UPGRADE},
    ),
    Question(
        "Q37: why the Taliban regime seems unwilling to restrain the TTP",
        "offered-explanations",
        "factor hedgeCue certaintyLabel standingLabel",
        (("situation:allegiance-of-the-ttp", "likely due to", "probable", "interpretation"),),
        {"explained": UNWILLINGNESS},
    ),
    Question(
        "Q38: necessary conditions of the breakthrough",
        "offered-explanations",
        "factor paragraph wordingCue",
        (
            (MEDIATION, 17, "would not have been possible without"),
            ("situation:support-of-china-for-pakistan", 17, "would not have been possible without"),
        ),
        {"explained": UPGRADE, "role": "necessary-condition"},
    ),
    Question(
        # The last row is one of those that the scoring note admits.
        "Q39: the author's own outlook",
        "forecasts",
        "forecast wording paragraph certaintyLabel",
        (
            (EASING, "indicates a potential", 1, "possible"),
            ("situation:boost-to-the-islamic-emirate", "will", 5, "certain"),
            ("situation:designation-by-russia", "might soon", 5, "possible"),
            ("situation:easing-contingent-on-the-issues", "is contingent upon", 11, "certain"),
            ("situation:short-term-easing-through-the-upgrade", "could help", 17, "possible"),
            ("situation:resolution-through-the-upgrade", "may lead to", 17, "possible"),
            ("situation:effectiveness-of-the-upgrade", None, 17, "unstated"),
        ),
        {"speaker": AUTHOR},
    ),
    Question(
        "Q41: on what the easing of tensions is made contingent",
        "contingencies",
        "issue issueParagraph",
        (
            ("situation:attacks-by-the-ttp", 8),
            ("situation:expulsion-of-afghan-refugees", 9),
            ("situation:dispute-over-the-durand-line", 10),
        ),
        {"contingent": EASING},
    ),
    Question(
        "Q42: who mediates, and who accepts that with what certainty",
        "mediations",
        "mediatingPartyLabel parties acceptedByLabel acceptanceCertaintyLabel hedgeCue",
        (
            (
                *("Government of China", "Afghanistan; Pakistan"),
                *("Government of Pakistan", "certain", None),
            ),
            (
                *("Government of China", "Afghanistan; Pakistan"),
                *("Taliban", "near certain", "most certainly"),
            ),
        ),
    ),
    Question(
        "Q44: when the upgrade of the Afghan mission takes effect",
        "announced-level-changes",
        "senderAuthorityLabel effectiveDate announcedOn standingLabel",
        ((EMIRATE, None, AFTER_30_MAY, "announced or planned"),),
        {"sender": "Afghanistan"},
    ),
    Question(
        "Q46: when Jaishankar and Muttaqi spoke by phone",
        "encounters",
        "contact typeLabel date dateBasisLabel follows writtenBy",
        (
            (
                *(CALL, "call", None, "date not stated"),
                *("situation:condemnation-of-the-pahalgam-attack", date(2025, 6, 8)),
            ),
        ),
        {"person": "S. Jaishankar", "counterpart": "Amir Khan Muttaqi"},
    ),
    Question(
        "Q48: which paragraphs support that China mediates",
        "evidence",
        "paragraph certaintyLabel presupposed hedgeCue",
        (
            (15, "certain", True, None),
            (16, "certain", None, None),
            (16, "certain", True, None),
            (17, "certain", True, None),
        ),
        {"situation": MEDIATION},
    ),
    Question(
        "Q50: contacts of India and the Taliban in 2025",
        "contact-counts",
        "standingLabel contactType contacts datedContacts withStatedCounterpart firstDate",
        (
            ("accepted", "meeting", 1, 1, 1, "2025-01"),
            ("accepted", "visit", 1, 1, 0, "2025-04-27"),
            ("accepted", "call", 1, 0, 1, "not stated"),
            ("accepted", "total", 3, 2, 2, "2025-01"),
        ),
        {"side": "India", "otherSide": "Taliban", "since": "2025", "until": "2025"},
    ),
    Question(
        "Q52: states in contact with the Taliban foreign minister, and their ambassadors",
        "counterparts-and-designations",
        "stateLabel contact holderIdentity designationStandingLabel designationPlannedByLabel",
        (
            ("India", "situation:meeting-of-misri-and-muttaqi", "named", None, None),
            ("India", CALL, "named", None, None),
            ("China", TRILATERAL, "by office", "accepted", None),
            ("Pakistan", TRILATERAL, "by office", "contested", "Government of Pakistan"),
        ),
        {"office": EMIRATES_MINISTER},
    ),
    Question(
        "Q54: ministers who commented on the upgrade and belong to the Beijing meeting",
        "commentators-at-contact",
        "personLabel statement officeLabel standingLabel",
        (
            ("Ishaq Dar", "situation:post-on-x-by-dar", "Foreign Minister of Pakistan", "inferred"),
            ("Wang Yi", "situation:statement-by-wang-yi", "Foreign Minister of China", "inferred"),
        ),
        {"subject": UPGRADE, "contact": TRILATERAL},
    ),
    Question(
        "Q55: who has designated an ambassador to Kabul, in three layers",
        "ambassador-designations",
        "layer senderLabel standingLabel saidBy",
        (
            (1, "China", "accepted", f"{WRITER}, paragraph 5"),
            (1, "United Arab Emirates", "accepted", f"{WRITER}, paragraph 5"),
            (1, "Uzbekistan", "accepted", f"{WRITER}, paragraph 5"),
            (2, "Pakistan", "contested", f"{WRITER}, paragraph 1; {WRITER}, paragraph 5"),
            (3, "Russia", "forecast", f"{WRITER}, paragraph 5"),
        ),
        {"receiver": "Afghanistan"},
        ordered=True,
    ),
    Question(
        "Q57: who accepts the mediation, facts first",
        "mediations",
        "acceptanceStandingLabel acceptedByLabel",
        (("accepted", "Government of Pakistan"), ("hedged", "Taliban")),
        {"mediator": "China"},
        ordered=True,
    ),
    Question(
        # The last three are dated by the curator and say so: the scoring note admits them.
        "Q58: timeline of April and May 2025",
        "timeline",
        "date event dateBasisLabel",
        (
            ("2025-04", DELISTING, "year inferred"),
            ("2025-04-19", "situation:visit-of-dar-to-kabul", "year inferred"),
            ("2025-04-27", "situation:visit-of-prakash-to-kabul", "year inferred"),
            ("2025-05-21", TRILATERAL, "year inferred"),
            ("2025-05-30", "situation:announcement-by-pakistan", "year inferred"),
            ("2025-05-30~", "situation:post-on-x-by-dar", "bounded by context"),
            (
                *(AFTER_30_MAY, "situation:announcement-by-the-islamic-emirate"),
                "bounded by context",
            ),
            (AFTER_30_MAY, "situation:welcome-by-the-islamic-emirate", "bounded by context"),
        ),
        {"since": "2025-04-01", "until": "2025-05-31"},
        ordered=True,
    ),
)


def rows_of(built: Build, query: str, given: dict[str, str]) -> Rows:
    """Return the rows of a saved query."""
    rows = built.run(query, **given)
    assert isinstance(rows, Rows)
    return rows


def cells(rows: Rows, columns: str) -> list[Cells]:
    """Return the cells of `columns`, with IRIs as prefixed names."""
    return [tuple(_cell(row[column]) for column in columns.split()) for row in rows]


def _cell(value: Value) -> Value:
    return shorten(value) if isinstance(value, IRI) else value


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.number[:3])
def test_competency_question_has_its_expected_rows(built: Build, question: Question) -> None:
    """No row is missing and none is too many; order counts where the question asks for one."""
    rows = cells(rows_of(built, question.query, question.given), question.columns)

    assert set(rows) == set(question.rows)
    if question.ordered:
        assert rows == list(question.rows)


def test_competency_questions_are_all_there() -> None:
    """The thirty-five questions have a test each."""
    numbers = {question.number[:3] for question in QUESTIONS}

    assert len(numbers) == len(QUESTIONS) == 35


def test_taliban_are_not_the_ttp(built: Build) -> None:
    """A question about the one group never answers with the other."""
    assert not rows_of(built, "allegiances", {"group": "Taliban"})


def test_level_is_not_carried_back_before_it_is_known(built: Build) -> None:
    """A level without a stated start is not the answer for an earlier day."""
    given = {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2025-05-01"}

    rows = rows_of(built, "level-on-date", given)

    assert [row["levelLabel"] for row in rows] == [None]


def test_level_is_not_carried_on_past_its_last_known_day(built: Build) -> None:
    """After the announcement neither the old nor the announced level is an answer."""
    given = {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2025-06-05"}

    rows = rows_of(built, "level-on-date", given)

    assert cells(rows, "levelLabel lastLevelLabel knownUntil announcedSince") == [
        (None, CHARGE, date(2025, 5, 30), UPGRADE)
    ]
    assert cells(rows, "status standingLabel") == [
        ("last known 2025-05-30; not known for this day", "not known")
    ]
    assert "has been announced since" in str(rows[0]["situationLabel"])
    assert "[contested: " in str(rows[0]["announcedSinceLabel"])


def test_a_level_of_the_day_is_told_as_known(built: Build) -> None:
    """Also on the last day; what was announced on it is no part of the answer."""
    given = {"sender": "Pakistan", "receiver": "Afghanistan", "day": "2025-05-30"}

    rows = cells(rows_of(built, "level-on-date", given), "status levelLabel standingLabel")

    assert rows == [("known for this day", CHARGE, "accepted")]


@pytest.mark.parametrize("person", ["Wang Yi", "Amir Khan Muttaqi"])
def test_an_encounter_is_worth_no_more_than_the_attendance(built: Build, person: str) -> None:
    """Who is not named attended by inference, however sure the contact is."""
    rows = rows_of(built, "encounters", {"person": person})

    told = {cells[1:] for cells in cells(rows, "contact personBasis standingLabel")}
    assert ("inferred", "inferred") in told
    assert told <= {("inferred", "inferred"), ("stated", "accepted")}
    assert {row["contactStandingLabel"] for row in rows} == {"accepted"}


def test_an_attitude_that_is_not_known_is_not_told(built: Build) -> None:
    """The label says what was asked for; the column of attitudes stays empty."""
    rows = rows_of(built, "stances", {})

    open_ones = [row for row in rows if row["standingLabel"] == "not known"]
    assert open_ones
    assert {row["attitudeLabel"] for row in open_ones} == {None}


def test_an_announced_act_has_one_row(built: Build) -> None:
    """Announced and planned is one act, told with both."""
    rows = rows_of(built, "announced-acts", {})

    acts = [row["situation"] for row in rows]
    assert len(acts) == len(set(acts))
    intents = dict(zip(acts, (row["intents"] for row in rows), strict=True))
    upgrade = next(act for act in acts if shorten(str(act)) == UPGRADE)
    assert intents[upgrade] == (
        "announced by Government of Pakistan; planned by Government of Pakistan"
    )


def test_contacts_without_a_date_are_counted_apart(built: Build) -> None:
    """The strict count of dated contacts stands beside the count of all."""
    given = {"side": "India", "otherSide": "Taliban", "since": "2025-02", "until": "2025-12-31"}

    rows = cells(rows_of(built, "contact-counts", given), "contactType contacts datedContacts")

    assert rows == [("call", 1, 0), ("visit", 1, 1), ("total", 2, 1)]
