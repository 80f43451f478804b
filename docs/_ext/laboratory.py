"""A laboratory in a page: data, settings and a question to begin with; the scripts do the rest."""

import json
from typing import Any, ClassVar

import torch
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

from linreg_tutorial.datasets import (
    Dataset,
    load_doubling,
    load_exam_scores,
    load_game_ability,
    load_height_weight,
    load_identity,
    make_line,
)

# what the scripts say, with holes for their numbers; labels that stand still are in the template
STRINGS = {
    "epoch": _("epoch"),
    "cost": _("cost"),
    "own": _("Your own points"),
    "run": _("Run"),
    "pause": _("Pause"),
    "all": _("{n} (all rows)"),
    "some": _("{n} of {all} rows"),
    "readout": _("Epoch {epoch} · cost {cost} · w {w} · b {b}"),
    "minimum": _("Exact minimum: w {w}, b {b}, cost {cost}"),
    "flat": _("All x are equal, so there is no single minimum, and nothing to standardise."),
    "with_momentum": _("Limit with this momentum: {limit}."),
    "calm": _("Converges without swinging."),
    "swinging": _("Converges, swinging from side to side."),
    "limit": _("On the limit: neither converges nor diverges."),
    "diverging": _("Diverges: beyond the limit."),
    "lost": _("The slowest direction loses {lost}% of its error with each update."),
    "grows": _("The steepest direction multiplies its error by {kept} with each update."),
    "batches": _("With mini-batches this is only a guide."),
    "overflow": _("Overflow: in epoch {epoch} the cost exceeded the largest number, 1.8e308."),
    "end": _("The last epoch, {epoch}, is reached."),
    "point": _("Point {i} of {n}"),
    "start": _("Start of the descent"),
    "removed": _("The point is gone; {n} are left."),
    "added": _("Point {i} is new, at x {x}, y {y}."),
    "line": _("Line {line}: {why}"),
    "cells": _("two numbers are needed."),
    "empty": _("a cell is empty."),
    "number": _("“{cell}” is not a number."),
    "size": _("a number is larger than 1e30."),
    "many": _("only {n} rows are used."),
    "kept_lines": _("{n} rows are used."),
    "no_lines": _("There is no row of two numbers."),
    "copied": _("Copied"),
    "by_hand": _("Copy it from here."),
    "script_about": _("What the laboratory computes, in PyTorch"),
    "script_standardise": _("Standardise: mean 0, standard deviation 1"),
    "script_start": _("The start and the optimizer"),
    "script_order": _("A new order of the rows in each epoch, as on the page"),
    "script_result": _("The cost of the line that was reached"),
}


def datasets() -> list[dict[str, Any]]:
    """Return the library's data with one feature, and one with an outlier, as short decimals."""
    line = make_line(
        100, weight=0.5, bias=1.0, noise=1.0, generator=torch.Generator().manual_seed(1)
    )
    x, y = line.X[:20], line.y[:20]
    lowered = y - 12 * (x == x.max())
    found = [
        (load_doubling(), _("y = 2x, three points")),
        (load_identity(), _("y = x, three points")),
        (load_game_ability(), _("Game: hours and ability")),
        (load_exam_scores(), _("Quiz 1 and the exam")),
        (load_height_weight(), _("Height and weight")),
        (line, _("A noisy line, 100 points")),
        (Dataset("outlier", x, lowered, ("x",), "y", line.source), _("20 points, one outlier")),
    ]
    return [
        {
            "name": data.name,
            "title": str(title),
            "x": decimals(data.X[:, 0]),
            "y": decimals(data.y[:, 0]),
        }
        for data, title in found
    ]


def decimals(column: torch.Tensor) -> list[float]:
    """Return float32 numbers as the decimals that they were written as, four places at most."""
    return [round(value, 4) for value in column.tolist()]


class Laboratory(nodes.General, nodes.Element):
    """A laboratory: the state in which it opens, and its question inside."""


def switch(argument: str | None) -> bool:
    """Read an option that is there or not."""
    directives.flag(argument)
    return True


class LaboratoryDirective(SphinxDirective):
    """A laboratory that opens with a data set: `{laboratory} doubling`, the question inside."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "lr": float,
        "momentum": float,
        "nesterov": switch,
        "batch": directives.nonnegative_int,
        "standardise": switch,
        "weight": float,
        "bias": float,
        "epochs": directives.nonnegative_int,
    }

    def run(self) -> list[nodes.Node]:
        """Return the laboratory; what is not said is as on a page without options."""
        name = self.arguments[0]
        known = [data["name"] for data in datasets()]
        if name not in known:
            raise self.error(f"laboratory has no data set {name!r}; it has {', '.join(known)}")
        opening = {
            "data": name,
            "points": None,
            "lr": 0.1,
            "momentum": 0.0,
            "nesterov": False,
            "batch": 0,
            "standardise": False,
            "weight": 0.0,
            "bias": 0.0,
            "epochs": 30,
        } | self.options
        laboratory = Laboratory(opening=opening)
        self.set_source_info(laboratory)
        laboratory += self.parse_content_to_nodes()
        return [laboratory]


def visit_laboratory(self: HTML5Translator, node: Laboratory) -> None:
    """Open the section; the question follows."""
    self.body.append('<div class="laboratory">\n')


def depart_laboratory(self: HTML5Translator, node: Laboratory) -> None:
    """Write the controls and what the scripts need, and close."""
    content = {
        "opening": node["opening"],
        "datasets": datasets(),
        "strings": {name: str(text) for name, text in STRINGS.items()},
    }
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")
    html = self.builder.templates.render("laboratory.html", {"content": packed})
    self.body.append(html + "</div>\n")


def load_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the scripts and the style on the pages with a laboratory."""
    if '<div class="laboratory">' in context.get("body", ""):
        app.add_css_file("laboratory.css")
        for name in ("laboratory_math.js", "laboratory.js"):
            app.add_js_file(name, loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, and look at each page before it is written."""
    app.add_node(Laboratory, html=(visit_laboratory, depart_laboratory))
    app.add_directive("laboratory", LaboratoryDirective)
    app.connect("html-page-context", load_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
