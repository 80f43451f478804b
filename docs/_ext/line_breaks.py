"""Keep on one line what no space parts: a formula and its comma, a Korean word and its particle.

Browsers break a line on either side of a formula, which is no letter to them; a style forbids it.
In Korean they also break it between letters and a sign before them, `word-break: keep-all` or not,
as in `step()` and its particle; a word joiner, which nobody sees or hears, forbids that.
"""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_WORD_JOINER = "\u2060"
_WORD = re.compile(
    r"""
    <(?P<opaque> pre | script | style )\b .*? </(?P=opaque)>
    | (?P<formula> [(“‘]* <span[ ]class="katex"> (?: (?!</math>). )* </math></span> [^\s<]* )
    | (?P<sign>
        (?: [)\]}%_'"’”°] | &(?: gt | quot | \#x27 | \#39 ); )
        (?: </?(?: a | code | em | span | strong )\b [^>]*> )*
      ) (?= [가-힣] )
    | <[^>]*>
    """,
    re.DOTALL | re.VERBOSE,
)


def join(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Join the words of a page."""
    if "body" in context:
        context["body"] = _WORD.sub(_joined, context["body"])


def _joined(match: re.Match[str]) -> str:
    if match["formula"] and not (match[0].startswith("<") and match[0].endswith(">")):
        return f'<span class="word">{match[0]}</span>'
    return match[0] + _WORD_JOINER if match["sign"] else match[0]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written, when the search has read it."""
    app.connect("html-page-context", join, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
