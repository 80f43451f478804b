"""Animations in a page: what stands still is in it once, and without a script one sees the end."""

import re
from xml.etree import ElementTree

import matplotlib.pyplot as plt
import pytest
from animations import animation_of, draw_animation, merge, read_frame
from matplotlib.animation import FuncAnimation

FRAMES = [
    """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
      viewBox="0 0 9 9"><metadata>made by</metadata><defs><style>*{fill: none}</style></defs>
     <g id="axes_1"><path id="border" d="M 0 0.12345 \nL 9 9 \n"/>
     <g id="line_2"><defs><path id="dot" d="M 1 1"/><path id="dot{0}" d="M 2 {0}"/></defs>
      <use xlink:href="#dot{0}" x="{0}"/></g></g></svg>""".replace("{0}", str(number))
    for number in range(4)
]


@pytest.fixture
def merged():
    """Return the four frames above as one drawing."""
    return ElementTree.fromstring(merge([read_frame(frame) for frame in FRAMES], "a"))


def test_what_stands_still_is_in_the_drawing_once(merged):
    """Of all that the frames share, one copy is left, and coordinates are short."""
    borders = [path for path in merged.iter("path") if path.get("d") == "M0 .12l9 8.88"]
    assert len(borders) == 1
    assert len(merged.findall(".//defs")) == 1
    assert sum(path.get("d") == "M1 1" for path in merged.iter("path")) == 1


def test_each_frame_has_its_own_part(merged):
    """What moves has one version for each frame, in their order."""
    [group] = [g for g in merged.iter("g") if g.get("class") == "frames"]
    assert [use.get("x") for use in group] == ["0", "1", "2", "3"]


def test_the_last_frame_is_seen_without_a_script(merged):
    """All versions but the last are hidden, by attributes alone."""
    [group] = [g for g in merged.iter("g") if g.get("class") == "frames"]
    assert [use.get("display") for use in group] == ["none"] * 3 + [None]


def test_every_reference_leads_to_a_definition_of_this_drawing(merged):
    """Ids begin with the name that was asked for, and each reference has exactly one target."""
    defined = [element.get("id") for element in merged.iter() if element.get("id")]
    used = {use.get("href") for use in merged.iter("use")}
    assert len(defined) == len(set(defined)) == 5
    assert used < {f"#{name}" for name in defined}
    assert all(name.startswith("a") for name in defined)


def test_parts_that_come_and_go_are_kept_whole():
    """Where frames differ in their number of parts, each keeps all of its own."""
    frames = [read_frame(f"<svg><g>{'<path/>' * n}</g></svg>") for n in (1, 2, 2)]
    [group] = ElementTree.fromstring(merge(frames, "a")).findall("g")
    assert [len(version) for version in group] == [1, 2, 2]


def test_versions_say_once_what_they_share():
    """Style and place of all versions are those of their group; what is in them alone stays."""
    path = '<path d="M{0} 1" style="stroke: red" clip-path="url(#{0})"/>'
    frames = [read_frame(f"<svg>{path.format(k)}</svg>") for k in range(3)]
    [group] = ElementTree.fromstring(merge(frames, "a")).findall("g")
    assert group.attrib == {"class": "frames", "style": "stroke: red"}
    assert [version.get("style") for version in group] == [None] * 3
    assert [version.get("clip-path") for version in group] == [f"url(#{k})" for k in range(3)]


def draw():
    """Return the HTML of a dot that goes through three places, with a number above it."""
    with plt.rc_context({"svg.hashsalt": "the same ids each time"}):
        fig, ax = plt.subplots()
        (dot,) = ax.plot([], [], "o")
        ax.set(xlim=(0, 4), ylim=(0, 4))

        def move(k):
            dot.set_data([k], [k])
            ax.set_title(str(k))

        animation = FuncAnimation(fig, move, frames=[1, 2, 3], interval=40)
        fig.set_label('A dot, "<up>"')
        assert animation_of(fig, {"x": 1, "animation": animation}.values()) is animation
        assert animation_of(plt.figure(), [animation]) is None
        directive, html = draw_animation(animation, "a").split("\n\n")
        plt.close("all")
    assert directive == ".. raw:: html"
    assert all(line.startswith("    ") for line in html.splitlines())
    return html


def test_an_animation_of_matplotlib():
    """Every frame is there, with alt text and speed; the axes are there once."""
    html = draw()
    figure = ElementTree.fromstring(html)
    svg = figure.find("div/svg")
    groups = [g for g in svg.iter("g") if g.get("class") == "frames"]
    assert {len(group) for group in groups} == {3}
    assert svg.get("aria-label") == 'A dot, "<up>"'
    assert figure.get("data-interval") == "40"
    assert figure.find(".//input").get("max") == "2"
    assert len(html) < 20_000
    assert draw() == html


def test_an_animation_asks_nothing_of_the_network():
    """No address, style sheet, image or script is in it; its controls wait for the page's own."""
    html = draw()
    assert not re.search(r"https?:|url\((?!#)|<(style|image|script|metadata)", html)
    assert '<div class="controls" hidden' in html
