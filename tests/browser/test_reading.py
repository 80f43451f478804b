"""Reading in a browser: figures follow the theme, boxes scroll, code is copied, paper is lean."""

import re

import pytest

PAGE = "ko/gallery/4_descending_well/plot_15_learning_rate.html"
PHONE = {"viewport": {"width": 375, "height": 800}}
IMAGES = "[...document.querySelectorAll('main img')]"


def seen(page):
    """Return the files of the figures that are seen."""
    return page.evaluate(f"{IMAGES}.filter(i => i.offsetWidth).map(i => i.src.split('/').pop())")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_theme_switch(visit, scheme):
    """Each press of the button changes page and figures together, wherever the reader begins."""
    page = visit(PAGE, color_scheme=scheme)
    for _ in range(3):
        page.locator(".theme-toggle:visible").click()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != (
            "rgb(255, 255, 255)"
        )
        files = seen(page)
        assert len(files) == page.evaluate(f"{IMAGES}.length") / 2 > 0
        assert all(file.endswith("_dark.svg") == dark for file in files)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_only_the_figures_of_the_theme_are_loaded(visit, scheme):
    """A page asks for one file a figure."""
    page = visit(PAGE, color_scheme=scheme, **PHONE)
    for image in page.locator("main img").all():
        if image.is_visible():
            image.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    drawings = [url for url in page.asked if "/_images/" in url]
    assert len(drawings) == len(set(drawings)) > 0
    assert all(url.endswith("_dark.svg") == (scheme == "dark") for url in drawings)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_follow_the_system_without_a_script(visit, scheme):
    """Who has no JavaScript sees the figures of the system's theme, each once."""
    page = visit(PAGE, color_scheme=scheme, java_script_enabled=False)
    files = seen(page)
    assert len(files) == page.evaluate(f"{IMAGES}.length") / 2 > 0
    assert all(file.endswith("_dark.svg") == (scheme == "dark") for file in files)


def test_colours_in_an_animation_follow_the_theme(visit):
    """The axes of an animation are light on dark paper and dark on light paper."""
    page = visit("ko/gallery/4_descending_well/plot_16_cost_surface.html", color_scheme="dark")
    stroke = (
        "getComputedStyle(document.querySelector('.animation [style*=\"stroke: #000\"]')).stroke"
    )
    dark = page.evaluate(stroke)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(stroke) == "rgb(0, 0, 0)" != dark


@pytest.mark.parametrize("language", ["ko", "en"])
def test_code_is_copied_without_output(visit, language):
    """Enter on the button copies the block above it, says so, and outputs have no button."""
    page = visit(
        PAGE.replace("ko/", f"{language}/"), permissions=["clipboard-read", "clipboard-write"]
    )
    block = page.locator(".highlight-Python").first
    block.locator("button.copy").focus()
    page.keyboard.press("Enter")
    said = {"ko": "복사했습니다", "en": "Copied"}[language]
    block.locator("button.copy", has_text=said).wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == block.locator("pre").evaluate("pre => pre.textContent").rstrip() + "\n"
    assert page.locator(".sphx-glr-script-out .copy, .cell_output .copy").count() == 0


def test_prompts_are_left_out(visit):
    """Of a session, what was typed is copied; also where a page has no clipboard to ask."""
    page = visit("ko/reference/solvers.html", permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("Object.defineProperty(window.Navigator.prototype, 'clipboard', {value: null})")
    page.locator("main").evaluate("m => m.insertAdjacentHTML('beforeend', '<textarea></textarea>')")
    page.locator(".highlight-pycon .copy, .highlight-python .copy").first.click()
    page.locator("textarea").focus()
    page.keyboard.press("Control+V")
    pasted = page.locator("textarea").input_value()
    assert re.match(r"(import|from) ", pasted)
    assert not re.search(r"^(>>>|\.\.\.)|tensor\(\[?-?\d.*\)$", pasted, re.MULTILINE)


def test_code_scrolls_in_its_box_by_keyboard(visit):
    """On a phone the page stays where it is; a long line comes into view with the arrow keys."""
    page = visit(PAGE, **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 375
    wide = "pre => pre.scrollWidth > pre.clientWidth"
    boxes = [box for box in page.locator("main pre").all() if box.evaluate(wide)]
    assert boxes
    for box in boxes:
        assert box.get_attribute("tabindex") == "0"
    boxes[0].focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_paper_has_the_article_alone(visit):
    """In print, from the dark theme too: no navigation, no buttons, light figures, whole lines."""
    page = visit(PAGE, color_scheme="dark")
    page.emulate_media(media="print")
    for away in ("header", "aside", "footer nav", "button", ".languages", "div.sphx-glr-footer"):
        assert not [e for e in page.locator(away).all() if e.is_visible()], away
    assert seen(page)
    assert not [file for file in seen(page) if file.endswith("_dark.svg")]
    cut = "all => all.filter(pre => pre.scrollWidth > pre.clientWidth).length"
    assert page.eval_on_selector_all("main pre", cut) == 0
