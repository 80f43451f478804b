"""Write figures as SVG without what nobody sees: about half of what matplotlib writes."""

import io
import re
from collections.abc import Iterable
from itertools import cycle
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

_ID = re.compile(r'(?<=href="#)[^"]+|(?<=url\(#)[^)]+|(?<= id=")[^"]+')
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_SEGMENT = re.compile(r"([MLQCz])([^MLQCz]*)")
_MOVED = re.compile(r"translate\([^)]*\)")
_TRANSLATION = re.compile(r"(?<=translate\()[^)]*")


def draw(figure: Figure, **metadata: str) -> str:
    """Return the SVG of a figure."""
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, **metadata})
    root = read(buffer.getvalue())
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return write(root)


def read(svg: str) -> Element:
    """Parse a drawing, with short numbers and without namespaces, spaces and metadata.

    What is drawn by reference, such as glyphs and markers, stands in its first element. The two
    lines of its style sheet become attributes: inside a page they would style the page too. Spaces
    between words are left out, since their glyph draws nothing.
    """
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        values = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        element.attrib = {name: _shorten(name, value) for name, value in values.items()}
        element.tail = None
        if not (element.text or "").strip():
            element.text = None
        if element.tag == "use":
            _place_shortly(element)
    referenced = Element("defs")
    for parent in list(root.iter()):
        for child in parent.findall("defs") + parent.findall("metadata"):
            parent.remove(child)
            referenced.extend(item for item in child if item.get("id"))
    for space in referenced.findall("path"):
        if not space.get("d"):
            referenced.remove(space)
            _remove_uses(root, space.get("id"))
    for group in root.iter("g"):
        _style_together(group)
    root.insert(0, referenced)
    root.attrib |= {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    return root


def write(root: Element, name: str = "d") -> str:
    """Return a drawing with its definitions numbered, each number after a name."""
    numbers = {item.get("id"): f"{name}{number}" for number, item in enumerate(root.find("defs"))}
    svg = ElementTree.tostring(root, "unicode")
    return _ID.sub(lambda match: numbers.get(match[0], match[0]), svg)


def _remove_uses(root: Element, name: str | None) -> None:
    for group in list(root.iter("g")):
        for use in group.findall(f"use[@href='#{name}']"):
            group.remove(use)


def _place_shortly(use: Element) -> None:
    """Say by a place instead of a transformation where a glyph stands, if it is only moved."""
    if _MOVED.fullmatch(use.get("transform", "")):
        places = zip("xy", _NUMBER.findall(use.attrib.pop("transform")), strict=True)
        use.attrib |= {name: place for name, place in places if place != "0"}


def _style_together(group: Element) -> None:
    """Give a group the style of its markers, if it is that of all."""
    styles = {child.get("style", "") if child.tag == "use" else "" for child in group}
    # translucent markers that overlap would look like one
    style = styles.pop() if len(styles) == 1 else ""
    if len(group) > 1 and style and not re.search(r"(?<!-)\bopacity", style):
        group.set("style", style)
        for child in group:
            del child.attrib["style"]


def _shorten(name: str, value: str) -> str:
    if name == "d":
        return shorten_path(value)
    if name == "transform":
        return _TRANSLATION.sub(lambda match: _join(_hundredths(match[0])), value)
    return _join(_hundredths(value)) if name in ("x", "y") else value


def shorten_path(path: str) -> str:
    """Return a path from point to point, to a hundredth of a point, which nobody sees."""
    short, last = "", ""
    start = here = [0, 0]
    for command, numbers in _SEGMENT.findall(path):
        points = _hundredths(numbers)
        if command in "LQC":
            command = command.lower()
            steps = [a - b for a, b in zip(points, cycle(here))]
            short += _glue(short, _join(steps)) if command == last else command + _join(steps)
        else:
            short += command + _join(points)
        if command == "M":
            start = points
        here = points[-2:] or start
        last = command
    return short


def _glue(before: str, after: str) -> str:
    return after if after.startswith("-") else f" {after}"


def _hundredths(numbers: str) -> list[int]:
    return [round(100 * float(number)) for number in _NUMBER.findall(numbers)]


def _join(hundredths: Iterable[int]) -> str:
    """Write numbers with no more signs than it takes to tell them apart."""
    numbers = (f"{number / 100:.10g}" for number in hundredths)
    return re.sub(r"\b0(?=\.)", "", " ".join(numbers)).replace(" -", "-")
