"""The site by keyboard: everything is reached, in order and in sight, and works."""

import pytest

PAGES = [
    "index.html",
    "glossary.html",
    "search.html",
    "theory/gradient.html",
    "gallery/4_descending_well/plot_16_cost_surface.html",
]
VIEWS = [("ko", 375), ("en", 1280), ("ko", 1400)]

# All that takes the focus; an unseen checkbox is shown by its label.
TOUR = """() => {
  window.stops = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(element =>
    element.checkVisibility({ visibilityProperty: true }) && !element.disabled
    && !element.matches(".option ~ .option input"));  // the arrow keys lead from the first to it
  window.shown = element => !element.matches(".sidebar-toggle, .toctree-checkbox") ? element
    : [...element.labels].find(label => label.checkVisibility() && !label.matches(".overlay"));
}"""
BEGIN = """() => {  // the search page begins in its field
  document.body.insertAdjacentHTML("afterbegin", "<a tabindex='-1'></a>");
  document.body.firstChild.focus();
  document.body.firstChild.remove();
}"""
STOP = """() => {
  const focused = document.activeElement;
  if (focused === document.body) return null;
  const shown = window.shown(focused);
  const style = getComputedStyle(shown);
  const boxes = [...shown.getClientRects()].filter(box => box.width && box.height);
  const seen = boxes.some(box => [0.5, 0.05, 0.95].some(part => {
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const at = document.elementFromPoint(box.left + box.width * part, (top + bottom) / 2);
    return at && (shown.contains(at) || at.contains(shown) && at.closest("a, button, label"));
  }));
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { number: window.stops.indexOf(focused), seen, outlined,
           markup: focused.outerHTML.slice(0, 120) };
}"""


@pytest.mark.parametrize(("language", "width"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_the_tab_key_goes_through_everything(visit, name, language, width):
    """Tab stops at each link, button and box in the order of the page, in sight and outlined."""
    size = {"width": width, "height": 800}
    page = visit(f"{language}/{name}", viewport=size)
    page.evaluate(BEGIN)
    page.evaluate(TOUR)
    stops = []
    while len(stops) <= page.evaluate("window.stops.length"):
        page.keyboard.press("Tab")
        page.wait_for_timeout(0)
        stop = page.evaluate(STOP)
        if stop is None:
            break
        stops.append(stop)
    assert [s["markup"] for s in stops if not s["seen"]] == []
    assert [s["markup"] for s in stops if not s["outlined"]] == []
    assert [s["number"] for s in stops] == list(range(page.evaluate("window.stops.length")))


@pytest.mark.parametrize("key", ["Space", "Enter"])
@pytest.mark.parametrize(
    ("switch", "drawer", "width"),
    [
        ("#__navigation", ".sidebar-drawer", 375),
        ("#__toc", ".toc-drawer", 375),
        ("#__toc", ".toc-drawer", 1280),
    ],
)
def test_a_drawer_opens_and_closes(visit, switch, drawer, width, key):
    """Where the screen is narrow, a drawer opens by key, takes the focus, and Escape leads back."""
    size = {"width": width, "height": 800}
    page = visit("ko/gallery/4_descending_well/plot_16_cost_surface.html", viewport=size)
    assert not page.locator(f"{drawer} :is(.sidebar-brand, li li a)").first.is_visible()
    page.locator(switch).focus()
    page.keyboard.press(key)
    page.wait_for_function(f"document.activeElement.matches('{drawer} a')")
    page.wait_for_function("document.activeElement.getBoundingClientRect().left >= 0")
    page.wait_for_function("document.activeElement.getBoundingClientRect().right <= innerWidth")
    page.keyboard.press("Escape")
    page.wait_for_function(f"document.activeElement.matches('{switch}')")
    assert not page.locator(switch).is_checked()
    page.locator(f"{drawer} :is(.sidebar-brand, li li a)").first.wait_for(state="hidden")


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_a_part_of_the_contents_unfolds(visit, key):
    """The pages of a part, folded away in the sidebar, come and go with its switch."""
    page = visit("en/index.html", viewport={"width": 1280, "height": 800})
    switch = page.locator(".sidebar-tree .toctree-checkbox").first
    links = switch.locator("xpath=following-sibling::ul").locator("> li > a")
    seen = links.first.is_visible()
    for _ in range(2):
        switch.focus()
        page.keyboard.press(key)
        seen = not seen
        assert links.first.is_visible() == seen


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_the_theme_is_switched_and_stays(visit, served, key):
    """The button changes the colours, and the next page has the same."""
    page = visit("en/index.html", served, color_scheme="light")
    page.locator(".theme-toggle:visible").focus()
    page.keyboard.press(key)
    background = "getComputedStyle(document.body).backgroundColor"
    chosen = page.evaluate("document.body.dataset.theme")
    assert chosen == "dark"
    dark = page.evaluate(background)
    page.goto(f"{served}/ko/glossary.html")
    assert page.evaluate("document.body.dataset.theme") == chosen
    assert page.evaluate(background) == dark != "rgb(255, 255, 255)"
    assert page.problems == []


def test_the_language_is_switched_and_stays(visit, served):
    """Enter on the switch leads to the other language, which the root page remembers."""
    page = visit("en/glossary.html", served, locale="en-US")
    page.locator("nav.languages a:visible").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/ko/glossary.html")
    page.goto(f"{served}/index.html")
    page.wait_for_url("**/ko/index.html")


@pytest.mark.parametrize("width", [375, 1280, 1400])
def test_the_first_stop_skips_to_the_text(visit, width):
    """The link to the text is seen when it has the focus, and leads past all navigation."""
    page = visit("ko/theory/gradient.html", viewport={"width": width, "height": 800})
    page.keyboard.press("Tab")
    page.wait_for_function("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#furo-main-content'")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_box_is_a_stop_while_it_scrolls(visit):
    """Formulas, code and tables take the focus where they scroll, also when the window changes."""
    page = visit("ko/theory/gradient.html", viewport={"width": 1400, "height": 800})
    boxes = "main :is(pre, .formula, .table-wrapper)"
    counts = []
    for width in (1400, 320, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(
            """boxes => [...document.querySelectorAll(boxes)].every(box =>
            !box.checkVisibility() || box.hasAttribute("tabindex") ===
            (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight))""",
            arg=boxes,
        )
        counts.append(page.locator(boxes).and_(page.locator("[tabindex='0']")).count())
    assert counts[0] == counts[2] < counts[1]
