"""Draw how latency, memory and disk grow with the graph, as one SVG; nothing is fetched for it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import altair as alt
import vl_convert

from figures import median
from race import Results
from report import NAMES

ROWS = (
    "point query",
    "saved query",
    "two-hop join",
    "aggregation",
    "export, JSON",
    "repeated GET",
)
FACTS = {"PSS warm, MB": "memory, MB", "disk, MB": "disk, MB", "start, s": "start, s"}
SERVERS = ("ours", "oxigraph", "rdflib")


def draw(results: Iterable[Results], path: Path) -> None:
    """Write the picture; PNG where the name says so, else SVG."""
    panels = [panel(title, values) for title, values in _panels(list(results))]
    chart = alt.concat(*panels, columns=3, spacing=24).configure(font="sans-serif")
    chart = chart.configure_axis(labelFontSize=12, titleFontSize=12, gridColor="#e5e5e5")
    chart = chart.configure_title(fontSize=14, anchor="start")
    chart = chart.configure_legend(labelFontSize=13, orient="bottom", title=None, symbolSize=120)
    if path.suffix == ".png":
        path.write_bytes(vl_convert.vegalite_to_png(chart.to_json(), scale=1))
    else:
        path.write_text(vl_convert.vegalite_to_svg(chart.to_json()), encoding="utf-8")


def panel(title: str, values: list[dict[str, float | str]]) -> alt.Chart:
    """Return a small chart: a line a server, both axes logarithmic."""
    names = [NAMES[server] for server in SERVERS]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=values), title=title, width=210, height=150)
        .mark_line(point=alt.OverlayMarkDef(size=50), strokeWidth=2)
        .encode(
            x=alt.X(
                "quads:Q",
                title="quads",
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~s", values=[10**n for n in range(4, 8)]),
            ),
            y=alt.Y(
                "value:Q",
                title=None,
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~g", tickCount=4),
            ),
            color=alt.Color(
                "server:N", scale=alt.Scale(domain=names, range=["#0072b2", "#d55e00", "#777777"])
            ),
            shape=alt.Shape("server:N", scale=alt.Scale(domain=names)),
        )
    )
    return chart


def _panels(results: list[Results]) -> Iterator[tuple[str, list[dict[str, float | str]]]]:
    for row in ROWS:
        yield (
            f"{row}, ms",
            [
                {"quads": each.quads, "server": NAMES[name], "value": median(found) * 1000}
                for each in results
                for name, found in each.p50.get(row, {}).items()
                if name in SERVERS
            ],
        )
    for fact, title in FACTS.items():
        yield (
            title,
            [
                {"quads": each.quads, "server": NAMES[name], "value": value}
                for each in results
                for name, value in each.facts.get(fact, {}).items()
                if name in SERVERS and isinstance(value, float)
            ],
        )
