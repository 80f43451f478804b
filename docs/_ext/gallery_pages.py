"""Leave out what Sphinx-Gallery writes into its pages although the book has its own."""

import re

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_TOOLTIP = re.compile(r'tooltip="[^"]*"')
_NOTE = re.compile(r"^\.\. only:: html\n\n    \.\. note::\n.*?(?=^\S)", re.MULTILINE | re.DOTALL)
_DOWNLOADS = re.compile(r"^\.\. _sphx_glr_download_.*", re.MULTILINE | re.DOTALL)


def clean(app: Sphinx, docname: str, source: list[str]) -> None:
    """Cut the links to downloads, and make the tooltips of thumbnails plain text."""
    if docname.startswith("gallery/"):
        text = _DOWNLOADS.sub("", _NOTE.sub("", source[0]))
        source[0] = _TOOLTIP.sub(lambda match: match[0].replace("``", ""), text)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Clean each page as it is read."""
    app.connect("source-read", clean)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
