"""Tell the templates where a page stands in each language of the book."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

NAMES = {"ko": "한국어", "en": "English"}


def addresses(base_url: str, page: str, home: str = "index") -> dict[str, str]:
    """Return the address of a page in each language, and the one for readers of neither.

    Those are led to the English page; for the home page, to the one that lets them choose.
    """
    found = {code: f"{base_url}/{code}/{page}.html" for code in NAMES}
    return {**found, "x-default": f"{base_url}/" if page == home else found["en"]}


def add_links(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Give the template `languages`: code, name and address of this page in each of them.

    If it is known where the book is published, `alternates` has the full addresses, and `pageurl`
    the one of this page; one that has moved gives those of the page that it has become.
    """
    config = app.config
    up = "../" * (pagename.count("/") + 1)
    context["languages"] = [
        {"code": code, "name": name, "url": f"{up}{code}/{pagename}.html"}
        for code, name in NAMES.items()
    ]
    if pagename in config.html_additional_pages:
        context["pageurl"] = None  # nothing that one should find from outside
    elif config.base_url:
        page = context.get("moved_to", pagename)
        context["alternates"] = addresses(config.base_url, page, config.root_doc)
        context["pageurl"] = context["alternates"][config.language]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the links to each page."""
    app.connect("html-page-context", add_links)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
