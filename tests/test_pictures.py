"""Pictures: what is not a fact never looks like one, and what comes from outside stays text."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.config import Config
from kg.current import find_current
from kg.engine.children import start_child
from kg.engine.pool import Pool
from kg.errors import EngineUnavailable, NotRepresentable, SavedQueryError
from kg.library import Build, Rows
from kg.pictures import process
from kg.pictures.composing import MOST_ROWS, compose
from kg.pictures.days import Span, axis, read_span
from kg.pictures.finishing import SVG, finish
from kg.pictures.kinds import KINDS, Picture
from kg.pictures.limits import REFUSED
from kg.pictures.network import MOST_NODES
from kg.pictures.process import Drawer
from kg.pictures.rendering import SPECIFICATIONS, draw
from kg.pictures.scene import MOST_ENTRIES, Scene
from kg.pictures.words import MOST_LABEL, TONES, cut, plain, tone_of
from kg.saved_queries import find_saved_query, read_saved_queries, read_saved_query
from kg.vocab import DIP, DIPV
from kg.web.app import create_app
from kg.web.pictures import DRAWER, draw_inline

ROOT: Final = Path(__file__).parents[1]
QUERIES: Final = ROOT / "queries"
PATIENT: Final = 60.0
"""Seconds for a picture, where the machine is busy with other tests."""

CHARGE: Final = "chargé d'affaires"
LEVELS: Final = ("ambassador", "envoy or minister", CHARGE)
CERTAINTIES: Final = ("possible", "probable", "near certain", "certain")
HOSTILE: Final = (
    '"><script>alert(1)</script>',
    "</title><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "http://127.0.0.1:9/x.png",
    '{"signal": "warn(1)"}',
    "datum.constructor.constructor('return 1')()",
    "${1+1} {{ 1+1 }} {% raw %}",
    "&lt;b&gt; &#x0; ]]> <!-- --",
    "a\u202egnirts\u202c \u2066b\u2069 \u200fc",
    "nul \0 escape \x1b[31m bell \x07 \ufffe \uffff",
    "half \ud800 a pair",
    "W" * 10_000,
    "\u0300" * 10_000,
    "漢字" * 5_000,
    "line\nbreak\r\n\u2028tab\t",
    "__proto__",
    "",
)
DRAWN_FROM: Final[Mapping[str, dict[str, str]]] = {
    "representation-ladder": {"sender": "Pakistan", "receiver": "Afghanistan"},
    "timeline": {},
    "contacts": {},
    "claims-about": {"thing": "Durand Line"},
}
SIGNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\0-\x08\x0b-\x1f]")


def picture_of(kind: str) -> Picture:
    """A picture whose columns have the names of their roles."""
    roles = (*KINDS[kind].required, *KINDS[kind].optional)
    scale = {"ladder": LEVELS, "strength": CERTAINTIES}.get(kind, ())
    return Picture(kind, {role: role for role in roles}, scale)


def level(**values: str) -> dict[str, str]:
    """A row of a ladder: a fact about a chargé d'affaires, but for `values`."""
    row = {
        "sender": "A", "receiver": "B", "standing": "accepted", "type": "representation",
        "level": CHARGE, "label": "Representation of A in B",
    }  # fmt: skip
    return {**row, **values}


def ladder(*rows: Mapping[str, str]) -> Scene:
    """The ladder of `rows`."""
    return compose(picture_of("ladder"), "Levels", rows)


def data(scene: Scene, layer: str) -> list[dict[str, Any]]:
    """The data of one layer."""
    return [dict(datum) for datum in scene.data[layer]]


def rows_of(built: Build, name: str) -> Rows:
    """The rows of a saved query that is drawn."""
    rows = built.run(name, **DRAWN_FROM[name])
    assert isinstance(rows, Rows)
    return rows


def scene_of(built: Build, name: str) -> Scene:
    """The scene of a saved query over the real data."""
    query = find_saved_query(QUERIES, name)
    assert query.picture
    return compose(query.picture, query.title, rows_of(built, name))


@pytest.fixture(scope="module")
def drawer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawer]:
    """A drawing process."""
    root = tmp_path_factory.mktemp("drawn")
    made = Drawer(Config(root=root, builds=root), PATIENT)
    yield made
    made.close()


@pytest.fixture
def real_app(built: Build) -> Iterator[Flask]:
    """The web application over the real data."""
    app = create_app(built._config, built._engine)
    app.extensions[DRAWER]._seconds = PATIENT
    yield app
    app.extensions[DRAWER].close()


# What is not a fact never looks like one


def test_only_what_is_accepted_is_solid(built: Build) -> None:
    """Of the real rise that is announced, planned and contested nothing is filled or solid."""
    scene = scene_of(built, "representation-ladder")
    solid = [mark for mark in (*data(scene, "marks"), *data(scene, "undated")) if is_solid(mark)]

    assert {mark["tone"] for mark in solid} == {"accepted"}
    assert {mark["shape"] for mark in solid} == {"circle"}
    assert {line["tone"] for line in data(scene, "lines") if line["drawn"] == "solid"} == {
        "accepted"
    }
    assert any(mark["shape"] == "triangle-up" for mark in data(scene, "marks"))


def is_solid(mark: Mapping[str, object]) -> bool:
    """Whether a mark is filled."""
    return mark["filling"] != "surface"


@pytest.mark.parametrize(
    "standing", [*sorted(set(TONES) - {"accepted"}), "", "Accepted", "acepted"]
)
@pytest.mark.parametrize("extent", [{"last": "2025-05-30"}, {"date": "2025"}, {}])
def test_any_other_standing_is_hollow(standing: str, extent: dict[str, str]) -> None:
    """One that nobody knows is no exception, dated or not."""
    scene = ladder(level(standing=standing, **extent))

    assert not [m for m in (*data(scene, "marks"), *data(scene, "undated")) if is_solid(m)]
    assert tone_of(standing) != "accepted"
    assert data(scene, "words")[0]["tone"] != "accepted"


def test_nothing_joins_two_levels() -> None:
    """A line lies in the lane of its own entry; a change of level is a mark at its target."""
    rise = level(
        type="level change", standing="contested", fromLevel=CHARGE, level="ambassador",
        announced="2025-05-30", label="Rise",
    )  # fmt: skip
    scene = ladder(level(first="2025-05-29", last="2025-05-30"), rise)
    (solid,) = data(scene, "lines")
    (triangle,) = [mark for mark in data(scene, "marks") if mark["shape"] == "triangle-up"]

    assert solid.keys() == {"first", "last", "drawn", "tone", "y"}
    assert triangle["y"] != solid["y"]
    assert lane_of(scene, triangle["y"]) == "ambassador"
    assert lane_of(scene, solid["y"]) == CHARGE


def lane_of(scene: Scene, height: float) -> str:
    """The name of the lane at this height."""
    lanes = [lane for lane in data(scene, "lanes") if lane["y"] <= height]
    return " ".join(lanes[-1]["text"])


def test_a_state_is_drawn_no_longer_than_it_is_known() -> None:
    """Neither before the first nor after the last day on which it is known."""
    (line,) = data(ladder(level(first="2024-01-01", last="2025-05-30")), "lines")

    assert (line["first"], line["last"]) == ("2024-01-01", "2025-05-30")


def test_an_open_end_is_not_drawn() -> None:
    """`/2025-05-30` is known at one end, so there is a mark and no line."""
    scene = ladder(level(date="/2025-05-30"))

    assert [mark["first"] for mark in data(scene, "marks")] == ["2025-05-30"]
    assert data(scene, "lines") == []


def test_a_designation_is_not_a_level(built: Build) -> None:
    """It stands below the rungs, also where it is accepted."""
    scene = scene_of(built, "representation-ladder")
    diamonds = [
        m for m in (*data(scene, "marks"), *data(scene, "undated")) if m["shape"] == "diamond"
    ]

    assert diamonds
    assert all(lane_of(scene, mark["y"]).startswith("no level") for mark in diamonds)


def test_what_has_no_date_stands_in_its_own_column() -> None:
    """So does a date that nobody can read, and a bound without another."""
    rows = [level(), level(date="soon"), level(date="[..2025-06-08]")]

    assert len(data(ladder(*rows), "undated")) == 3


def test_a_fact_is_not_shown_on_the_day_of_its_announcement() -> None:
    """An announced day is no effective one; of what is not accepted the words say so."""
    fact = ladder(level(announced="2025-05-30"))
    plan = ladder(level(announced="2025-05-30", standing="announced or planned"))

    assert (data(fact, "marks"), len(data(fact, "undated"))) == ([], 1)
    assert data(plan, "words")[0]["head"].endswith("(placed at its announcement)")


def test_the_rungs_are_those_that_occur_and_their_neighbours() -> None:
    """A chargé d'affaires shows the rung above; a level outside the scale gets one below."""
    scene = ladder(level(), level(level="consul"))

    assert [lane["text"] for lane in data(scene, "lanes")] == [
        ["envoy or minister"], [CHARGE], ["consul"],
    ]  # fmt: skip


def test_several_pairs_of_states_are_kept_apart() -> None:
    """Each begins with its name."""
    scene = ladder(level(), level(receiver="C"))

    assert [" ".join(lane["text"]) for lane in data(scene, "lanes")] == [
        "A in B", CHARGE, "A in C", CHARGE,
    ]  # fmt: skip
    assert scene.title == "Levels: A in B; A in C"


def text(term: object) -> str:
    """The text of an RDF term."""
    return str(getattr(term, "value", ""))


def test_the_scale_of_the_ladder_is_the_rank_scheme() -> None:
    """The classes of the scheme that have an order and belong to no other, the highest first."""
    store = Store()
    store.load(path=ROOT / "ontology/vocab/head-of-mission-classes.ttl", format=RdfFormat.TURTLE)
    order = NamedNode(DIP + "order")
    broader = NamedNode("http://www.w3.org/2004/02/skos/core#broader")
    label = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    ranked = sorted(
        (
            int(text(quad.object)),
            text(next(store.quads_for_pattern(quad.subject, label, None)).object),
        )
        for quad in store.quads_for_pattern(None, order, None)
        if not list(store.quads_for_pattern(quad.subject, broader, None))
    )
    picture = find_saved_query(QUERIES, "representation-ladder").picture

    assert picture
    assert [name for _, name in ranked] == list(picture.scale)


def test_the_certainties_of_the_scale_exist() -> None:
    """Each is a certainty of the ontology, and only `unstated` has no place among them."""
    store = Store()
    store.load(path=ROOT / "ontology/vocab/certainties.ttl", format=RdfFormat.TURTLE)
    scheme = NamedNode(DIPV + "certainties")
    known = {
        text(quad.object)
        for concept in store.quads_for_pattern(None, None, scheme)
        for quad in store.quads_for_pattern(
            concept.subject, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"), None
        )
    }
    picture = find_saved_query(QUERIES, "claims-about").picture

    assert picture
    assert known - set(picture.scale) == {"unstated"}


# Time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-05-30", Span(date(2025, 5, 30), date(2025, 5, 30))),
        ("2024-02", Span(date(2024, 2, 1), date(2024, 2, 29))),
        ("2025~", Span(date(2025, 1, 1), date(2025, 12, 31))),
        ("[2025-05-30..2025-06-08]", Span(date(2025, 5, 30), date(2025, 6, 8))),
        ("[..2025-06-08]", Span(None, date(2025, 6, 8))),
        ("2021-08/2025-05-30", Span(date(2021, 8, 1), date(2025, 5, 30), lasts=True)),
        ("2003-02-01/..", Span(date(2003, 2, 1), None, lasts=True)),
        ("/2025-05-30", Span(None, date(2025, 5, 30), lasts=True)),
        ("", None),
        ("/", None),
        ("2025-13", None),
        ("2025-02-30", None),
        ("2026/2025", None),
        ("2025-05-30T00:00:00", None),
        ("٢٠٢٥", None),
        ("0000", None),
    ],
)
def test_a_date_stands_for_its_days(text: str, expected: Span | None) -> None:
    """What cannot be placed is None and stays words."""
    assert read_span(text) == expected


def test_an_axis_has_room_at_the_ends_of_time() -> None:
    """No day before the first or after the last that there is."""
    assert axis([date.min, date.max])[0] == ["0001-01-01", "9999-12-31"]


@pytest.mark.parametrize("day", ["0001-01-01", "0999-12-31", "1969-12-31", "9999-12-31"])
def test_any_year_can_be_drawn(day: str) -> None:
    """Also those that two-digit years or a count since 1970 would lose."""
    texts = texts_of(draw(ladder(level(first=day, last=day)), "svg"))

    assert any(day[:4].lstrip("0") in text.replace(",", "") for text in texts[1:] if text)


def test_an_event_of_a_month_lies_between_its_days() -> None:
    """The words say that the day is not stated; the line spans the month."""
    row = {
        "date": "2025-01", "earliest": "2025-01-01", "latest": "2025-01-31", "type": "meeting",
        "standing": "accepted", "label": "Meeting",
    }  # fmt: skip
    scene = compose(picture_of("timeline"), "Timeline", [row])

    assert data(scene, "words")[0]["head"] == "2025-01, day not stated"
    assert data(scene, "lines")[0]["drawn"] == "between"


# Contacts and claims


def contact(name: str, *nodes: str, standing: str = "accepted") -> list[dict[str, str]]:
    """The rows of a meeting."""
    return [
        {"contact": name, "node": node, "standing": standing, "type": "meeting"} for node in nodes
    ]


def network(*contacts: list[dict[str, str]]) -> Scene:
    """The network of some meetings."""
    return compose(picture_of("network"), "Contacts", [row for rows in contacts for row in rows])


def test_a_contact_counts_once_however_many_rows_it_has() -> None:
    """Two persons of a side make one side."""
    (edge,) = data(network(contact("m", "A", "A", "B"), contact("n", "A", "B")), "edges")

    assert (edge["text"], edge["drawn"]) == (["2 meetings"], "solid")


def test_a_contact_that_is_no_fact_is_an_edge_of_its_own() -> None:
    """Dashed, counted apart, with its standing in words."""
    edges = data(
        network(contact("m", "A", "B"), contact("n", "A", "B", standing="hedged")), "edges"
    )

    assert [(edge["drawn"], " ".join(edge["text"])) for edge in edges] == [
        ("solid", "1 meeting"), ("dashed", "1 meeting (hedged)"),
    ]  # fmt: skip
    assert (edges[0]["midX"], edges[0]["midY"]) != (edges[1]["midX"], edges[1]["midY"])


def test_a_visit_with_one_known_side_joins_nobody(built: Build) -> None:
    """It is told beside its node, and in words."""
    scene = network(contact("m", "A"))

    assert data(scene, "edges") == []
    assert data(scene, "nodes")[0]["text"] == ["A", "1 meeting, other side not stated"]
    assert "Government of Pakistan: 1 visit" in scene_of(built, "contacts").description


def test_more_nodes_than_are_readable_are_told_as_a_number() -> None:
    """Those with most contacts are drawn."""
    scene = network(*(contact(f"m{n}", f"N{n}", "hub") for n in range(MOST_NODES + 5)))

    assert len(data(scene, "nodes")) == MOST_NODES
    assert any(node["text"] == ["hub"] for node in data(scene, "nodes"))
    assert "6 participants with fewer contacts are not drawn." in scene.description


def claim(**values: str) -> dict[str, str]:
    """A row about a claim."""
    row = {
        "claim": "c1", "label": "Rise", "standing": "contested", "speaker": "Author",
        "polarity": "affirmed", "certainty": "certain", "actuality": "actual",
    }  # fmt: skip
    return {**row, **values}


def strength(*rows: dict[str, str]) -> Scene:
    """The strength of some claims."""
    return compose(picture_of("strength"), "Claims", rows)


def test_claims_never_have_the_colour_of_a_fact() -> None:
    """Not even those that are certain and actual."""
    scene = strength(claim(standing="accepted"))

    assert {mark["tone"] for mark in data(scene, "marks")} == {"ink"}


def test_a_denial_stands_against_an_affirmation() -> None:
    """In a column of its own, as a cross."""
    marks = data(strength(claim(), claim(claim="c2", polarity="denied")), "marks")

    assert [(mark["column"], mark["shape"]) for mark in marks] == [
        ("affirmed certain", "circle"), ("denied certain", "cross"),
    ]  # fmt: skip


def test_only_what_is_worded_as_actual_is_filled() -> None:
    """Neither a plan nor what the curator infers."""
    rows = (
        claim(),
        claim(claim="2", actuality="planned"),
        claim(claim="3", kind="curator inference"),
    )

    assert [is_solid(mark) for mark in data(strength(*rows), "marks")] == [True, False, False]


def test_claims_of_the_same_wording_are_counted() -> None:
    """A claim with two cues is one claim."""
    rows = (claim(cue="may"), claim(cue="might"), claim(claim="c2"), claim(claim="c3"))

    told = [" ".join(words["lines"]) for words in data(strength(*rows), "words")]
    assert [words.rpartition("(")[2] for words in told] == ["1 claim)", "2 claims)"]


# Words


@pytest.mark.parametrize("name", DRAWN_FROM)
def test_a_picture_says_in_words_what_it_shows(name: str, built: Build) -> None:
    """Title and description are in the SVG, and the image is named by both."""
    root = parsed(draw(scene_of(built, name), "svg"))
    title, words = root[0], root[1]

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {words.get('id')}"
    assert title.text
    assert words.text
    assert len(words.text) > 100


def test_the_words_say_what_is_not_a_fact(built: Build) -> None:
    """The announced rise is told with its standing, after what is accepted."""
    words = scene_of(built, "representation-ladder").description

    assert words.index("Accepted as fact: Representation of Pakistan") < words.index(
        "Not a fact, but contested: "
    )
    assert words.index("Not a fact, but contested: ") < words.index("Upgrade of Pakistan's mission")


def test_nothing_found_is_not_a_no() -> None:
    """The picture then holds the words alone."""
    scene = compose(picture_of("timeline"), "Timeline", [])

    assert scene.kind == "words"
    assert "That is not a no." in " ".join(texts_of(draw(scene, "svg")))


def test_what_is_left_out_is_told() -> None:
    """Of more rows than are looked at, and of more entries than are drawn."""
    scene = ladder(*(level(label=f"R{n}") for n in range(MOST_ROWS + 7)))

    assert len(data(scene, "words")) == MOST_ENTRIES
    assert f"Of {MOST_ROWS} entries, {MOST_ENTRIES} are drawn." in scene.description
    assert f"Of {MOST_ROWS + 7} rows of the answer, {MOST_ROWS} are drawn." in scene.description


def test_a_caveat_outlives_a_cut() -> None:
    """What stands in brackets at the end of a label stays, brackets inside it included."""
    caveat = "[announced [2025-05-30..2025-06-08] by A; not known to have happened]"

    text = cut("x" * 1000 + " " + caveat)

    assert text.endswith(caveat)
    assert len(text) <= MOST_LABEL


# What comes from outside stays text


def parsed(svg: bytes) -> ET.Element:
    """A drawing as elements, which shows that it is well-formed."""
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts_of(svg: bytes) -> list[str]:
    """All texts of a drawing."""
    return [element.text or "" for element in parsed(svg).iter()]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_labels_are_drawn_as_text(kind: str, drawer: Drawer) -> None:
    """In every column: no element, link, script or expression comes of them, nothing crashes."""
    picture, dates = picture_of(kind), {"date": "2025", "earliest": "2025", "latest": "2025"}
    rows = [dict.fromkeys(picture.columns, label) for label in HOSTILE]
    asked = {label: label for label in HOSTILE}

    scene = compose(picture, "".join(HOSTILE), [*rows, *({**row, **dates} for row in rows)], asked)
    root = parsed(drawer.draw(scene, "svg"))

    assert {each.tag.removeprefix(f"{{{SVG}}}") for each in root.iter()} <= {
        "svg", "g", "path", "rect", "line", "text", "tspan", "title", "desc",
    }  # fmt: skip
    assert not {name for each in root.iter() for name in each.attrib} & {"href", "style", "onload"}
    assert not SIGNS.search("".join(each.text or "" for each in root.iter()))
    assert any("<script>" in (each.text or "") for each in root.iter())


def test_markup_in_a_label_is_shown_as_it_is() -> None:
    """Escaped once: neither twice nor not at all."""
    svg = draw(ladder(level(label="<b>R&D</b>")), "svg")

    assert "<b>R&D</b>" in texts_of(svg)
    assert b"&lt;b&gt;R&amp;D&lt;/b&gt;" in svg


def test_text_is_cut_before_it_is_looked_at() -> None:
    """A text of any length costs the same."""
    assert len(plain("x " * 10_000_000)) <= MOST_LABEL


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        "<foreignObject/>",
        "<image width='1'/>",
        "<a><text/></a>",
        "<style>*{}</style>",
        "<path onclick='x'/>",
        "<path style='fill:red'/>",
        "<path href='x'/>",
        "<path xmlns:xlink='http://www.w3.org/1999/xlink' xlink:href='x'/>",
        "<path fill='url(http://x/)'/>",
        "<path id='a'/>",
        "<b xmlns='http://www.w3.org/1999/xhtml'/>",
    ],
)
def test_a_drawing_with_anything_else_is_not_shown(inside: str) -> None:
    """The last door: also where a specification led to it."""
    with pytest.raises(ValueError, match="in a drawing"):
        finish(f"<svg xmlns='{SVG}'>{inside}</svg>", ladder(level()))


@pytest.mark.parametrize("path", sorted(SPECIFICATIONS.glob("*.json")), ids=lambda path: path.stem)
def test_a_specification_loads_nothing(path: Path) -> None:
    """No address but that of its schema, no link, no tooltip, no image."""
    text = path.read_text("utf-8")

    assert re.findall(r"https?://[^\"]*", text) == [
        "https://vega.github.io/schema/vega-lite/v6.json"
    ]
    assert not re.search(r'"(url|href|tooltip|image|usermeta|loader)"', text)


# Drawing


def test_a_png_is_the_same_too(drawer: Drawer) -> None:
    """And it is one."""
    drawn = drawer.draw(ladder(level()), "png")

    assert drawn == draw(ladder(level()), "png")
    assert drawn.startswith(b"\x89PNG")


@pytest.mark.parametrize("name", DRAWN_FROM)
def test_the_same_answer_gives_the_same_picture(name: str, built: Build, drawer: Drawer) -> None:
    """In this process and in another, to the byte."""
    scene = scene_of(built, name)

    assert drawer.draw(scene, "svg") == draw(scene, "svg")


def test_a_picture_that_takes_too_long_ends_its_process(tmp_path: Path) -> None:
    """The next one starts another."""
    drawer = Drawer(Config(root=tmp_path, builds=tmp_path), PATIENT)
    first = drawer.draw(ladder(level()), "svg")
    before, drawer._seconds = drawer.pid, 0.0001

    with pytest.raises(EngineUnavailable, match="not drawn in time"):
        drawer.draw(ladder(level()), "svg")

    assert drawer.pid is None
    assert not is_alive(before)
    drawer._seconds = PATIENT
    assert drawer.draw(ladder(level()), "svg") == first
    drawer.close()


def test_a_crash_of_the_renderer_is_not_ours(tmp_path: Path) -> None:
    """Vega ends its process at a NUL, which no label has any more; it gets no second one."""
    drawer = Drawer(Config(root=tmp_path, builds=tmp_path), PATIENT)
    scene = ladder(level())
    broken = replace(scene, data={**scene.data, "words": [{"y": 1, "lines": ["\0"], "head": "a"}]})

    with pytest.raises(NotRepresentable, match="the log says why"):
        drawer.draw(broken, "svg")

    assert drawer.draw(scene, "svg")
    before = drawer.pid
    with pytest.raises(NotRepresentable, match="the log says why"):
        drawer.draw(broken, "png")
    assert (before, is_alive(before)) == (drawer.pid, True)
    drawer.close()


def test_what_is_refused_does_not_end_the_process(drawer: Drawer) -> None:
    """A height beyond all numbers cannot be drawn; that is remembered, and not tried again."""
    drawer.draw(ladder(level()), "svg")
    before = drawer.pid
    scene = replace(ladder(level()), data={"lanes": [{"y": {}}]}, height=-(10**400))

    with pytest.raises(NotRepresentable):
        drawer.draw(scene, "svg")

    assert drawer.draw(ladder(level()), "svg")
    count = drawer._count
    with pytest.raises(NotRepresentable):
        drawer.draw(scene, "svg")
    assert (drawer.pid, drawer._count) == (before, count)


def test_only_so_many_refusals_are_remembered(
    drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody fills the memory with scenes."""
    monkeypatch.setattr("kg.pictures.process._MOST_REFUSED", 2)
    monkeypatch.setattr(drawer, "_refused", set())
    for height in range(5):
        drawer._refuse(replace(ladder(level()), height=height))

    assert len(drawer._refused) == 1


def test_a_process_that_does_not_start_is_no_fault_of_the_scene(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may start the next time."""
    module = "kg.vocab"  # ends at once
    monkeypatch.setattr(process, "start_child", lambda _, *rest: start_child(module, *rest))
    drawer = Drawer(Config(root=tmp_path, builds=tmp_path), PATIENT)

    with pytest.raises(EngineUnavailable, match="try again"):
        drawer.draw(ladder(level()), "svg")

    assert drawer._refused == set()


def test_the_drawing_process_ends_with_the_one_that_started_it(tmp_path: Path) -> None:
    """Also where that one is killed."""
    program = (
        "import os, pathlib, signal; from kg.config import Config;"
        "from kg.pictures.process import Drawer; from kg.pictures.scene import Scene;"
        f"root = pathlib.Path({str(tmp_path)!r}); drawer = Drawer(Config(root=root, builds=root));"
        "drawer.draw(Scene('words', 't', 'd', {}, 10), 'svg');"
        "print(drawer.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # not a pipe: it would stay open as long as the child lives
        check=False,
    )

    pid = int(done.stdout)
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid: int | None) -> bool:
    """Whether there is a process of this id that is not a dead child of somebody."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_the_drawing_process_can_open_no_socket(tmp_path: Path) -> None:
    """A specification that names an address gets nothing from it."""
    program = (
        "import socket, kg.pictures.drawing as drawing;"
        "drawing.confine(drawing._ADDRESSES, drawing._FONT_FILES);"
        "drawing.draw(drawing._SAMPLE, 'png');"
        "socket.socket()"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path
    )

    assert "PermissionError" in done.stderr


# Saved queries declare their pictures

BODY: Final = """
SELECT ?claim ?situationLabel ?standingLabel WHERE { ?claim ?situationLabel ?standingLabel }
ORDER BY ?claim
"""
HEADER: Final = '#+ title = "T"\n#+ description = "D"\n#+ [picture]\n'
PARTS: Final = '#+ contact = "claim"\n#+ node = "claim"\n#+ standing = "claim"\n'
NETWORK: Final = '#+ kind = "network"\n#+ [picture.columns]\n'


@pytest.mark.parametrize(
    ("picture", "line", "problem"),
    [
        ('#+ kind = "pie"\n', 4, "kind is 'pie'; it must be one of ladder, timeline"),
        ("", 3, "kind is ''"),
        ('#+ kind = "network"\n#+ colour = "red"\n', 5, "unknown key 'colour'"),
        (f'{NETWORK}#+ contact = "claim"\n', 5, 'a network needs the column node = "…"'),
        (
            f'{NETWORK}#+ contact = "claim"\n#+ node = "situation"\n#+ standing = "claim"\n',
            7,
            "the picture has no column ?situation for node; did you mean situationLabel?",
        ),
        (f'{NETWORK}#+ knot = "claim"\n', 6, "unknown key 'knot'"),
        (f"{NETWORK}#+ node = 1\n", 6, "node is 1; it must be of type str"),
        (
            f'#+ scale = ["a"]\n{NETWORK}{PARTS}',
            4,
            "a network takes no scale",
        ),
    ],
)
def test_a_mistake_in_a_picture_is_told_with_its_line(
    picture: str, line: int, problem: str, tmp_path: Path
) -> None:
    """When the file is read, before anything is drawn."""
    path = tmp_path / "drawn.rq"
    path.write_text(HEADER + picture + BODY)

    with pytest.raises(SavedQueryError) as caught:
        read_saved_query(path)

    assert (caught.value.line, problem in caught.value.problem) == (line, True), caught.value


def test_every_kind_of_picture_is_used() -> None:
    """A kind that no saved query declares would go."""
    pictures = [query.picture for query in read_saved_queries(QUERIES).values() if query.picture]

    assert {picture.kind for picture in pictures} == set(KINDS)
    assert {query.name for query in read_saved_queries(QUERIES).values() if query.picture} == set(
        DRAWN_FROM
    )


# The command line


def run_kg(built: Build, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program over the real data."""
    command = [str(Path(sys.executable).parent / "kg"), "run", *arguments]
    environ = {**os.environ, "KG_BUILDS": str(built._config.builds)}
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=False)


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_the_command_line_draws(ending: str, start: bytes, built: Build, tmp_path: Path) -> None:
    """By the name of the file or by the format; a PNG says on standard error what it shows."""
    path = tmp_path / f"picture.{ending}"

    to_file = run_kg(built, "timeline", "--output", str(path))
    to_stdout = run_kg(built, "timeline", "--format", ending)

    assert (to_file.returncode, to_stdout.returncode) == (0, 0)
    assert path.read_bytes().startswith(start)
    assert to_stdout.stdout == path.read_bytes()
    assert (b"Accepted as fact" in to_file.stderr) == (ending == "png")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("situation-types", "--output", "x.svg"), b"not as svg: no picture of this is declared"),
        (("situation-types", "--format", "svg"), b"'svg' is not one of"),
        (("timeline", "--output", "x.svg", "--format", "png"), b"does not go with the name of"),
        (("timeline", "--output", "x.svg", "--format", "csv"), b"does not go with the name of"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    arguments: tuple[str, ...], problem: bytes, built: Build
) -> None:
    """As a wrong use of the command; no file is left."""
    done = run_kg(built, *arguments)

    assert done.returncode == 2
    assert problem in done.stderr
    assert not (ROOT / "x.svg").exists()


def test_an_answer_without_a_picture_loads_no_renderer(built: Build) -> None:
    """Neither Vega nor what composes scenes."""
    program = (
        "import sys; from kg.cli import cli;"
        "cli.main(['run', 'timeline', '--format', 'csv'], standalone_mode=False);"
        "import json; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    environ = {**os.environ, "KG_BUILDS": str(built._config.builds), "KG_ROOT": str(ROOT)}

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env=environ
    )

    loaded = set(json.loads(done.stderr))
    assert {name for name in loaded if name.startswith(("vl_convert", "kg.pictures."))} == {
        "kg.pictures.kinds"
    }


# The web


@pytest.mark.parametrize(("ending", "media_type"), [("svg", "image/svg+xml"), ("png", "image/png")])
def test_a_picture_has_an_address(ending: str, media_type: str, real_app: Flask) -> None:
    """With the parameters of the query; a client that holds it gets 304."""
    client = real_app.test_client()
    url = f"/queries/representation-ladder.{ending}?sender=PAK&receiver=Afghanistan"

    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, first.mimetype, again.status_code) == (200, media_type, 304)
    assert first.headers["KG-Build"]
    assert (ending == "png") == ("Content-Security-Policy" not in first.headers)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/queries/situation-types.svg", 404),
        ("/queries/no-such-query.png", 404),
        ("/queries/timeline.svg?since=soon", 400),
        ("/queries/timeline.svg?since=2025&since=2024", 400),
        ("/queries/timeline.svg?format=csv", 400),
        ("/queries/representation-ladder.svg", 400),
        ("/queries/representation-ladder.svg?sender=Atlantis", 400),
        ("/queries/timeline.svg?timeout=-1", 400),
    ],
)
def test_a_picture_that_cannot_be_is_a_problem(path: str, status: int, real_app: Flask) -> None:
    """In the shape of all others."""
    response = real_app.test_client().get(path)

    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize("name", DRAWN_FROM)
def test_a_page_shows_the_picture_and_its_words(name: str, real_app: Flask, built: Build) -> None:
    """One figure: the drawing, a caption, the words; nothing that the policy forbids."""
    query = find_saved_query(QUERIES, name)

    with real_app.test_request_context():
        figure = str(draw_inline(query, rows_of(built, name), {"side": "<b>"}))

    assert figure.count("<figure") == figure.count("<svg") == figure.count("<figcaption") == 1
    assert "This picture in words" in figure
    assert re.search(r"Hollow or dashed: not a fact|A claim is not a fact", figure)
    assert not re.search(r"style=|<style|<script|href=|<b>", figure)


def test_a_page_has_the_words_where_nothing_can_be_drawn(real_app: Flask, built: Build) -> None:
    """The page does not fail; its log says why."""
    real_app.extensions[DRAWER]._seconds = 1e-9
    query = find_saved_query(QUERIES, "timeline")

    with real_app.test_request_context():
        figure = str(draw_inline(query, rows_of(built, "timeline")))

    assert "<svg" not in figure
    assert "Fall of Kabul to the Taliban" in figure


def test_a_page_without_its_picture_is_not_kept(real_app: Flask) -> None:
    """The next one has it, and is."""
    client, accept = real_app.test_client(), {"Accept": "text/html"}
    real_app.extensions[DRAWER]._seconds = 1e-9
    bare = client.get("/queries/timeline", headers=accept)
    real_app.extensions[DRAWER]._seconds = PATIENT

    whole = client.get("/queries/timeline", headers=accept)

    assert (bare.status_code, whole.status_code) == (200, 200)
    assert ('role="img"' in bare.text, 'role="img"' in whole.text) == (False, True)
    assert ("ETag" in bare.headers, "ETag" in whole.headers) == (False, True)


def test_a_page_whose_picture_cannot_be_drawn_is_kept(
    real_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be the same the next time; the address of the picture says that there is none."""
    monkeypatch.setattr(real_app.extensions[DRAWER], "_ask", lambda *_: (REFUSED, b""))
    page = real_app.test_client().get("/queries/timeline", headers={"Accept": "text/html"})
    picture = real_app.test_client().get("/queries/timeline.svg")

    assert (page.status_code, 'role="img"' in page.text, "ETag" in page.headers) == (
        200,
        False,
        True,
    )
    assert (picture.status_code, picture.get_json()["code"]) == (406, "not_representable")
    assert "Retry-After" not in picture.headers


def test_who_waits_for_a_picture_does_not_pay_for_those_before(
    built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time counts from one's turn; a picture that was drawn meanwhile costs nothing."""
    pool = Pool(built._config, find_current(built._config))
    app, was_free = create_app(built._config, pool), list[bool]()
    drawer, front = app.extensions[DRAWER], app.extensions["kg"].engine
    drawer._seconds, charged = PATIENT, front.charged

    def is_free() -> bool:
        is_ours: bool = drawer._lock.acquire(blocking=False)
        if is_ours:
            drawer._lock.release()
        return is_ours

    def watch(address: str, work: Callable[[], object]) -> object:
        with ThreadPoolExecutor() as others:
            was_free.append(others.submit(is_free).result())
        return charged(address, work)

    monkeypatch.setattr(front, "charged", watch)
    with ThreadPoolExecutor() as clients:
        asked = [clients.submit(app.test_client().get, "/queries/timeline.svg") for _ in range(2)]
    pool.close()
    drawer.close()

    assert {each.result().status_code for each in asked} == {200}
    assert was_free == [False]


def test_a_query_without_a_picture_has_no_figure(real_app: Flask) -> None:
    """None, so that a page can leave the place out."""
    with real_app.test_request_context():
        assert draw_inline(find_saved_query(QUERIES, "situation-types"), []) is None


def test_the_style_sheet_knows_every_colour_of_a_drawing(built: Build) -> None:
    """So that a picture on the page follows it in light and dark; its literal colours are light."""
    sheet = (ROOT / "src/kg/web/static/style.css").read_text("utf-8")
    light = dict(re.findall(r"--([\w-]+): light-dark\((#\w+)", sheet))
    rules = re.findall(r'\.drawing \[(fill|stroke)="(#\w+)"\] \{ \1: var\(--([\w-]+)\); \}', sheet)
    known = {(attribute, colour) for attribute, colour, _ in rules}
    drawn = {
        (name, value)
        for query in DRAWN_FROM
        for element in parsed(draw(scene_of(built, query), "svg")).iter()
        for name, value in element.attrib.items()
        if name in ("fill", "stroke") and value != "none"
    }

    assert drawn <= known
    assert all(light[token] == colour for _, colour, token in rules)
