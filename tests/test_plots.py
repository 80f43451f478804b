"""The drawings: what stands on the Axes, read back from its artists."""

import io
import itertools
import subprocess
import sys

import matplotlib
import pytest
import torch
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path
from torch import nn

from linreg_tutorial import plots
from linreg_tutorial._graph import arrange, inputs_of_nodes
from linreg_tutorial.plots import draw_graph, korean_fonts


@pytest.fixture
def ax():
    """Return empty axes of the size of the book's figures."""
    return Figure(figsize=(7, 4)).add_subplot()


@pytest.fixture
def w():
    """Return a scalar that asks for its gradient."""
    return torch.tensor(2.0, requires_grad=True)


def boxes(ax):
    """Return the label and the extent in data units of each box."""
    patches = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    assert len(patches) == len(ax.texts)
    return [
        (text.get_text(), patch.get_path().get_extents())
        for text, patch in zip(ax.texts, patches, strict=True)
    ]


def lines(ax):
    """Return the line of each arrow, its head included, in data units."""
    paths = [p.get_path() for p in ax.patches if isinstance(p, FancyArrowPatch)]
    return [Path(p.vertices[p.codes != Path.CLOSEPOLY]) for p in paths]


def edges(ax):
    """Return for each arrow the labels of the boxes at its tail, on the left, and at its tip."""

    def at(point):
        (name,) = [name for name, box in boxes(ax) if box.padded(2).contains(*point)]
        return name

    ends = [(line.vertices[0], max(line.vertices, key=lambda p: p[0])) for line in lines(ax)]
    return sorted((at(tail), at(tip)) for tail, tip in ends)


MODULE = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))


def tangled():
    """Return a result to which one leaf leads along paths of four lengths."""
    a, b = (torch.tensor(float(i), requires_grad=True) for i in (2, 3))
    return ((a * b + a).exp() * b - a).square() + a


GRAPHS = {
    "chain": lambda: 2 * torch.tensor(2.0, requires_grad=True) ** 2 + 5,
    "module": lambda: nn.functional.mse_loss(MODULE(torch.ones(2, 3)), torch.ones(2, 1)),
    "tangled": tangled,
}


def test_operations_stand_in_the_order_of_the_forward_pass(ax, w):
    """For 2w² + 5 the boxes read w, Pow, Mul, Add from left to right, each with one arrow on."""
    draw_graph(ax, 2 * w**2 + 5, {"w": w})
    names = [name for name, box in sorted(boxes(ax), key=lambda pair: pair[1].x0)]
    assert names == ["w\n2", "Pow", "Mul", "Add"]
    assert edges(ax) == [("Mul", "Add"), ("Pow", "Mul"), ("w\n2", "Pow")]


def test_a_tensor_used_twice_is_one_box_with_two_arrows(ax, w):
    """The two factors of w · w are one leaf, from which two arrows go to Mul."""
    draw_graph(ax, w * w, {"w": w})
    assert edges(ax) == [("w\n2", "Mul")] * 2
    assert len({tuple(line.vertices[0]) for line in lines(ax)}) == 2


def test_a_long_edge_passes_beside_the_boxes_between(ax, w):
    """For w² + w the arrow from w to Add goes around Pow."""
    draw_graph(ax, w**2 + w, {"w": w})
    assert edges(ax) == [("Pow", "Add"), ("w\n2", "Add"), ("w\n2", "Pow")]


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_no_line_crosses_a_box(ax, make):
    """Lines touch boxes at their sides only."""
    draw_graph(ax, make())
    for line, (_, box) in itertools.product(lines(ax), boxes(ax)):
        assert not line.intersects_bbox(box.padded(-2), filled=False)


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_nothing_overlaps(ax, make):
    """Boxes keep apart from each other, and each text lies within its box and the figure."""
    draw_graph(ax, make())
    ax.figure.draw_without_rendering()
    extents = [box for _, box in boxes(ax)]
    for a, b in itertools.combinations(extents, 2):
        assert not a.overlaps(b)
    for text, box in zip(ax.texts, extents, strict=True):
        inside = text.get_window_extent().transformed(ax.transData.inverted())
        assert box.x0 < inside.x0 < inside.x1 < box.x1
        assert box.y0 < inside.y0 < inside.y1 < box.y1
        assert ax.viewLim.x0 <= box.x0 < box.x1 <= ax.viewLim.x1
        assert ax.viewLim.y0 <= box.y0 < box.y1 <= ax.viewLim.y1


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_the_text_is_legible_in_a_figure_of_the_book(ax, make):
    """In seven by four inches the graphs of small models keep letters of 7 points or more."""
    draw_graph(ax, make())
    assert min(text.get_fontsize() for text in ax.texts) >= 7


def test_a_leaf_differs_from_an_operation_by_its_shape(ax, w):
    """Leaves have four corners, operations round ones, so that colour is not needed."""
    draw_graph(ax, w**2, {"w": w})
    patches = [p for p in ax.patches if isinstance(p, FancyBboxPatch)]
    codes = [set(patch.get_path().codes) for patch in patches]
    assert [text.get_text() for text in ax.texts] == ["Pow", "w\n2"]
    assert [Path.CURVE3 in code for code in codes] == [True, False]


def test_leaves_are_named_by_identity_and_data_are_absent(ax, w):
    """An equal tensor lends no name, several numbers show as a shape, and data are not drawn."""
    x, a = torch.ones(4, 3), torch.ones(3, requires_grad=True)
    draw_graph(ax, torch.mv(x, a) * w, {"x": x, "a": a, "other": w.detach().clone()})
    assert {text.get_text() for text in ax.texts} == {"Mul", "Mv", "a\n(3,)", "2"}


def test_drawing_leaves_the_graph_usable(ax, w):
    """A backward pass after the drawing gives the gradient, 4w."""
    output = 2 * w**2 + 5
    draw_graph(ax, output)
    output.backward()
    assert w.grad == 8


def test_a_deep_graph_is_arranged_without_recursion(w):
    """Twice as many operations in a row as Python's stack holds give as many columns."""
    output = w
    for _ in range(2 * sys.getrecursionlimit()):
        output = output + 1
    _, places = arrange(inputs_of_nodes(output.grad_fn))
    assert max(column for column, _ in places.values()) == 2 * sys.getrecursionlimit()


@pytest.mark.parametrize(("output", "kind"), [(2.0, "float"), (None, "NoneType")])
def test_what_is_no_tensor_is_refused(ax, output, kind):
    """A number instead of a tensor is a TypeError that says what came, and nothing is drawn."""
    with pytest.raises(TypeError, match=f"output must be a torch.Tensor, got {kind}"):
        draw_graph(ax, output)
    assert not ax.texts


def test_a_name_for_what_is_no_tensor_is_refused(ax, w):
    """The error names the entry of the mapping."""
    with pytest.raises(TypeError, match=r"names\['b'\] must be a torch.Tensor, got float"):
        draw_graph(ax, w**2, {"w": w, "b": 0.5})


def test_a_tensor_without_a_graph_is_refused(ax, w):
    """Data, leaves and results under no_grad have no grad_fn, and the error says what to do."""
    with torch.no_grad():
        result = w**2
    for output in (torch.ones(3), w, result, (w**2).detach()):
        with pytest.raises(ValueError, match=r"no grad_fn; compute it from .*requires_grad=True"):
            draw_graph(ax, output)
    assert not ax.texts


def test_no_other_module_needs_matplotlib():
    """The library is imported, all but this module, where matplotlib is not installed."""
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        "import importlib, pkgutil, linreg_tutorial as package\n"
        "names = {module.name for module in pkgutil.iter_modules(package.__path__)} - {'plots'}\n"
        "for name in names: importlib.import_module(f'linreg_tutorial.{name}')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_korean_fonts_have_every_glyph():
    """Hangul, the minus sign of ticks and letters of formulas are drawn: no warning says not."""
    with matplotlib.rc_context({"font.family": korean_fonts()}):
        figure = Figure()
        figure.add_subplot(title="비용 −1 ŷ", xlim=(-2, 2)).set_yscale("log")
        figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("known", "fonts"),
    [
        (["DejaVu Sans", "Malgun Gothic"], ["DejaVu Sans", "Malgun Gothic"]),
        (["NanumGothic", "Malgun Gothic"], ["DejaVu Sans", "NanumGothic"]),
        (["DejaVu Sans"], ["DejaVu Sans"]),
    ],
)
def test_korean_fonts_of_the_system(known, fonts, monkeypatch):
    """Without koreanize-matplotlib, a font of the system is taken, and without that none."""
    monkeypatch.setattr(plots, "find_spec", lambda name: None)
    monkeypatch.setattr(plots.fontManager, "get_font_names", lambda: known)
    assert korean_fonts() == fonts
