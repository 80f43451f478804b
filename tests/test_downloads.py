"""The downloads: each runs where nothing else of the book is, and prints what its page shows."""

import functools
import http.server
import json
import re
import socket
import subprocess
import sys
import threading
import tomllib
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from addresses import source
from build import wheel
from pages import html_files, soup

ROOT = Path(__file__).parents[1]
REPOSITORY = "https://github.com/someone/book"
SAMPLE = ["2_ladder/plot_04_by_hand", "4_descending_well/plot_16_cost_surface", "theory/projection"]
EVERY = [
    *(p.relative_to(ROOT / "gallery") for p in sorted((ROOT / "gallery").rglob("plot_*.py"))),
    *(p.relative_to(ROOT / "docs") for p in sorted((ROOT / "docs" / "theory").glob("[!i]*.md"))),
]
EXERCISES = [path.stem for path in sorted((ROOT / "docs" / "exercises").glob("[!i]*.md"))]
PEP_723 = re.compile(r"\A# /// script\n((?:# .*\n)+)# ///\n")

# leaves matplotlib its own fonts, as on a machine that has no others
NO_SYSTEM_FONTS = """
from pathlib import Path
import matplotlib
from matplotlib import font_manager as fonts
find = fonts.findSystemFonts
fonts.findSystemFonts = lambda paths=None, fontext="ttf": find(paths, fontext) if paths else []
name = f"fontlist-v{fonts.FontManager.__version__}.json"
fonts.json_dump(fonts.FontManager(), Path(matplotlib.get_cachedir(), name))
"""


def pytest_generate_tests(metafunc):
    """Run every download if asked to, and else a sample."""
    if "name" in metafunc.fixturenames:
        every = metafunc.config.getoption("--every-download")
        names = [path.with_suffix("").as_posix() for path in EVERY] if every else SAMPLE
        metafunc.parametrize("name", names)


class Machine:
    """The computer of a reader: a virtual environment, a kernel, and no fonts but matplotlib's."""

    def __init__(self, folder, with_pip=False):
        self.folder = folder
        venv.create(folder / "venv", with_pip=with_pip, symlinks=True)
        self.python = folder / "venv" / "bin" / "python"
        self.packages = next((folder / "venv").glob("lib/*/site-packages"))
        self.environment = {
            "HOME": str(folder),
            "MPLCONFIGDIR": str(folder / "matplotlib"),
            "OMP_NUM_THREADS": "1",  # as when the pages were made
            "PATH": f"{self.python.parent}:/usr/bin:/bin",
        }
        argv = [str(self.python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel = {"argv": argv, "display_name": "reader", "language": "python"}
        (folder / "kernels" / "reader").mkdir(parents=True)
        (folder / "kernels" / "reader" / "kernel.json").write_text(json.dumps(kernel))

    def share_packages(self):
        """Take everything that is installed for the tests, but for what is installed editable."""
        shared = [path for path in sys.path if path.endswith("site-packages")]
        (self.packages / "tests.pth").write_text("\n".join(shared))

    def run(self, *arguments, **environment):
        """Return what Python prints to standard output."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout

    def run_notebook(self, path):
        """Return what the cells of a notebook print to standard output, and to standard error."""
        done = self.folder / "done.ipynb"
        command = [sys.executable, "-c", "import nbclient.cli; nbclient.cli.main()"]
        subprocess.run(
            [*command, "--kernel_name=reader", f"--output={done.with_suffix('')}", path],
            env=self.environment | {"JUPYTER_PATH": str(self.folder)},
            capture_output=True,
            check=True,
        )
        notebook = nbformat.read(done, as_version=4)
        outputs = [o for c in notebook.cells for o in c.get("outputs", ()) if "text" in o]
        return [
            "".join(o["text"] for o in outputs if o["name"] == name)
            for name in ("stdout", "stderr")
        ]


@pytest.fixture(scope="module", params=["ko", "en"])
def language(request):
    """Return a language of the book."""
    return request.param


@pytest.fixture(scope="module")
def machine(request, site, language, tmp_path_factory):
    """Install what the downloads of a language ask for, the library from the zip of the book.

    Only `--every-download` asks the package index for the rest; the ordinary tests take that from
    their own environment, and do not find out whether the index still has it.
    """
    every = request.config.getoption("--every-download")
    machine = Machine(tmp_path_factory.mktemp(f"reader-{language}"), with_pip=every)
    with zipfile.ZipFile(site / language / "downloads" / "linear_regression.zip") as archive:
        archive.extractall(machine.folder)
    if every:
        commands = [p.read_text("utf-8").splitlines()[0] for p in machine.folder.glob("*/*.py")]
        needed = {word for line in commands for word in line.partition(" install ")[2].split()}
        machine.run("-m", "pip", "install", "--quiet", "ipykernel", *sorted(needed))
    else:
        (built,) = machine.folder.glob("*.whl")
        options = ["--quiet", "--no-index", "--no-deps", "--target", machine.packages]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, built], check=True)
        machine.share_packages()
    machine.run("-c", NO_SYSTEM_FONTS)
    library = machine.run("-c", "import linreg_tutorial; print(linreg_tutorial.__file__)")
    assert Path(library).is_relative_to(machine.folder)
    return machine


def lines(text):
    """Return the lines of a text, without the spaces around them, which a page drops in places."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def shown(site, language, name):
    """Return the lines that a page shows as the output of its code."""
    page = name if name.startswith("theory/") else f"gallery/{name}"
    blocks = soup(site / language / f"{page}.html").select(
        ".sphx-glr-script-out pre, .cell_output pre"
    )
    return lines("\n".join(block.get_text() for block in blocks))


def test_script_prints_what_its_page_shows(site, machine, language, name):
    """A script from the zip of the book runs, and its output is that of the page."""
    printed = machine.run(machine.folder / f"{name}.py", MPLBACKEND="agg")
    assert lines(printed) == shown(site, language, name)
    assert shown(site, language, name)


def test_notebook_prints_what_its_page_shows(site, machine, language, name):
    """A notebook runs to the output of the page, with every glyph: a missing one is a warning."""
    printed, warned = machine.run_notebook(machine.folder / f"{name}.ipynb")
    assert warned == ""
    assert lines(printed) == shown(site, language, name)


def test_archives_hold_what_is_beside_them(site, language):
    """The zips of page, part and book hold the files that are offered one by one, and the wheel."""
    folder = site / language / "downloads"
    (library,) = folder.glob("*.whl")
    members = {}
    for path in folder.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            members[path] = {name: archive.read(name) for name in archive.namelist()}
        assert members[path].pop(library.name) == library.read_bytes()
    loose = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.glob("*/*.[ip]*")}
    assert len(loose) == 2 * len(EVERY) + 2 * len(EXERCISES)
    assert members.pop(folder / "linear_regression.zip") == loose
    for path, contents in members.items():
        stem = path.relative_to(folder).with_suffix("").as_posix()
        part = stem.partition("/")[0]
        inside = {f"{part}/{name}": content for name, content in contents.items()}
        assert inside == {
            name: content
            for name, content in loose.items()
            if name.startswith((f"{stem}/", f"{stem}.", f"{stem}_"))
        }


def test_library_is_the_same_bytes_in_every_build(site):
    """Both languages offer the wheel that another build gives."""
    ((name, content),) = wheel().items()
    for language in ("ko", "en"):
        assert (site / language / "downloads" / Path(name).name).read_bytes() == content


def test_pages_offer_their_own_downloads(site, language):
    """Every page with code offers its own downloads in its language.

    These are a notebook, a script and a zip; for exercises two notebooks and a zip.
    """
    pages = 0
    for path in html_files(site / language):
        offered = [path.parent / a["href"] for a in soup(path).select("#downloads a")]
        assert all(p.resolve().is_relative_to(site / language / "downloads") for p in offered)
        if [p for p in offered if p.suffix == ".ipynb"]:
            pages += 1
            suffixes = [".ipynb", ".py", ".zip"]
            if path.parent.name == "exercises":
                suffixes = ["_exercises.ipynb", "_solutions.ipynb", ".zip"]
            assert [p.name for p in offered] == [path.stem + suffix for suffix in suffixes]
    assert pages == len(EVERY) + len(EXERCISES)


def test_nothing_needs_an_address(site, language):
    """Without addresses, pages have no link that needs one, and programs say how to install."""
    for path in html_files(site / language):
        page = soup(path)
        assert not page.select("link[rel=canonical], [rel=edit], [href*='/issues/new']")
        assert not page.select("#downloads [href*='//']")
    for path in (site / language / "downloads").rglob("*.py"):
        library = next((site / language / "downloads").glob("*.whl")).name
        first = path.read_text("utf-8").splitlines()[0]
        assert re.match(rf"# .*: python -m pip install .*\b{re.escape(library)}\b", first)


def test_every_page_can_be_edited(site, language):
    """The words of every page are in a file of the repository."""
    pages = [p.relative_to(site / language).with_suffix("") for p in html_files(site / language)]
    written = [p.as_posix() for p in pages if p.parts[0] not in ("_modules", "search", "genindex")]
    for page in written:
        assert (ROOT / source(ROOT, page, language)).is_file(), page


@pytest.fixture(scope="module")
def published(project):
    """Build a small book with both addresses and serve it, and return its folder and address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    result = project("docs/build.py", DOCS_BASE_URL=address, DOCS_REPOSITORY=REPOSITORY)
    assert result.returncode == 0, result.stderr
    folder = project.root / "docs" / "_build" / "html"
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever).start()
        yield folder, address
        server.shutdown()


def test_addresses_lead_to_this_language(published, language):
    """With both addresses known, a page names its own, and its notebook, source and catalogue."""
    folder, address = published
    page = soup(folder / language / "gallery" / "1_part" / "plot_1.html")
    canonical = f"{address}/{language}/gallery/1_part/plot_1.html"
    assert page.select_one("link[rel=canonical]")["href"] == canonical
    colab = page.select_one("#downloads a")["href"]
    start = "https://colab.research.google.com/github/someone/book/blob/gh-pages/"
    assert colab == f"{start}{language}/downloads/1_part/plot_1.ipynb"
    assert (folder / colab.removeprefix(start)).is_file()
    edit = page.select_one("[rel=edit]")["href"]
    file = {"ko": "gallery/1_part/plot_1.py", "en": "docs/locale/en/LC_MESSAGES/scripts.po"}
    assert edit == f"{REPOSITORY}/edit/main/{file[language]}"
    report = page.select_one(f"[href^='{REPOSITORY}/issues/new?']")["href"]
    assert f"title={language}%2Fgallery%2F1_part%2Fplot_1" in report


def test_script_carries_its_requirements(published, language):
    """With the address known, a script begins with PEP 723, and names the wheel that is served."""
    folder, address = published
    text = (folder / language / "downloads" / "1_part" / "plot_1.py").read_text("utf-8")
    comments = PEP_723.match(text)[1]
    metadata = tomllib.loads(re.sub("^# ", "", comments, flags=re.MULTILINE))
    assert metadata["requires-python"] == ">=3.11"
    (library,) = [d for d in metadata["dependencies"] if d.startswith("linreg_tutorial @ ")]
    assert (folder / library.removeprefix(f"linreg_tutorial @ {address}/")).is_file()


def test_notebook_installs_what_is_missing(published, language, tmp_path):
    """With the address known, a notebook fetches the library from there, where it is missing."""
    folder, _ = published
    machine = Machine(tmp_path)
    machine.share_packages()
    notebook = folder / language / "downloads" / "1_part" / "plot_1.ipynb"
    printed, warned = machine.run_notebook(notebook)
    assert lines(printed)[-1].endswith(": identity")
    assert warned == ""
    assert (machine.packages / "linreg_tutorial").is_dir()


@pytest.mark.parametrize(
    ("variable", "value", "example"),
    [
        ("DOCS_BASE_URL", "example.org/book", "https://example.org/book"),
        ("DOCS_BASE_URL", "https://example.org/book/", "https://example.org/book"),
        ("DOCS_REPOSITORY", "someone/book", "https://github.com/owner/name"),
    ],
)
def test_an_address_that_is_none(project, variable, value, example):
    """An address that would make dead links stops the build with a sentence that says why."""
    result = project("docs/build.py", "ko", **{variable: value})
    assert result.returncode != 0
    assert f"{variable} is '{value}'; it must be an address like {example}" in result.stderr
