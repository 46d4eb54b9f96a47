"""An HTML page as a tree, for tests that look at what stands inside what."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

VOID: Final = frozenset({"br", "hr", "img", "input", "link", "meta", "source"})


class Element:
    """A tag with its attributes, its parent, and what stands in it."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        """Hold a tag that is not closed yet."""
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.inside: list[Element | str] = []

    @property
    def classes(self) -> set[str]:
        """The words of the class attribute."""
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        """All text inside, blanks folded."""
        return " ".join("".join(self._texts()).split())

    def all(self, tag: str = "", cls: str = "", **attributes: str) -> list["Element"]:
        """Return what stands inside with this tag, class and attributes, in order."""
        return [
            each
            for each in self._elements()
            if tag in ("", each.tag)
            and (not cls or cls in each.classes)
            and all(each.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str = "", cls: str = "", **attributes: str) -> "Element":
        """Return the only such element."""
        (found,) = self.all(tag, cls, **attributes)
        return found

    def is_within(self, cls: str) -> bool:
        """Whether it stands inside an element with this class."""
        above = self.parent
        return above is not None and (cls in above.classes or above.is_within(cls))

    def _elements(self) -> Iterator["Element"]:
        for each in self.inside:
            if isinstance(each, Element):
                yield each
                yield from each._elements()

    def _texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, Element):
                yield from each._texts()
            else:
                yield each


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.open = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.open)
        self.open.inside.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag: str) -> None:
        if self.open.tag != tag or self.open.parent is None:
            raise ValueError(f"</{tag}> closes <{self.open.tag}> at {self.getpos()}")
        self.open = self.open.parent

    def handle_data(self, data: str) -> None:
        self.open.inside.append(data)


def read_page(html: str) -> Element:
    """Return the tree of a page. Raises ValueError where tags are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.open is not reader.root:
        raise ValueError(f"<{reader.open.tag}> is not closed")
    return reader.root
