"""Say what a page is about to those who list or share it."""

import re
from itertools import dropwhile, takewhile
from typing import Any

from docutils import nodes
from full_text_search import FORMULA, plain_text
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

LOCALES = {"ko": "ko_KR", "en": "en_US"}
LONGEST = 160  # characters of a description; search engines show no more
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")


def describe(document: nodes.document) -> str:
    """Return the first sentence of a page without a formula, and those after it that have room."""
    for paragraph in document.findall(nodes.paragraph):
        sentences = _SENTENCE_END.split(" ".join(plain_text(paragraph).split()))
        first = list(takewhile(_is_plain, dropwhile(lambda s: not _is_plain(s), sentences)))
        if first and isinstance(paragraph.parent, nodes.section):
            while len(first) > 1 and len(" ".join(first)) > LONGEST:
                first.pop()
            return " ".join(first)
    return ""


def _is_plain(sentence: str) -> bool:
    return FORMULA not in sentence


def add_head(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the description of a page."""
    context["locales"] = LOCALES
    context["description"] = describe(doctree) if doctree else ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written."""
    app.connect("html-page-context", add_head)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
