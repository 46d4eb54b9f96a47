"""Draws scenes with Vega, which runs JavaScript in this process: 80 MB, and half a second at first.

A server has it done by another process (kg.pictures.process); a command that is asked for a picture
imports this. Nothing is loaded from anywhere: specifications and data are both given here.
"""

import json
from pathlib import Path
from typing import Any, Final

import vl_convert

from kg.pictures.finishing import finish
from kg.pictures.scene import Scene

SPECIFICATIONS: Final = Path(__file__).with_name("specs")
_VERSION: Final = "6.4"
"""The version of Vega-Lite that the specifications are written in."""

_PNG_SCALE: Final = 2.0
"""Pixels a unit of the SVG."""


def draw(scene: Scene, form: str) -> bytes:
    """Return the picture of a scene as `svg` or `png`.

    Raises ValueError where it cannot be drawn, or what was drawn must not be shown.
    """
    specification = _specification(scene)
    drawn = vl_convert.vegalite_to_svg(specification, vl_version=_VERSION, allowed_base_urls=[])
    svg = finish(drawn, scene)
    return svg if form == "svg" else vl_convert.svg_to_png(svg.decode(), scale=_PNG_SCALE)


def _specification(scene: Scene) -> dict[str, Any]:
    """Return the specification of this kind with the data, a height and a format in their places.

    All that comes from outside is among the data, where Vega takes nothing for an expression.
    """
    found = json.loads((SPECIFICATIONS / f"{scene.kind}.vl.json").read_text("utf-8"))
    return {
        **found,
        "height": scene.height,
        "params": [{"name": "dayFormat", "value": scene.day_format}],
        "datasets": {name: list(scene.data.get(name, ())) for name in found["datasets"]},
    }
