"""Fold a solution away until the reader opens it: `{solution}`."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


class Solution(nodes.General, nodes.Element):
    """What opens."""


class FoldSolution(SphinxDirective):
    """Fold the content away."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the content, folded."""
        self.assert_has_content()
        return [Solution("", *self.parse_content_to_nodes())]


def visit_solution(self: HTML5Translator, node: Solution) -> None:
    """Open it with what the reader presses."""
    self.body.append(self.starttag(node, "details", CLASS="solution"))
    self.body.append("<summary>" + _("Solution") + "</summary>\n")


def depart_solution(self: HTML5Translator, node: Solution) -> None:
    """Close it."""
    self.body.append("</details>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and how it is written."""
    app.add_directive("solution", FoldSolution)
    app.add_node(Solution, html=(visit_solution, depart_solution))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
