"""Every kind of page, in both colour schemes, at three widths, and without JavaScript."""

from typing import Final

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")

from browser.conftest import SCREENSHOTS, FindBarriers, Open, Scheme
from browser.sitemap import PAGES, STATUS
from browser.watching import Watch

SCHEMES: Final[tuple[Scheme, ...]] = ("light", "dark")
WIDTHS: Final = (390, 1024, 1600)
HEIGHT: Final = 1800
"""Pixels: most of a page, and not all of the longest."""

REPEATED: Final = """
    const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
    return ids.filter((id, place) => ids.indexOf(id) < place);
"""
"""The ids that stand on a page more than once: a link to one leads to the first alone."""


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_barrier_and_fits_every_width(
    open_page: Open, find_barriers: FindBarriers, name: str
) -> None:
    """Nothing serious or critical for axe; only tables and pictures scroll sideways.

    It asks no other host and complains of nothing: that is the fixture's. Leaves screenshots.
    """
    page = open_page(reduced_motion="reduce")  # colours that still change have no contrast
    response = page.goto(PAGES[name])

    assert response is not None
    assert response.status == STATUS.get(name, 200)
    if page.locator("form[data-editor]").count():
        page.locator(".CodeMirror").wait_for()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png")
        assert find_barriers(page, scheme) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_works_without_javascript(open_page: Open, watch: Watch, name: str) -> None:
    """It has its one heading, its main part, and asks for no script."""
    page = open_page(PAGES[name], java_script_enabled=False)

    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("h1").inner_text()
    assert [url for url in watch.requests if ".js" in url] == []


@pytest.mark.parametrize("name", PAGES)
def test_the_keyboard_reaches_the_content_first(open_page: Open, name: str) -> None:
    """The first stop skips to the content, and shows itself; every place has a name of its own."""
    page = open_page(PAGES[name])
    page.evaluate("document.activeElement?.blur()")
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")

    if name != "sparql-mistake":  # there the mistake has the focus
        assert skip.evaluate("link => link === document.activeElement")
        box = skip.bounding_box()
        assert box is not None
        assert box["x"] >= 0
    assert page.locator("main" + (skip.get_attribute("href") or "")).count() == 1
    assert page.evaluate(f"() => {{ {REPEATED} }}") == []
