"""What Vega has drawn, made fit to be shown: looked through, and with its words.

Only elements and attributes that the specifications lead to are let through: a drawing with a
script, a link or a style is not shown, whatever led to it.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from kg.pictures.scene import Scene

SVG: Final = "http://www.w3.org/2000/svg"

_ELEMENTS: Final = frozenset({"svg", "g", "path", "rect", "line", "text", "tspan"})
_ATTRIBUTES: Final = frozenset(
    {
        "d", "display", "dy", "fill", "fill-opacity", "font-family", "font-size", "font-weight",
        "height", "opacity", "stroke", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
        "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform",
        "viewBox", "width", "x", "x2", "y", "y2",
    }
)  # fmt: skip
_DROPPED: Final = frozenset(
    {"aria-hidden", "aria-roledescription", "class", "pointer-events", "role", "version"}
)
_VALUE: Final = re.compile(r"[A-Za-z0-9#.,()%' +-]*")


def finish(drawn: str, scene: Scene) -> bytes:
    """Return the SVG with title and description, to stand alone or in a page.

    Raises ValueError where it holds anything that no specification leads to.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(drawn)  # noqa: S314 - our own renderer wrote it; expat expands no entity here
    for element in root.iter():
        _check(element)
    title, description = f"picture-{scene.key[:12]}-title", f"picture-{scene.key[:12]}-words"
    root.attrib |= {"role": "img", "aria-labelledby": f"{title} {description}", "lang": "en"}
    for place, (name, identifier, text) in enumerate(
        (("title", title, scene.title), ("desc", description, scene.description))
    ):
        told = ET.Element(f"{{{SVG}}}{name}", {"id": identifier})
        told.text = text
        root.insert(place, told)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=False))


def _check(element: ET.Element) -> None:
    """Take away the attributes that say nothing here. Raises ValueError for unknown ones."""
    name = element.tag.removeprefix(f"{{{SVG}}}")
    if name not in _ELEMENTS:
        raise ValueError(f"an element {name!r} in a drawing")
    for attribute in list(element.attrib):
        if attribute in _DROPPED:
            del element.attrib[attribute]
        elif attribute not in _ATTRIBUTES or not _VALUE.fullmatch(element.attrib[attribute]):
            raise ValueError(f"an attribute {attribute!r} in a drawing")
