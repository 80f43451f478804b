"""Questions in a browser: answered by keyboard, heard, remembered, counted and forgotten."""

import re
from importlib.resources import files

import pytest

PAGE = "theory/gradient.html"
RIGHT, WRONG = "#gradient-doubled-data-1", "#gradient-doubled-data-2"
KEY = "linreg_tutorial.answers"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); } });"""
FULL_STORAGE = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError"); };"""
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def shown(page):
    """Return the options whose feedback is seen."""
    seen = page.locator(".feedback").filter(visible=True)
    return seen.evaluate_all("all => all.map(f => '#' + f.closest('.option').children[0].id)")


def choose(page, option):
    """Choose an option of the question by keyboard, from the first one on."""
    page.locator(option.rpartition("-")[0] + "-1").focus()
    page.keyboard.press("Space")
    for _ in range(int(option.rpartition("-")[2]) - 1):
        page.keyboard.press("ArrowDown")


def counted(page):
    """Return the place where the home page says how many answers of the page are right."""
    return page.locator(f".progress li:has(a[href='{PAGE}']) span")


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("option", [RIGHT, WRONG])
def test_an_option_is_answered(visit, language, option):
    """The feedback of the choice alone is shown, in a region that is read aloud."""
    page = visit(f"{language}/{PAGE}")
    assert shown(page) == []
    choose(page, option)
    assert shown(page) == [option]
    said = {"ko": ("맞습니다", "아닙니다"), "en": ("Right", "Not quite")}[language]
    heard = page.locator(".option").get_by_role("status").filter(has_text=said[option == WRONG])
    assert heard.filter(visible=True).count() == 1
    assert page.problems == []


def test_answers_are_kept_counted_and_cleared(visit, served):
    """An answer outlasts a reload and the language switch, until the reader clears it."""
    page = visit(f"ko/{PAGE}", served)
    choose(page, WRONG)
    page.reload()
    assert shown(page) == [WRONG]
    choose(page, RIGHT)
    page.locator("nav.languages a:visible").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/**")
    assert shown(page) == [RIGHT]
    page.goto(f"{served}/en/index.html")
    assert counted(page).inner_text().startswith("1 of ")
    answers = []
    page.on("dialog", lambda d: d.accept() if answers.pop() else d.dismiss())
    for answer, left in ((False, 1), (True, 0)):
        answers.append(answer)
        page.locator(".progress button").focus()
        page.keyboard.press("Enter")
        assert counted(page).inner_text().startswith(f"{left} of ")
    assert page.evaluate(f"localStorage.getItem('{KEY}')") == "{}"
    assert not page.locator(".progress button").is_visible()
    assert page.evaluate("document.activeElement.className") == "progress"
    page.go_back()
    assert shown(page) == []
    assert page.problems == []


def test_progress_follows_another_window(visit, served):
    """An answer given elsewhere is counted without a reload, also in pages from a folder."""
    page = visit("ko/index.html", served)
    other = page.context.new_page()
    other.goto(f"{served}/ko/{PAGE}")
    choose(other, RIGHT)
    counted(page).filter(has_text=re.compile(" 1개$")).wait_for()


def test_a_book_in_a_folder_counts_too(visit, site):
    """From file addresses the answers are kept from page to page."""
    page = visit(f"en/{PAGE}")
    choose(page, RIGHT)
    page.goto((site / "en" / "index.html").as_uri())
    assert counted(page).inner_text().startswith("1 of ")


@pytest.mark.parametrize("storage", [NO_STORAGE, FULL_STORAGE])
def test_without_storage_questions_answer_all_the_same(visit, served, storage):
    """Who refuses storage, or has none left, gets the feedback, and no progress."""
    page = visit(f"ko/{PAGE}", served)
    page.add_init_script(storage)
    page.problems.clear()
    page.reload()
    choose(page, WRONG)
    assert shown(page) == [WRONG]
    page.goto(f"{served}/ko/index.html")
    assert not page.locator(".progress").is_visible()
    assert [p for p in page.problems if "questions.js" in p or "full" in p] == []


@pytest.mark.parametrize(
    "garbage",
    [
        "no JSON",
        "null",
        "7",
        '"text"',
        "[1]",
        '{"gradient-doubled-data": {"x": 1}}',
        '{"gradient-doubled-data": 99, "gone": 1}',
    ],
)
def test_garbage_in_storage_does_no_harm(visit, served, garbage):
    """Whatever stands there, nothing is chosen, and an answer is kept again."""
    page = visit(f"ko/{PAGE}", served)
    page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, garbage])
    page.reload()
    assert shown(page) == []
    choose(page, RIGHT)
    page.reload()
    assert shown(page) == [RIGHT]
    page.goto(f"{served}/ko/index.html")
    assert counted(page).inner_text().endswith(" 1개")
    assert page.problems == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_without_javascript(visit, language):
    """The feedback comes all the same, solutions open by keyboard, and no progress is promised."""
    page = visit(f"{language}/{PAGE}", java_script_enabled=False)
    choose(page, WRONG)
    assert page.locator(f"{WRONG} ~ * > .feedback").is_visible()
    assert not page.locator(f"{RIGHT} ~ * > .feedback").is_visible()
    solution = page.locator("details.solution").first
    assert not solution.locator("p").first.is_visible()
    solution.locator("summary").focus()
    page.keyboard.press("Enter")
    assert solution.locator("p").first.is_visible()
    page.goto(page.url.replace(PAGE, "index.html"))
    assert not page.locator(".progress").is_visible()


def test_paper_has_the_options_without_feedback(visit):
    """A printed question is asked, not answered, whatever was chosen on the screen."""
    page = visit(f"ko/{PAGE}")
    choose(page, RIGHT)
    page.emulate_media(media="print")
    assert shown(page) == []
    assert all(label.is_visible() for label in page.locator(".question label").all())
    page.goto(page.url.replace(PAGE, "index.html"))
    assert not page.locator(".progress").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
def test_answered_questions_are_accessible(visit, scheme, width):
    """With feedback, solutions and progress in sight axe finds nothing, and nothing overflows."""
    pytest.importorskip("axe_playwright_python", reason="`nox -s browser` installs axe")
    axe = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
    page = visit(f"ko/{PAGE}", color_scheme=scheme, viewport={"width": width, "height": 800})
    for label in page.locator("fieldset.question").evaluate_all("all => all.map(q => q.id)"):
        choose(page, f"#{label}-2")
    for summary in page.locator("details.solution summary").all():
        summary.click()
    for address in (page.url, page.url.replace(PAGE, "index.html")):
        if page.url != address:
            page.goto(address)
            assert page.locator(".progress").is_visible()
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run('main', { runOnly: tags })", AXE_TAGS)
        assert [violation["id"] for violation in found["violations"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
