"""Load the script that gives code its copy buttons, with their texts, where there is code."""

from typing import Any

from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata


def load_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load it on pages with a code block."""
    if '<div class="highlight"' in context.get("body", ""):
        texts = {"data-copy": str(_("Copy code")), "data-copied": str(_("Copied"))}
        app.add_js_file("copy.js", loading_method="defer", **texts)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written."""
    app.connect("html-page-context", load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
