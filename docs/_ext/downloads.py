"""Make what readers download whole: notebooks without raw reStructuredText, and zips of both."""

import io
import json
import os
import re
import zipfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata
from sphinx_gallery.notebook import jupyter_notebook
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

_ROLE = re.compile(r":(?:func|class|meth|mod|attr):`(?P<short>~?)(?P<target>[\w.]+)`")
_LABEL = re.compile(r"`(?:(?P<text>[^`<]+) <)?(?P<label>[\w-]+)>?`")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # archives are the same bytes on every build


def finish(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the notebook of each script, now that the titles of all pages are known, and a zip."""
    titles = {label: title for label, (_, _, title) in env.domains.standard_domain.labels.items()}
    for script in Path(app.srcdir, "gallery").rglob("plot_*.py"):
        _, blocks = split_code_and_text_blocks(script)
        notebook = jupyter_notebook(blocks, app.config.sphinx_gallery_conf, script.parent)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = [to_markdown("".join(cell["source"]), titles)]
        content = (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()
        path = script.with_suffix(".ipynb")
        write(path, content)
        write(script.with_suffix(".zip"), pack({p.name: p.read_bytes() for p in (path, script)}))


def to_markdown(text: str, titles: dict[str, str]) -> str:
    """Replace the references that Sphinx-Gallery leaves: a page is named by its title."""

    def name(match: re.Match[str]) -> str:
        title = titles.get(match["label"])
        return match[0] if title is None else f"*{match['text'] or title}*"

    def symbol(match: re.Match[str]) -> str:
        target = match["target"]
        return f"`{target.rpartition('.')[2] if match['short'] else target}`"

    parts = _ROLE.sub(symbol, text.strip()).split("``")  # every other one is a literal
    return "".join(
        f"`{part}`" if index % 2 else _LABEL.sub(name, part) for index, part in enumerate(parts)
    )


def pack(files: dict[str, bytes]) -> bytes:
    """Return a zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> None:
    """Write over a file and keep its time: Sphinx reads a page again when a download is newer."""
    if path.read_bytes() != content:
        times = path.stat()
        path.write_bytes(content)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Finish the downloads between reading and writing; they are copied at the end."""
    app.connect("env-updated", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
