"""Figures in both themes: what is drawn can be read and told apart, on a phone too."""

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgb
from pages import html_files, soup
from palette import CYCLE, DARK_PAPER, LIGHT_PAPER, contrast, linear, partner

PHONE = 343  # pixels that a figure has on a phone 375 pixels wide
every_language = pytest.mark.parametrize("language", ["ko", "en"])

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision
# deficiency", IEEE TVCG 15 (2009): the matrices for severity 1, in linear RGB
VISION = {
    "usual": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_XYZ = np.array(  # IEC 61966-2-1
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
)


def lab(rgb):
    """Return the CIELAB coordinates of linear RGB under D65."""
    t = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("paper", ["light", "dark"])
def test_lines_can_be_told_apart(vision, paper):
    """Any two colours are at least 15 apart in CIELAB, where 2.3 is just noticed (Mahy 1994)."""
    colours = CYCLE if paper == "light" else [partner(colour) for colour in CYCLE]
    seen = [lab(np.array(VISION[vision]) @ linear(colour)) for colour in colours]
    assert min(np.linalg.norm(a - b) for a, b in combinations(seen, 2)) > 15


def test_contrast_is_that_of_wcag():
    """Black on white has 21 to 1, and #767676 is the lightest grey for text on white."""
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("white", "#767676") > 4.5 > contrast("white", "#777777")


def test_dark_paper_keeps_the_order():
    """Paper stays paper, and what is stronger on white is stronger on dark, up to the text."""
    greys = [to_hex((level,) * 3) for level in np.linspace(1, 0.15, 40)]
    ratios = [contrast(partner(grey), DARK_PAPER) for grey in greys]
    assert contrast(partner("white"), DARK_PAPER) == pytest.approx(1, abs=0.01)
    assert ratios == sorted(ratios)
    assert contrast(partner("black"), DARK_PAPER) == pytest.approx(13, rel=0.02)
    assert min(contrast(partner(colour), DARK_PAPER) for colour in CYCLE) > 4


def drawings(folder: Path) -> list[Path]:
    """Return the drawings of one language."""
    return sorted((folder / "_images").glob("*.svg"))


def style(element):
    """Return the presentation attributes of an element, its style first."""
    declared = re.findall(r"([a-z-]+): *([^;]+)", element.get("style", ""))
    # of two colours, the first is that of the light theme
    return {**element.attrib, **dict(reversed(declared))}


def marks(root):
    """Yield what is drawn: its kind, colour and opacity.

    A kind is text, line or mark. What is drawn translucent, such as the grid, stands behind, and so
    do areas, panes and the box of a legend: none of them says anything by its colour alone.
    """

    def walk(element, inherited, text):
        tag = element.tag.rpartition("}")[2]
        if tag in ("defs", "metadata", "clipPath") or element.get("id", "").startswith("grid3d"):
            return
        name = element.get("id", "")  # the box around a text is a patch
        text = name.startswith("text_") or (text and not name.startswith("patch_"))
        now = {**inherited, **style(element)}
        now["alpha"] = inherited["alpha"] * float(style(element).get("opacity", 1))
        if tag in ("path", "use"):
            for kind in ("fill", "stroke"):
                colour, alpha = now.get(kind), now["alpha"] * float(now.get(f"{kind}-opacity", 1))
                shown = kind == "stroke" or text or tag == "use"
                if shown and colour not in (None, "none") and alpha > 0.5:
                    yield ("text" if text else kind, colour, alpha)
        for child in element:
            yield from walk(child, {k: v for k, v in now.items() if k != "opacity"}, text)

    yield from walk(root, {"fill": "#000000", "alpha": 1.0}, False)


@every_language
def test_what_is_drawn_stands_out(site, language):
    """Text has a contrast of 4.5 to 1 with its paper, lines and marks of 3 to 1, in both themes."""
    kinds = set()
    for path in drawings(site / language):
        paper = DARK_PAPER if path.stem.endswith("_dark") else LIGHT_PAPER
        for kind, colour, alpha in set(marks(ElementTree.parse(path).getroot())):
            kinds.add(kind)
            mixed = alpha * np.array(to_rgb(colour)) + (1 - alpha) * np.array(to_rgb(paper))
            wanted = 4.5 if kind == "text" else 3
            assert contrast(to_hex(mixed), paper) >= wanted, (path.name, kind, colour, alpha)
    assert kinds == {"text", "fill", "stroke"}


@every_language
def test_the_two_themes_show_the_same(site, language):
    """Each figure has a partner beside it, of the same size and with the same words."""
    shown = 0
    for page in html_files(site / language):
        for image in soup(page).select('main img[src$=".svg"]:not(.only-dark)'):
            other = image.find_next_sibling("img")
            assert "only-light" in image["class"], page
            assert "only-dark" in other["class"], page
            same = ("alt", "width", "height", "loading")
            assert [image[name] for name in same] == [other[name] for name in same], page
            drawn = [(page.parent / i["src"]).resolve().read_text("utf-8") for i in (image, other)]
            light, dark = (re.sub(r' fill="#\w+"|#[0-9a-f]{6}\b', "", svg) for svg in drawn)
            assert light == dark, (page, image["src"])
            assert drawn[0] != drawn[1], (page, image["src"])
            shown += 1
    assert shown >= 8


@every_language
def test_animations_follow_the_theme(site, language):
    """In an animation each colour names its partner on dark paper."""
    for page in html_files(site / language):
        for figure in soup(page).select("figure.animation"):
            pairs = re.findall(
                r"(fill|stroke): (#\w+)(?:; \1: light-dark\((#\w+), (#\w+)\))?", str(figure)
            )
            assert all((first, partner(first)) == (a, b) for _, first, a, b in pairs)
            assert len(pairs) > 10
            assert figure.svg["fill"] == "currentColor"


@every_language
def test_text_can_be_read_on_a_phone(site, language):
    """No text of a figure is smaller than 9 pixels on a phone."""
    for path in drawings(site / language):
        svg = path.read_text("utf-8")
        points = float(re.search(r'width="([\d.]+)pt"', svg)[1])
        sizes = [float(size) for size in re.findall(r"scale\(([\d.]+) -[\d.]+\)", svg)]
        if sizes and "_thumb" not in path.name:
            assert 100 * min(sizes) * min(PHONE / points, 4 / 3) > 9, path.name
