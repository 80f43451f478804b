"""List with each documented name the pages whose code uses it, as code_links has found out."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata


class Users(nodes.General, nodes.Element):
    """The place where the pages that use a documented name will be listed."""


class UsedIn(SphinxDirective):
    """List the pages whose code uses a name of the library."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Leave a place for the list: not all pages have been read yet."""
        return [Users(used=self.arguments[0])]


def add_users(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """End the docstring of a class or a function with the list of its users."""
    if what in ("class", "exception", "function", "method"):
        lines += ["", f".. used-in:: {name}", ""]


def users(env: BuildEnvironment, name: str) -> list[str]:
    """Return the pages whose code uses a documented name; the reference itself does not count."""
    return [
        page
        for page, found in sorted(env.get_domain("code").data["names"].items())
        if not page.startswith("reference/") and any(used == name for *_, used in found)
    ]


def list_users(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Fill the lists of users."""
    for place in list(doctree.findall(Users)):
        paragraph = nodes.paragraph("", _("Used in:") + " ", classes=["used-in"])
        pages = users(app.env, place["used"])
        for i, page in enumerate(pages):
            title = app.env.titles[page].astext()
            reference = make_refnode(app.builder, docname, page, None, nodes.Text(title))
            paragraph += [nodes.Text(", "), reference] if i else [reference]
        place.replace_self(paragraph if pages else [])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Leave places for the lists when docstrings are read, and fill them when pages are written."""
    app.add_directive("used-in", UsedIn)
    app.add_node(Users)
    app.connect("autodoc-process-docstring", add_users, priority=700)  # after Napoleon's sections
    app.connect("doctree-resolved", list_users)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
