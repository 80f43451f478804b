"""Turn pages with code into notebooks: scripts of the gallery, and MyST pages with cells."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from localization import localize_header
from myst_nb.core.read import read_myst_markdown_notebook
from sphinx.locale import _
from sphinx_gallery.notebook import (
    add_code_cell,
    add_markdown_cell,
    jupyter_notebook,
    jupyter_notebook_skeleton,
)
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

Notebook = dict[str, Any]

_ROLE = re.compile(r":(?:func|class|meth|mod|attr):`(?P<short>~?)(?P<target>[\w.]+)`")
_LABEL = re.compile(r"`(?:(?P<text>[^`<]+) <)?(?P<label>[\w-]+)>?`")
_LABORATORY = re.compile(r"^\.\. laboratory::.*(?:\n(?: .*)?)*(?:\n|\Z)", re.MULTILINE)
_MYST_ROLE = re.compile(r"\{(?:func|class|meth|mod|attr)\}`(?P<short>~?)(?P<target>[\w.]+)`")
_MYST_LABEL = re.compile(r"\{ref\}`(?:(?P<text>[^`<]+) <)?(?P<label>[\w-]+)>?`")
_MYST_TARGET = re.compile(r"^\([\w-]+\)=\n", re.MULTILINE)
_QUESTION = re.compile(
    r"^:::\{question\} .*\n:right: (?P<right>\d+)\n\n(?P<content>(?:.*\n)*?):::$", re.MULTILINE
)
_OPTION = re.compile(
    r"^(?P<choice>(?:\S.*\n)+?): (?P<feedback>.*\n(?:  .*\n|\n(?=  \S))*)", re.MULTILINE
)
_SOLUTION = re.compile(r"^:::\{solution\}\n(?P<content>(?:.*\n)*?):::$", re.MULTILINE)


def from_script(path: Path, gallery_conf: Mapping[str, Any], titles: Mapping[str, str]) -> Notebook:
    """Return the notebook of a script; `titles` are those of all pages, by label."""
    blocks = split_code_and_text_blocks(path)[1]
    notebook: Notebook = jupyter_notebook(blocks, gallery_conf, path.parent)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = [without_roles("".join(cell["source"]), titles)]
    return notebook


def from_page(page: str, prose: Mapping[str, str], titles: Mapping[str, str]) -> Notebook:
    """Return the notebook of a MyST page whose cells are translated, its prose translated too."""
    headings = {
        f"{'#' * n} {old}": f"{'#' * n} {new}" for old, new in prose.items() for n in (1, 2)
    }
    source = _SOLUTION.sub(_solution, _QUESTION.sub(_question, _MYST_TARGET.sub("", page)))
    source = localize_header(source, {**prose, **headings})
    notebook: Notebook = jupyter_notebook_skeleton()
    for cell in read_myst_markdown_notebook(source).cells:
        if cell.cell_type == "code":
            add_code_cell(notebook, cell.source)
        else:
            text = _MYST_LABEL.sub(lambda match: _title(match, titles), cell.source)
            add_markdown_cell(notebook, _MYST_ROLE.sub(_symbol, text).strip())
    return notebook


def to_script(notebook: Notebook) -> str:
    """Return a notebook as a script in the percent format, its text in comments."""
    parts = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            commented = "\n".join(f"# {line}".rstrip() for line in text.splitlines())
            parts.append(f"# %% [markdown]\n{commented}\n")
        else:
            parts.append(f"# %%\n{text.strip()}\n")
    return "\n".join(parts)


def without_roles(text: str, titles: Mapping[str, str]) -> str:
    """Replace the references that Sphinx-Gallery leaves: a page is named by its title."""
    text = _LABORATORY.sub("", text)  # only a page can hold one
    parts = _ROLE.sub(_symbol, text.strip()).split("``")  # every other one is a literal
    return "".join(
        f"`{part}`" if index % 2 else _LABEL.sub(lambda match: _title(match, titles), part)
        for index, part in enumerate(parts)
    )


def _question(match: re.Match[str]) -> str:
    """Return a question with its options numbered and their feedback folded away."""
    options = list(_OPTION.finditer(match["content"]))
    prompt = match["content"][: options[0].start()]
    choices, feedback = (_numbered([o[part] for o in options]) for part in ("choice", "feedback"))
    answer = folded(_("Answer"), f"**{match['right']}**\n\n{feedback}")
    return f"{prompt}{choices}\n{answer}"


def _numbered(texts: list[str]) -> str:
    items = ("\n   ".join(map(str.strip, text.strip().splitlines())) for text in texts)
    return "".join(f"{number}. {item}\n" for number, item in enumerate(items, start=1))


def _solution(match: re.Match[str]) -> str:
    return folded(_("Solution"), match["content"].strip() + "\n")


def folded(summary: str, content: str) -> str:
    """Return Markdown that opens under its summary."""
    return f"<details>\n<summary>{summary}</summary>\n\n{content}\n</details>\n"


def _title(match: re.Match[str], titles: Mapping[str, str]) -> str:
    title = match["text"] or titles.get(match["label"])
    return match[0] if title is None else f"*{title}*"


def _symbol(match: re.Match[str]) -> str:
    return f"`{match['target'].rpartition('.')[2] if match['short'] else match['target']}`"
