"""Fixtures: the real graph served by `kg serve`, a browser, and contexts that are watched."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol

import pytest

from browser.watching import Watch
from kg.library import Build
from live_server import LiveServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).parents[2]
SCREENSHOTS: Final = ROOT / "build" / "screenshots"
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
)

Scheme = Literal["light", "dark"]
COLOURS: Final = {"runOnly": ["color-contrast"]}
"""What axe looks at in the dark; all else is the same as in the light."""


class Open(Protocol):
    """Opens a page of the service, in a context of its own."""

    def __call__(self, path: str = "", **options: Any) -> "Page":  # noqa: ANN401 - Playwright's own
        """Return the page at `path`; `options` are those of a browser context."""


class FindBarriers(Protocol):
    """Finds what keeps people from using a page."""

    def __call__(self, page: "Page", scheme: Scheme) -> list[str]:
        """Return what is serious or critical, one line an element."""


@pytest.fixture(scope="session")
def service(built: Build, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The real files, built and served; what it writes stays out of the project."""
    root = tmp_path_factory.mktemp("served")
    for name in ("ontology", "seeds", "queries", "node_modules"):
        if (ROOT / name).exists():
            (root / name).symlink_to(ROOT / name)
    limits: dict[str, Any] = {"KG_CLIENT_SECONDS": 0, "KG_CLIENT_ERRORS": 0}
    with LiveServer(root, KG_BUILDS=built._config.builds, **limits) as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """A browser, once for all tests."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is not installed")
    with pytest.importorskip("playwright.sync_api").sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def watch(service: LiveServer) -> Iterator[Watch]:
    """What the pages of a test ask for; the test fails where one asks elsewhere or complains."""
    seen = Watch(service.authority)
    yield seen
    assert seen.wrongs == []


@pytest.fixture
def open_page(chromium: "Browser", service: LiveServer, watch: Watch) -> Iterator[Open]:
    """A function that opens pages, each in a context of its own."""
    contexts = []

    def open_one(path: str = "", **options: Any) -> "Page":  # noqa: ANN401 - Playwright's own
        context = chromium.new_context(base_url=f"http://{service.authority}", **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        watch.over(context)
        page = context.new_page()
        if path:
            page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def find_barriers() -> FindBarriers:
    """A function that returns what axe finds of serious and critical barriers on a page."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed")
    source = AXE.read_text("utf-8")

    def find(page: "Page", scheme: Scheme) -> list[str]:
        page.evaluate(source)
        run = "async (options) => (await axe.run(options)).violations"
        found: list[dict[str, Any]] = page.evaluate(run, {} if scheme == "light" else COLOURS)
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    return find
