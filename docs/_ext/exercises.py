"""Exercises: from one source their page, a notebook with blanks and a notebook with solutions.

In a page of docs/exercises there are questions, then what all tasks use, and then each section is
a task, and everything behind its `{solution}` solves it. Tags say what the cells are:

blank     what the reader fills in; gone from the notebook with solutions
check     says whether the answer is right; stands in both notebooks
mistake   a wrong answer that the check before it knows; the tests alone run it
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from notebooks import folded
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

FOLDER = "exercises"
# a fenced block with its tag, a label with its heading, or a directive of this module
_PART = re.compile(
    r"^```\{code-cell\}.*\n(?::tags: \[(?P<tag>\w+)\]\n)?(?:(?!```).*\n)*```\n"
    r"|^(?P<heading>\([\w-]+\)=\n#+ .*\n)"
    r"|^:::\{(?P<name>hint|solution|downloads)\}\n(?P<content>(?:(?!:::).*\n)*):::\n",
    re.MULTILINE,
)
_TUTORIAL = re.compile(r"gallery/(\d+)_")


def is_exercise(page: str) -> bool:
    """Say whether a page has exercises; the first page of the folder has none."""
    return page.startswith(f"{FOLDER}/") and page != f"{FOLDER}/index"


def parts(source: str) -> Iterator[tuple[str, str, bool]]:
    """Yield kind and text of each part of a page, and whether it is in a solution.

    Kinds are prose, code, the tags, heading, hint, solution and downloads. Of a hint, the text is
    what it says.
    """
    end, solving = 0, False
    for match in _PART.finditer(source):
        if prose := source[end : match.start()]:
            yield "prose", prose, solving
        kind = "heading" if match["heading"] else match["name"] or match["tag"] or "code"
        solving = kind != "heading" and (solving or kind == "solution")
        yield kind, match["content"] or match[0], solving
        end = match.end()
    yield "prose", source[end:], solving


def without_mistakes(source: str) -> str:
    """Return a page as readers see it, its lines where they were."""

    def blank_out(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n") if match["tag"] == "mistake" else match[0]

    return _PART.sub(blank_out, source)


def with_blanks(source: str) -> str:
    """Return a page with the tasks, the hints folded, and the checks."""
    return _joined(
        folded(_("Hint"), text) if kind == "hint" else text
        for kind, text, solving in parts(source)
        if kind == "check" or (not solving and kind not in ("mistake", "downloads"))
    )


def with_solutions(source: str) -> str:
    """Return a page with the tasks solved."""
    return _joined(
        f"**{_('Solution')}**" if kind == "solution" else text
        for kind, text, _solving in parts(source)
        if kind not in ("blank", "hint", "mistake", "downloads")
    )


def _joined(texts: Iterable[str]) -> str:
    return "\n".join(f"{text.strip()}\n" for text in texts if text.strip())


EDITIONS = {"exercises": with_blanks, "solutions": with_solutions}


def hide_mistakes(app: Sphinx, docname: str, source: list[str]) -> None:
    """Drop the mistakes before a page is parsed and its cells are run."""
    if is_exercise(docname):
        source[0] = without_mistakes(source[0])


def lead_here(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the template of a tutorial where its part is practised."""
    if tutorial := _TUTORIAL.match(pagename):
        page = f"{FOLDER}/section_{tutorial[1]}"
        if page in app.env.found_docs:
            context["practice"] = {"page": page, "title": app.env.titles[page].astext()}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page as it is read and written."""
    app.connect("source-read", hide_mistakes)
    app.connect("html-page-context", lead_here)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
