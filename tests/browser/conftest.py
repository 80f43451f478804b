"""A browser, and a way to open the pages of the site in it."""

import shutil

import pytest
from watching import watch


@pytest.fixture(scope="session")
def chromium():
    """Start the browser of the machine, or the one that Playwright installed."""
    reason = "`nox -s browser` runs the tests that need a browser"
    sync_api = pytest.importorskip("playwright.sync_api", reason=reason)
    with sync_api.sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("google-chrome")
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except sync_api.Error:
            pytest.exit("no Chromium starts here: install one, or run `playwright install`", 1)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, site):
    """Return a function that opens a page by its path, from a file.

    The page has the addresses that it asked for in `asked`, and in `problems` what went wrong.
    """
    contexts = []

    def visit(path, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.problems = [], watch(page, site.as_uri())
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(f"{site.as_uri()}/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
