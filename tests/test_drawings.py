"""Slim drawings: the same lines, markers and words as matplotlib drew, in fewer bytes."""

import io
import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
from drawings import draw, read, shorten_path
from hypothesis import given
from hypothesis import strategies as st

coordinates = st.floats(-999, 9999, allow_nan=False)
points = st.tuples(coordinates, coordinates)
segments = st.one_of(
    st.tuples(st.sampled_from("ML"), st.tuples(points)),
    st.tuples(st.just("Q"), st.tuples(points, points)),
    st.tuples(st.just("C"), st.tuples(points, points, points)),
    st.tuples(st.just("z"), st.just(())),
)


def absolute(path):
    """Return commands and coordinates of a path, as the grammar of SVG 1.1 reads them."""
    found, here, start, command = [], (0, 0), (0, 0), None
    tokens = re.findall(r"[A-Za-z]|-?\d*\.\d+|-?\d+", path)
    assert re.sub(r"[A-Za-z]|-?\d*\.\d+|-?\d+| ", "", path) == ""
    while tokens:
        if tokens[0].isalpha():
            command = tokens.pop(0)
        shift = here if command.islower() else (0, 0)
        numbers = [float(tokens.pop(0)) for _ in range({"q": 4, "c": 6, "z": 0}.get(command, 2))]
        moved = [number + shift[i % 2] for i, number in enumerate(numbers)]
        here = tuple(moved[-2:]) or start
        start = here if command == "M" else start
        found += [command.upper(), *moved]
    return found


@given(points, st.lists(segments, max_size=20))
def test_a_short_path_leads_where_the_long_one_did(first, rest):
    """No point moves by more than half of a hundredth, however many come before it."""
    path = [("M", (first,)), *rest]
    long = "".join(f"{c} {' '.join(f'{x:f} {y:f}' for x, y in at)} \n" for c, at in path)
    wanted = [
        value
        for command, at in path
        for value in [command.upper(), *(float(f"{v:f}") for xy in at for v in xy)]
    ]
    assert absolute(shorten_path(long)) == [
        pytest.approx(value, abs=0.0051) if isinstance(value, float) else value for value in wanted
    ]


def test_a_path_in_a_few_signs():
    """Signs divide numbers, a letter is not said twice, and a figure begins where its last did."""
    long = "M 10 10 \nL 10.126 9.5 \nL 11 9 \nz\nL 12 12 \n"
    assert shorten_path(long) == "M10 10l.13-.5 .87-.5zl2 2"


def test_a_word_in_a_few_signs():
    """Glyphs say where they stand, unless they are turned or scaled too; spaces are left out."""
    svg = """<svg><defs><path id="m" d="M 1 1"/><path id="space"/></defs><g><use href="#m"/>
      <use href="#space" transform="translate(5 0)"/><use href="#m" transform="translate(9.126 0)"/>
      <use href="#m" transform="translate(0 -7)"/>
      <use href="#m" transform="translate(3 4) scale(2)"/></g></svg>"""
    root = read(svg)
    placed = [dict(use.items()) for use in root.iter("use")]
    places = [{}, {"x": "9.13"}, {"y": "-7"}, {"transform": "translate(3 4) scale(2)"}]
    assert placed == [{"href": "#m"} | place for place in places]
    assert [path.get("id") for path in root.iter("path")] == ["m"]


@pytest.mark.parametrize(("style", "shared"), [("fill: red", True), ("opacity: 0.5", False)])
def test_markers_share_their_style(style, shared):
    """It is said once for all of them, unless they are translucent and may overlap."""
    svg = f'<svg><g><use x="1" style="{style}"/><use x="2" style="{style}"/></g></svg>'
    group = read(svg).find("g")
    assert (group.get("style") == style) == shared
    assert all((use.get("style") == style) != shared for use in group)


def figure():
    """Return a figure with lines, markers, words and a formula."""
    fig, ax = plt.subplots()
    ax.plot([k**2 % 17 for k in range(50)], "o-", label="$x^2$")
    ax.legend(title="mod 17")
    return fig


def test_a_drawing_is_whole_and_slim():
    """It has few more than half the bytes, as many marks, and no reference leads nowhere."""
    with plt.rc_context({"svg.hashsalt": "the same ids each time"}):
        fig, buffer = figure(), io.StringIO()
        fig.savefig(buffer, format="svg")
        thick, slim = buffer.getvalue(), draw(fig, Title="Squares")
        assert draw(fig, Title="Squares") == slim
        plt.close("all")
    assert len(slim) < 0.6 * len(thick)
    root = ElementTree.fromstring(slim)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Squares"
    [space] = re.findall(r'<path id="([^"]+)" transform="[^"]+"/>', thick)
    assert slim.count("<use ") == thick.count("<use ") - thick.count(f'#{space}"') > 50
    assert slim.count("<path ") == thick.count("<path ") - 1
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    used = re.findall(r'href="#([^"]+)', slim) + re.findall(r"url\(#([^)]+)", slim)
    assert len(ids) == len(set(ids))
    assert set(used) <= set(ids)
    assert "metadata" not in slim
