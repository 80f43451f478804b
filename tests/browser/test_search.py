"""The search page in a browser, opened as a file: type, read, follow, change the language."""

import pytest

TYPED = {"ko": "경사하강법을", "en": "learning rates"}


def found(page):
    """Wait for the answer, and return the results."""
    page.wait_for_function("document.querySelector('#search-results li')")
    return page.locator("#search-results li")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_from_the_sidebar_to_a_section(visit, language):
    """A query typed on any page leads to results with marked hits, and these to their sections."""
    page = visit(f"{language}/gallery/1_first_steps/plot_02_autograd.html")
    assert not [url for url in page.asked if "search_" in url]
    page.locator(".sidebar-search").fill(TYPED[language])
    page.locator(".sidebar-search").press("Enter")
    results = found(page)
    assert page.get_by_role("status").inner_text().count(str(results.count())) == 1
    assert page.locator("#search-form input").input_value() == TYPED[language]
    expected = {"ko": "경사 하강법", "en": "learning"}[language]
    assert results.first.locator("mark").first.inner_text().lower().startswith(expected)
    link = results.nth(1).get_by_role("link")
    anchor = link.get_attribute("href").split("#")[1]
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**#{anchor}")
    assert page.locator(f"[id='{anchor}']").is_visible()
    assert page.problems == []


def test_the_language_changes_and_the_query_stays(visit):
    """The other language is asked the same, and answers although the word is Korean."""
    page = visit("ko/search.html?q=학습률")
    found(page)
    page.locator("nav.languages a:visible").click()
    page.wait_for_url("**/en/search.html?q=%ED%95%99%EC%8A%B5%EB%A5%A0")
    assert found(page).count() > 5
    assert "learning rate" in page.get_by_role("status").inner_text()


def test_a_query_is_shown_as_text(visit):
    """Markup in a query is not taken for markup, and whoever finds nothing is told what to do."""
    page = visit("en/search.html?q=<img src=x onerror=alert(1)>뷁")
    page.wait_for_function("document.querySelector('#search-status').textContent.includes('Try')")
    assert "<img" in page.get_by_role("status").inner_text()
    assert page.locator("main img").count() == 0
    assert page.problems == []


def test_without_a_query_nothing_is_loaded(visit):
    """The search page itself waits for words before it asks for the index."""
    page = visit("ko/search.html")
    assert page.locator("#search-form input").evaluate("e => e === document.activeElement")
    assert not [url for url in page.asked if "search_index" in url]


def test_without_a_script_one_sentence_says_so(visit):
    """Without JavaScript there is no form that does nothing, but a sentence."""
    page = visit("en/search.html", java_script_enabled=False)
    assert not page.locator("#search-form").is_visible()
    assert "JavaScript" in page.locator("main noscript").inner_text()
