"""Link the names in code blocks to their documentation.

What is documented is known to Sphinx: the library, and what docs/inventories says of others.
"""

import ast
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from pygments.token import STANDARD_TYPES, Name, Punctuation, Text, Whitespace
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.ext.intersphinx import InventoryAdapter
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from symbols import Symbol, find_symbols

logger = logging.getLogger(__name__)
LIBRARY = "linreg_tutorial"
WITH_INVENTORY = ("torch", "matplotlib", "numpy")
Address = str | tuple[str, str]  # elsewhere a URL, here a page and an anchor
PLAIN = (Text, Whitespace, Name, Punctuation)  # look like the code around them in both themes
_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)")


class Code(Domain):
    """The Python of all pages, and what each name in it is."""

    name, label = "code", "code"
    initial_data: ClassVar[dict[str, Any]] = {
        "programs": {},
        "understood": {},
        "names": {},
        "addresses": {},
    }

    def clear_doc(self, docname: str) -> None:
        """Forget a page that will be read again, or that is gone."""
        self.data["programs"].pop(docname, None)

    def merge_domaindata(self, docnames: set[str], otherdata: dict[str, Any]) -> None:
        """Take over the pages that another process has read."""
        for docname in docnames & otherdata["programs"].keys():
            self.data["programs"][docname] = otherdata["programs"][docname]


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Remember the code blocks of a page as one program, and tell each block where it begins."""
    program: list[str] = []
    for block in doctree.findall(nodes.FixedTextElement):
        lines, shift = block.astext().split("\n"), 0
        if lines[0].startswith(">>> "):
            lines, shift = [line[4:] if _PROMPT.match(line) else "" for line in lines], 4
        elif "python" not in block.get("language", "").lower():
            continue
        try:
            ast.parse("\n".join(lines))
        except SyntaxError:
            continue
        block["code"] = (len(program), shift)
        program += lines
    app.env.get_domain("code").data["programs"][app.env.docname] = "\n".join(program)


def understand(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Find out what each name is, and return the pages that must be written again."""
    data = env.get_domain("code").data
    addresses = _addresses(env)
    if (data["understood"], data["addresses"]) == (data["programs"], addresses):
        return []
    names, missing = _name_all(data["programs"], addresses, Path(f"{app.doctreedir}-mypy"))
    for page, inventory, name in sorted(missing):
        logger.warning("%s has no line for %s", inventory, name, location=page)
    moved = {k for k, address in data["addresses"].items() if addresses.get(k) != address}
    changed = [page for page in names if moved or names[page] != data["names"].get(page)]
    # what is missing will be said again by the next build
    understood = {} if missing else dict(data["programs"])
    data.update(understood=understood, names=names, addresses=addresses)
    # the reference lists who uses what
    return changed + [page for page in env.found_docs if changed and page.startswith("reference/")]


def _name_all(
    programs: Mapping[str, str], addresses: Mapping[str, Address], cache: Path
) -> tuple[dict[str, list[tuple[int, int, str, str]]], set[tuple[str, str, str]]]:
    """Return line, column, text and documented name of the symbols of each page.

    And what should be documented but is not: the page, the inventory, the names looked for.
    """
    public = {cls: name for name in addresses if isinstance(cls := _find(name), type)}
    symbols = find_symbols(list(programs.values()), cache)
    names, missing = {page: [] for page in programs}, set()
    for page, symbol in ((page, s) for page, found in zip(programs, symbols) for s in found):
        candidates = _names(symbol, public)
        known = next((name for name in candidates if name in addresses), None)
        if known:
            names[page].append((symbol.line, symbol.column, symbol.text, known))
        elif (package := candidates[0].split(".")[0]) in WITH_INVENTORY:
            missing.add((page, f"docs/inventories/{package}.txt", " or ".join(candidates)))
    return names, missing


def _addresses(env: BuildEnvironment) -> dict[str, Address]:
    """Return the address of every documented name: here a page and an anchor, else a URL."""
    inventory = InventoryAdapter(env).main_inventory
    others = {
        name: item.uri
        for kind, items in inventory.items()
        for name, item in items.items()
        if kind.startswith("py:") and name.split(".")[0] in WITH_INVENTORY
    }
    ours = {  # a module is its page, whose heading is known by its label
        name: (entry.docname, "" if entry.objtype == "module" else entry.node_id)
        for name, entry in env.get_domain("py").data["objects"].items()
    }
    return others | ours


def _names(symbol: Symbol, public: dict[type, str]) -> list[str]:
    """Return the names by which a symbol may be documented, the best first."""
    if symbol.owner is None:
        return [symbol.path]
    owner = _find(symbol.owner)
    bases = [public[base] for base in getattr(owner, "__mro__", ()) if base in public]
    # the fields of the library's dataclasses are described with the class
    fields = [base for base in bases if base.startswith(LIBRARY)]
    return [f"{base}.{symbol.path}" for base in bases or [symbol.owner]] + fields


def _find(name: str) -> Any:
    """Return what a dotted name stands for, or None."""
    module, _, rest = name.rpartition(".")
    try:
        return getattr(importlib.import_module(module or "builtins"), rest, None)
    except ImportError:
        return getattr(_find(module), rest, None) if "." in module else None


class LinkedCode(nodes.General, nodes.TextElement):
    """A code block as tokens: Sphinx would highlight a literal block again, without the links."""


def visit_linked_code(self: HTML5Translator, node: LinkedCode) -> None:
    """Open what Sphinx opens around highlighted code."""
    self.body.append(f'<div class="highlight-{node["language"]} notranslate">')
    self.body.append('<div class="highlight"><pre>')


def depart_linked_code(self: HTML5Translator, node: LinkedCode) -> None:
    """Close it again."""
    self.body.append("</pre></div></div>\n")


class LinkCode(SphinxPostTransform):
    """Turn the names in code blocks into references, where they are documented."""

    default_priority = 4  # before Sphinx-Gallery's own, which knows global names only
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Replace each block of the page by its tokens."""
        data = self.env.get_domain("code").data
        builder = self.env._app.builder
        for block in [node for node in self.document.findall(nodes.Element) if "code" in node]:
            code, (first, shift) = block.astext(), block["code"]
            begin = [0, *accumulate(len(line) + 1 for line in code.split("\n"))]
            links = {
                begin[line - 1 - first] + column + shift: (text, self.refer(name))
                for line, column, text, name in data["names"][self.env.docname]
                if first < line < first + len(begin)
            }
            language = block.get("language", "pycon")
            tokens = builder.highlighter.get_lexer(code, language).get_tokens(code)
            block.replace_self(LinkedCode("", "", *link_tokens(tokens, links), language=language))

    def refer(self, name: str) -> nodes.reference:
        """Return a reference to the documentation of a name, with no text yet."""
        address = self.env.get_domain("code").data["addresses"][name]
        if isinstance(address, str):
            return nodes.reference("", "", internal=False, refuri=address, reftitle=name)
        return make_refnode(self.env._app.builder, self.env.docname, *address, [], title=name)


def link_tokens(
    tokens: Iterable[tuple[Any, str]], links: Mapping[int, tuple[str, nodes.reference]]
) -> Iterator[nodes.Node]:
    """Yield what each token is written as, with the links at their offsets.

    That is an element of Pygments' class, but nothing around what is plain: two of three tokens.
    """
    offset = 0
    for kind, token in tokens:
        node = nodes.inline(classes=[STANDARD_TYPES.get(kind, "")])
        done = 0
        for at in sorted(k - offset for k in links if offset <= k < offset + len(token)):
            text, reference = links[offset + at]
            reference += nodes.Text(text)
            node += [nodes.Text(token[done:at]), reference]
            done = at + len(text)
        node += nodes.Text(token[done:])
        offset += len(token)
        if kind in PLAIN:
            yield from node.children
        else:
            yield node


def setup(app: Sphinx) -> ExtensionMetadata:
    """Read programs with the pages, understand them all together, link when writing."""
    app.add_domain(Code)
    app.add_node(LinkedCode, html=(visit_linked_code, depart_linked_code))
    app.add_post_transform(LinkCode)
    app.connect("doctree-read", collect)
    app.connect("env-updated", understand)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
