"""A browser, the site as a server gives it, and a way to open its pages."""

import pytest
from browsing import serve, start
from watching import watch


@pytest.fixture(scope="session")
def chromium():
    """Start the browser of the machine, or the one that Playwright installed."""
    reason = "`nox -s browser` runs the tests that need a browser"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    with sync_api.sync_playwright() as playwright:
        browser = start(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(site):
    """Serve the site, and return its address."""
    with serve(site) as address:
        yield address


@pytest.fixture
def visit(chromium, site):
    """Return a function that opens a page by its path, from a file unless `home` is an address.

    Unless `options` say otherwise, the reader asks for less motion: scrolling takes no time.
    The page has the addresses that it asked for in `asked`, and in `problems` what went wrong.
    """
    contexts = []

    def visit(path, home=None, **options):
        context = chromium.new_context(**{"reduced_motion": "reduce"} | options)
        contexts.append(context)
        page = context.new_page()
        home = home or site.as_uri()
        page.asked, page.problems = [], watch(page, home)
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{home}/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
