"""Write what the search page reads: the text of every page, section by section, in one script."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from shutil import copyfile

import sphinx.search
from bilingual_glossary import names, read_glossary
from code_links import LinkedCode
from docutils import nodes
from questions import Option
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

_STEMMER = ("base-stemmer.js", "english-stemmer.js")
_SPHINX_SEARCH = (
    "searchtools.js",
    "language_data.js",
    "sphinx_highlight.js",
    "translations.js",
)
_CODE = nodes.literal_block | nodes.doctest_block | LinkedCode
_UNREAD = nodes.Invisible | nodes.math_block | nodes.image | nodes.system_message | Option
_CALL, _END = "receiveSearchIndex(", ");\n"
_TAG = re.compile(r"<[^>]*>")
FORMULA = "…"  # stands for one that would not read like text


@dataclass
class Section:
    """A heading with what stands below it, up to the next one."""

    anchor: str
    heading: str = ""
    prose: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    def packed(self) -> list[str]:
        """Return anchor, heading, prose and code, blocks divided by line breaks."""
        return [self.anchor, self.heading, "\n".join(self.prose), "\n".join(self.code)]


def read_sections(document: nodes.document) -> list[Section]:
    """Return the sections of a page, the title's first, objects and terms among them."""
    sections = [Section("")]  # nothing of weight stands before the title
    _read(document.children, sections)
    return sections[1:]


def _read(found: list[nodes.Node], sections: list[Section]) -> None:
    for node in found:
        if not isinstance(node, nodes.Element) or isinstance(node, _UNREAD):
            continue
        if isinstance(node, nodes.section | addnodes.desc) or _is_term(node):
            sections.append(_start(node))
            _read(node.children[1:], sections)
        elif isinstance(node, _CODE):
            sections[-1].code += _lines(node.astext())
        elif isinstance(node, nodes.raw):
            html = node.astext()
            sections[-1].prose += _block(_TAG.sub(" ", html)) if "<svg" not in html else []
        elif isinstance(node, nodes.TextElement):
            sections[-1].prose += _block(plain_text(node))
        else:
            _read(node.children, sections)


def _is_term(node: nodes.Element) -> bool:
    return isinstance(node, nodes.definition_list_item) and bool(node[0].get("ids"))


def _start(node: nodes.Element) -> Section:
    head = node[0]
    if not isinstance(head, addnodes.desc_signature):
        return Section((node["ids"] or head["ids"])[0], " ".join(plain_text(head).split()))
    signature = "".join(part.astext() for part in head if not isinstance(part, nodes.reference))
    return Section((head["ids"] or [""])[0], head.get("fullname", signature), code=[signature])


def plain_text(node: nodes.Node) -> str:
    """Return the text of a paragraph, a formula in it as LaTeX if that reads like text."""
    if isinstance(node, nodes.math):
        latex = node.astext()
        return FORMULA if re.search(r"[\\{}_^]", latex) else latex
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, _UNREAD | nodes.raw):
        return ""
    return "".join(map(plain_text, node.children))


def _block(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words)] if words else []


def _lines(text: str) -> list[str]:
    return list(chain.from_iterable(map(_block, text.splitlines())))


def read_names(path: Path, language: str) -> Iterator[list[str]]:
    """Yield what each term is called in both languages, beginning with what this one calls it."""
    other = {"ko": "en", "en": "ko"}[language]
    for entry in chain.from_iterable(read_glossary(path).values()):
        yield list(dict.fromkeys(names(entry, language) + names(entry, other)))


class SearchIndex:
    """The index in the making: pages that are not written again keep what the last build read."""

    def __init__(self) -> None:
        self.pages: dict[str, list[list[str]]] = {}

    def read_page(
        self, app: Sphinx, pagename: str, template: str, context: object, doctree: nodes.document
    ) -> None:
        """Read a page as it is written, its references resolved."""
        if doctree is not None:
            uri = app.builder.get_target_uri(pagename)
            self.pages[uri] = [section.packed() for section in read_sections(doctree)]

    def write(self, app: Sphinx, exception: Exception | None) -> None:
        """Write the index, beside it the stemmer for English, and drop Sphinx's own search."""
        if exception or app.builder.name != "html":
            return
        static = Path(app.outdir, "_static")
        path = static / "search_index.js"
        if path.exists():
            last = json.loads(path.read_text("utf-8")[len(_CALL) : -len(_END)])
            self.pages = dict(last["pages"]) | self.pages
        written = sorted(map(app.builder.get_target_uri, app.env.found_docs))
        index = {
            "pages": [(uri, self.pages[uri]) for uri in written],
            "names": list(read_names(Path(app.srcdir, "glossary.toml"), app.config.language)),
        }
        content = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        path.write_text(_CALL + content + _END, "utf-8")
        for name in _STEMMER:
            copyfile(Path(sphinx.search.__file__).parent / "minified-js" / name, static / name)
        for name in _SPHINX_SEARCH:
            (static / name).unlink(missing_ok=True)


def replace_search(app: Sphinx) -> None:
    """Turn Sphinx's search off; conf.py names the search page, which is an ordinary page now."""
    app.builder.search = False


def setup(app: Sphinx) -> ExtensionMetadata:
    """Read pages as they are written, and write the index in the end."""
    index = SearchIndex()
    app.connect("builder-inited", replace_search)
    app.connect("html-page-context", index.read_page)
    app.connect("build-finished", index.write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
