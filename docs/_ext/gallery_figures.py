"""Draw the figures of scripts and notebooks: fonts for Hangul, SVG files, alt texts."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import files
from pathlib import Path
from typing import Any

import drawings
import matplotlib.pyplot as plt
import thumbnails
from animations import animation_of, draw_animation
from cycler import cycler
from matplotlib import font_manager
from palette import CYCLE
from sphinx.errors import ExtensionError

STYLE = {
    # NanumGothic lacks the minus sign of tick labels, so it comes second
    "font.family": ["DejaVu Sans", "NanumGothic"],
    "svg.hashsalt": "linreg_tutorial",
    # the text is as large as that of the page, and can be read when a phone shrinks the figure
    "figure.figsize": (5.2, 3.6),
    "font.size": 11,
    "axes.titlesize": "medium",
    "figure.constrained_layout.use": True,
    "axes.prop_cycle": cycler(color=CYCLE),
    "axes.facecolor": "none",
    "axes.grid": True,
    "grid.alpha": 0.3,
    "image.cmap": "cividis",
    "legend.facecolor": "white",
    "legend.edgecolor": "none",
    "savefig.format": "svg",
    "savefig.transparent": True,
}


def apply_style() -> None:
    """Make matplotlib draw as the book does."""
    for file in files("koreanize-matplotlib") or []:
        if file.name == "NanumGothic.ttf":
            font_manager.fontManager.addfont(str(file.locate()))
    plt.rcParams.update(STYLE)


def reset_style(gallery_conf: dict[str, Any], fname: str | None) -> None:
    """Start a script with the style of the book, as a function of Sphinx-Gallery's."""
    apply_style()


def scrape(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the open figures, each with the alt text that `fig.set_label` gave it."""
    rst = []
    for number, image_path in zip(plt.get_fignums(), block_vars["image_path_iterator"]):
        figure = plt.figure(number)
        if not figure.get_label():
            raise ExtensionError(
                f"{block_vars['src_file']}, line {block.lineno}: a figure has no alt text; "
                "say what it shows with fig.set_label(...)"
            )
        path = Path(image_path).with_suffix(".svg")
        animation = animation_of(figure, block_vars["example_globals"].values())
        with every_glyph():
            if animation:
                rst.append(draw_animation(animation, f"a{path.stem[-3:]}-"))
            path.write_text(drawings.draw(figure), "utf-8")
        if path.stem.endswith("_001"):
            name = path.name.replace("_001.svg", thumbnails.SUFFIX)
            thumbnails.draw(figure, path.with_name(name))
        if not animation:
            name = path.relative_to(gallery_conf["src_dir"]).as_posix()
            rst.append(f".. image:: /{name}\n   :alt: {figure.get_label()}\n   :class: figure\n")
    plt.close("all")
    return "\n".join(rst)


@contextmanager
def every_glyph() -> Iterator[None]:
    """Raise if a font lacks a glyph: matplotlib warns of plain text and logs of mathtext."""

    class Raiser(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise ExtensionError(f"a figure lacks a glyph: {record.getMessage()}")

    handler = Raiser(logging.WARNING)
    logger = logging.getLogger("matplotlib")
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message="Glyph .* missing")
            yield
    finally:
        logger.removeHandler(handler)
