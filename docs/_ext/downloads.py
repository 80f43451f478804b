"""Make what readers download whole: notebooks without raw reStructuredText, and their archives."""

import io
import json
import re
import zipfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_TITLE = re.compile(
    r"^#? ?\.\. _(?P<label>[\w-]+):\n#?\n#? ?(?P<title>.+)\n#? ?[=-]{3,}$", re.MULTILINE
)
_ROLE = re.compile(r":(?:func|class|meth|mod|attr):`(?P<short>~?)(?P<target>[\w.]+)`")
_LABEL = re.compile(r"`(?:(?P<text>[^`<]+) <)?(?P<label>[\w-]+)>?`")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # archives are the same bytes on every build


def finish(app: Sphinx) -> None:
    """Rewrite the notebooks that Sphinx-Gallery made, and pack the archives anew."""
    gallery = Path(app.srcdir, "gallery")
    sources = [*gallery.rglob("*.py"), *gallery.rglob("index.rst")]
    titles = {
        m["label"]: m["title"] for path in sources for m in _TITLE.finditer(path.read_text("utf-8"))
    }
    for path in gallery.rglob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                cell["source"] = [to_markdown("".join(cell["source"]), titles).strip()]
        write(path, (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode())
        pack(path.with_suffix(".zip"), [path, path.with_suffix(".py")])


def to_markdown(text: str, titles: dict[str, str]) -> str:
    """Replace the references that Sphinx-Gallery leaves: a page is named by its title."""

    def name(match: re.Match[str]) -> str:
        title = titles.get(match["label"])
        return match[0] if title is None else f"*{match['text'] or title}*"

    def symbol(match: re.Match[str]) -> str:
        target = match["target"]
        return f"`{target.rpartition('.')[2] if match['short'] else target}`"

    parts = _ROLE.sub(symbol, text).split("``")  # every other one is a literal
    return "".join(
        f"`{part}`" if index % 2 else _LABEL.sub(name, part) for index, part in enumerate(parts)
    )


def pack(archive: Path, files: list[Path]) -> None:
    """Write a zip of the files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for path in files:
            info = zipfile.ZipInfo(path.name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, path.read_bytes())
    write(archive, buffer.getvalue())


def write(path: Path, content: bytes) -> None:
    """Write a file unless it is so already: Sphinx reads a page again when a download is newer."""
    if not path.exists() or path.read_bytes() != content:
        path.write_bytes(content)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Finish the downloads when Sphinx-Gallery, which uses the same event, is done."""
    app.connect("builder-inited", finish, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
