"""Draw the picture that stands beside a link to the book where people share it."""

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from gallery_figures import apply_style, every_glyph
from matplotlib.figure import Figure
from palette import CYCLE
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

NAME = "_static/card.png"
WIDTH, HEIGHT, DPI = 1200, 630, 100  # what the networks ask for


def draw(title: str, path: Path) -> None:
    """Draw the title above a cloud of points and its line; the same bytes every time."""
    rng = np.random.default_rng(0)
    x = np.linspace(0, 1, 42)
    y = x + rng.normal(0, 0.13, x.size)
    with mpl.rc_context():
        apply_style()
        mpl.rc("font", family=["NanumGothic", "DejaVu Sans"])
        mpl.rc("savefig", transparent=False)
        figure = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, layout="none")
        axes = figure.add_axes((0, 0, 1, 0.58), frameon=False, xlim=(-0.02, 1.02))
        axes.set_axis_off()
        axes.plot(x, y, "o", color=CYCLE[0], markersize=13, alpha=0.75)
        axes.plot(x, np.polyval(np.polyfit(x, y, 1), x), color=CYCLE[1], linewidth=7)
        figure.text(0.06, 0.86, title, size=58, va="top")
        figure.text(0.06, 0.66, "$H(x) = wx + b$", size=32, color="#555555", va="top")
        with every_glyph():
            figure.savefig(path, format="png", metadata={"Software": None})


def add_card(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the template the address of the card, which such places ask for in full."""
    if app.config.html_baseurl:
        context["card"] = {
            "url": app.config.html_baseurl + NAME,
            "width": WIDTH,
            "height": HEIGHT,
            "alt": app.config.project,
        }


def write(app: Sphinx, exception: Exception | None) -> None:
    """Draw the card of the book, if its address is known."""
    if app.config.html_baseurl and app.builder.name == "html" and not exception:
        draw(app.config.project, Path(app.outdir, NAME))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Name the card in each page, and draw it in the end."""
    app.connect("html-page-context", add_card)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
