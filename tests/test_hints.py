"""The hints: a term is explained where a page first uses it, in prose, and nothing else changes."""

from pathlib import Path

import pytest
from bilingual_glossary import anchor, meaning, read_glossary
from glossary_hints import FURNITURE, term_pattern
from pages import html_files, soup

ROOT = Path(__file__).parents[1]
GLOSSARY = read_glossary(ROOT / "docs" / "glossary.toml")
ENTRIES = {anchor(entry): entry for entries in GLOSSARY.values() for entry in entries}
PAGE = """(home)=
# 비용과 학습률

[기울기](https://example.org/slope)는 `오차`와 다르고, 가중치감쇠는 띄어 쓰지 않았습니다.

| 잡음 | 텐서 |
| --- | --- |
| 편향 | 특성 |

처음 나온 **비용**(cost)과 *학습률*을 설명하고, 경사
하강법에서는 긴 이름을 찾습니다. 비용은 두 번째입니다.
연습 문제도 비용도 설명하지 않습니다.

```{toctree}
gallery/index
glossary
```
"""


@pytest.fixture(scope="module")
def page(project):
    """Return the page above, built with the glossary."""
    (project.root / "docs" / "index.md").write_text(PAGE, "utf-8")
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    (project.root / "docs" / "glossary.md").write_text(glossary, "utf-8")
    result = project("docs/build.py", "ko")
    assert result.returncode == 0, result.stderr
    return soup(project.root / "docs/_build/html/ko/index.html").main


def test_the_first_use_in_prose_is_explained(page):
    """Headings, links, code and tables are passed over, and so is the second use."""
    hints = page.select("a.hint")
    assert [" ".join(hint.text.split()) for hint in hints] == ["비용", "학습률", "경사 하강법"]
    assert hints[0].parent.name == "strong"
    assert hints[1].parent.name == "em"
    assert hints[0].find_previous("table")


def test_the_text_of_a_page_stays_as_it_is(page):
    """Without the meanings, a paragraph reads as it was written."""
    paragraph = page.select("p.hinted")[0]
    written = PAGE.partition("처음 나온")[2].partition("\n\n")[0]
    text = "".join(string for string in paragraph.strings if not string.find_parent(role="tooltip"))
    assert text.split() == ("처음 나온" + written.replace("*", "")).split()


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("ko", "확률적 경사 하강법과 경사 하강법", ["확률적 경사 하강법", "경사 하강법"]),
        ("ko", "텐서에서는 텐서입니다 텐서들만으로도", ["텐서", "텐서", "텐서"]),
        ("ko", "텐서곱 새텐서 _텐서 텐서플로", []),
        ("ko", "텐서(tensor)를 ‘텐서’로", ["텐서", "텐서"]),
        ("en", "Tensors and tensor, not tensorial", ["Tensors", "tensor"]),
        ("en", "stochastic gradient\ndescent", ["stochastic gradient\ndescent"]),
        ("en", "hypotheses of a hypothesis, biases, losses", None),
        ("en", "pre-tensor tensor-like", []),
    ],
)
def test_terms_are_found_in_the_forms_that_a_sentence_gives_them(language, text, found):
    """Particles and plurals may follow; the longest term counts; compounds are other words."""
    terms = sorted((entry[language] for entry in ENTRIES.values()), key=len, reverse=True)
    matches = [match[0] for match in term_pattern(tuple(terms), language).finditer(text)]
    expected = ["hypotheses", "hypothesis", "biases", "losses"] if found is None else found
    assert matches == expected


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_hint_says_what_the_glossary_says(site, language):
    """Hints lead to their entry and describe it in the page's language, each term once a page."""
    explained = set()
    for path in html_files(site / language):
        hints = soup(path).select("a.hint")
        targets = [hint["href"].partition("#")[2] for hint in hints]
        assert len(targets) == len(set(targets)), path
        for hint, target in zip(hints, targets):
            described = hint.find_next_sibling()
            assert described["role"] == "tooltip"
            assert described["id"] == hint["aria-describedby"]
            assert described.text == meaning(ENTRIES[target], language)
            assert not hint.find_parent(["h1", "h2", "h3", "h4", "table", "code", "pre", "dt"])
            assert not hint.find_parent("a"), path
        explained |= set(targets)
    assert len(explained) > 0.8 * len(ENTRIES)
    assert not explained & {anchor(entry) for entry in GLOSSARY[FURNITURE]}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_hints_are_light_and_not_part_of_the_search(site, language):
    """Hints add a few kB to a page of the gallery and nothing to the search index."""
    index = (site / language / "_static" / "search_index.js").read_text("utf-8")
    for path in html_files(site / language / "gallery"):
        meanings = soup(path).select("[role=tooltip]")
        assert sum(len(str(tag).encode()) for tag in meanings) < 8000, path
    said = {
        tag.text for path in html_files(site / language) for tag in soup(path).select(".meaning")
    }
    assert said
    assert max(index.count(text) for text in said) == 1  # in the glossary itself


def test_an_everyday_sense_is_not_explained(site):
    """The weight of a person is no weight of a model, and a raised error is no error of a model."""
    page = soup(site / "en" / "gallery" / "1_first_steps" / "plot_01_data_as_tensors.html").main
    assert "weight" in page.text
    assert not page.select_one("a.hint[href$=term-weight]")
    by_hand = soup(site / "en" / "gallery" / "2_ladder" / "plot_04_by_hand.html").main
    assert by_hand.select_one("a.hint[href$=term-weight]")
