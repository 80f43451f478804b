"""Show what the sources print and say beside what the book computes, and hold it to its verdict."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from verdicts import (
    SOURCES,
    VERDICTS,
    Book,
    Entry,
    disagreement,
    equal_lines,
    farthest,
    in_the_form_of,
)

Found = Book | bool | str | None


@cache
def computed() -> dict[str, Book | bool | str]:
    """Return what the book computes for each entry; torch is imported when a page asks for it."""
    import torch
    from claims import CLAIMS
    from evidence import RESULTS

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        found = [function() for function in (*RESULTS, *CLAIMS)]
    return {name: value for values in found for name, value in values.items()}


class SourceTable(SphinxDirective):
    """List the results, or the statements, of one source: `{source-table} layers results`."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return a definition list; an entry with another verdict than it claims is an error."""
        self.env.note_dependency(str(Path(self.env.srcdir, "sources.toml")))
        source, kind = self.arguments
        entries = [e for e in SOURCES[source] if ("printed" in e) == (kind == "results")]
        for entry in entries:
            wrong = disagreement(entry, computed().get(entry["id"]))
            if wrong:
                raise self.error(wrong)
        # without a source, these nodes are not offered to the translators of the catalogues
        items = [self._item(entry, computed().get(entry["id"])) for entry in entries]
        return [nodes.definition_list("", *items, classes=["sources", "simple"])]

    def _item(self, entry: Entry, found: Found) -> nodes.definition_list_item:
        language = self.config.language
        term = nodes.term("", "", *with_code(entry["says"][language]))
        term["ids"] = [f"source-{entry['id']}"]
        body = nodes.definition()
        agreement = ""
        if "printed" in entry:
            text = entry["printed"].strip()
            body += numbers_of(_("Source"), text)
            if isinstance(found, Book):
                equal = equal_lines(text, found.values)
                agreement = in_words(equal, text, found) if len(equal) > 1 else ""
                if not all(equal):
                    body += numbers_of(_("Book"), in_the_form_of(text, found.values))
                elif found.text and entry["verdict"] == "changed":
                    body += numbers_of(_("Book"), found.text)
        if "start" in entry:
            start = ", ".join(map(str, entry["start"])).replace("-", "−")
            body += nodes.paragraph("", _("Start: %s") % start)
        body += self._verdict(entry, agreement)
        return nodes.definition_list_item("", term, body)

    def _verdict(self, entry: Entry, agreement: str) -> nodes.paragraph:
        language = self.config.language
        name = VERDICTS[entry["verdict"]]["name"][language]
        line = nodes.paragraph()
        line += nodes.strong("", name, classes=["verdict", f"verdict-{entry['verdict']}"])
        line += [
            nodes.Text(f" {agreement}"),
            *with_code(entry["why"][language]),
            nodes.Text(" →\N{NO-BREAK SPACE}"),
        ]
        options = {"refdomain": "std", "reftype": "ref", "refexplicit": False, "refwarn": True}
        title = nodes.inline("", entry["page"])
        page = addnodes.pending_xref("", title, reftarget=entry["page"], **options)
        page["refdoc"] = self.env.docname
        self.set_source_info(page)
        line += page
        return line


class SourceVerdicts(SphinxDirective):
    """List the verdicts, what they mean and how many entries have them."""

    def run(self) -> list[nodes.Node]:
        """Return a definition list."""
        self.env.note_dependency(str(Path(self.env.srcdir, "sources.toml")))
        language, items = self.config.language, []
        given = [entry["verdict"] for entries in SOURCES.values() for entry in entries]
        for key, entry in VERDICTS.items():
            name = nodes.strong("", entry["name"][language], classes=["verdict", f"verdict-{key}"])
            term = nodes.term("", "", name, nodes.Text(f" {given.count(key)}"))
            body = nodes.definition("", nodes.paragraph("", entry["meaning"][language]))
            items.append(nodes.definition_list_item("", term, body))
        return [nodes.definition_list("", *items, classes=["sources", "simple"])]


def in_words(equal: list[bool], text: str, found: Book) -> str:
    """Say how many lines of a log are equal and, if both may be compared, how far others are."""
    count = {"equal": sum(equal), "all": len(equal), "off": farthest(text, found.values)}
    if all(equal) or found.rounding is None:
        return _("%(equal)d of %(all)d lines are equal to the last digit.") % count + " "
    words = _("%(equal)d of %(all)d lines are equal to the last digit, others within %(off).2g%%.")
    return words % count + " "


def numbers_of(label: str, text: str) -> nodes.paragraph:
    """Return a line with what was printed; of a log, its first and its last line."""
    lines = [text] if "(" in text else text.splitlines()
    line = nodes.paragraph("", "", nodes.inline("", label, classes=["label"]), classes=["printed"])
    for i, shown in enumerate(lines[:: max(1, len(lines) - 1)]):
        line += [nodes.Text(" … " if i else " "), nodes.literal("", " ".join(shown.split()))]
    return line


def with_code(text: str) -> Iterator[nodes.Node]:
    """Yield the parts of a text, those in backticks as code."""
    for i, part in enumerate(re.split("`", text)):
        if part:
            yield nodes.literal("", part) if i % 2 else nodes.Text(part)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives."""
    app.add_directive("source-table", SourceTable)
    app.add_directive("source-verdicts", SourceVerdicts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
