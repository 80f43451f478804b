"""A script in another language is the same program: what is found, written and proved."""

import ast
from pathlib import Path

import pytest
from localization import LocalizationError, localize_header, localize_notebook, localize_script
from segments import display_width, find_segments

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted((ROOT / "gallery").rglob("*.py"))

SCRIPT = '''r"""
.. _label:

제목입니다
==========

첫 문단은 :math:`w`와
둘째 줄로 됩니다.
"""

# %%
# .. _label-part:
#
# 작은 제목
# ---------
# - 항목 하나는
#   이어집니다
# - 항목 둘
#
# .. math::
#
#    y = wx

n = 3  # 형태 (3, 1)
# 두 줄짜리
# 주석
name = "이름"
print(f"값 {n:>4d}, {name!r} {{끝}}")
print(
    "앞 조각 "
    "뒤 조각"
)
print("plain", 'x')
'''
MESSAGES = [
    "제목입니다",
    "첫 문단은 :math:`w`와 둘째 줄로 됩니다.",
    "작은 제목",
    "항목 하나는 이어집니다",
    "항목 둘",
    "형태 (3, 1)",
    "두 줄짜리 주석",
    "이름",
    "값 {n:>4d}, {name!r} {{끝}}",
    "앞 조각 뒤 조각",
]


def test_every_text_comment_and_string_with_hangul_is_found_once():
    """Titles, paragraphs, items, comments, strings and f-strings, in the order of the source."""
    assert [segment.message for segment in find_segments(SCRIPT)] == MESSAGES


def test_lines_are_counted_for_the_translator():
    """Each segment knows the line it begins at."""
    lines = SCRIPT.splitlines()
    for segment in find_segments(SCRIPT):
        assert segment.message.split()[0] in lines[segment.line - 1]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_without_translations_a_script_stays_as_it_is(path):
    """Localising with an empty catalogue gives the script back, byte for byte."""
    source = path.read_text("utf-8")
    assert localize_script(source, {}) == source


def test_translated_script():
    """Titles get underlines of their width, lists and comments keep their marks, code its value."""
    catalogue = {
        "제목입니다": "A title",
        "작은 제목": "Part",
        "항목 하나는 이어집니다": "one item",
        "형태 (3, 1)": "shape (3, 1)",
        "두 줄짜리 주석": "a comment",
        "이름": 'a "name"',
        "값 {n:>4d}, {name!r} {{끝}}": "{name!r} and {n:>4d} {{end}}",
        "앞 조각 뒤 조각": "both pieces",
    }
    result = localize_script(SCRIPT, catalogue)
    assert "\nA title\n=======\n" in result
    assert "\n# Part\n# ----\n# - one item\n# - 항목 둘\n" in result
    assert "n = 3  # shape (3, 1)\n# a comment\n" in result
    assert 'name = "a \\"name\\""\n' in result
    assert 'print(f"{name!r} and {n:>4d} {{end}}")' in result
    assert 'print(\n    "both pieces"\n)' in result
    assert ast.unparse(ast.parse(result)).count("print") == 3


def test_long_translations_are_wrapped():
    """A paragraph is wrapped behind its comment sign, a string cut into pieces at spaces."""
    long = " ".join(["word"] * 60)
    result = localize_script(SCRIPT, {"항목 하나는 이어집니다": long, "앞 조각 뒤 조각": long})
    assert max(len(line) for line in result.splitlines()) <= 84
    assert result.count("#   word") >= 2
    texts = [n.value for n in ast.walk(ast.parse(result)) if isinstance(n, ast.Constant)]
    assert long in texts


@pytest.mark.parametrize(
    "translation",
    [
        "{name!r} alone",
        "{n:>4d}, {name!r}, {n:>4d}",
        "{n:>5d} {name!r}",
        "{other} {name!r}",
        "{n:>4d {name!r}",
    ],
    ids=["lost", "twice", "format changed", "renamed", "broken"],
)
def test_placeholders_must_stay(translation):
    """A translation that loses, repeats, alters or breaks a placeholder is refused."""
    with pytest.raises(LocalizationError, match="translation"):
        localize_script(SCRIPT, {"값 {n:>4d}, {name!r} {{끝}}": translation})


def test_a_translation_cannot_bring_in_code():
    """Whatever a comment's translation holds, it stays a comment."""
    with pytest.raises(LocalizationError):
        localize_script("x = 1  # 주석\n", {"주석": "note\nx = 2"})


def test_only_code_cells_of_a_page_change():
    """In a MyST-NB page the prose is left to Sphinx, and so is code that is not run."""
    page = (
        '# 제목\n\n```{code-cell}\n:tags: [a]\n\nprint("값")\n```\n\n```python\nprint("값")\n```\n'
    )
    result = localize_notebook(page, {"값": "value", "제목": "title"})
    assert result == page.replace('print("값")', 'print("value")', 1)


def test_headers_are_text():
    """A gallery header is translated paragraph by paragraph."""
    header = ".. _part:\n\n부분\n====\n\n글.\n"
    result = localize_header(header, {"부분": "The part", "글.": "Text."})
    assert result == ".. _part:\n\nThe part\n========\n\nText.\n"


def test_width_of_titles():
    """A Hangul syllable is two columns wide, as docutils counts."""
    assert display_width("한글 ab") == 7
