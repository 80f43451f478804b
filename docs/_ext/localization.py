"""Put a script into another language before it runs, and prove that it is the same program."""

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from segments import Segment, find_paragraphs, find_segments

_CODE_CELL = re.compile(
    r"^```\{code-(?:cell\}.*|block\} python)\n(?::.*\n)*(?P<code>(?:(?!```).*\n)*)```",
    re.MULTILINE,
)


class LocalizationError(Exception):
    """A translation would break a script or change what it does."""


def localize_script(source: str, catalogue: Mapping[str, str]) -> str:
    """Return the script with each message that the catalogue knows replaced by its translation.

    Raises
    ------
    LocalizationError
        If anything but text changed: the syntax trees of both scripts, with their strings masked,
        must be equal, and so must the placeholders of each f-string.
    """
    result = _replace(source, find_segments(source), catalogue)
    try:
        same_program = masked_tree(source) == masked_tree(result)
    except SyntaxError as error:
        raise LocalizationError(f"a translation breaks the line {error.text}") from error
    if not same_program:
        raise LocalizationError("a translation changes the program or the holes of an f-string")
    return result


def localize_header(source: str, catalogue: Mapping[str, str]) -> str:
    """Return a page of the gallery that is reStructuredText from top to bottom, translated."""
    return _replace(source, list(find_paragraphs(source, 0, len(source))), catalogue)


def localize_notebook(source: str, catalogue: Mapping[str, str]) -> str:
    """Return a MyST page, its code cells and Python blocks translated; Sphinx does its prose."""
    for cell in reversed(list(_CODE_CELL.finditer(source))):
        code = localize_script(cell["code"], catalogue)
        source = source[: cell.start("code")] + code + source[cell.end("code") :]
    return source


def masked_tree(source: str) -> str:
    """Return the syntax tree as text: strings masked, the placeholders of f-strings sorted."""
    return ast.dump(_Mask().visit(ast.parse(source)))


class _Mask(ast.NodeTransformer):
    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.JoinedStr:
        holes = [ast.dump(v) for v in node.values if isinstance(v, ast.FormattedValue)]
        return ast.JoinedStr([ast.Constant(hole) for hole in sorted(holes)])


def _replace(source: str, segments: list[Segment], catalogue: Mapping[str, str]) -> str:
    for segment in reversed(segments):
        translation = catalogue.get(segment.message)
        if translation:
            source = source[: segment.start] + segment.write(translation) + source[segment.end :]
    return source


# Babel extraction methods, named in docs/locale/babel.cfg

Extracted = Iterator[tuple[int, None, str, list[str]]]


def extract_script(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Extracted:
    """Yield the messages of a script."""
    for segment in find_segments(file.read().decode()):
        yield segment.line, None, segment.message, []


def extract_header(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Extracted:
    """Yield the messages of a page of the gallery that is all reStructuredText."""
    source = file.read().decode()
    for segment in find_paragraphs(source, 0, len(source)):
        yield segment.line, None, segment.message, []


def extract_notebook(file: Any, keywords: Any, comment_tags: Any, options: Any) -> Extracted:
    """Yield the messages of the code cells and Python blocks of a MyST page."""
    source = file.read().decode()
    for cell in _CODE_CELL.finditer(source):
        before = source.count("\n", 0, cell.start("code"))
        for segment in find_segments(cell["code"]):
            yield before + segment.line, None, segment.message, []
