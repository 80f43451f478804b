"""Show each figure in the colours of the theme: one drawing, two files, of which a page loads one.

An SVG file sees nothing of its page, and inside the page it would be loaded whether or not it is
seen. Furo's classes show the right one at once, without a script too.
"""

from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from docutils import nodes
from palette import on_dark_paper
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


def add_partners(app: Sphinx, doctree: nodes.document) -> None:
    """Put beside each drawing the same one on dark paper."""
    for image in list(doctree.findall(nodes.image)):
        path = Path(app.env.relfn2path(image["uri"])[1])
        if path.suffix != ".svg":
            continue
        svg = path.read_text("utf-8")
        root = ElementTree.fromstring(svg)
        image["size"] = [_pixels(root.attrib[side]) for side in ("width", "height")]
        image["loading"] = "lazy"  # what is not shown is not loaded
        partner = image.deepcopy()
        name = f"{path.stem}_dark.svg"
        path.with_name(name).write_text(on_dark_paper(svg), "utf-8")
        partner["uri"] = str(PurePosixPath(image["uri"]).with_name(name))
        image["classes"].append("only-light")
        partner["classes"].append("only-dark")
        image.parent.insert(image.parent.index(image) + 1, partner)


def _pixels(length: str) -> int:
    """Return the length of a side, in points, in pixels of CSS."""
    return round(float(length.removesuffix("pt")) * 4 / 3)


def visit_image(self: HTML5Translator, node: nodes.image) -> None:
    """Write an image with its size, so that the text below stays where it is as it loads."""
    HTML5Translator.visit_image(self, node)
    if "size" in node:
        width, height = node["size"]
        size = f'<img width="{width}" height="{height}" '
        self.body[-1] = self.body[-1].replace("<img ", size, 1)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page once it has been read, before Sphinx collects its images."""
    app.add_node(nodes.image, override=True, html=(visit_image, HTML5Translator.depart_image))
    app.connect("doctree-read", add_partners, priority=450)  # after notebook_figures
    return {"parallel_read_safe": True, "parallel_write_safe": True}
