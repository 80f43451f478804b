"""Questions that readers answer in the page, each answer with its feedback, and how many are right.

Style sheet and browser show the feedback by themselves; questions.js remembers the answers.
"""

import json
import re
from collections import Counter
from html import escape
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

_LABEL = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class Question(nodes.General, nodes.Element):
    """A prompt and its options."""


class Prompt(nodes.Part, nodes.TextElement):
    """What is asked."""


class Option(nodes.Part, nodes.Element):
    """A choice with its feedback; `right` says whether it is the right one."""


class Choice(nodes.Part, nodes.TextElement):
    """What can be answered."""


class Feedback(nodes.Part, nodes.Element):
    """Why a choice is right, or what is wrong with it."""


class Progress(nodes.General, nodes.Element):
    """Where the script shows how many questions of the book are answered right."""


class AskQuestion(SphinxDirective):
    """Ask a question: `{question} label`, in it a paragraph, and options with their feedback.

    The options are a definition list, of which `:right:` gives the number of the right one. What
    stands before that paragraph is shown before the question.
    """

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {"right": directives.positive_int}

    def run(self) -> list[nodes.Node]:
        """Return the question, and what stands before it."""
        label, right = self.arguments[0], self.options.get("right", 0)
        if not _LABEL.fullmatch(label):
            raise self.error(f"{label!r} is no label: use lower-case ASCII words with hyphens")
        *before, prompt, options = [None, None, *self.parse_content_to_nodes()]
        if not (isinstance(prompt, nodes.paragraph) and isinstance(options, nodes.definition_list)):
            raise self.error(f"question {label!r} needs a paragraph and a definition list after it")
        if len(options) < 2 or not all(len(item) == 2 and len(item[1]) for item in options):
            raise self.error(f"question {label!r} needs two options or more, each with feedback")
        if not 1 <= right <= len(options):
            raise self.error(f"question {label!r} needs :right:, from 1 to {len(options)}")
        question = Question("", self._text(Prompt, prompt), ids=[label], names=[label])
        self.state.document.note_explicit_target(question)
        for number, (term, definition) in enumerate(options, start=1):
            feedback = Feedback("", *definition.children, right=number == right)
            option = Option("", self._text(Choice, term), feedback, id=f"{label}-{number}")
            question += option
        self.env.metadata[self.env.docname].setdefault("questions", {})[label] = right
        return [*filter(None, before), question]

    def _text(self, kind: type[nodes.TextElement], element: nodes.TextElement) -> nodes.TextElement:
        """Return a text as another kind of element, which the catalogues of translations know."""
        text = kind(element.rawsource, "", *element.children)
        text.source, text.line = element.source or self.get_source_info()[0], element.line
        return text


class ShowProgress(SphinxDirective):
    """Show how many questions of each page are answered right: `{progress}`."""

    def run(self) -> list[nodes.Node]:
        """Leave a place for it."""
        self.env.metadata[self.env.docname]["progress"] = True
        return [Progress()]


def visit_question(self: HTML5Translator, node: Question) -> None:
    """Open the group of options."""
    self.body.append(self.starttag(node, "fieldset", CLASS="question"))


def visit_prompt(self: HTML5Translator, node: Prompt) -> None:
    """Open what names the group."""
    self.body.append("<legend>")


def visit_option(self: HTML5Translator, node: Option) -> None:
    """Open an option and write its button; its number is its value."""
    group, __, number = node["id"].rpartition("-")
    button = f'<input type="radio" id="{node["id"]}" name="{group}" value="{number}" />'
    self.body.append(f'<div class="option">\n{button}\n')


def visit_choice(self: HTML5Translator, node: Choice) -> None:
    """Open the text beside the button."""
    self.body.append(f'<label for="{node.parent["id"]}">')


def visit_feedback(self: HTML5Translator, node: Feedback) -> None:
    """Open what is read aloud when it comes into sight, with the verdict first."""
    kind, verdict = ("right", _("Right")) if node["right"] else ("wrong", _("Not quite"))
    self.body.append(f'<div role="status"><div class="feedback {kind}">\n<p>{verdict}</p>\n')


def write_progress(self: HTML5Translator, node: Progress) -> None:
    """Write a line for each page, and the button that clears; all hidden until the script comes."""
    env = self.builder.env
    lines = []
    for page in env.collect_relations():
        if questions := env.metadata[page].get("questions"):
            link = self.builder.get_relative_uri(self.builder.current_docname, page)
            lines.append(
                f'<li data-questions="{escape(json.dumps(questions))}">'
                f'<a href="{link}">{escape(env.titles[page].astext())}</a> '
                f'<progress max="{len(questions)}" aria-hidden="true"></progress> '
                "<span></span></li>"
            )
    about = escape(_("Questions you have answered right. Your answers stay in this browser."))
    counted = escape(_("{right} of {all}"))
    confirm = escape(_("Clear all answers in this browser?"))
    clear = escape(_("Clear my answers"))
    self.body.append(
        f'<div class="progress" data-text="{counted}" data-confirm="{confirm}" hidden="">\n'
        f'<p>{about}</p>\n<ul aria-live="polite">{"".join(lines)}</ul>\n'
        f'<button type="button">{clear}</button>\n</div>\n'
    )
    raise nodes.SkipNode


def closes(tags: str) -> Any:
    """Return what writes the tags that close an element."""
    return lambda self, node: self.body.append(f"{tags}\n")


def check_labels(app: Sphinx, env: BuildEnvironment) -> None:
    """Report a label that two pages use: an answer to one question would answer the other."""
    labels = Counter(label for data in env.metadata.values() for label in data.get("questions", ()))
    for label, times in labels.items():
        if times > 1:
            logger.warning("%s pages have a question called %r", times, label)


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Show the progress again when a page has changed: its questions may have, too."""
    shown = [page for page, data in env.metadata.items() if "progress" in data]
    return shown if added or changed or removed else []


def load_script(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Load the script on pages with a question or the progress."""
    if re.search('<fieldset class="question"|<div class="progress"', context.get("body", "")):
        app.add_js_file("questions.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives and how they are written."""
    app.add_directive("question", AskQuestion)
    app.add_directive("progress", ShowProgress)
    app.add_node(Question, html=(visit_question, closes("</fieldset>")))
    app.add_node(Prompt, html=(visit_prompt, closes("</legend>")))
    app.add_node(Option, html=(visit_option, closes("</div>")))
    app.add_node(Choice, html=(visit_choice, closes("</label>")))
    app.add_node(Feedback, html=(visit_feedback, closes("</div></div>")))
    app.add_node(Progress, html=(write_progress, None))
    app.connect("env-check-consistency", check_labels)
    app.connect("env-get-outdated", outdated)
    app.connect("html-page-context", load_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
