"""What a newcomer does first, from the home page on, by what the pages themselves say."""

import re

import pytest

pytest.importorskip("playwright", reason="Playwright is not installed")

from playwright.sync_api import Page, expect

from browser.conftest import Open
from kg.library import Build

PAKISTAN = "/id/state/pakistan"
DESIGNATION = "/id/situation/designation-by-pakistan"
LEVEL = "chargé d'affaires"


@pytest.fixture
def pakistan(open_page: Open) -> Page:
    """The page of Pakistan."""
    return open_page(PAKISTAN)


def test_pakistan_is_found_by_the_search_box(open_page: Open) -> None:
    """Typed into the box of the home page, in another case, and sent by Enter."""
    page = open_page("/")

    page.locator("input[type=search]").first.fill("pakistan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=pakistan")
    page.locator("main").get_by_role("link", name="Pakistan", exact=True).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Pakistan")


def test_its_level_in_kabul_stands_on_its_page(pakistan: Page) -> None:
    """The level that is established, marked as such; the plan stands apart from it."""
    card = pakistan.locator(".card", has_text="in Afghanistan").first

    expect(card.locator(".level")).to_contain_text(LEVEL)
    expect(card.locator(".level .standing")).to_have_text("accepted")
    expect(card.locator(".level")).not_to_contain_text("ambassador")
    expect(card.locator(".pending .standing")).to_have_text("contested")


def test_the_page_tells_why_it_does_not_say_ambassador(pakistan: Page) -> None:
    """One link from the level to the reasons."""
    card = pakistan.locator(".card", has_text="in Afghanistan").first

    card.get_by_role("link", name=re.compile("does not say .ambassador")).click()

    pakistan.wait_for_url("**/id/situation/*.html#why")
    reasons = pakistan.locator("section", has=pakistan.locator("#why"))
    expect(reasons).to_contain_text("Reported as a plan or intention")
    expect(pakistan.locator(".standing").first).to_have_text("contested")


def test_the_evidence_of_a_claim_is_one_link_away(open_page: Open) -> None:
    """From a situation to the paragraph and the span of its source that carry it."""
    page = open_page(DESIGNATION)

    page.get_by_role("link", name=re.compile(r"paragraph 1, characters \d+")).first.click()

    page.wait_for_url("**/source/000.html*#claim-*")
    place = page.locator(f"#{page.url.partition('#')[2]}")
    expect(place).to_be_in_viewport()
    expect(place).to_contain_text("105")


@pytest.fixture
def level_on_date(open_page: Open) -> Page:
    """The page of a saved query, reached from the list, with its example values."""
    page = open_page("/queries")
    page.get_by_role("link", name="Level of representation on a date", exact=True).click()
    expect(page.locator("#answer")).to_contain_text(LEVEL)
    return page


def test_a_saved_query_is_run_with_another_date(level_on_date: Page) -> None:
    """On a later day the level is not known any more, only which was the last."""
    page = level_on_date

    page.get_by_role("textbox", name="Day").fill("2025-06-20")
    page.get_by_role("button", name="Ask").click()

    page.wait_for_url("**/queries/level-on-date?*day=2025-06-20*")
    answer = page.locator("#answer")
    expect(answer).to_contain_text("2025-06-20")
    expect(answer.locator("thead")).to_contain_text("Last level")


def test_an_answer_is_saved_as_csv(level_on_date: Page) -> None:
    """All of it, under a name of its own."""
    with level_on_date.expect_download() as download:
        level_on_date.get_by_role("link", name="CSV", exact=True).click()

    assert download.value.suggested_filename == "level-on-date.csv"
    saved = download.value.path().read_text("utf-8")
    assert saved.startswith("sender,senderLabel,")
    assert LEVEL in saved


def test_a_saved_query_is_edited_in_sparql_and_run(level_on_date: Page) -> None:
    """One link leads to its text in the editor, with the values in their places."""
    page = level_on_date

    page.get_by_role("link", name="Edit it in SPARQL").click()
    page.locator(".CodeMirror").wait_for()
    text = page.locator("#query").input_value()
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text.replace("2025-05-29", "2025-05-30"))
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/sparql?query=*2025-05-30*")
    expect(page.locator("#answer")).to_contain_text(LEVEL)


def test_a_mistake_is_read_mended_and_run(open_page: Open) -> None:
    """The message names line and column; the text is still there."""
    page = open_page("/sparql")
    right = "SELECT ?level\nWHERE { ?x a dip:Representation ; dip:level ?level }"

    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(right.replace("?level }", "?level ; ]"))
    page.get_by_role("button", name="Run").click()
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"line 2, column \d+"))
    page.locator(".CodeMirror-focused").wait_for()  # the message is there before the editor
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(right)
    page.keyboard.press("Control+Enter")

    expect(page.locator("#answer")).to_contain_text(LEVEL)


def test_the_ontology_explains_a_kind(open_page: Open) -> None:
    """From the menu of any page to what a term means."""
    page = open_page("/")

    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ontology").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main")).to_contain_text("ambassador designation")


def test_a_page_says_how_to_cite_it(open_page: Open, built: Build) -> None:
    """With the IRI that stays, the build it was read from, and its caveat."""
    page = open_page(DESIGNATION)

    cited = page.locator(".record")

    expect(cited).to_contain_text("How to cite")
    expect(cited).to_contain_text(f"https://w3id.org/diplomacy-kg{DESIGNATION}")
    expect(cited).to_contain_text(built._engine.build[:12])
    expect(cited).to_contain_text("not established")


def drop(page: Page, kind: str) -> bool:
    """Drop a file, or else a text, on a page; return whether the browser leaves it alone."""
    return bool(
        page.evaluate(
            """(kind) => {
              const dataTransfer = new DataTransfer();
              if (kind === "file") dataTransfer.items.add(new File(["no"], "other.txt"));
              else dataTransfer.setData("text/plain", "no");
              const how = { dataTransfer, bubbles: true, cancelable: true };
              return document.querySelector("h1").dispatchEvent(new DragEvent("drop", how));
            }""",
            kind,
        )
    )


def test_a_file_that_is_dropped_on_a_source_is_compared_with_it(open_page: Open) -> None:
    """Another file is told so, and the page stays; a text that is dropped is none of its matter."""
    page = open_page("/source/000.html")

    assert not drop(page, "file")
    assert drop(page, "text")
    expect(page.locator("#outcome")).to_contain_text("another file")
    assert page.locator(".text").count() == 0


def test_where_files_cannot_be_checked_the_page_says_so_and_stays(open_page: Open) -> None:
    """Over http from another machine browsers have no SHA-256 (W3C Secure Contexts)."""
    page = open_page()
    page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    page.goto("/source/000.html")

    assert not drop(page, "file")
    expect(page.locator("#outcome")).to_contain_text("only on pages that come over https")
    expect(page.locator("#file")).to_be_disabled()
