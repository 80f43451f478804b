"""Get numpydoc sections past Napoleon, past the inline markup of Korean, and into Korean."""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

_FIELD = re.compile(r"^ *:(?:param|type|ivar|vartype|raises|rtype)\b[^:]*:")
_TYPE = re.compile(r"^( *:(?:type|vartype|rtype)\b[^:]*: )(.*)")
_OF = re.compile(r"(\S+) of ([^\s,]+)")


def split_exceptions(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Give each of several exceptions with one description its own entry.

    Napoleon keeps only the first of `TypeError, ValueError`.
    """
    for i in reversed(range(len(lines))):
        if re.fullmatch(r"(\w+Error)((?:, \w+Error)+)", lines[i]):
            end = i + 1
            while end < len(lines) and lines[end].startswith(" "):
                end += 1
            text = lines[i + 1 : end]
            lines[i:end] = [s for error in lines[i].split(", ") for s in (error, *text)]


def finish_fields(
    app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]
) -> None:
    """Escape the underscores of names, which look like references, and translate types."""
    for i, line in enumerate(lines):
        line = _TYPE.sub(lambda match: match[1] + translate_type(match[2]), line)
        lines[i] = _FIELD.sub(lambda match: re.sub(r"(?<!\\)_", r"\\_", match[0]), line)


def translate_type(text: str) -> str:
    """Return a type with its few English words in the language of the page."""
    container_of, either, optional = _("{container} of {item}"), _("or"), _("optional")
    text = _OF.sub(lambda m: str(container_of).format(container=m[1], item=m[2]), text)
    return text.replace(" or ", f" {either} ").replace("*optional*", f"*{optional}*")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Go before Napoleon, whose priority is 500, and after it."""
    app.connect("autodoc-process-docstring", split_exceptions, priority=400)
    app.connect("autodoc-process-docstring", finish_fields, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
