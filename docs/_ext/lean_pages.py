"""Leave out what plug-ins put into every page although the book has its own."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def drop_styles(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Drop MyST-NB's style sheet, 43 KB a page: book.css styles its cells."""
    sheets = context["css_files"]
    context["css_files"] = [sheet for sheet in sheets if "mystnb" not in str(sheet)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written."""
    app.connect("html-page-context", drop_styles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
