"""What a downloaded program needs in order to run, and how it gets that or asks for it."""

import ast
import sys
from dataclasses import dataclass
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from sphinx.locale import _
from sphinx_gallery.notebook import add_code_cell, add_markdown_cell

LIBRARY, KOREAN_FONT = "linreg_tutorial", "koreanize_matplotlib"
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "koreanize_matplotlib": "koreanize-matplotlib",
    # other versions print other last digits
    "torch": f"torch=={version('torch').partition('+')[0]}",
}

_METADATA = """\
# /// script
# requires-python = "{python}"
# dependencies = [
{dependencies}
# ]
# ///
"""
_INSTALL = """\
from importlib.util import find_spec

needed = {{
{needed}
}}
missing = " ".join(package for module, package in needed.items() if not find_spec(module))
if missing:
    %pip install -q {{missing}}"""
_FONTS = """\
# {comment}
import matplotlib
from linreg_tutorial.plots import korean_fonts

matplotlib.rcParams["font.family"] = korean_fonts()
"""


@dataclass(frozen=True)
class Wheel:
    """The library as readers install it: its file, and its address if that is known."""

    path: Path
    address: str = ""

    @property
    def requires_python(self) -> str:
        """Return the versions of Python that the library runs on."""
        return next(iter(distributions(path=[str(self.path)]))).metadata["Requires-Python"]


@dataclass(frozen=True)
class Requirements:
    """The modules that a program in a language imports, and where the library comes from."""

    modules: tuple[str, ...]
    wheel: Wheel

    @classmethod
    def of(cls, code: str, wheel: Wheel, language: str) -> "Requirements":
        """Find out what some code imports; figures in Korean need a font, too."""
        found = {LIBRARY}
        for node in ast.walk(ast.parse(code)):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).partition(".")[0])
        if language == "ko" and "matplotlib" in found:
            found.add(KOREAN_FONT)
        return cls(tuple(sorted(found - sys.stdlib_module_names)), wheel)

    @property
    def packages(self) -> dict[str, str]:
        """Return what to ask pip for, by module."""
        library = {LIBRARY: self.wheel.address or self.wheel.path.name}
        return {module: module for module in self.modules} | {
            module: package
            for module, package in (_DISTRIBUTIONS | library).items()
            if module in self.modules
        }

    def equip_script(self, source: str) -> str:
        """Return a script with its requirements in front, and the fonts where it begins."""
        if self.wheel.address:
            needed = {**self.packages, LIBRARY: f"{LIBRARY} @ {self.wheel.address}"}
            dependencies = "\n".join(f'#     "{package}",' for package in needed.values())
            header = _METADATA.format(python=self.wheel.requires_python, dependencies=dependencies)
        else:
            header = f"# {self._by_hand('python -m pip')}\n"
        rows = source.splitlines(keepends=True)
        if fonts := self._fonts():
            first = ast.parse(source).body[0]
            if isinstance(first, ast.Expr):  # the docstring
                rows.insert(first.end_lineno or 0, f"\n{fonts}")
            else:
                rows.insert(first.lineno - 1, f"{fonts}\n")
        return header + "".join(rows)

    def equip_notebook(self, notebook: dict[str, Any]) -> None:
        """Put cells for the requirements and the fonts behind the title of a notebook."""
        title, *rest = notebook["cells"]
        notebook["cells"] = [title]
        if self.wheel.address:
            needed = "\n".join(f'    "{name}": "{pip}",' for name, pip in self.packages.items())
            add_code_cell(notebook, _INSTALL.format(needed=needed))
        else:
            add_markdown_cell(notebook, self._by_hand("%pip", "`"))
        if fonts := self._fonts():
            add_code_cell(notebook, fonts.strip())
        notebook["cells"] += rest

    def _by_hand(self, pip: str, quote: str = "") -> str:
        command = " ".join([pip, "install", *self.packages.values()])
        text = str(_("To run this, unpack its zip and run there: {command}"))
        return text.format(command=f"{quote}{command}{quote}")

    def _fonts(self) -> str:
        if KOREAN_FONT not in self.modules:
            return ""
        return _FONTS.format(comment=_("Hangul in the figures"))
