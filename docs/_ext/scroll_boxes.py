"""Let the keyboard into boxes that scroll on a phone: code with long lines, formulas and tables.

Which of them scroll is known when they are drawn: then a script takes the others back.
"""

import re
from html import unescape
from typing import Any

from docutils.utils import column_width
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

PHONE = 38  # columns of code that a phone shows, 375 pixels wide
_PRE = re.compile(r"<pre>(.*?)</pre>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def let_in(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Make the boxes of a page focusable, those that may be wide enough to scroll."""
    if "body" not in context:
        return
    name = _("Table")
    table = f'<div tabindex="0" role="group" aria-label="{name}" class="table-wrapper'
    body = context["body"].replace('<div class="table-wrapper', table)
    body = context["body"] = _PRE.sub(_let_into_code, body)
    if 'tabindex="0"' in body:
        app.add_js_file("scroll_boxes.js", loading_method="defer")


def _let_into_code(match: re.Match[str]) -> str:
    lines = unescape(_TAG.sub("", match[1])).splitlines()
    wide = max(map(column_width, lines), default=0) > PHONE
    return f'<pre tabindex="0">{match[1]}</pre>' if wide else match[0]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written."""
    app.connect("html-page-context", let_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
