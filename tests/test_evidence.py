"""What the sources print and say: complete, in both languages, and held to its verdict."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from pages import soup
from segments import HANGUL
from source_table import computed
from verdicts import (
    ENTRIES,
    SOURCES,
    VERDICTS,
    Book,
    Entry,
    disagreement,
    in_the_form_of,
    numbers,
    verdict,
)

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ko", "en")
LOG_LINE = re.compile(r"^(?:Epoch +\d+/\d+|epoch = \d+) .*\d$", re.MULTILINE)
LABELS = {
    label
    for pattern in ("gallery/**/*.py", "gallery/**/*.rst", "docs/*.md", "docs/theory/*.md")
    for path in ROOT.glob(pattern)
    for label in re.findall(
        r"^(?:# )?(?:\.\. _|\()([a-z-]+)(?::|\)=)$", path.read_text("utf-8"), re.M
    )
}
every_entry = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


@pytest.fixture(scope="module")
def found() -> dict[str, Book | bool | str]:
    """Return what the book computes for each entry."""
    return computed()


def test_every_log_line_is_stored() -> None:
    """The sources print 127 lines of logs: six runs of 21 and 11 lines by epoch, and one more."""
    lines = {name: len(LOG_LINE.findall(e.get("printed", ""))) for name, e in ENTRIES.items()}
    assert {name: n for name, n in lines.items() if n} == {
        "layer-log": 21,
        "exam-log": 21,
        "class-log": 21,
        "exam-class-log": 21,
        "identity-log": 11,
        "seeded-log": 11,
        "game-log": 21,
    }
    assert sum(lines.values()) == 127


def test_no_id_is_used_twice() -> None:
    """An id names one entry."""
    assert sum(map(len, SOURCES.values())) == len(ENTRIES)


@every_entry
def test_an_entry_is_complete(entry: Entry) -> None:
    """An entry has a page, a known verdict and both texts in both languages, in their place."""
    required = {"id", "page", "verdict", "says", "why"}
    assert required <= entry.keys() <= required | {"printed", "start"}
    assert entry["verdict"] in VERDICTS
    for text in (entry["says"], entry["why"]):
        assert set(text) == set(LANGUAGES)
        assert HANGUL.search(text["ko"])
        assert not HANGUL.search(text["en"])
        assert all(t == " ".join(t.split()) and t.count("`") % 2 == 0 for t in text.values())
    assert re.search(r"니다\.$", entry["why"]["ko"])
    assert entry["why"]["en"].endswith(".")
    if "printed" not in entry:
        assert re.search(r"니다\.\)?$", entry["says"]["ko"])
        assert re.search(r"\.\)?$", entry["says"]["en"])


@every_entry
def test_a_number_in_both_languages_is_the_same(entry: Entry) -> None:
    """Decimals are the same in both languages."""
    for text in (entry["says"], entry["why"]):
        ko, en = (sorted(re.findall(r"\d+\.\d+", text[language])) for language in LANGUAGES)
        assert ko == en


@every_entry
def test_every_verdict_holds(entry: Entry, found: dict[str, Book | bool | str]) -> None:
    """The verdict is the one that follows from what the book computes."""
    assert disagreement(entry, found.get(entry["id"])) is None


@every_entry
def test_another_verdict_is_refused(entry: Entry, found: dict[str, Book | bool | str]) -> None:
    """A verdict that does not follow is one sentence that names the entry."""
    if entry["id"] not in found:
        claims = [v for v in VERDICTS if v not in ("right", "wrong")]
    else:
        claims = [v for v in VERDICTS if v != entry["verdict"]]
    for claim in claims:
        sentence = disagreement({**entry, "verdict": claim}, found.get(entry["id"]))
        assert sentence is not None
        assert entry["id"] in sentence


def test_nothing_is_computed_in_vain(found: dict[str, Book | bool | str]) -> None:
    """All that is computed belongs to an entry."""
    assert set(found) <= set(ENTRIES)


@every_entry
def test_a_changed_digit_is_noticed(entry: Entry, found: dict[str, Book | bool | str]) -> None:
    """A number off by a unit, or by 1 % where rounding counts, has another verdict."""
    book = found.get(entry["id"])
    if not isinstance(book, Book) or entry["verdict"] == "wrong":
        return
    text = entry["printed"]
    strict = entry["verdict"] in ("exact", "recovered", "changed")
    for i, number in enumerate(numbers(text)):
        moved = [*numbers(text)]
        moved[i] = number + 1 if float(number).is_integer() else number * 1.01
        if strict:
            moved[i] = number + _unit(text, i)
        assert verdict(in_the_form_of(text, moved), book) != entry["verdict"], number


def _unit(text: str, index: int) -> float:
    """Return a unit of the last digit of a printed number."""
    match = list(re.finditer(r"(?<![\w.])-?\d+(?:\.(\d*))?(?!\w)", text))[index]
    return 10.0 ** -len(match[1] or "")


@every_entry
def test_the_form_of_a_printed_text_is_kept(entry: Entry) -> None:
    """A text with its own numbers put in is the same text, but for -0 and such."""
    text = entry.get("printed", "")
    assert in_the_form_of(text, numbers(text)).split() == text.split()


def test_words_are_compared_too() -> None:
    """Another name of an operation is a change, another number is wrong."""
    today = Book([4.6667], "tensor(4.6667, grad_fn=<MeanBackward0>)")
    assert verdict("tensor(4.6667, grad_fn=<MeanBackward0>)", today) == "exact"
    assert verdict("tensor(4.6667, grad_fn=<MeanBackward1>)", today) == "changed"
    assert verdict("tensor(4.6668, grad_fn=<MeanBackward0>)", today) == "wrong"


def test_rounding_excuses_no_more_than_it_may() -> None:
    """float32 and the start excuse a difference up to their bounds, half a unit beside."""
    book = Book([2.0], rounding=[0.01])
    assert [verdict(t, book) for t in ("2.000", "2.010", "1.990", "2.012")] == [
        "exact",
        "float32",
        "float32",
        "wrong",
    ]
    near = replace(book, low=[1.9], high=[2.2])
    assert [verdict(t, near) for t in ("2.210", "1.890", "2.212", "1.888")] == [
        "start",
        "start",
        "wrong",
        "wrong",
    ]


@every_entry
def test_every_page_exists(entry: Entry) -> None:
    """The label of the page that treats the entry is a label of the book."""
    assert entry["page"] in LABELS


def test_the_page_shows_every_source() -> None:
    """Results and statements of all sources stand under labels of their own, in order."""
    page = (ROOT / "docs" / "sources.md").read_text("utf-8")
    shown = re.findall(r"^```\{source-table\} (\S+) (\S+)$", page, re.MULTILINE)
    assert shown == [(s, kind) for s in SOURCES for kind in ("results", "statements")]
    labels = re.findall(r"^\(sources-(\w+)-(\w+)\)=$", page, re.MULTILINE)
    assert labels == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_entry_is_on_the_page(site: Path, language: str) -> None:
    """Each entry is on the built page, with the name of its verdict and a link to its page."""
    page = soup(site / language / "sources.html")
    for name, entry in ENTRIES.items():
        body = page.find(id=f"source-{name}").find_next_sibling("dd")
        assert (
            body.select_one("strong.verdict").get_text()
            == (VERDICTS[entry["verdict"]]["name"][language])
        )
        assert body.select("a.reference.internal")


def test_what_does_not_hold_fails_the_build(project) -> None:
    """A changed digit, a verdict that does not follow and a missing page are each reported."""
    toml = project.root / "docs" / "sources.toml"
    text = toml.read_text("utf-8")
    for old, new in (
        ("Cost: 0.000871", "Cost: 0.000872"),
        (
            'id = "nchw"\npage = "data-as-tensors"\nverdict = "wrong"',
            'id = "nchw"\npage = "x"\nverdict = "right"',
        ),
        ('id = "callback"\npage = "module-class"', 'id = "callback"\npage = "nowhere"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    toml.write_text(text, "utf-8")
    tables = ("layers results", "lab statements", "notes statements")
    with (project.root / "docs" / "index.md").open("a", encoding="utf-8") as index:
        index.writelines(f"\n```{{source-table}} {table}\n```\n" for table in tables)
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    output = result.stdout + result.stderr
    assert "sources.toml calls layer-log 'recovered', but what the book computes" in output
    assert "sources.toml calls nchw 'right', but what the book computes makes it 'wrong'" in output
    assert "undefined label: 'nowhere'" in output
