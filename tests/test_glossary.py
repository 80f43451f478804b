"""The glossary has everything in both languages, and no name leads to two entries."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bilingual_glossary import Entry, anchor, names, read_glossary
from segments import HANGUL

DOCS = Path(__file__).parents[1] / "docs"
GLOSSARY = read_glossary(DOCS / "glossary.toml")
ENTRIES = [entry for entries in GLOSSARY.values() for entry in entries]
LANGUAGES = ("ko", "en")


def strings(value: object) -> Iterator[str]:
    """Yield all strings in a value from TOML."""
    if isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        assert value, "an empty list says nothing; leave it out"
        for item in value:
            yield from strings(item)
    else:
        assert isinstance(value, str)
        yield value


def repeated(values: list[str]) -> list[str]:
    """Return what occurs more than once."""
    return [value for value, count in Counter(values).items() if count > 1]


def all_names(entry: Entry) -> list[str]:
    """Return what an entry is called in both languages."""
    return [name for language in LANGUAGES for name in names(entry, language)]


def test_the_page_shows_every_topic_once() -> None:
    """The sections of the page are the topics of the file, in its order and with its labels."""
    page = (DOCS / "glossary.md").read_text("utf-8")
    topics = re.findall(r"^```\{bilingual-glossary\} (\S+)$", page, re.MULTILINE)
    labels = re.findall(r"^\(glossary-(\S+)\)=$", page, re.MULTILINE)
    assert topics == labels == list(GLOSSARY)
    assert all(GLOSSARY.values())


def test_anchors_are_unique_ascii() -> None:
    """Each entry has an anchor of its own, of lower-case letters, digits and hyphens."""
    anchors = [anchor(entry) for entry in ENTRIES]
    assert not repeated(anchors)
    assert [a for a in anchors if not re.fullmatch(r"term(-[a-z0-9]+)+", a)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=anchor)
def test_an_entry_is_complete(entry: Entry) -> None:
    """An entry has a name and a meaning in both languages, no unknown key, nothing blank."""
    optional = {"also", "homonyms", "everyday"}
    assert {"ko", "en", "meaning"} <= entry.keys() <= {"ko", "en", "meaning"} | optional
    assert set(entry["meaning"]) == set(LANGUAGES)
    assert all(set(entry.get(key, {})) <= set(LANGUAGES) for key in optional)
    assert all(text and text == " ".join(text.split()) for text in strings(entry))


@pytest.mark.parametrize("entry", ENTRIES, ids=anchor)
def test_each_language_is_in_its_place(entry: Entry) -> None:
    """Korean is Korean and polite, and English has no Hangul; both end with a full stop."""
    assert HANGUL.search(entry["ko"])
    assert re.search(r"니다\.$", entry["meaning"]["ko"])
    assert entry["meaning"]["en"].endswith(".")
    homonyms = entry.get("homonyms", {}).get("en", [])
    english = [*names(entry, "en"), *homonyms, entry["meaning"]["en"]]
    assert [text for text in english if HANGUL.search(text)] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=anchor)
def test_a_meaning_is_one_or_two_plain_sentences(entry: Entry) -> None:
    """A meaning is short enough to read on a phone and holds no markup."""
    for meaning in entry["meaning"].values():
        assert 1 <= len(re.findall(r"\.(?=\s|$)", meaning)) <= 2
        assert not re.search(r"[`$]|\*\*|\{\w+\}", meaning)


def test_no_two_entries_share_a_name() -> None:
    """A name in either language leads to one entry, whatever its capitals."""
    called = [name for entry in ENTRIES for name in {n.lower() for n in all_names(entry)}]
    assert not repeated(called)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_homonym_names_another_entry(language: str) -> None:
    """A homonym is what another entry is called; otherwise it is just another name."""
    for entry in ENTRIES:
        others = [name for e in ENTRIES if e is not entry for name in names(e, language)]
        assert set(entry.get("homonyms", {}).get(language, [])) <= set(others)


@pytest.mark.parametrize("entry", ENTRIES, ids=anchor)
def test_no_name_is_listed_twice(entry: Entry) -> None:
    """The names of an entry differ from each other within a language."""
    for language in LANGUAGES:
        listed = names(entry, language) + entry.get("homonyms", {}).get(language, [])
        assert not repeated([name.lower() for name in listed])
