"""Make matplotlib's animations part of the page: one SVG, what moves in it once a frame."""

import io
from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import drawings
from matplotlib.animation import AbstractMovieWriter, TimedAnimation
from matplotlib.figure import Figure
from palette import on_both_papers
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.typing import ExtensionMetadata

_FOR_ALL = ("clip-path", "style", "transform")  # what a group can say once for all in it

_RST = """.. raw:: html

    <figure class="animation" data-interval="{interval}">
    <div class="drawing" style="--width: {width:g}; --height: {height:g}">
    {svg}
    </div>
    <div class="controls" hidden="">
    <button type="button" data-play="{play}" data-pause="{pause}">{play}</button>
    <input type="range" min="0" max="{last}" value="{last}" aria-label="{frame}" />
    </div>
    </figure>
"""


def animation_of(figure: Figure, values: Iterable[object]) -> TimedAnimation | None:
    """Return the animation among a script's variables that moves a figure, if there is one."""
    for value in values:
        if isinstance(value, TimedAnimation) and value._fig is figure:
            return value
    return None


def draw_animation(animation: TimedAnimation, name: str) -> str:
    """Return the directive that draws an animation, with controls that wait for the script.

    The name begins every id in it, since a page can hold several.
    """
    figure, writer = animation._fig, _FrameWriter()
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # nothing may move but what the script moves
    animation.save("frames.svg", writer=writer)  # writes no file
    writer.frames[-1].attrib |= {"role": "img", "aria-label": figure.get_label()}
    width, height = 72 * figure.get_size_inches()
    return _RST.format(
        interval=round(animation._interval),
        width=width,
        height=height,
        svg=merge(writer.frames, name),
        play=escape(_("Play")),
        pause=escape(_("Pause")),
        frame=escape(_("Frame")),
        last=len(writer.frames) - 1,
    )


class _FrameWriter(AbstractMovieWriter):
    """Keep each frame of an animation as a parsed SVG."""

    def setup(self, fig: Figure, outfile: Any, dpi: float | None = None) -> None:
        super().setup(fig, outfile, dpi)
        self.frames: list[Element] = []

    def grab_frame(self, **savefig_kwargs: Any) -> None:
        buffer = io.StringIO()
        self.fig.savefig(buffer, format="svg", metadata={"Date": None})
        self.frames.append(read_frame(buffer.getvalue()))

    def finish(self) -> None:
        pass


def read_frame(svg: str) -> Element:
    """Parse a drawing, without the names that matplotlib gives its parts."""
    root = drawings.read(svg)
    for element in chain.from_iterable(part.iter() for part in root[1:]):
        element.attrib.pop("id", None)
    return root


def merge(frames: Sequence[Element], name: str) -> str:
    """Return one drawing of all frames, of which the last is seen.

    What is the same in all frames is in it once. What differs is in a group of the class `frames`,
    which has one child for each frame. Every id begins with the name.
    """
    definitions = {item.get("id"): item for frame in frames for item in frame[0]}
    merged = Element("svg", frames[-1].attrib)
    merged.append(Element("defs"))
    merged[0].extend(definitions.values())
    merged.extend(map(_merge_versions, zip(*(frame[1:] for frame in frames), strict=True)))
    return on_both_papers(drawings.write(merged, name))


def _merge_versions(versions: Sequence[Element]) -> Element:
    first = versions[0]
    if len({ElementTree.tostring(version) for version in versions}) == 1:
        return first
    if len(first) and len({(v.tag, *v.attrib.items(), len(v)) for v in versions}) == 1:
        group = Element(first.tag, first.attrib)
        group.extend(map(_merge_versions, zip(*versions, strict=True)))
        return group
    group = Element("g", {"class": "frames"})
    for name in _FOR_ALL:
        if len({version.get(name) for version in versions}) == 1 and name in first.attrib:
            group.set(name, first.attrib[name])
            for version in versions:
                del version.attrib[name]
    for version in versions[:-1]:
        version.set("display", "none")
    group.extend(versions)
    return group


def load_player(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the script that plays on the pages that have something to play."""
    if '<figure class="animation"' in context.get("body", ""):
        app.add_js_file("animation.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Look at each page before it is written."""
    app.connect("html-page-context", load_player)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
