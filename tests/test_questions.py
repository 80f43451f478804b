"""The questions in the pages: each has one right answer and says why, and all are counted."""

import json
import re
from pathlib import Path

import pytest
from pages import HANGUL, html_files, soup

ROOT = Path(__file__).parents[1]
THEORY = [path.stem for path in (ROOT / "docs" / "theory").glob("[!i]*.md")]
EXERCISES = [path.stem for path in (ROOT / "docs" / "exercises").glob("[!i]*.md")]
NOTEBOOKS = [  # page, edition, and what is folded away in it
    *((f"theory/{name}", "", ".question, details.solution") for name in THEORY),
    *((f"exercises/{name}", "_exercises", ".question, details.hint") for name in EXERCISES),
    *((f"exercises/{name}", "_solutions", ".question") for name in EXERCISES),
]
every_language = pytest.mark.parametrize("language", ["ko", "en"])

PAGE = """(home)=
# 책

{questions}

```{{toctree}}
gallery/index
other
```
"""
OPTIONS = "하나\n: 까닭\n\n둘\n: 까닭\n"
WELL = f":::{{question}} twice\n:right: 2\n\n무엇입니까?\n\n{OPTIONS}:::\n"
MALFORMED = {
    "'Not_a_label' is no label: use lower-case ASCII words with hyphens": (
        f":::{{question}} Not_a_label\n:right: 1\n\n무엇입니까?\n\n{OPTIONS}:::"
    ),
    "question 'no-prompt' needs a paragraph and a definition list after it": (
        f":::{{question}} no-prompt\n:right: 1\n\n{OPTIONS}:::"
    ),
    "question 'no-options' needs a paragraph and a definition list after it": (
        ":::{question} no-options\n:right: 1\n\n무엇입니까?\n:::"
    ),
    "question 'one-option' needs two options or more, each with feedback": (
        ":::{question} one-option\n:right: 1\n\n무엇입니까?\n\n하나\n: 까닭\n:::"
    ),
    "question 'none-right' needs :right:, from 1 to 2": (
        f":::{{question}} none-right\n\n무엇입니까?\n\n{OPTIONS}:::"
    ),
    "question 'beyond' needs :right:, from 1 to 2": (
        f":::{{question}} beyond\n:right: 3\n\n무엇입니까?\n\n{OPTIONS}:::"
    ),
    "2 pages have a question called 'twice'": WELL,
}


def questions(site, language):
    """Yield the page and the element of each question."""
    for path in html_files(site / language):
        for question in soup(path).select("fieldset.question"):
            yield path, question


def right_options(site, language):
    """Return the number of the right option by the label of each question."""
    return {
        question["id"]: int(question.select_one(".option:has(.right) input")["value"])
        for _, question in questions(site, language)
    }


@every_language
def test_one_option_is_right_and_each_has_its_feedback(site, language):
    """Every option is labelled, belongs to its question, and says in a sentence what it means."""
    labels = []
    for path, question in questions(site, language):
        label = question["id"]
        labels.append(label)
        options = question.select(".option")
        assert len(question.select(".feedback.right")) == 1, (path, label)
        assert len(question.select(".feedback.wrong")) == len(options) - 1 > 0, (path, label)
        assert len(question.legend.get_text().strip()) > 20, (path, label)
        for number, option in enumerate(options, start=1):
            button = option.input
            assert (button["name"], button["value"]) == (label, str(number))
            assert option.label["for"] == button["id"]
            assert option.label.get_text().strip()
            verdict, *why = option.select("[role=status] p")
            assert bool(HANGUL.search(verdict.get_text())) == (language == "ko")
            assert len(" ".join(p.get_text() for p in why)) > 20, (path, label, number)
    assert len(labels) == len(set(labels)) >= len(THEORY) + 3 * len(EXERCISES)


def test_both_languages_ask_the_same(site):
    """An answer given in one language is right or wrong in the other, too."""
    assert right_options(site, "ko") == right_options(site, "en")


@every_language
@pytest.mark.parametrize("name", THEORY)
def test_a_theory_page_asks_and_solves(site, language, name):
    """Each has a question to choose an answer for and a task whose solution opens."""
    page = soup(site / language / "theory" / f"{name}.html")
    assert page.select("fieldset.question")
    assert page.select("details.solution:not([open]) > summary")


@every_language
@pytest.mark.parametrize("name", EXERCISES)
def test_a_page_of_exercises_asks_before_its_tasks(site, language, name):
    """Three questions come before the first cell, and are not answered in the same place."""
    page = soup(site / language / "exercises" / f"{name}.html")
    asked = page.select("fieldset.question")
    assert len(asked) == 3
    assert page.select_one(".cell").find_all_previous("fieldset") == asked[::-1]
    rights = right_options(site, language)
    assert len({rights[question["id"]] for question in asked}) == 3


@every_language
def test_the_home_page_knows_every_question(site, language):
    """Each page that asks has a line, in the order of the book, with its title and its answers."""
    home = soup(site / language / "index.html")
    known, titles = {}, []
    for line in home.select(".progress[hidden] [data-questions]"):
        found = json.loads(line["data-questions"])
        assert line.progress["max"] == str(len(found))
        page = soup(site / language / line.a["href"])
        assert page.h1.contents[0] == line.a.get_text()
        assert {question["id"] for question in page.select("fieldset.question")} == set(found)
        known |= found
        titles.append(line.a.get_text())
    assert known == right_options(site, language)
    contents = [link.get_text() for link in home.select(".sidebar-tree a")]
    assert titles == [title for title in contents if title in titles]


@every_language
def test_only_pages_with_questions_load_the_script(site, language):
    """The script is small, and others do without it."""
    for path in html_files(site / language):
        needed = bool(soup(path).select(".question, .progress"))
        assert ("_static/questions.js" in path.read_text("utf-8")) == needed, path


@every_language
def test_wrong_answers_are_not_found(site, language):
    """The search knows what is asked, and none of the answers offered."""
    index = (site / language / "_static" / "search_index.js").read_text("utf-8")
    for path, question in questions(site, language):
        if not question.legend.select("math"):
            assert " ".join(question.legend.get_text().split()) in index, path
        for text in question.select(".feedback p:last-child"):
            if not text.select("math, code, a"):
                assert " ".join(text.get_text().split()) not in index, path


@every_language
@pytest.mark.parametrize(("name", "edition", "folded"), NOTEBOOKS)
def test_questions_in_notebooks(site, language, name, edition, folded):
    """A notebook lists the options, and folds away their feedback, the solutions and the hints."""
    page = soup(site / language / f"{name}.html")
    path = site / language / "downloads" / f"{name}{edition}.ipynb"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells)
    assert text.count("<details>") == text.count("</details>") == len(page.select(folded))
    assert ":::" not in text
    asked = page.select("fieldset.question")
    rights = [question.select_one(".option:has(.right) input")["value"] for question in asked]
    assert re.findall(r"</summary>\n\n\*\*(\d)\*\*\n\n1\. ", text) == rights
    listed = re.findall(r"^\d\. (.*)$", text.replace("`", ""), re.MULTILINE)
    for choice in page.select("fieldset.question label"):
        assert choice.select("math") or choice.get_text() in listed


def test_a_malformed_question_fails_the_build(project):
    """Each mistake is told in a sentence that names the question."""
    home = PAGE.format(questions="\n".join(MALFORMED.values()))
    (project.root / "docs" / "index.md").write_text(home, "utf-8")
    (project.root / "docs" / "other.md").write_text(f"(other)=\n# 다른 쪽\n\n{WELL}", "utf-8")
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    said = "".join(result.stderr.split("\n"))
    assert [sentence for sentence in MALFORMED if sentence not in said] == []
    assert result.stderr.count("WARNING") + result.stderr.count("ERROR") == len(MALFORMED)
