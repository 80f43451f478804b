"""Lead from where a page once stood to where it stands now."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata


def moved_pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield a page for each line of redirects.toml."""
    titles = app.env.titles
    moved = tomllib.loads(Path(app.srcdir, "redirects.toml").read_text("utf-8"))
    for old, new in moved.items():
        if old in titles:
            raise ExtensionError(f"redirects.toml says {old!r} has moved, but that page is there")
        if new not in titles:
            raise ExtensionError(f"redirects.toml leads from {old!r} to {new!r}, which is no page")
        context = {
            "title": _("This page has moved"),
            "moved_to": new,
            "moved_title": titles[new].astext(),
        }
        yield old, context, "redirect.html"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Write these pages after the others."""
    app.connect("html-collect-pages", moved_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
