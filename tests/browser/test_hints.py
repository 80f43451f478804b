"""Hints in a browser: shown by pointer and keyboard, put away by Escape, never off the screen.

So is the page for errors, where nobody has said where the book begins.
"""

import functools
import http.server
import threading

import pytest

PAGE = "gallery/2_ladder/plot_04_by_hand.html"

sync_api = pytest.importorskip(
    "playwright.sync_api", reason="`nox -s browser` runs the tests that need a browser"
)


@pytest.fixture
def page(chromium):
    """Open an empty page, as wide as a phone."""
    context = chromium.new_context(viewport={"width": 375, "height": 700})
    yield context.new_page()
    context.close()


def test_a_hint_is_shown_by_pointer_and_keyboard(page, site):
    """Hover and focus show the meaning, the pointer may enter it, and Escape puts it away."""
    page.goto((site / "ko" / PAGE).as_uri())
    hint, meaning = page.locator("a.hint").nth(1), page.locator(".meaning").nth(1)
    sync_api.expect(meaning).to_be_hidden()
    hint.hover()
    sync_api.expect(meaning).to_be_visible()
    meaning.hover()
    page.wait_for_timeout(500)
    sync_api.expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    sync_api.expect(meaning).to_be_hidden()
    page.mouse.move(0, 0)
    hint.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    sync_api.expect(meaning).to_be_visible()
    page.keyboard.press("Escape")
    sync_api.expect(meaning).to_be_hidden()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_hints_move_nothing_and_stay_on_the_screen(page, site, language):
    """On a phone each meaning is within the screen, and the text breaks as without hints."""
    page.goto((site / language / PAGE).as_uri())
    boxes = page.evaluate(
        "[...document.querySelectorAll('.meaning')].map(m => m.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) > 5
    assert all(box["left"] >= 0 and box["right"] <= 375 for box in boxes)
    heights = "[...document.querySelectorAll('p.hinted')].map(p => p.offsetHeight)"
    with_hints = page.evaluate(heights)
    page.evaluate("document.querySelectorAll('.meaning').forEach(m => m.remove())")
    page.evaluate("document.querySelectorAll('.hint').forEach(h => h.replaceWith(h.textContent))")
    page.evaluate("document.querySelectorAll('p.hinted').forEach(p => p.normalize())")
    assert page.evaluate(heights) == with_hints


@pytest.fixture
def address(site, tmp_path):
    """Serve the site in a folder of a host, with its page for errors, and return the address."""
    (tmp_path / "book").symlink_to(site)

    class Handler(http.server.SimpleHTTPRequestHandler):
        error_message_format = (site / "404.html").read_text("utf-8").replace("%", "%%")
        log_message = lambda *_: None  # noqa: E731

    serve = functools.partial(Handler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("missing", ["ko/x.html", "en/gallery/deep/x.html", "en/a/b/c/d.html"])
def test_the_error_page_finds_the_book(page, address, missing):
    """Below a language, links lead to the book in its folder; that language comes first."""
    page.goto(f"{address}/book/{missing}")
    first = page.locator("section").first
    assert (first.get_attribute("lang") or "ko") == missing[:2]
    page.locator(f"a[hreflang={missing[:2]}]").click()
    page.wait_for_url(f"{address}/book/{missing[:2]}/index.html")
    page.goto(f"{address}/book/{missing}")
    first.locator("input").fill("gradient")
    first.locator("button").click()
    page.wait_for_url(f"{address}/book/{missing[:2]}/search.html?q=gradient*")
    sync_api.expect(page.locator("#search-results li").first).to_be_visible()
