"""Every page in a browser: accessible, whole, as wide as the screen, and silent on the console."""

import re
from importlib.resources import files
from itertools import product

import pytest
from pages import HANGUL, html_files
from watching import watch

VIEWS = tuple(product(("light", "dark"), (1280, 375)))  # each one's opposite is as far from the end
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MAIN_PAGES = ["index", "glossary", "theory/gradient", "gallery/2_ladder/plot_04_by_hand"]
START_AXE = """tags => {
  window.axeResults = axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
}"""
VIOLATIONS = """() => window.axeResults.then(results => results.violations.flatMap(violation =>
  violation.nodes.map(node => `${violation.id} (${violation.impact}): ${node.target}`)))"""
BROKEN_IMAGES = """[...document.images].filter(image => image.complete && !image.naturalWidth)
  .map(image => image.currentSrc)"""
LINES_WITHIN_WORDS = r"""() => {
  const range = document.createRange();
  const box = ([node, i]) => {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    return range.getBoundingClientRect();
  };
  const within = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let sign = null; // the sign or the formula right before, and the block that it is in
  for (let node; (node = texts.nextNode()); ) {
    const element = node.parentElement;
    const block = element.closest("article :is(p, li, dt, dd, th, td, h1, h2, h3, legend)");
    const formula = element.closest(".katex");
    if (formula || !block || element.closest("pre, dt.sig")) {
      sign = formula && { block, bottom: () => formula.getBoundingClientRect().bottom };
      continue;
    }
    for (const { 0: letter, index } of node.data.matchAll(/[^\u2060]/g)) {
      const here = [node, index];
      if (sign?.block === block && /[가-힣.,;:)]/.test(letter) && box(here).top > sign.bottom())
        within.push(node.data.slice(index, index + 12));
      sign = /[\p{L}\p{N}\s]/u.test(letter) ? null : { block, bottom: () => box(here).bottom };
    }
  }
  return within;
}"""
NAMES = """[...document.querySelectorAll("button, input:not([type=radio]), summary")]
  .map(control => control.getAttribute("aria-label") || control.textContent.trim())"""


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_in_every_view(chromium, site, served, language, pytestconfig):
    """No request leaves the site, none fails, no image is broken, nothing scrolls sideways.

    On a phone no line begins with a particle or a comma of what stands before it. Each page is
    looked at in light and dark, at 1280 and 375 pixels. axe, which is slow, finds nothing in any
    of its rules for WCAG 2.2 A and AA and best practice: in one view of each page, the next view
    on the next page, the opposite in the other language; in all with --every-view.
    """
    pytest.importorskip("axe_playwright_python", reason="`nox -s browser` installs axe")
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")

    pages, found = {}, {}
    for scheme, width in VIEWS:
        size = {"width": width, "height": 800}
        context = chromium.new_context(
            color_scheme=scheme, viewport=size, reduced_motion="reduce", locale=language
        )
        pages[scheme, width] = context.new_page()
        found[scheme, width] = watch(pages[scheme, width], served)
    for number, path in enumerate([*html_files(site / language), *sorted(site.glob("*.html"))]):
        name = path.relative_to(site).as_posix()
        looked_at = VIEWS[number % 4] if language == "ko" else VIEWS[3 - number % 4]
        checked = VIEWS if pytestconfig.getoption("every_view") else [looked_at]
        for view, page in pages.items():
            page.goto(f"{served}/{name}")
            if view in checked:
                page.evaluate(axe)
                page.evaluate(START_AXE, AXE_TAGS)  # in all views at the same time
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > view[1]:
                found[view].append(f"{name}: {wide} pixels wide")
            found[view] += [f"{name}: broken {image}" for image in page.evaluate(BROKEN_IMAGES)]
            if view == ("light", 375):
                for words in page.evaluate(LINES_WITHIN_WORDS):
                    found[view].append(f"{name}: a line begins within a word, at {words!r}")
            for control in page.evaluate(NAMES):
                if path.parent != site and bool(HANGUL.search(control)) != (language == "ko"):
                    found[view].append(f"{name}: a control is called {control!r}")
        for view in checked:
            found[view] += [
                f"{name}: {violation}" for violation in pages[view].evaluate(VIOLATIONS)
            ]
    for page in pages.values():
        page.context.close()
    assert [f"{view}: {problem}" for view in VIEWS for problem in found[view]] == []


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", MAIN_PAGES)
def test_a_page_opened_as_a_file(visit, language, name):
    """From a folder, too, nothing is asked of the network, nothing fails or complains."""
    page = visit(f"{language}/{name}.html")
    page.wait_for_load_state("networkidle")
    assert page.problems == []


def test_there_and_back_from_every_page(visit, site):
    """The language switch leads to the same section of the same page, and back again."""
    page = visit("ko/index.html")
    for path in html_files(site / "ko"):
        sections = re.findall(r'<section id="([^"]+)"', path.read_text("utf-8"))
        start = path.as_uri() + (f"#{sections[-1]}" if sections else "")
        page.goto(start)
        for language in ("en", "ko"):
            page.locator("nav.languages a:visible").click()
            page.wait_for_url(start.replace("/html/ko/", f"/html/{language}/"))
            assert not sections or page.locator(f"main section[id='{sections[-1]}']").count() == 1
    assert page.problems == []
