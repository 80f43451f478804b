"""Fold a hint or a solution away until the reader opens it: `{hint}` and `{solution}`."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


class Fold(nodes.General, nodes.Element):
    """What opens when the reader asks for it, under its title."""


class Hint(SphinxDirective):
    """Fold what helps a reader who is stuck."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the fold."""
        return [Fold("", *self.parse_content_to_nodes(), kind="hint", title=_("Hint"))]


class Solution(SphinxDirective):
    """Fold the solution of a task: the content, or all that follows up to the next heading."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the fold, empty if what it is to hold has not been parsed yet."""
        content = self.parse_content_to_nodes()
        return [Fold("", *content, kind="solution", title=_("Solution"))]


def fold_solutions(app: Sphinx, doctree: nodes.document) -> None:
    """Put what follows an empty solution into it."""
    for fold in list(doctree.findall(Fold)):
        if not fold.children:
            around = fold.parent
            behind = around.index(fold) + 1
            following = around[behind:]
            del around[behind:]
            fold += following


def visit_fold(self: HTML5Translator, node: Fold) -> None:
    """Open the element that the browser opens and closes, by pointer and by keyboard."""
    self.body.append(f'<details class="fold {node["kind"]}"><summary>{node["title"]}</summary>')
    self.body.append("\n<div>\n")


def depart_fold(self: HTML5Translator, node: Fold) -> None:
    """Close it."""
    self.body.append("</div></details>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and how they are written."""
    app.add_node(Fold, html=(visit_fold, depart_fold))
    app.add_directive("hint", Hint, override=True)
    app.add_directive("solution", Solution)
    app.connect("doctree-read", fold_solutions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
