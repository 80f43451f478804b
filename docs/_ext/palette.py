"""The colours of figures: a cycle for white paper, and the partner of a colour on dark paper."""

import re
from functools import cache

import numpy as np
from matplotlib.colors import to_hex, to_rgb

LIGHT_PAPER, DARK_PAPER = "#ffffff", "#131416"  # Furo's backgrounds
# blue, orange, green, red, violet, brown, pink, and grey for what stands behind
CYCLE = ["#4c7cff", "#e55800", "#00594d", "#bf0016", "#6336b2", "#997945", "#b250aa", "#808080"]
BRIGHTER = 1.1  # exponent of the contrast: thin lines look fainter on dark paper
STRONGEST = 13  # the contrast of Furo's text on dark paper; black would become a glaring white

_COLOUR = re.compile(r"\b(fill|stroke): (#[0-9a-f]{6})")
# Björn Ottosson, "A perceptual color space for image processing" (2020): linear sRGB and Oklab
_TO_CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
_TO_OKLAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip


def linear(colour: str) -> np.ndarray:
    """Return the linear red, green and blue of a colour."""
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def luminance(rgb: np.ndarray) -> float:
    """Return the relative luminance of WCAG 2.2 for linear red, green and blue."""
    return float(rgb @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, between 1 and 21."""
    dark, light = sorted([luminance(linear(one)), luminance(linear(other))])
    return (light + 0.05) / (dark + 0.05)


@cache
def partner(colour: str) -> str:
    """Return the colour of the same hue that is on dark paper what this one is on white.

    The stronger the contrast there, the stronger here; white becomes the dark paper itself. Where
    no colour of that hue is as light and as saturated, it is paler.
    """
    ratio = min(contrast(colour, LIGHT_PAPER) ** BRIGHTER, STRONGEST)
    wanted = ratio * (luminance(linear(DARK_PAPER)) + 0.05) - 0.05
    _, *hue = _TO_OKLAB @ np.cbrt(_TO_CONES @ linear(colour))
    for saturation in np.linspace(1, 0, 101):
        rgb = _of_luminance(wanted, saturation * np.array(hue))
        if rgb.min() > -1e-3 and rgb.max() < 1 + 1e-3:
            break
    rgb = rgb.clip(0, 1)
    return to_hex(np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055))


def _of_luminance(wanted: float, hue: np.ndarray) -> np.ndarray:
    """Return linear red, green and blue with Oklab's a and b as given, by bisection."""
    low, high = 0.0, 1.2
    for _ in range(40):
        middle = (low + high) / 2
        rgb = np.linalg.solve(_TO_CONES, np.linalg.solve(_TO_OKLAB, [middle, *hue]) ** 3)
        low, high = (middle, high) if luminance(rgb) < wanted else (low, middle)
    return rgb


def on_dark_paper(svg: str) -> str:
    """Return a drawing with the partner of each of its colours."""
    svg = _COLOUR.sub(lambda match: f"{match[1]}: {partner(match[2])}", svg)
    return _with_default(svg, partner("black"))


def on_both_papers(svg: str) -> str:
    """Return a drawing for inside a page, which follows its theme if the browser can do so."""
    svg = _COLOUR.sub(lambda m: f"{m[0]}; {m[1]}: light-dark({m[2]}, {partner(m[2])})", svg)
    return _with_default(svg, "currentColor")


def _with_default(svg: str, colour: str) -> str:
    """Fill with a colour what names none: matplotlib leaves out black."""
    return svg.replace("<svg ", f'<svg fill="{colour}" ', 1)
