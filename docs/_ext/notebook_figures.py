"""Figures of MyST-NB pages: their alt text travels from the kernel as the title of the SVG."""

import shutil
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

import drawings
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
    with every_glyph():
        return drawings.draw(figure, Title=figure.get_label())


def keep_outputs_apart(app: Sphinx) -> None:
    """Write figures where no other language does, and not into what is published."""
    folder = str(Path(app.doctreedir, "jupyter_execute"))
    app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=folder)


def name_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Name output figures after their page, and make the title of each its alt text.

    MyST-NB names them by their content, which differs from language to language. A figure that was
    not drawn is reported.
    """
    outputs = [c for c in doctree.findall(nodes.container) if "mime_type" in c]
    images = [image for output in outputs for image in output.findall(nodes.image)]
    for number, image in enumerate(images, 1):
        drawn = Path(app.env.relfn2path(image["uri"])[1])
        image["alt"] = ElementTree.parse(drawn).findtext("{http://www.w3.org/2000/svg}title", "")
        name = f"{app.env.docname.replace('/', '-')}-{number:03}.svg"
        shutil.copyfile(drawn, drawn.with_name(name))
        image["uri"] = str(PurePosixPath(image["uri"]).with_name(name))
    for error in doctree.findall(nodes.literal_block):
        if "traceback" in error["classes"] and Path(__file__).name in error.astext():
            logger.warning(error.astext().splitlines()[-1], location=error)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page once it has been read."""
    app.connect("builder-inited", keep_outputs_apart, priority=900)  # after MyST-NB
    app.connect("doctree-read", name_figures, priority=400)  # before Sphinx collects images
    return {"parallel_read_safe": True, "parallel_write_safe": True}
