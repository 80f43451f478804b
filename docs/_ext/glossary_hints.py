"""Explain a term of the glossary where a page first uses it, when asked: by pointer or keyboard.

The term becomes a link to its entry, and what the entry says stands hidden behind the link.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import chain, groupby
from pathlib import Path
from typing import Any, cast

from bilingual_glossary import meaning, read_glossary
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.domains.std import StandardDomain
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

FURNITURE = "this-book"  # the topic whose terms explain themselves, as "exercise"

# what may follow a Korean noun: particles, one after the other, and a form of 이다
_ENDING = (
    "(?:은|는|이|가|을|를|의|에|에서|에게|으로|로|으로서|로서|으로써|로써|으로부터|로부터|와|과|이나|나|이란|란|"
    "이라도|라도|하고|도|만|부터|까지|마다|조차|밖에|처럼|같이|보다|대로|만큼|들|뿐|씩)*"
    "(?:이?(?:다|고|며|면|므로|지만|라|라서|라고|라는)|인|인데|인지|일|임|입니다|입니까)?"
)
_EMPHASIS = nodes.emphasis | nodes.strong
_NO_PROSE = nodes.table | nodes.figure | nodes.footnote | addnodes.desc


class Hint(nodes.reference):
    """A link to the entry of a term, with its meaning, which is no part of the page's text."""


class AddHints(SphinxPostTransform):
    """Make a hint of the first use of each term; the text of the page stays as it is."""

    default_priority = 900  # when references have been resolved
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Look through the paragraphs from the beginning of the page."""
        unused = dict(self._addresses())
        if not unused:
            return
        for paragraph in filter(_is_read, list(self.document.findall(nodes.paragraph))):
            for text in list(_prose(paragraph)):
                parts = list(self._split(text, " ".join(paragraph.astext().split()), unused))
                if len(parts) > 1:
                    text.parent.replace(text, parts)
                    paragraph["classes"].append("hinted")

    def _split(self, text: nodes.Text, said: str, unused: dict[str, str]) -> Iterator[nodes.Node]:
        """Yield the pieces of a text, hints among them, whose terms are unused no longer."""
        terms = tuple(self.config.glossary_hints)
        end = 0
        for match in term_pattern(terms, self.config.language).finditer(text):
            term = terms[match.lastindex - 1]
            explained, everyday = self.config.glossary_hints[term]
            if term in unused and not any(words in said for words in everyday):
                yield nodes.Text(text[end : match.start()])
                uri = unused.pop(term)
                yield Hint("", match[0], internal=True, refuri=uri, meaning=explained)
                end = match.end()
        yield nodes.Text(text[end:])

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Yield each term with the address of its entry, none in the glossary itself."""
        here = self.env.current_document.docname
        entries = cast(StandardDomain, self.env.domains["std"]).objects
        for term in self.config.glossary_hints:
            page, label = entries.get(("term", term), (here, ""))
            if page != here:
                yield term, f"{self.app.builder.get_relative_uri(here, page)}#{label}"


@cache
def term_pattern(terms: tuple[str, ...], language: str) -> re.Pattern[str]:
    """Return what finds the terms, each as the group of its number; the first that fits counts."""
    found = [re.escape(term).replace(r"\ ", r"\s+") for term in terms]
    if language != "ko":
        found = [f"{t[:-2]}[ie]s" if t.endswith("is") else f"{t}(?:e?s)?" for t in found]
    groups = "|".join(f"({term})" for term in found)
    if language == "ko":
        return re.compile(rf"(?<!\w)(?:{groups})(?={_ENDING}(?!\w))")
    return re.compile(rf"(?<![\w-])(?:{groups})(?![\w-])", re.IGNORECASE)


def _is_read(paragraph: nodes.Node) -> bool:
    """Say whether a paragraph is prose of the page, not part of a table or of the reference."""
    inside = paragraph.parent
    while inside and not isinstance(inside, _NO_PROSE):
        inside = inside.parent
    return inside is None


def _prose(element: nodes.Element) -> Iterator[nodes.Text]:
    """Yield the texts outside links, code and formulas, lines joined that MyST keeps apart."""
    joined: list[nodes.Node] = []
    for is_text, run in groupby(element.children, lambda node: isinstance(node, nodes.Text)):
        found = list(run)
        joined += [nodes.Text("".join(found))] if is_text else found
    element[:] = joined
    for node in joined:
        if isinstance(node, nodes.Text):
            yield node
        elif isinstance(node, _EMPHASIS):
            yield from _prose(node)


def visit_hint(self: HTML5Translator, node: Hint) -> None:
    """Open the link, which names what describes it."""
    label = node["refuri"].partition("#term-")[2]
    attributes = {"href": node["refuri"], "aria-describedby": f"hint-{label}"}
    self.body.append(self.starttag(node, "a", "", CLASS="hint", **attributes))


def depart_hint(self: HTML5Translator, node: Hint) -> None:
    """Close the link and put the meaning behind it."""
    label = node["refuri"].partition("#term-")[2]
    text = escape(node["meaning"], quote=False)
    self.body.append(f'</a><span class="meaning" role="tooltip" id="hint-{label}">{text}</span>')


def read_terms(app: Sphinx, config: Config) -> None:
    """Read what each term means and where it is no term; all is written again if that changes."""
    language = config.language
    glossary = read_glossary(Path(app.srcdir, "glossary.toml"))
    entries = chain.from_iterable(glossary[topic] for topic in glossary if topic != FURNITURE)
    config.glossary_hints = {
        entry[language]: (meaning(entry, language), entry.get("everyday", {}).get(language, []))
        for entry in sorted(entries, key=lambda entry: len(entry[language]), reverse=True)
    }


def load_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the script that lets Escape put a hint away, where there is a hint."""
    if 'class="hint"' in context.get("body", ""):
        app.add_js_file("hints.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the hints and how they are written."""
    app.add_config_value("glossary_hints", {}, "html", [dict])
    app.add_node(Hint, html=(visit_hint, depart_hint))
    app.add_post_transform(AddHints)
    app.connect("config-inited", read_terms)
    app.connect("html-page-context", load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
