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
from requirements import Requirements, Wheel
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

FOLDER = "downloads"
KINDS = {".ipynb": "notebook", ".py": "script"}
BOOK = "linear_regression.zip"
BOOK_PAGES = ("index", "run_it_yourself", "gallery/index")
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
    for page, *contents in programs(app, env, wheel):
        name = page.removeprefix("gallery/")
        part, _, short = name.rpartition("/")
        for (suffix, kind), content in zip(KINDS.items(), contents):
            files[name + suffix] = content
            offered[page][name + suffix] = kind
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
) -> Iterator[tuple[str, bytes, bytes]]:
    """Yield each page with code, its notebook and its script."""
    titles = {label: title for label, (_, _, title) in env.domains.standard_domain.labels.items()}
    language = app.config.language
    prose = read_translations(Path(app.srcdir, "locale"), language, "theory")
    for page in sorted(env.found_docs):
        path = Path(env.doc2path(page))
        script = path.with_suffix(".py")
        if page.startswith("gallery/") and script.exists():
            notebook = notebooks.from_script(script, app.config.sphinx_gallery_conf, titles)
            source = script.read_text("utf-8")
        elif page.startswith("theory/") and "{code-cell}" in path.read_text("utf-8"):
            notebook = notebooks.from_page(path, prose, titles)
            source = notebooks.to_script(notebook)
        else:
            continue
        requirements = Requirements.of(source, wheel, language)
        requirements.equip_notebook(notebook)
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
        yield page, text.encode(), requirements.equip_script(source).encode()


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
    context["downloads"] = [
        {"kind": kind, "path": f"{FOLDER}/{path}", "name": Path(path).name, "kb": 1 + size // 1000}
        for kind, path, size in offers.get(pagename, [])
    ]
    for item in context["downloads"]:
        if item["kind"] == "notebook":
            context["colab"] = colab_address(app.config, item["path"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Publish the downloads between reading and writing, when the titles of all pages are known."""
    app.connect("env-updated", publish)
    app.connect("html-page-context", offer)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
