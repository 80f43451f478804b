"""Tell the templates where a page stands in each language of the book."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

NAMES = {"ko": "한국어", "en": "English"}


def add_links(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Give the template `languages`: code, name and address of this page in each of them."""
    up = "../" * (pagename.count("/") + 1)
    context["languages"] = [
        {"code": code, "name": name, "url": f"{up}{code}/{pagename}.html"}
        for code, name in NAMES.items()
    ]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the links to each page."""
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
