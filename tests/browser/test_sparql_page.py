"""The editor at /sparql, as people use it."""

from urllib.parse import urlencode

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from browser.conftest import Open
from browser.sitemap import BROKEN, PAGES, ROWS
from browser.watching import Watch


def type_query(page: Page, text: str) -> None:
    """Write a query into the editor, instead of what is there."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def test_a_query_is_written_run_and_answered(open_page: Open, watch: Watch) -> None:
    """By keyboard alone; the answer is linked and its address can be sent to others."""
    page = open_page("/sparql")

    type_query(page, "SELECT ?state WHERE { ?state a dip:State } ORDER BY ?state")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=*")

    link = page.locator("#answer").get_by_role("link", name="Pakistan", exact=True)
    expect(link).to_have_attribute("href", "/id/state/pakistan")
    assert "format=" not in page.url
    expect(page.locator(".CodeMirror")).to_have_count(1)
    assert any("/static/vendor/yasqe.js" in url for url in watch.requests)


def test_a_name_is_completed_by_its_label(open_page: Open, watch: Watch) -> None:
    """From the graph's own names: no other host is asked, not even for prefixes."""
    page = open_page("/sparql")

    type_query(page, "SELECT ?x WHERE { ?x dip:receivingState Afgh")
    page.keyboard.press("Control+Space")
    page.locator(".CodeMirror-hint", has_text="state:afghanistan").first.wait_for()
    page.keyboard.press("Enter")

    expect(page.locator("#query")).to_have_value(
        "SELECT ?x WHERE { ?x dip:receivingState state:afghanistan"
    )
    assert any(url.endswith("/sparql/completions.json") for url in watch.requests)


def test_only_names_that_fit_are_proposed(open_page: Open) -> None:
    """Classes after `a`, properties where a property stands."""
    page = open_page("/sparql")

    type_query(page, "SELECT ?x WHERE { ?x a dip:repr")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("dip:Representation")
    page.keyboard.press("Escape")
    type_query(page, "SELECT ?x WHERE { ?x sending")
    page.keyboard.press("Control+Space")

    expect(page.locator(".CodeMirror-hint").first).to_contain_text("dip:sending")


def test_a_prefix_of_ours_is_no_mistake_and_another_is(open_page: Open) -> None:
    """The service declares its prefixes by itself."""
    page = open_page("/sparql")

    type_query(page, "SELECT ?x WHERE { ?x a dip:State }")
    assert page.locator(".parseErrorIcon").count() == 0
    type_query(page, "SELECT ?x WHERE { ?x a other:State }")

    assert page.locator(".parseErrorIcon").count() == 1
    page.locator(".parseErrorIcon").hover()


def test_a_mistake_is_shown_where_it_is(open_page: Open) -> None:
    """In words with line and column, as a mark on the line, and with the cursor at the place."""
    page = open_page(PAGES["sparql-mistake"])

    expect(page.get_by_role("alert")).to_contain_text("line 5, column 2")
    marked = page.locator(".CodeMirror-code > div", has=page.locator(".mistaken"))
    expect(marked.locator(".CodeMirror-linenumber")).to_have_text("5")
    expect(page.locator("#query")).to_have_value(BROKEN)
    expect(page.locator(".CodeMirror-focused")).to_have_count(1)


def test_tab_leaves_the_editor(open_page: Open) -> None:
    """Who uses a keyboard is not caught in it (WCAG 2.1.2)."""
    page = open_page("/sparql")

    page.locator(".CodeMirror").click()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.textContent")

    assert focused == "Run"


def test_an_example_is_loaded_and_runs(open_page: Open) -> None:
    """The text comes with values that answer."""
    page = open_page("/sparql")

    page.get_by_label("Begin with a saved query").select_option("level-on-date")
    page.get_by_role("button", name="Load its text").click()
    page.wait_for_url("**/sparql?example=level-on-date")
    page.locator(".CodeMirror").wait_for()
    page.get_by_role("button", name="Run").click()

    expect(page.locator("#answer tbody tr").first).to_be_visible()


def test_a_query_that_is_too_long_for_an_address_is_sent_all_the_same(open_page: Open) -> None:
    """The editor then posts it."""
    page = open_page("/sparql")

    type_query(page, "ASK { state:pakistan a dip:State } # " + "x" * 9000)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#answer")).to_contain_text("Yes: something in the graph fits.")
    assert "query=" not in page.url


def test_the_plain_form_answers_without_javascript(open_page: Open) -> None:
    """In a text area, with a button and a format."""
    page = open_page("/sparql", java_script_enabled=False)

    page.get_by_label("Query", exact=True).fill(ROWS)
    page.get_by_role("button", name="Run").click()
    rows = page.locator("#answer tbody tr").count()
    with page.expect_download() as download:
        page.get_by_role("link", name="csv", exact=True).click()

    assert rows == 30
    assert download.value.suggested_filename == "sparql.csv"


def test_the_page_complains_of_nothing_while_it_is_used(open_page: Open, watch: Watch) -> None:
    """Not of styles that the page forbids, when brackets are matched, lines folded, text marked."""
    page = open_page("/sparql?" + urlencode({"query": BROKEN}))

    page.locator(".parseErrorIcon").hover()
    page.locator(".CodeMirror-foldgutter-open").first.click()
    page.locator(".CodeMirror-foldmarker").first.click()
    page.keyboard.press("Control+Home")
    for _ in range(12):
        page.keyboard.press("ArrowRight")

    assert watch.wrongs == []
