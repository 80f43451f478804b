"""Bring what Sphinx and its plug-ins write into line with the HTML standard."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_PRE = re.compile(r"<pre[ >].*?</pre>", re.DOTALL)
_DIV = re.compile(r"(?<=<)(/?)div\b")
_LIST_IN_PARAGRAPH = re.compile(r"<p>(<ul\b(?:(?!<p><ul).)*?</ul>)\s*</p>", re.DOTALL)


def mend(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Mend viewcode's blocks inside `pre`, Napoleon's lists inside `p`, the gallery's tooltips."""
    body = _PRE.sub(lambda match: _DIV.sub(r"\1span", match[0]), context.get("body", ""))
    body = _LIST_IN_PARAGRAPH.sub(r"\1", body)
    if "body" in context:
        context["body"] = body.replace('container" tooltip="', 'container" title="')
    if tree := context.get("furo_navigation_tree"):
        # a checkbox says by itself whether it is checked; a switch has to be told
        context["furo_navigation_tree"] = tree.replace(' role="switch"', "")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written, when Furo has made its navigation."""
    app.connect("html-page-context", mend, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
