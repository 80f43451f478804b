"""The learning path holds every page of the book, in its order, and what it says can be true."""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from learning_path import read_path
from segments import HANGUL

ROOT = Path(__file__).parents[1]
PARTS = read_path(ROOT / "docs" / "learning_path.toml")
ENTRIES = [entry for part in PARTS for entry in part["pages"]]


def test_every_page_is_on_the_path_in_the_order_of_the_book():
    """Labels of the gallery's scripts by number, then of the theory by its table of contents."""
    scripts = sorted(ROOT.glob("gallery/*/plot_*.py"), key=lambda path: path.name)
    theory = (ROOT / "docs/theory/index.md").read_text("utf-8")
    names = re.search(r"```{toctree}\n(.*?)```", theory, re.DOTALL)[1].split()
    labels = [re.search(r"\.\. _(\S+):", path.read_text("utf-8"))[1] for path in scripts]
    labels += [
        re.search(r"^\((\S+)\)=", (ROOT / f"docs/theory/{name}.md").read_text("utf-8"), re.M)[1]
        for name in names
    ]
    assert [entry["page"] for entry in ENTRIES] == labels


def test_a_page_needs_only_what_comes_before_it():
    """Whoever reads in order has read everything that a page takes for granted."""
    known = set()
    for entry in ENTRIES:
        assert set(entry["needs"]) <= known, entry["page"]
        known.add(entry["page"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["page"])
def test_an_entry_is_whole(entry):
    """It has minutes, and what the page gives, in both languages."""
    assert entry["minutes"] % 5 == 0
    assert 5 <= entry["minutes"] <= 45
    assert HANGUL.search(entry["gives"]["ko"])
    assert entry["gives"]["en"].endswith(".")
    assert not HANGUL.search(entry["gives"]["en"])


@pytest.mark.parametrize(("language", "time"), [("ko", "분"), ("en", " min")])
def test_the_home_page_shows_the_path(site, language, time):
    """Every page has its link and its minutes there."""
    home = BeautifulSoup((site / language / "index.html").read_text("utf-8"), "html.parser")
    shown = home.select("ul.learning-path ul > li")
    assert len({item.a["href"] for item in shown}) == len(ENTRIES)
    assert len(shown) == len(ENTRIES)
    for item, entry in zip(shown, ENTRIES):
        assert item.select_one(".aside").get_text().strip() == f"{entry['minutes']}{time}"
