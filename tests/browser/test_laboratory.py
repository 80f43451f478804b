"""The laboratory in a browser: by pointer, touch and keyboard, from its address and back."""

import re
import subprocess
import sys
from importlib.resources import files

import pytest
from pages import HANGUL

PAGE = "en/playground.html"
EMBEDDED = {
    "playground": "doubling",
    "gallery/3_many_variables/plot_11_standardise": "exam_scores",
    "gallery/4_descending_well/plot_15_learning_rate": "doubling",
    "gallery/4_descending_well/plot_16_cost_surface": "doubling",
    "gallery/4_descending_well/plot_17_momentum": "game_ability",
    "gallery/6_beyond/plot_27_what_squares_assume": "outlier",
}
MOVING = {"reduced_motion": "no-preference"}
NUMBER = r"(−?[\d.]+(?:e[+−]?\d+)?|∞)"
AXE = """() => axe.run(document.querySelector("main"), { runOnly: [
  "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
  .then(result => result.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target}`)))"""


def shown(page):
    """Return what the readout shows, as text and as epoch, cost, weight and bias."""
    text = page.locator(".lab-readout").inner_text().replace("\xa0", " ")
    found = re.fullmatch(rf"\S+ (\d+) · \S+ {NUMBER} · w {NUMBER} · b {NUMBER}", text)
    return text, [number.replace("−", "-").replace("∞", "inf") for number in found.groups()]


def centre(locator):
    """Return the middle of an element in the window."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def points(page):
    """Return what each point is called and where it is."""
    get = "all => all.map(g => [g.getAttribute('aria-label'), g.getAttribute('aria-valuetext')])"
    return page.eval_on_selector_all(".lab-fit .lab-handle", get)


def picture(page):
    """Return all that is drawn."""
    page.wait_for_timeout(50)
    return page.eval_on_selector_all(".lab-plot svg", "all => all.map(svg => svg.innerHTML)")


def query(page):
    """Return the query of the address, when it has been brought up to date."""
    page.wait_for_timeout(400)
    return page.evaluate("location.search")


def slide(page, name, value):
    """Put a slider on a value."""
    page.locator(f".lab-{name}").fill(str(value))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", EMBEDDED)
def test_each_page_opens_with_its_own_data(visit, name, language):
    """Data and question are the page's, the plots are drawn, nothing is asked of the network."""
    page = visit(f"{language}/{name}.html")
    assert page.locator(".lab-data").input_value() == EMBEDDED[name]
    question = page.locator(".laboratory > p").inner_text()
    assert bool(HANGUL.search(question)) == (language == "ko")
    text, (epoch, *_) = shown(page)
    assert int(epoch) >= 24
    assert bool(HANGUL.search(text)) == (language == "ko")
    assert len(points(page)) >= 3
    assert query(page) == ""
    assert page.problems == []


def test_a_point_is_dragged(visit):
    """The point goes where the pointer goes, the line with it, and the address knows."""
    page = visit(PAGE)
    before, line = shown(page)[0], page.locator(".lab-line").get_attribute("d")
    x, y = centre(page.locator(".lab-fit .lab-handle").nth(1))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y - 40, steps=4)
    page.mouse.up()
    name, place = points(page)[1]
    assert name == "Point 2 of 3"
    moved = [float(number) for number in re.findall(r"[\d.]+", place)]
    assert moved[0] > 2
    assert moved[1] > 4
    assert shown(page)[0] != before
    assert page.locator(".lab-line").get_attribute("d") != line
    assert f"points=1,2;{moved[0]:g},{moved[1]:g};3,6" in query(page)
    assert page.locator(".lab-data").input_value() == ""
    assert page.problems == []


def test_a_point_is_dragged_by_touch(visit):
    """A finger on a point moves it and not the page; beside the points it scrolls."""
    page = visit(PAGE, has_touch=True, viewport={"width": 375, "height": 700})
    session = page.context.new_cdp_session(page)
    x, y = centre(page.locator(".lab-fit .lab-handle").nth(1))

    def touch(kind, *at):
        places = [{"x": px, "y": py} for px, py in at]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    touch("touchStart", (x, y))
    scrolled = page.evaluate("scrollY")
    for k in range(1, 6):
        touch("touchMove", (x, y + 10 * k))
    touch("touchEnd")
    assert float(points(page)[1][1].split()[-1].replace("−", "-")) < 4
    assert page.evaluate("scrollY") == scrolled
    start = page.locator(".lab-surface .lab-handle").get_attribute("aria-valuetext")
    page.locator(".lab-surface").tap(position={"x": 200, "y": 60})
    assert page.locator(".lab-surface .lab-handle").get_attribute("aria-valuetext") != start
    assert page.problems == []


def test_points_come_and_go(visit):
    """A click beside the points adds one, the buttons add and remove, the last one stays."""
    page = visit(PAGE)
    page.locator(".lab-fit").click(position={"x": 100, "y": 60})
    assert [name for name, _ in points(page)][-1] == "Point 4 of 4"
    page.locator(".lab-add").click()
    assert len(points(page)) == 5
    assert page.evaluate("document.activeElement.ariaLabel") == "Point 5 of 5"
    for _ in range(4):
        page.locator(".lab-remove").click()
    assert len(points(page)) == 1
    assert page.locator(".lab-remove").is_disabled()
    assert "no single minimum" in page.locator(".lab-regime").inner_text()
    assert page.problems == []


def test_points_by_keyboard(visit):
    """One stop for all points: keys choose, move and remove them, and each has name and place."""
    page = visit(PAGE)
    group = page.locator(".lab-fit")
    page.locator(".lab-fit .lab-handle").first.focus()
    assert group.locator("[tabindex='0']").count() == 1
    page.keyboard.press("PageDown")
    assert page.evaluate("document.activeElement.ariaLabel") == "Point 2 of 3"
    before = points(page)[1][1]
    page.keyboard.press("ArrowUp")
    one = points(page)[1][1]
    page.keyboard.press("Shift+ArrowRight")
    ten = points(page)[1][1]
    assert before == "x 2, y 4"
    assert one.startswith("x 2, y 4.0")
    assert float(ten.split(",")[0].removeprefix("x ")) > 2
    page.keyboard.press("Delete")
    assert len(points(page)) == 2
    assert "2 are left" in page.locator(".lab-status").inner_text()
    assert page.evaluate("document.activeElement.ariaLabel") == "Point 2 of 2"
    style = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(style) == "solid"


def test_the_start_by_pointer_and_keyboard(visit):
    """A click on the surface moves the start there, arrows move it on, and the path follows."""
    page = visit(PAGE)
    path = page.locator(".lab-path").first
    before = path.get_attribute("d")
    page.locator(".lab-surface").click(position={"x": 250, "y": 60})
    clicked = path.get_attribute("d")
    start = page.locator(".lab-surface .lab-handle")
    there = start.get_attribute("aria-valuetext")
    assert there != "w 0, b 0"
    start.focus()
    page.keyboard.press("ArrowLeft")
    assert start.get_attribute("aria-valuetext") != there
    assert len({before, clicked, path.get_attribute("d")}) == 3
    assert "weight=" in query(page)


def test_step_run_pause_and_reset(visit):
    """The buttons go on, stop and go back; while it runs, nothing is said aloud."""
    page = visit(PAGE, **MOVING)
    page.evaluate("""window.said = 0; new MutationObserver(() => window.said++)
      .observe(document.querySelector(".lab-status"), { childList: true })""")
    page.locator(".lab-reset").click()
    assert shown(page)[1] == ["0", "18.6667", "0", "0"]
    page.locator(".lab-step").click()
    assert shown(page)[1][0] == "1"
    said = page.evaluate("window.said")
    assert said == 2
    assert "Epoch\xa01" in page.locator(".lab-status").text_content()
    run = page.locator(".lab-run")
    run.press("Enter")
    assert run.inner_text() == "Pause"
    page.wait_for_function(
        "/Epoch\\s(1\\d|[2-9]\\d)/.test(document.querySelector('.lab-readout').innerText)"
    )
    assert page.evaluate("window.said") == said
    run.press("Enter")
    assert run.inner_text() == "Run"
    stopped = shown(page)[0]
    page.wait_for_timeout(300)
    assert shown(page)[0] == stopped
    assert page.evaluate("window.said") == said + 1
    assert f"epochs={shown(page)[1][0]}" in query(page)
    assert page.problems == []


def test_less_motion(visit):
    """Who asks the system for less motion gets a hundred epochs at once."""
    page = visit(PAGE)
    page.locator(".lab-run").click()
    assert shown(page)[1][0] == "130"
    assert page.locator(".lab-run").inner_text() == "Run"


def test_regimes_and_overflow(visit):
    """The page says on which side of the limit one is, and names the epoch of an overflow."""
    page = visit(f"{PAGE}?lr=0.05")
    regime = page.locator(".lab-regime")
    assert "2/λmax = 0.1803" in page.locator(".lab-marks").inner_text()
    assert "without swinging" in regime.inner_text()
    slide(page, "lr", -0.8)
    assert "swinging from side to side" in regime.inner_text()
    page.locator(".lab-lr-number").fill("0.5")
    page.locator(".lab-lr-number").press("Enter")
    assert "Diverges" in regime.inner_text()
    slide(page, "momentum", 0.9)
    assert "Limit with this momentum: 0.3426" in regime.inner_text()
    page.goto(page.url.split("?")[0] + "?lr=1&epochs=2000")
    assert re.search(r"Overflow: in epoch \d+ ", page.locator(".lab-end").inner_text())
    assert page.problems == []


def test_a_link_reproduces_the_picture(visit):
    """The copied link, opened anew, gives the same picture, and so does the other language."""
    page = visit(PAGE)
    page.locator(".lab-data").select_option("height_weight")
    page.locator(".lab-standardise").check()
    slide(page, "lr", -1)
    slide(page, "momentum", 0.85)
    page.locator(".lab-nesterov").check()
    slide(page, "batch", 2)
    page.locator(".lab-fit .lab-handle").first.focus()
    page.keyboard.press("ArrowUp")
    page.locator(".lab-surface").click(position={"x": 250, "y": 60})
    page.locator(".lab-run").click()
    state, drawn = query(page), picture(page)
    for key in ("points=", "standardise=1", "lr=", "momentum=0.85", "nesterov=1", "batch=2"):
        assert key in state or (key == "lr=" and "lr" not in state)
    other = visit(PAGE + state)
    assert shown(other) == shown(page)
    assert picture(other) == drawn
    other.locator("nav.languages a:visible").click()
    other.wait_for_url("**/ko/**")
    assert shown(other)[1] == shown(page)[1]
    assert other.problems == []


def test_numbers_from_a_file_with_bad_lines(visit, tmp_path):
    """Good lines are used, each bad one is named; a file of a Korean spreadsheet is read too."""
    page = visit(PAGE)
    page.locator(".lab-own summary").click()
    page.wait_for_function("document.querySelector('.lab-numbers').value")
    assert page.locator(".lab-numbers").input_value() == "1, 2\n2, 4\n3, 6"
    path = tmp_path / "points.csv"
    path.write_bytes("시간,점수\n1,10\n2,many\n3,30\n4\n".encode("cp949"))
    page.locator(".lab-file").set_input_files(path)
    lines = page.locator(".lab-lines p")
    lines.nth(2).wait_for()
    assert lines.all_inner_texts() == [
        "2 rows are used.",
        "Line 3: “many” is not a number.",
        "Line 5: two numbers are needed.",
    ]
    assert [place for _, place in points(page)] == ["x 1, y 10", "x 3, y 30"]
    page.locator(".lab-numbers").fill("nothing here")
    page.locator(".lab-use").click()
    assert lines.first.inner_text() == "There is no row of two numbers."
    assert len(points(page)) == 2
    assert page.problems == []


STATES = [
    "",
    "?data=game_ability&momentum=0.9&epochs=57",
    "?data=height_weight&standardise=1&batch=2&epochs=40&momentum=0.5&nesterov=1",
    "?data=outlier&lr=0.8&epochs=20&weight=-1.5&bias=0.25",
    "?lr=1&epochs=100",
]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("state", STATES)
def test_the_script_prints_what_the_page_shows(visit, served, tmp_path, language, state):
    """Copied and run by Python, the script gives cost, weight and bias to all digits shown."""
    page = visit(f"{language}/playground.html{state}", served, permissions=["clipboard-read"])
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".lab-copy-script").click()
    page.wait_for_function("document.querySelector('.lab-status').textContent")
    script = page.evaluate("navigator.clipboard.readText()")
    assert bool(HANGUL.search(script)) == (language == "ko")
    path = tmp_path / "script.py"
    path.write_text(script, "utf-8")
    process = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    printed = process.stdout.split()[1::2]
    assert [float(n) for n in printed] == [float(n) for n in shown(page)[1][1:]]


def test_copying_where_the_browser_forbids_it(visit):
    """Without a clipboard, the text stands there, selected."""
    page = visit(PAGE)
    page.evaluate("void (navigator.clipboard.writeText = () => Promise.reject('no'))")
    page.locator(".lab-copy-link").click()
    text = page.locator(".lab-text")
    text.wait_for()
    assert text.input_value() == page.url
    selected = "document.activeElement.selectionEnd - document.activeElement.selectionStart"
    assert page.evaluate(selected) == len(page.url)


def test_everything_as_tables(visit):
    """The tables hold each point with its residual, and the epochs with costs as the library's."""
    page = visit(PAGE)
    page.locator(".lab-tables summary").click()
    rows = page.locator(".lab-data-table tbody tr")
    rows.nth(2).wait_for()
    assert rows.count() == 3
    assert rows.nth(2).locator("td").all_inner_texts()[:2] == ["3", "6"]
    path = page.locator(".lab-path-table tbody tr")
    assert path.count() == 30
    assert path.first.inner_text().split() == ["0", "18.67", "1.867", "0.8"]
    assert "Exact minimum: w 2, b 0, cost 0" in page.locator(".lab-minimum").inner_text()
    page.locator(".lab-step").click()
    assert path.count() == 31


def test_without_a_script(visit):
    """Without JavaScript there is the question, and a sentence instead of the controls."""
    page = visit(PAGE, java_script_enabled=False)
    assert page.locator(".laboratory > p").is_visible()
    assert "needs JavaScript" in page.locator(".laboratory").inner_text()
    assert not page.locator(".lab").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing(visit, scheme, width):
    """With everything unfolded, axe finds nothing and nothing scrolls sideways."""
    pytest.importorskip("axe_playwright_python", reason="`nox -s browser` installs axe")
    size = {"width": width, "height": 800}
    page = visit(f"{PAGE}?lr=1&epochs=300&momentum=0.5", color_scheme=scheme, viewport=size)
    for summary in page.locator(".lab summary").all():
        summary.click()
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text("utf-8"))
    assert page.evaluate(AXE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    targets = page.eval_on_selector_all(
        ".lab :is(button, input, select, summary, .lab-handle)",
        "all => all.filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect())"
        ".map(box => Math.min(box.width, box.height))",
    )
    assert min(targets) >= 24
