"""The build: nothing stale, nothing broken in silence, nothing untranslated unseen."""

import pytest

PAGE = "docs/_build/html/ko/gallery/1_part/plot_1.html"


@pytest.fixture
def edit(project):
    """Return a function that replaces text in a file of the copy; the file is restored after."""
    saved = {}

    def edit(name, old, new):
        path = project.root / name
        text = saved.setdefault(path, path.read_text("utf-8"))
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")

    yield edit
    for path, text in saved.items():
        path.write_text(text, "utf-8")


def build(project):
    """Build the Korean site of the copy, and return the text of its page."""
    result = project("docs/build.py", "ko")
    assert result.returncode == 0, result.stderr
    return (project.root / PAGE).read_text("utf-8")


def test_a_change_in_the_library_reaches_every_page(project, edit):
    """Pages are run again when the library has changed, although no script has."""
    assert "이름: identity" in build(project)
    edit("linreg_tutorial/datasets.py", 'Dataset("identity"', 'Dataset("sameness"')
    assert "이름: sameness" in build(project)


def test_a_second_build_changes_nothing(project):
    """Building again without a change runs no script and leaves the same bytes."""
    before = build(project)
    stamp = (project.root / PAGE).stat().st_mtime_ns
    assert build(project) == before
    assert (project.root / PAGE).stat().st_mtime_ns == stamp


def test_a_script_that_was_renamed_leaves_nothing_behind(project):
    """The page of a script that is gone is gone too, and does not fail the build."""
    build(project)
    script = project.root / "gallery/1_part/plot_1.py"
    renamed = script.rename(script.with_name("plot_2.py"))
    try:
        result = project("docs/build.py", "ko")
    finally:
        renamed.rename(script)
    assert result.returncode == 0, result.stderr
    assert not (project.root / PAGE).exists()
    assert (project.root / PAGE).with_name("plot_2.html").exists()


def test_a_library_that_raises_at_import_fails_the_build(project, edit):
    """A broken library stops the build, even when every page is in the cache."""
    build(project)
    edit(
        "linreg_tutorial/solvers.py", "import math\n", "import math\nraise RuntimeError('broken')\n"
    )
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    assert "broken" in result.stderr


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (".name)", ".nickname)", "nickname"),
        ("글입니다.", ":ref:`nowhere`", "nowhere"),
        (".. _page:\n", "", "this heading has no label"),
    ],
    ids=["a script that raises", "a broken reference", "a heading without a label"],
)
def test_what_is_wrong_in_a_script_fails_the_build(project, edit, old, new, message):
    """An error, a broken reference or a missing label in a script stops the build."""
    edit("gallery/1_part/plot_1.py", old, new)
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    assert message in result.stderr + result.stdout


def test_a_figure_needs_an_alt_text(project, edit):
    """A figure without a label stops the build and says what to do."""
    plot = "import matplotlib.pyplot as plt\n\nplt.plot([1, 2])\n# 이름을 봅니다"
    edit("gallery/1_part/plot_1.py", "# 이름을 봅니다", plot)
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    assert "say what it shows with fig.set_label" in result.stderr + result.stdout


@pytest.mark.parametrize("text", ["\U00012000", "$한글$"], ids=["plain text", "mathtext"])
def test_a_missing_glyph_fails_the_build(project, edit, text):
    """A figure with a glyph that no font has stops the build, whichever way matplotlib tells."""
    plot = f"import matplotlib.pyplot as plt\n\nplt.figure('a').suptitle('{text}')\n# 이름을 봅니다"
    edit("gallery/1_part/plot_1.py", "# 이름을 봅니다", plot)
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    assert "lyph" in result.stderr + result.stdout


def test_a_changed_comment_is_marked_until_it_is_translated(project, edit):
    """One changed word makes one entry fuzzy, and the check fails until it is translated."""
    catalogue = project.root / "docs/locale/en/LC_MESSAGES/scripts.po"
    catalogue.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n')
    project("docs/translate.py")
    text = catalogue.read_text("utf-8")
    head, _, rest = text.partition("\n\n")
    catalogue.write_text(head + "\n\n" + rest.replace('msgstr ""', 'msgstr "English"'), "utf-8")
    complete = project("docs/translate.py").stdout
    assert "scripts.po" not in complete

    edit("gallery/1_part/plot_1.py", "이름을 봅니다", "이름을 보여 줍니다")
    check = project("docs/translate.py", "--check")
    assert check.returncode != 0
    assert "scripts.po: out of date" in check.stdout
    lines = [line for line in project("docs/translate.py").stdout.splitlines() if "scripts" in line]
    assert lines == [
        "en/scripts.po, gallery/1_part/plot_1.py: fuzzy: 이름을 보여 줍니다",
    ]
    assert project("docs/translate.py", "--check").returncode != 0
    text = catalogue.read_text("utf-8")
    catalogue.write_text(text.replace("#, fuzzy\n", ""), "utf-8")
    assert "scripts.po" not in project("docs/translate.py", "--check").stdout
