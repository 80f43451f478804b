"""The questions in the pages: each has one right answer and says why, and all are counted."""

import json
import re
from pathlib import Path

import pytest
from pages import HANGUL, html_files, soup

ROOT = Path(__file__).parents[1]
THEORY = [path.stem for path in (ROOT / "docs" / "theory").glob("[!i]*.md")]
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
    assert len(labels) == len(set(labels)) >= len(THEORY)


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
def test_the_home_page_knows_every_question(site, language):
    """Its parts hold the right option of each question of the book, under the part's title."""
    parts = soup(site / language / "index.html").select(".progress[hidden] [data-questions]")
    known = {}
    for part in parts:
        found = json.loads(part["data-questions"])
        assert part.progress["max"] == str(len(found))
        folder = (site / language / part.a["href"]).parent
        assert soup(folder / "index.html").h1.contents[0] == part.a.get_text()
        assert {
            label
            for path, q in questions(site, language)
            if path.parent == folder
            for label in [q["id"]]
        } == set(found)
        known |= found
    assert known == right_options(site, language)


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
            assert question.legend.get_text() in index, path
        for text in question.select(".feedback p:last-child"):
            if not text.select("math, code, a"):
                assert text.get_text() not in index, path


@every_language
def test_questions_in_notebooks(site, language):
    """A notebook lists the options, and folds away their feedback and the solutions."""
    for name in THEORY:
        page = soup(site / language / "theory" / f"{name}.html")
        notebook = json.loads(
            (site / language / "downloads" / "theory" / f"{name}.ipynb").read_text("utf-8")
        )
        text = "\n".join("".join(cell["source"]) for cell in notebook["cells"])
        asked, solved = page.select("fieldset.question"), page.select("details.solution")
        assert text.count("<details>") == text.count("</details>") == len(asked) + len(solved)
        rights = [q.select_one(".option:has(.right) input")["value"] for q in asked]
        assert re.findall(r"</summary>\n\n\*\*(\d)\*\*\n\n1\. ", text) == rights
        assert ":::" not in text
        for question in asked:
            for choice in question.select("label"):
                if not choice.select("math"):
                    assert re.search(rf"^\d\. {re.escape(choice.get_text())}$", text, re.MULTILINE)


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
