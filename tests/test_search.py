"""The search: Korean and English words are found in every form, and nothing else is.

The nouns asked for are all Korean terms of the glossary, and all words that stand as an object
(를, 을) in a heading. What should be found is read from the built pages in another way than the
search goes. A page has a noun if its syllables stand there one after the other, with or without
spaces between them, in whatever word. The only exceptions are those in OTHER_WORDS, each judged by
hand: words that merely contain the syllables. So a noun counts alone, with any ending, and in a
compound, and a word that nobody has judged counts too.
"""

import json
import re
import subprocess
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from bilingual_glossary import names, read_glossary
from bs4 import BeautifulSoup
from mathematics import NODE
from pages import html_files, soup

ROOT = Path(__file__).parents[1]
GLOSSARY = read_glossary(ROOT / "docs" / "glossary.toml")
LANGUAGES = ["ko", "en"]
OTHER_WORDS = {
    "모자": r"모자(라|랄|랍)",  # 모자라다, to lack
    "차이": r"오차이",  # 오차 with 이다
    "평면": r"수평면",  # 수평 and 면
    "풀이": r"되풀이",  # repetition
    "한계": r"한 계",  # one step, one calculation
}
BLOCKS = "p, li, dt, dd, td, th, pre, h1, h2, h3, h4, div, br, section"
# what only leads elsewhere, explains, or is pressed
NOT_TEXT = (
    "math, svg, summary, .headerlink, .viewcode-link, #downloads, .meaning, .practice, .progress, "
    ".lab, .lab-note, .option"
)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def ask(site, language, queries):
    """Return what the search finds for each query."""
    command = [str(NODE), str(ROOT / "tests" / "search_pages.js"), str(site / language)]
    process = subprocess.run(
        command, input=json.dumps(queries), capture_output=True, text=True, encoding="utf-8"
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def pages(answer):
    """Return the names of the pages in an answer."""
    return [result["url"].split("#")[0] for result in answer["results"]]


@cache
def articles(folder):
    """Return the main text of each page that is searched, block by block, and its headings."""
    found = {}
    for path in html_files(folder):
        name = path.relative_to(folder).as_posix()
        if name == "search.html" or name.startswith("_modules/"):
            continue
        main = BeautifulSoup(str(soup(path).select_one("main")), "html.parser")
        for element in main.select(NOT_TEXT):
            element.decompose()
        for element in main.select(BLOCKS):
            element.append("\n")
        headings = [heading.get_text() for heading in main.select("h1, h2, h3")]
        blocks = [" ".join(line.split()) for line in main.get_text().split("\n\n")]
        found[name] = "\n".join(blocks), headings
    return found


def nouns(folder):
    """Return the Korean terms of the glossary, and the objects in headings."""
    entries = list(chain.from_iterable(GLOSSARY.values()))
    terms = [entry["ko"] for entry in entries if re.fullmatch("[가-힣 ]+", entry["ko"])]
    # a name that the book does not use leads elsewhere, which has a test of its own
    others = {name for entry in entries for name in names(entry, "ko")[1:]}
    objects = [
        word[:-1]
        for _, headings in articles(folder).values()
        for word in re.findall("[가-힣]{2,}[을를]", " ".join(headings))
        if closed(word[-2]) == (word[-1] == "을") and word[:-1] not in others
    ]
    return list(dict.fromkeys(terms + objects))


def closed(syllable):
    """Return whether a syllable ends in a consonant."""
    return (ord(syllable) - ord("가")) % 28 > 0


def inflected(noun):
    """Return a noun alone and with each particle, in the form that goes with its last sound."""
    last = closed(noun[-1])
    liquid = (ord(noun[-1]) - ord("가")) % 28 == 8
    topic, subject, object_ = "은이을" if last else "는가를"
    means = "으로" if last and not liquid else "로"
    return [noun + particle for particle in ("", topic, subject, object_, "의", "에서", means)]


def having(noun, folder):
    """Return the pages that have a noun."""
    anywhere = re.compile("[가-힣]*" + " ?".join(noun.replace(" ", "")) + "[가-힣]*")
    other = re.compile(OTHER_WORDS.get(noun, "(?!)"))
    return {
        name
        for name, (text, _) in articles(folder).items()
        if any(not other.search(match[0]) for match in anywhere.finditer(text))
    }


def test_korean_nouns_are_found_in_every_form(site):
    """Every noun is found with every particle, on all pages that have it and on no others."""
    folder = site / "ko"
    asked = [(noun, query) for noun in nouns(folder) for query in inflected(noun)]
    assert len({noun for noun, _ in asked}) >= 80
    answers = ask(site, "ko", [query for _, query in asked])
    right = {noun: having(noun, folder) for noun, _ in asked}
    missed, wrong, shown = {}, {}, 0
    for (noun, query), answer in zip(asked, answers):
        found = set(pages(answer))
        shown += len(found)
        assert len(found) == len(answer["results"]), query
        if right[noun] - found:
            missed[query] = right[noun] - found
        if found - right[noun]:
            wrong[query] = found - right[noun]
    assert missed == {}
    assert 1 - sum(map(len, wrong.values())) / shown >= 0.98, wrong


@pytest.mark.parametrize("noun", OTHER_WORDS)
def test_each_exception_is_needed(site, noun):
    """The words that merely contain a noun stand in the book."""
    texts = [text for text, _ in articles(site / "ko").values()]
    assert re.search(OTHER_WORDS[noun], "\n".join(texts))
    assert noun in nouns(site / "ko")


def test_particles_in_the_wrong_form_do_no_harm(site):
    """회귀은 finds what 회귀 finds."""
    bare, *wrong = ask(site, "ko", ["회귀", "회귀은", "회귀이", "회귀을", "회귀으로"])
    assert bare["results"]
    assert wrong == [bare] * 4


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("회귀", "glossary.html"),
        ("회귀는", "glossary.html"),
        ("손실이", "theory/hypothesis_and_cost.html"),
        ("경사하강법", "gallery/1_first_steps/plot_03_one_step.html"),
        ("learning rate", "gallery/4_descending_well/plot_15_learning_rate.html"),
        ("SGD를", "gallery/2_ladder/plot_06_optimizer.html"),
        ("zero_grad", "gallery/2_ladder/plot_06_optimizer.html"),
        ("nn.Linear", "gallery/2_ladder/plot_07_linear_layer.html"),
        ("torch.optim", "gallery/2_ladder/plot_06_optimizer.html"),
        ("QR분해를", "gallery/6_beyond/plot_25_closed_form.html"),
    ],
)
def test_korean_site(site, query, page):
    """Korean words in any form and English names lead to the page about them."""
    [answer] = ask(site, "ko", [query])
    assert page in pages(answer)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("경사하강법", "경사 하강법"),
        ("경사하강법을", "경사 하강법을"),
        ("닫힌해", "닫힌 해"),
        ("미니배치", "미니 배치"),
        ("표준오차는", "표준 오차는"),
        ("손실", "손실입니다"),
        ("갱신", "갱신합니다"),
    ],
)
def test_forms_of_one_word(site, one, other):
    """Spaces and endings make no difference."""
    first, second = ask(site, "ko", [one, other])
    assert first["results"]
    assert first == second


@pytest.mark.parametrize("noun", ["정의", "차이", "속도", "평가", "경로"])
def test_a_noun_may_end_like_a_particle(site, noun):
    """The last syllable of a noun is not taken for a particle."""
    [answer] = ask(site, "ko", [noun])
    marks = set(chain.from_iterable(result["marked"] for result in answer["results"]))
    assert marks == {noun}


@pytest.mark.parametrize(
    ("language", "query", "term"),
    [
        ("ko", "변화도", "그래디언트"),
        ("ko", "변화도를", "그래디언트"),
        ("ko", "에포크", "에폭"),
        ("ko", "최적화기로", "옵티마이저"),
        ("ko", "analytical solution", "닫힌 해"),
        ("ko", "크기", None),
        ("en", "size", None),
        ("en", "multicollinearity", "collinearity"),
        ("en", "학습률", "learning rate"),
    ],
)
def test_other_names_lead_to_the_term(site, language, query, term):
    """A name that the book does not use finds what its own finds, and says so; others do not."""
    answer, own = ask(site, language, [query, term or query])
    assert answer["leads"] == ([term] if term else [])
    assert set(pages(own)) <= set(pages(answer))
    assert own["leads"] == []


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("gradients", "gradient"),
        ("descending", "descend"),
        ("Learning Rates", "learning rate"),
        ("minibatch", "mini-batch"),
        ("standardize", "standardise"),
        ("PYTORCH", "PyTorch"),
    ],
)
def test_forms_of_an_english_word(site, query, same):
    """English words are found by their stem, whatever their capitals and hyphens."""
    first, second = ask(site, "en", [query, same])
    assert len(first["results"]) > 3
    assert set(pages(first)) == set(pages(second))


@every_language
def test_names_of_the_library(site, language):
    """An object is found by its name, a part of it or its beginning, its documentation first."""
    queries = ["train_by_hand", "solve_least_squares", "least squares", "solve_lea"]
    trainer, solver, parts, beginning = ask(site, language, queries)
    assert trainer["results"][0]["url"] == (
        "reference/trainers.html#linreg_tutorial.trainers.train_by_hand"
    )
    address = "reference/solvers.html#linreg_tutorial.solvers.solve_least_squares"
    assert solver["results"][0]["url"] == beginning["results"][0]["url"] == address
    assert set(pages(solver)) <= set(pages(parts))


@every_language
def test_several_words_must_all_be_there(site, language):
    """A page is found if it has all words; words in quotation marks must follow each other."""
    one, other, both, phrase = ask(
        site, language, ["optimizer", "momentum", "momentum optimizer", '"momentum optimizer"']
    )
    assert set(pages(both)) == set(pages(one)) & set(pages(other))
    assert len(phrase["results"]) < len(both["results"])


@every_language
def test_results_lead_to_their_sections(site, language):
    """Every result leads to an anchor of its page, and shows a hit unless the heading does."""
    queries = {"ko": ["회귀", "텐서를", "torch"], "en": ["regression", "tensors", "torch"]}
    for answer in ask(site, language, queries[language]):
        assert answer["results"]
        for result in answer["results"]:
            page, anchor = result["url"].split("#")
            assert soup(site / language / page).find(id=anchor), result


@every_language
def test_titles_come_first(site, language):
    """A page whose title has the word comes before one that mentions it."""
    query = {"ko": "모멘텀", "en": "momentum"}[language]
    [answer] = ask(site, language, [query])
    assert pages(answer)[0] == "gallery/4_descending_well/plot_17_momentum.html"


@every_language
def test_nothing_is_found_without_a_word(site, language):
    """Nonsense, punctuation and nothing find nothing."""
    for answer in ask(site, language, ["", "  ", "?!", '""', "뷁뷁뷁", "xyzzyq"]):
        assert answer == {"leads": [], "results": []}


@every_language
def test_only_the_search_page_knows_the_index(site, language):
    """No other page refers to the index, and Sphinx's own search is gone."""
    mentions = [
        path.relative_to(site / language).as_posix()
        for path in html_files(site / language)
        if re.search("search_index|search_match|stemmer|searchtools", path.read_text("utf-8"))
    ]
    assert mentions == ["search.html"]
    assert not (site / language / "searchindex.js").exists()
    assert not (site / language / "_static" / "searchtools.js").exists()


@every_language
def test_every_page_is_in_the_index(site, language):
    """The index has all pages but the search itself and the sources of the library."""
    content = (site / language / "_static" / "search_index.js").read_text("utf-8")
    index = json.loads(content.removeprefix("receiveSearchIndex(").removesuffix(");\n"))
    assert {page for page, _ in index["pages"]} == set(articles(site / language))
