"""The glossary: one file holds both languages, and each page shows its own first."""

import re
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

Entry = dict[str, Any]

# spaces at which no line may break: around an operator, and in a shape such as (n, d)
_IN_FORMULA = re.compile(r" (?=[=+−×/±] )|(?<=[=+−×/±]) |(?<=\(\w,) (?=\w\))")


def read_glossary(path: Path) -> dict[str, list[Entry]]:
    """Return the entries of each topic; the file's first lines say what an entry holds."""
    return tomllib.loads(path.read_text("utf-8"))


def anchor(entry: Entry) -> str:
    """Return the id of an entry, the same in both languages: `term-linear-regression`."""
    return "term-" + re.sub("[^a-z0-9]+", "-", entry["en"].lower()).strip("-")


def names(entry: Entry, language: str) -> list[str]:
    """Return all that an entry is called in a language, and that no other entry is."""
    return [entry[language], *entry.get("also", {}).get(language, [])]


def meaning(entry: Entry, language: str) -> str:
    """Return what an entry means, its formulas held together."""
    return _IN_FORMULA.sub("\N{NO-BREAK SPACE}", entry["meaning"][language])


class BilingualGlossary(SphinxDirective):
    """List the terms of one topic: `{bilingual-glossary} topic`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition list, each term with its anchor."""
        path = Path(self.env.srcdir, "glossary.toml")
        self.env.note_dependency(str(path))
        glossary = read_glossary(path)
        topic = self.arguments[0]
        if topic not in glossary:
            raise self.error(f"glossary.toml has no topic {topic!r}; it has {', '.join(glossary)}")
        # without a source, these nodes are not offered to the translators of the catalogues
        items = [self._item(entry) for entry in glossary[topic]]
        terms = nodes.definition_list("", *items, classes=["glossary"])
        return [addnodes.glossary("", terms, sorted=False)]

    def _item(self, entry: Entry) -> nodes.definition_list_item:
        own, other = ("ko", "en") if self.config.language == "ko" else ("en", "ko")
        title = nodes.term("", entry[own] + " ", ids=[anchor(entry)])
        title += _foreign(entry[other], other)
        self.state.document.note_explicit_target(title)
        std = cast(StandardDomain, self.env.domains["std"])
        # both languages' names, since a translation must refer to what the original refers to
        for name in dict.fromkeys(names(entry, own) + names(entry, other)):
            std._note_term(name, anchor(entry), self.get_location())
        body = nodes.definition("", nodes.paragraph("", meaning(entry, own)))
        elsewhere = list(_elsewhere(entry, own, other))
        if elsewhere:
            before, after = _("Elsewhere: %s").split("%s")
            listed = chain.from_iterable((nodes.Text(", "), name) for name in elsewhere)
            line = [nodes.Text(before), *list(listed)[1:], nodes.Text(after)]
            body += nodes.paragraph("", "", *line, classes=["also"])
        return nodes.definition_list_item("", title, body)


def _elsewhere(entry: Entry, own: str, other: str) -> Iterator[nodes.Node]:
    """Return the other names of an entry, each once, those in the page's language first."""
    seen = set()
    for language in (own, other):
        for kind in ("also", "homonyms"):
            for name in entry.get(kind, {}).get(language, []):
                if name not in seen:
                    seen.add(name)
                    yield nodes.Text(name) if language == own else _foreign(name, language)


def _foreign(text: str, language: str) -> nodes.inline:
    # docutils writes this class as the lang attribute, which screen readers and hyphenation heed
    return nodes.inline("", text, classes=["foreign", f"language-{language}"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("bilingual-glossary", BilingualGlossary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
