"""Animations in a browser: they play, wait for whoever wants that, and show the end otherwise."""

import shutil

import pytest

PAGE = "gallery/4_descending_well/plot_16_cost_surface.html"

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="`nox -s browser` runs the tests that need a browser"
)


@pytest.fixture(scope="module")
def chromium():
    """Start the browser of the system, or the one that Playwright installed."""
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
    """Return a function that opens the page from a file, and the addresses it asked for."""
    contexts = []

    def visit(language="ko", **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.errors = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto((site / language / PAGE).as_uri())
        return page

    yield visit
    for context in contexts:
        context.close()


def frame(page):
    """Return the number of the frame that is seen, which must be the same in all moving parts."""
    hidden = "g => [...g.children].map(c => c.getAttribute('display') !== 'none').join()"
    [pattern] = set(page.eval_on_selector_all("figure.animation .frames", f"l => l.map({hidden})"))
    seen = [number for number, value in enumerate(pattern.split(",")) if value == "true"]
    assert len(seen) == 1
    return seen[0]


def last(page):
    """Return the number of the last frame."""
    return page.locator("figure.animation .frames").first.evaluate("g => g.children.length") - 1


def test_it_plays_when_it_comes_into_view(visit):
    """It waits for the reader, then plays through once, and asks nothing of the network."""
    page = visit()
    assert frame(page) == last(page)
    page.locator("figure.animation").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure.animation input').value === '3'")
    assert frame(page) >= 3
    page.wait_for_function(
        f"document.querySelector('figure.animation input').value == {last(page)}"
    )
    assert page.errors == []
    assert [url for url in page.asked if not url.startswith("file:")] == []


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_it_stops_and_goes_on_by_keyboard(visit, key):
    """The button has the keyboard, says what it does, and the frame stays where it stopped."""
    page = visit("en")
    button = page.locator("figure.animation button")
    button.focus()
    page.wait_for_function("document.querySelector('figure.animation input').value === '2'")
    assert button.inner_text() == "Pause"
    page.keyboard.press(key)
    assert button.inner_text() == "Play"
    stopped = frame(page)
    page.wait_for_timeout(700)
    assert frame(page) == stopped < last(page)
    page.keyboard.press(key)
    page.wait_for_timeout(700)
    assert frame(page) > stopped


def test_the_slider_steps_through_by_keyboard(visit):
    """Home and the arrow keys show single frames, and stop the playing."""
    page = visit()
    page.locator("figure.animation input").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 1
    page.wait_for_timeout(700)
    assert frame(page) == 1


def test_less_motion_means_that_it_waits(visit):
    """Who asks the system for less motion sees the last frame, and can still play."""
    page = visit(reduced_motion="reduce")
    page.locator("figure.animation").scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    assert frame(page) == last(page)
    page.locator("figure.animation button").click()
    page.wait_for_timeout(700)
    assert 0 < frame(page) < last(page)


def test_without_a_script_there_is_the_last_frame(visit):
    """Without JavaScript the drawing is a still, and there is nothing to press."""
    page = visit(java_script_enabled=False)
    figure = page.locator("figure.animation")
    assert not figure.locator("button").is_visible()
    groups = figure.locator(".frames")
    for number in range(groups.count()):
        children = groups.nth(number).locator(":scope > *")
        hidden = [c.get_attribute("display") == "none" for c in children.all()]
        assert hidden == [True] * (len(hidden) - 1) + [False]
