"""The glossary: one file holds both languages, and each page shows its own first."""

import tomllib
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata


class BilingualGlossary(SphinxDirective):
    """List the terms of one topic: `{bilingual-glossary} topic`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a definition list, each term with its anchor `term-…`."""
        path = Path(self.env.srcdir, "glossary.toml")
        self.env.note_dependency(str(path))
        terms = tomllib.loads(path.read_text("utf-8"))[self.arguments[0]]
        items = [self._item(term) for term in terms]
        # without a source, these nodes are not offered to the translators of the catalogues
        return [addnodes.glossary("", nodes.definition_list("", *items, classes=["glossary"]))]

    def _item(self, term: dict[str, Any]) -> nodes.definition_list_item:
        own, other = ("ko", "en") if self.config.language == "ko" else ("en", "ko")
        anchor = "term-" + term["en"].lower().translate(str.maketrans(" /()", "----")).strip("-")
        title = nodes.term("", term[own], ids=[anchor])
        self.state.document.ids[anchor] = title
        std = cast(StandardDomain, self.env.domains["std"])
        for name in (term[own], *term.get("also", {}).get(own, [])):
            std._note_term(name, anchor, title)
        foreign = nodes.inline("", term[other], lang=other, classes=["foreign"])
        body = nodes.definition("", nodes.paragraph("", "", foreign))
        body += nodes.paragraph("", term["meaning"][own])
        also = [name for names in term.get("also", {}).values() for name in names]
        if also:
            body += nodes.paragraph("", _("Elsewhere: %s") % ", ".join(also), classes=["also"])
        return nodes.definition_list_item("", title, body)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("bilingual-glossary", BilingualGlossary)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
