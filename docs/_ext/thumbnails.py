"""Thumbnails that tell pages apart: the first figure of a page, without its words."""

import shutil
from pathlib import Path

import drawings
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

SUFFIX = "_words_left_out.svg"


def draw(figure: Figure, path: Path) -> None:
    """Save a figure as it can be read at the size of a thumbnail; this changes the figure."""
    figure.set_size_inches(3.6, 2.25)
    figure.suptitle("")
    for ax in figure.axes:
        ax.set(title="", xlabel="", ylabel="")
        if ax.axison:  # the words of a drawing without axes are the drawing
            ax.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
            for text in ax.texts:
                text.set_visible(False)
        if legend := ax.get_legend():
            legend.remove()
        for line in ax.lines:
            line.set(linewidth=2 * line.get_linewidth(), markersize=1.4 * line.get_markersize())
    for legend in figure.legends:
        legend.remove()
    path.write_text(drawings.draw(figure), "utf-8")


def replace(app: Sphinx) -> None:
    """Put the drawings where Sphinx-Gallery has put copies of the figures."""
    for drawn in Path(app.srcdir).glob(f"gallery/*/images/*{SUFFIX}"):
        name = drawn.name.removesuffix(SUFFIX)
        shutil.copyfile(drawn, drawn.parent / "thumb" / f"{name}_thumb.svg")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Come after Sphinx-Gallery, whose pages are made at the same event."""
    app.connect("builder-inited", replace, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
