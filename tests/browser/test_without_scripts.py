"""The site without JavaScript: it is read, found one's way in, and changes its language."""

import pytest
from pages import HANGUL

PHONE = {"viewport": {"width": 375, "height": 800}, "java_script_enabled": False}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_are_read_and_lead_on(visit, language):
    """From the home page along the next links to a tutorial, and over to the other language."""
    page = visit(f"{language}/index.html", java_script_enabled=False)
    for _ in range(3):
        assert len(page.locator("main").inner_text()) > 100
        assert bool(HANGUL.search(page.locator("h1").inner_text())) == (language == "ko")
        with page.expect_navigation():
            page.locator(".related-pages .next-page").click()
    other = {"ko": "en", "en": "ko"}[language]
    address = page.url
    page.locator("nav.languages a:visible").click()
    page.wait_for_url(address.replace(f"/{language}/", f"/{other}/"))
    assert page.problems == []


@pytest.mark.parametrize("key", [None, "Space"])
def test_the_drawer_of_a_phone_opens(visit, key):
    """The contents open with a touch or the space key, and lead to a page."""
    page = visit("ko/glossary.html", **PHONE)
    link = page.locator(".sidebar-tree a[href='sources.html']")
    assert not link.is_visible()
    if key:
        page.locator("#__navigation").press(key)
    else:
        page.locator(".nav-overlay-icon").click()
    link.click()
    page.wait_for_url("**/ko/sources.html")


def test_the_root_page_offers_both_languages(visit):
    """Who has no script chooses the language."""
    for code in ("ko", "en"):
        page = visit("index.html", **PHONE)
        page.locator(f"main a[hreflang={code}]").click()
        page.wait_for_url(f"**/{code}/index.html")


@pytest.mark.parametrize(("locale", "code"), [("ko-KR", "ko"), ("en-GB", "en")])
def test_the_root_page_knows_the_language_of_the_browser(visit, locale, code):
    """With a script, the root page goes to the first language that both know."""
    page = visit("index.html", locale=locale)
    page.wait_for_url(f"**/{code}/index.html")
    assert page.problems == []
