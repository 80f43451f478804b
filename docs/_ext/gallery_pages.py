"""Say what Sphinx-Gallery writes into its pages in the language of the reader."""

import re

from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

_TOOLTIP = re.compile(r'tooltip="[^"]*"')

# looked up lazily, when a page is read
TEXTS = {
    "Go to the end": _("Go to the end"),
    "to download the full example code.": _("to download the full example code."),
    "Download Jupyter notebook:": _("Download Jupyter notebook:"),
    "Download Python source code:": _("Download Python source code:"),
    "Download zipped:": _("Download both, zipped:"),
}


def translate(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace the texts in a page that Sphinx-Gallery generated."""
    if docname.startswith("gallery/"):
        for text, translation in TEXTS.items():
            source[0] = source[0].replace(text, str(translation))
        # the tooltips of thumbnails are plain text
        source[0] = _TOOLTIP.sub(lambda match: match[0].replace("``", ""), source[0])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Translate each page as it is read."""
    app.connect("source-read", translate)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
