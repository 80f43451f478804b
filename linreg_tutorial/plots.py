"""Drawings on a given Axes; nothing here knows of data sets or of training."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path as FilePath
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.font_manager import fontManager
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from matplotlib.text import Text
from torch import Tensor
from torch.autograd.graph import Node

from linreg_tutorial._graph import Place, Slot, arrange, inputs_of_nodes, label

__all__ = ["draw_graph", "korean_fonts"]

_KOREAN_FONTS = (
    *("NanumGothic", "Malgun Gothic", "AppleGothic", "Noto Sans KR"),
    *("Noto Sans CJK KR", "Noto Sans CJK JP"),  # the second is what matplotlib calls the collection
)
_FONT, _PAD, _GAP = 12.0, 6.0, 16.0  # points: text, around it, between two columns


class _Box(NamedTuple):
    x: float  # of its middle, in points, like the rest
    y: float
    width: float
    height: float


def draw_graph(ax: Axes, output: Tensor, names: Mapping[str, Tensor] | None = None) -> None:
    r"""Draw what `output.backward()` goes through, from left to right as it was computed.

    An operation is a box with round corners. A leaf is a box with sharp corners that holds its
    name and its value, or its shape if it has more than one number. Plain numbers and tensors that
    ask for no gradient are not part of the graph. The text shrinks until everything fits.

    Parameters
    ----------
    ax : matplotlib.axes.Axes
        Where to draw; its frame and ticks are hidden.
    output : torch.Tensor
        The result, of any shape.
    names : mapping of str to torch.Tensor, optional
        Names of leaves; other tensors among them are ignored.

    Raises
    ------
    TypeError
        If `output`, or one of the named, is no tensor.
    ValueError
        If `output` has no `grad_fn`, so that there is no graph.

    Examples
    --------
    >>> import torch
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot()
    >>> w = torch.tensor(2.0, requires_grad=True)
    >>> draw_graph(ax, 2 * w**2 + 5, {"w": w})
    >>> [text.get_text() for text in ax.texts]
    ['Add', 'Mul', 'Pow', 'w\n2']
    """
    named = {} if names is None else dict(names)
    for name, value in [("output", output), *((f"names[{k!r}]", t) for k, t in named.items())]:
        if not isinstance(value, Tensor):
            raise TypeError(f"{name} must be a torch.Tensor, got {type(value).__name__}")
    if output.grad_fn is None:
        raise ValueError(
            "output has no grad_fn; compute it from a tensor with requires_grad=True, "
            "outside of torch.no_grad()"
        )
    inputs = inputs_of_nodes(output.grad_fn)
    edges, places = arrange(inputs)
    texts = {node: ax.text(0, 0, label(node, named), size=_FONT) for node in inputs}
    boxes = _boxes(places, {node: _size(text) for node, text in texts.items()})
    scale = _fit(ax, list(boxes.values()))
    for node, text in texts.items():
        text.set(position=(boxes[node].x, boxes[node].y), size=_FONT * scale)
        text.set(ha="center", va="center", multialignment="center")
        ax.add_patch(_patch(boxes[node], leaf=hasattr(node, "variable")))
    for path in _paths(edges, boxes):
        arrow = FancyArrowPatch(path=path, arrowstyle="-|>", mutation_scale=12 * scale, color="0.2")
        ax.add_patch(arrow)


def _boxes(
    places: Mapping[Slot, Place], sizes: Mapping[Node, tuple[float, float]]
) -> dict[Slot, _Box]:
    """Return a box for each place, as wide as its column and as high as the highest text."""
    height = max(size[1] for size in sizes.values()) + 2 * _PAD
    widths: dict[int, float] = defaultdict(float)
    for node, size in sizes.items():
        widths[places[node][0]] = max(widths[places[node][0]], size[0] + 2 * _PAD)
    x = {k: -widths[k] / 2 - sum(widths[j] + _GAP for j in range(k)) for k in widths}
    return {
        slot: _Box(x[k], -row * (height + _PAD), widths[k], height if slot in sizes else 0)
        for slot, (k, row) in places.items()
    }


def _size(artist: Text | Axes) -> tuple[float, float]:
    """Return width and height in points."""
    extent, points = artist.get_window_extent(), 72 / artist.figure.dpi
    return extent.width * points, extent.height * points


def _fit(ax: Axes, boxes: list[_Box]) -> float:
    """Show all boxes, in their size or smaller, and return the scale."""
    left = min(box.x - box.width / 2 for box in boxes) - _PAD
    top = max(box.y + box.height / 2 for box in boxes) + _PAD
    width, height = _size(ax)
    scale = min(1.0, width / (_PAD - left), height / (2 * top))
    middle, x, y = (left + _PAD) / 2, width / scale / 2, height / scale / 2
    ax.set(xlim=(middle - x, middle + x), ylim=(-y, y), aspect="equal")
    ax.set_axis_off()
    return scale


def _patch(box: _Box, *, leaf: bool) -> FancyBboxPatch:
    corner = box.x - box.width / 2, box.y - box.height / 2
    style = "square,pad=0" if leaf else "round,pad=0,rounding_size=12"
    color = "C1" if leaf else "C0"
    return FancyBboxPatch(corner, *box[2:], style, edgecolor=color, facecolor=to_rgba(color, 0.15))


def _paths(edges: list[list[Slot]], boxes: Mapping[Slot, _Box]) -> Iterator[Path]:
    """Yield the line of each edge; lines that meet at one side of a box share its height."""
    sides: dict[tuple[Slot, int], list[tuple[float, int]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        for near, far in pairwise(edge):
            sides[near, -1].append((-boxes[far].y, number))
            sides[far, 1].append((-boxes[near].y, number))

    def port(slot: Slot, side: int, number: int) -> tuple[float, float]:
        box, numbers = boxes[slot], [n for _, n in sorted(sides[slot, side])]
        share = 0.5 - (numbers.index(number) + 1) / (len(numbers) + 1)
        return box.x + side * box.width / 2, box.y + share * box.height

    for number, edge in enumerate(edges):
        steps = pairwise(reversed(edge))
        yield Path([p for a, b in steps for p in (port(a, 1, number), port(b, -1, number))])


def korean_fonts() -> list[str]:
    """Return font families that draw Hangul and every sign, for `rcParams["font.family"]`.

    The first family is DejaVu Sans, since Korean fonts lack the minus sign of tick labels. The
    second is NanumGothic, if koreanize-matplotlib is installed, or else a Korean font of the
    system. If there is none, Hangul will be drawn as boxes.

    Returns
    -------
    list of str
        One family, or two.

    Examples
    --------
    >>> korean_fonts()[0]
    'DejaVu Sans'
    """
    known = set(fontManager.get_font_names())
    package = find_spec("koreanize_matplotlib")  # not imported: it would put its font first
    if "NanumGothic" not in known and package and package.origin:
        fontManager.addfont(FilePath(package.origin).with_name("fonts") / "NanumGothic.ttf")
        known.add("NanumGothic")
    return ["DejaVu Sans", *[name for name in _KOREAN_FONTS if name in known][:1]]
