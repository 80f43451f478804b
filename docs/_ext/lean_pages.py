"""Leave out what plug-ins put into every page although the book has its own."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

UNUSED = re.compile(r"mystnb|sphinx_highlight|translations")


def drop_files(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Drop MyST-NB's style sheet, 43 KB a page, and what belongs to Sphinx's own search."""
    for kind in ("css_files", "script_files"):
        context[kind] = [file for file in context[kind] if not UNUSED.search(str(file.filename))]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written, when all others have added their files."""
    app.connect("html-page-context", drop_files, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
