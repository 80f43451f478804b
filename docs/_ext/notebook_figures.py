"""Figures of MyST-NB pages: their alt text travels from the kernel as the title of the SVG."""

import io
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from gallery_figures import every_glyph
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


def draw(figure: Figure) -> str:
    """Return the SVG of a figure, titled with what `fig.set_label` said; run in the kernel."""
    if not figure.get_label():
        raise ExtensionError("a figure has no alt text; say what it shows with fig.set_label(...)")
    buffer = io.BytesIO()
    with every_glyph():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Title": figure.get_label()})
    return buffer.getvalue().decode()


def keep_outputs_apart(app: Sphinx) -> None:
    """Write figures where no other language does, and not into what is published."""
    folder = str(Path(app.doctreedir, "jupyter_execute"))
    app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=folder)  # type: ignore[attr-defined]


def add_alt_texts(app: Sphinx, doctree: nodes.document) -> None:
    """Make the title of each output figure its alt text; report a figure that was not drawn."""
    for output in doctree.findall(nodes.container):
        for image in output.findall(nodes.image) if "mime_type" in output else ():
            svg = ElementTree.parse(Path(app.srcdir, image["uri"]))
            image["alt"] = svg.findtext("{http://www.w3.org/2000/svg}title", "")
    for error in doctree.findall(nodes.literal_block):
        if "traceback" in error["classes"] and Path(__file__).name in error.astext():
            logger.warning(error.astext().splitlines()[-1], location=error)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page once it has been read and its images are known."""
    app.connect("builder-inited", keep_outputs_apart, priority=900)  # after MyST-NB
    app.connect("doctree-read", add_alt_texts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
