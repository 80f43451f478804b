"""Find what can be translated in a script: text blocks, comments and strings with Hangul."""

import ast
import io
import json
import re
import textwrap
import tokenize
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
WIDTH = 84  # of the lines that a translation is wrapped to

_DOCSTRING = re.compile(r'\A(?:#.*\n|\n)*r?"""(?P<text>.*?)"""', re.DOTALL)
_TEXT_BLOCK = re.compile(r"^# ?%%.*\n(?P<text>(?:#.*(?:\n|\Z))*)", re.MULTILINE)
_MARKER = re.compile(r"(?:(?:[*+-]|\d+\.|#\.|:[\w-]+:) +)+(?=\S)")
_UNDERLINE = re.compile(r"([=\-~^\"'.*+])\1{2,}$")
_MARKUP = re.compile(r"``.+?``|`[^`]+`")  # never broken: in a notebook it would be seen
_PLACEHOLDER = r"\{(?:[^{}]|\{[^{}]*\})*\}"
_WORD = re.compile(rf"(?:\{{\{{|\}}\}}|{_PLACEHOLDER}|\S)+\s*|\s+")


@dataclass(frozen=True)
class Segment:
    """A stretch of source that can be translated: where it is, what it says, how to write it."""

    start: int
    end: int
    line: int
    message: str
    write: Callable[[str], str]


def find_segments(source: str) -> list[Segment]:
    """Return the segments of a script that contain Hangul, in the order of the source."""
    texts = [(match, "#") for match in _TEXT_BLOCK.finditer(source)]
    docstring = _DOCSTRING.match(source)
    if docstring:
        texts.append((docstring, ""))
    found = [s for text, sign in texts for s in find_paragraphs(source, *text.span("text"), sign)]
    for segment in [*_comments(source), *_strings(source)]:
        in_text = any(text.start() <= segment.start < text.end() for text, _ in texts)
        if HANGUL.search(segment.message) and not in_text:
            found.append(segment)
    return sorted(found, key=lambda segment: segment.start)


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    lead: str  # what stands before the text: comment sign, indentation, list marker
    text: str


def find_paragraphs(source: str, start: int, end: int, prefix: str = "") -> Iterator[Segment]:
    """Yield the titles, paragraphs and list items with Hangul in a stretch of reStructuredText."""
    group: list[_Line] = []
    for line in _lines(source, start, end, prefix):
        if len(group) == 1 and _UNDERLINE.match(line.text):
            yield from _title(source, group[0], line)
            group = []
        elif group and _continues(line, group[0]):
            group.append(line)
        else:
            yield from _paragraph(source, group, prefix)
            group = [line] if line.text and not line.text.startswith(".. ") else []
    yield from _paragraph(source, group, prefix)


def _continues(line: _Line, first: _Line) -> bool:
    """Say whether a line goes on with a paragraph: it is indented alike and has no list marker."""
    return bool(line.text) and len(line.lead) == len(first.lead) and not line.lead.strip("# ")


def _lines(source: str, start: int, end: int, prefix: str) -> Iterator[_Line]:
    offset = start
    for raw in source[start:end].splitlines(keepends=True):
        body = raw.rstrip("\n").removeprefix(prefix)
        text = body.lstrip()
        lead = prefix + body[: len(body) - len(text)]
        marker = _MARKER.match(text)
        if marker:
            lead, text = lead + marker.group(), text[marker.end() :]
        yield _Line(offset, offset + len(raw.rstrip("\n")), lead, text.rstrip())
        offset += len(raw)


def _title(source: str, title: _Line, underline: _Line) -> Iterator[Segment]:
    def write(translation: str) -> str:
        mark = underline.text[0] * display_width(translation)
        return f"{title.lead}{translation}\n{underline.lead}{mark}"

    if HANGUL.search(title.text):
        yield Segment(title.start, underline.end, _row(source, title.start), title.text, write)


def _paragraph(source: str, group: list[_Line], prefix: str) -> Iterator[Segment]:
    message = " ".join(line.text for line in group)
    if not HANGUL.search(message):
        return
    lead = group[0].lead
    hanging = prefix + " " * (len(lead) - len(prefix))

    def write(translation: str) -> str:
        filled = textwrap.fill(
            _MARKUP.sub(lambda match: match[0].replace(" ", "\0"), translation),
            WIDTH,
            initial_indent=lead,
            subsequent_indent=hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return filled.replace("\0", " ")

    yield Segment(group[0].start, group[-1].end, _row(source, group[0].start), message, write)


def _comments(source: str) -> Iterator[Segment]:
    """Yield each comment; comments on lines of their own, one under the other, are one."""
    starts = _line_starts(source)
    group: list[_Line] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        row, column = token.start
        start = starts[row - 1] + column
        own_line = not token.line[:column].strip()
        comment = _Line(start, start + len(token.string), "# ", token.string.lstrip("# "))
        if group and own_line and source[group[-1].end : start].strip(" ") == "\n":
            group.append(comment)
        else:
            yield from _comment(source, group)
            group = [comment]
        if not own_line:
            yield from _comment(source, group)
            group = []
    yield from _comment(source, group)


def _comment(source: str, group: list[_Line]) -> Iterator[Segment]:
    if not group:
        return
    column = group[0].start - source.rfind("\n", 0, group[0].start) - 1
    own_line = not source[group[0].start - column : group[0].start].strip()

    def write(translation: str) -> str:
        if not own_line:
            return f"# {translation}"
        lines = textwrap.wrap(translation, WIDTH - column - 2, break_on_hyphens=False)
        return ("\n" + " " * column).join(f"# {line}" for line in lines)

    message = " ".join(line.text for line in group)
    yield Segment(group[0].start, group[-1].end, _row(source, group[0].start), message, write)


def _strings(source: str) -> Iterator[Segment]:
    starts = _line_starts(source)

    def position(row: int, column: int) -> int:
        line = source[starts[row - 1] : starts[row] if row < len(starts) else None]
        return starts[row - 1] + len(line.encode()[:column].decode())

    for node in _outer_strings(ast.parse(source)):
        start = position(node.lineno, node.col_offset)
        end = position(node.end_lineno or 0, node.end_col_offset or 0)
        yield Segment(start, end, node.lineno, _message(node), _writer(node, source, start, end))


def _outer_strings(node: ast.AST) -> Iterator[ast.Constant | ast.JoinedStr]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr) or (
            isinstance(child, ast.Constant) and isinstance(child.value, str)
        ):
            yield child
        else:
            yield from _outer_strings(child)


def _message(node: ast.Constant | ast.JoinedStr) -> str:
    """Return the text of a string; that of an f-string with its placeholders as written."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(
        str(v.value).replace("{", "{{").replace("}", "}}")
        if isinstance(v, ast.Constant)
        else ast.unparse(ast.JoinedStr([v]))[2:-1]
        for v in node.values
    )


def _writer(
    node: ast.Constant | ast.JoinedStr, source: str, start: int, end: int
) -> Callable[[str], str]:
    sign = "f" if isinstance(node, ast.JoinedStr) else ""
    column = start - source.rfind("\n", 0, start) - 1
    several_lines = "\n" in source[start:end] and '"""' not in source[start:end]

    def write(translation: str) -> str:
        pieces = [translation]
        if several_lines:
            pieces = [""]
            for word in _WORD.findall(translation):
                if pieces[-1] and len(pieces[-1]) + len(word) > WIDTH - column - 3:
                    pieces.append("")
                pieces[-1] += word
        # JSON's escapes are Python's too
        literals = [sign + json.dumps(piece, ensure_ascii=False) for piece in pieces]
        return ("\n" + " " * column).join(literals)

    return write


def display_width(text: str) -> int:
    """Return the width of a text in columns, in which a Hangul syllable takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _row(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1


def _line_starts(source: str) -> list[int]:
    return [0, *(i + 1 for i, c in enumerate(source) if c == "\n")]
