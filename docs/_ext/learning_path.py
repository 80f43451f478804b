"""The way through the book, on its home page: what each page gives, needs and takes."""

import tomllib
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


def read_path(path: Path) -> list[dict[str, Any]]:
    """Return the parts of the book; the file's first lines say what they hold."""
    return tomllib.loads(path.read_text("utf-8"))["part"]


class Place(nodes.General, nodes.Element):
    """Where the path will be shown: not all pages have been read yet."""


class LearningPath(SphinxDirective):
    """Show the whole path: `{learning-path}`."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it."""
        self.env.note_dependency(str(Path(self.env.srcdir, "learning_path.toml")))
        return [Place()]


def show(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the path in its place."""
    for place in list(doctree.findall(Place)):
        parts = read_path(Path(app.srcdir, "learning_path.toml"))
        shown = [_part(app, docname, part) for part in parts]
        place.replace_self(nodes.bullet_list("", *shown, classes=["learning-path"]))


def _part(app: Sphinx, docname: str, part: dict[str, Any]) -> nodes.list_item:
    language = app.config.language
    pages = nodes.bullet_list()
    for entry in part["pages"]:
        time = str(_("{n} min")).format(n=entry["minutes"])
        head = nodes.paragraph("", "", _link(app, docname, entry["page"]))
        head += nodes.inline("", f" {time}", classes=["aside"])
        about = nodes.paragraph("", entry["gives"][language])
        if entry["needs"]:
            about += nodes.inline("", " " + _("First:") + " ", classes=["aside"])
        for i, needed in enumerate(entry["needs"]):
            link = _link(app, docname, needed)
            about += [nodes.Text(", "), link] if i else [link]
        pages += nodes.list_item("", head, about)
    title = nodes.paragraph("", "", _link(app, docname, part["label"]))
    return nodes.list_item("", title, nodes.paragraph("", part["about"][language]), pages)


def _link(app: Sphinx, here: str, label: str) -> nodes.Node:
    if page := app.env.get_domain("std").data["labels"].get(label, (None,))[0]:
        title = nodes.Text(app.env.titles[page].astext())
        return make_refnode(app.builder, here, page, None, title)
    logger.warning("learning_path.toml names %r, which is the label of no page", label)
    return nodes.Text(label)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Show the path again when a page has changed: its title may have, too."""
    return [app.config.root_doc] if added or changed or removed else []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, and fill its place when pages are written."""
    app.add_directive("learning-path", LearningPath)
    app.add_node(Place)
    app.connect("doctree-resolved", show)
    app.connect("env-get-outdated", outdated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
