"""Publish what readers download: a script and a notebook for each page with code, and zips."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import notebooks
from addresses import colab_address
from catalogues import read_translations
from docutils import nodes
from exercises import EDITIONS, is_exercise
from requirements import Requirements, Wheel
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

FOLDER = "downloads"
KINDS = {
    "_exercises.ipynb": "exercises",
    "_solutions.ipynb": "solutions",
    ".ipynb": "notebook",
    ".py": "script",
}
BOOK = "linear_regression.zip"
BOOK_PAGES = ("index", "run_it_yourself", "gallery/index")
PLACE = "<!--downloads-->"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # archives are the same bytes on every build

Offers = dict[str, list[tuple[str, str, int]]]  # by page: kind, path and size of each file


def publish(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the downloads, and return the pages that offer other ones than before."""
    if app.builder.format != "html":
        return []
    wheel = find_wheel(app)
    library = {wheel.path.name: wheel.path.read_bytes()}
    files = dict(library)
    archives: dict[str, dict[str, bytes]] = defaultdict(lambda: dict(library))
    offered: dict[str, dict[str, str]] = defaultdict(dict)
    for page, contents in programs(app, env, wheel):
        name = page.removeprefix("gallery/")
        part, _, short = name.rpartition("/")
        for suffix, content in contents.items():
            files[name + suffix] = content
            offered[page][name + suffix] = KINDS[suffix]
            for archive in (name, part):
                archives[f"{archive}.zip"][short + suffix] = content
            archives[BOOK][name + suffix] = content
        offered[page][f"{name}.zip"] = "page"
        offered[f"{page.rpartition('/')[0]}/index"][f"{part}.zip"] = "part"
    for page in BOOK_PAGES:
        offered[page] |= {BOOK: "book", wheel.path.name: "library"}
    files |= {name: pack(contents) for name, contents in archives.items()}
    for name, content in files.items():
        path = Path(app.outdir, FOLDER, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    offers: Offers = {
        page: [(kind, path, len(files[path])) for path, kind in paths.items()]
        for page, paths in offered.items()
        if page in env.found_docs
    }
    before: Offers = getattr(env, "downloads", {})
    env.downloads = offers
    return [page for page in offers if offers[page] != before.get(page)]


def find_wheel(app: Sphinx) -> Wheel:
    """Return the library that `build.py` has put beside the sources."""
    path = next(Path(app.srcdir).parent.glob("wheels/*.whl"))
    base = app.config.html_baseurl
    return Wheel(path, f"{base}{FOLDER}/{path.name}" if base else "")


def programs(
    app: Sphinx, env: BuildEnvironment, wheel: Wheel
) -> Iterator[tuple[str, dict[str, bytes]]]:
    """Yield each page with code, and its programs by what their names end in."""
    titles = {label: title for label, (_, _, title) in env.domains.standard_domain.labels.items()}
    language = app.config.language
    for page in sorted(env.found_docs):
        path, part = Path(env.doc2path(page)), page.partition("/")[0]
        script, text = path.with_suffix(".py"), path.read_text("utf-8")
        prose = read_translations(Path(app.srcdir, "locale"), language, part)
        if part == "gallery" and script.exists():
            notebook = notebooks.from_script(script, app.config.sphinx_gallery_conf, titles)
            yield page, equip(notebook, script.read_text("utf-8"), wheel, language)
        elif part == "theory" and "{code-cell}" in text:
            notebook = notebooks.from_page(text, prose, titles)
            yield page, equip(notebook, notebooks.to_script(notebook), wheel, language)
        elif is_exercise(page):
            found = {}
            for name, edition in EDITIONS.items():
                notebook = notebooks.from_page(edition(text), prose, titles)
                equipped = equip(notebook, notebooks.to_script(notebook), wheel, language)
                found[f"_{name}.ipynb"] = equipped[".ipynb"]
            yield page, found


def equip(
    notebook: notebooks.Notebook, source: str, wheel: Wheel, language: str
) -> dict[str, bytes]:
    """Return a notebook and a script, by suffix, with what they need in order to run."""
    requirements = Requirements.of(source, wheel, language)
    requirements.equip_notebook(notebook)
    text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    return {".ipynb": text.encode(), ".py": requirements.equip_script(source).encode()}


def pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the template what a page offers: kind, path, name and size, and an address in Colab."""
    offers: Offers = app.env.downloads
    context["downloads_place"] = PLACE
    context["downloads"] = [
        {"kind": kind, "path": f"{FOLDER}/{path}", "name": Path(path).name, "kb": 1 + size // 1000}
        for kind, path, size in offers.get(pagename, [])
    ]
    for item in context["downloads"]:
        if item["kind"] == "notebook":
            context["colab"] = colab_address(app.config, item["path"])


class Downloads(SphinxDirective):
    """Offer the downloads here, and not at the end of the page."""

    def run(self) -> list[nodes.Node]:
        """Leave a mark for the template."""
        return [nodes.raw("", PLACE, format="html")]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Publish the downloads between reading and writing, when the titles of all pages are known."""
    app.add_directive("downloads", Downloads)
    app.connect("env-updated", publish)
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
