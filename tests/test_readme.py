"""What README and the pages on the project tell a reader to run exists, and runs."""

import ast
import re
import tomllib
from pathlib import Path, PurePosixPath

import pytest
from build import source_files
from catalogues import read_catalogue, read_translations
from localization import localize_notebook
from test_gallery import run

from linreg_tutorial import __version__

ROOT = Path(__file__).parents[1]
LOCALE = ROOT / "docs" / "locale"
GUIDES = [ROOT / "docs" / f"{n}.md" for n in ("contributing", "translating", "run_it_yourself")]
PAGES = [ROOT / "README.md", *GUIDES]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FILES = [
    path.relative_to(ROOT).as_posix()
    for path in [
        *(path for path in ROOT.iterdir() if path.is_file()),
        *source_files(),
        *(ROOT / "linreg_tutorial").rglob("*.py"),
        *(ROOT / "tests").rglob("*.py"),
    ]
]
WHEEL = f"linreg_tutorial-{__version__}-py3-none-any.whl"
SESSIONS = {
    node.name
    for node in ast.parse((ROOT / "noxfile.py").read_text("utf-8")).body
    if isinstance(node, ast.FunctionDef)
    and any("session" in ast.unparse(mark) for mark in node.decorator_list)
}

_BLOCK = re.compile(
    r"^ *```(?:\{code-block\} )?(?P<kind>\w+)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
)
_SHELLS = ("console", "bash", "powershell")
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\]\(([^)#:]+)\)")
_SUFFIXES = (".py", ".ipynb", ".md", ".rst", ".toml", ".po")


def blocks(text, *kinds):
    """Return the code blocks of some kinds in a page."""
    return [match["code"] for match in _BLOCK.finditer(text) if match["kind"] in kinds]


def programs(text):
    """Return the Python programs in a page: blocks, and what a shell hands to python -c."""
    handed = (re.findall(r'python3? -c "([^"]+)"', shell) for shell in blocks(text, *_SHELLS))
    return [*blocks(text, "python"), *(program for found in handed for program in found)]


def commands(text):
    """Return what a page has in shell blocks and in backticks."""
    return [*blocks(text, *_SHELLS), *_INLINE.findall(_BLOCK.sub("", text))]


def is_named(name):
    """Say whether a file or folder of the project has this name, or one that ends with it."""
    name = re.sub(r"(plot_\w+)\.ipynb$", r"\1.py", name).rstrip("/")
    return any(f"/{name}/" in f"/{file}/" for file in FILES)


def errors(text):
    """Return the names in a page, of sessions, files and the like, that the project lacks."""
    told = "\n".join(commands(text))
    wrong = [name for name in re.findall(r"nox -s (\w+)", told) if name not in SESSIONS]
    for word in told.split():
        path = PurePosixPath(word)
        inside = len(path.parts) > 1 and (ROOT / path.parts[0]).is_dir()
        built = path.parts[:2] == ("docs", "_build")
        if (inside or path.suffix in _SUFFIXES) and not built and not is_named(word):
            wrong.append(word)
    extras = re.findall(r"\.\[(\w+)\]", told)
    wrong += [name for name in extras if name not in PROJECT["project"]["optional-dependencies"]]
    pins = re.findall(r"torch==[\d.]+", told)
    wrong += [pin for pin in pins if pin not in PROJECT["dependency-groups"]["torch"]]
    return wrong + [name for name in re.findall(r"[\w.-]+\.whl", told) if name != WHEEL]


def test_pages_name_what_exists():
    """In both languages, what a page names, from sessions to wheels, is the project's."""
    for page in PAGES:
        text = page.read_text("utf-8")
        translated = read_catalogue(LOCALE / "en" / "LC_MESSAGES" / f"{page.stem}.po", "en")
        text += "".join(f"\n\n{message.string}" for message in translated if message.id)
        assert len(commands(text)) > 5
        assert errors(text) == [], page
        assert [link for link in _LINK.findall(text) if not (page.parent / link).exists()] == []


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("```console\nnox -s docs && nox -s doc\n```\n", ["doc"]),
        ("`nox -s lint`, `nox -s lints -- x`", ["lints"]),
        ("`docs/theory/`, `docs/theories/`, `docs/_build/html/ko`", ["docs/theories/"]),
        ("`docs/_ext`, `evidence.py`, `evidences.py`", ["evidences.py"]),
        ("```bash\npython plot_04_by_hand.py plot_4.py\n```\n", ["plot_4.py"]),
        ("`plot_04_by_hand.ipynb`, `plot_4.ipynb`", ["plot_4.ipynb"]),
        ("`en/LC_MESSAGES/theory.po`, `fr/theory.po`", ["fr/theory.po"]),
        ('`pip install ".[plots]"`, `".[plot]"`', ["plot"]),
        ("`torch==0.4.1`", ["torch==0.4.1"]),
        (f"`{WHEEL}`, `linreg_tutorial-9.whl`", ["linreg_tutorial-9.whl"]),
    ],
)
def test_a_name_that_does_not_exist(text, wrong):
    """A session, file, extra, pin or wheel that the project does not have is found."""
    assert errors(text) == wrong


def all_programs():
    """Return the Python programs of all pages, in both languages, each once."""
    found = []
    for language in ("ko", "en"):
        catalogue = read_translations(LOCALE, language)
        for page in PAGES:
            text = localize_notebook(page.read_text("utf-8"), catalogue)
            found += [pytest.param(program, id=page.stem) for program in programs(text)]
    return list({parameters.values: parameters for parameters in found}.values())


@pytest.mark.parametrize("program", all_programs())
def test_program_runs(program, tmp_path):
    """Each Python program in a page runs alone, without a warning, and leaves nothing behind."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    script = tmp_path / "program.py"
    script.write_text(program, "utf-8")
    run(folder, script)
    assert list(folder.iterdir()) == []
