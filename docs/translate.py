"""Bring all catalogues up to date and say what is left to translate: `python docs/translate.py`.

There are three kinds, all under docs/locale/LANGUAGE/LC_MESSAGES:

scripts.po      text, comments and strings of the gallery, and the code cells of MyST-NB pages
sphinx.po       the interface: what theme, plug-ins and our templates say
the others      prose and docstrings, one catalogue a folder or page of docs/, from Sphinx
"""

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import furo
import sphinx
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po, write_po
from build import BUILD, DOCS, LANGUAGES, ROOT, sphinx_environment, write_tree
from catalogues import read_catalogue
from segments import HANGUL

LOCALE = DOCS / "locale"
SPHINX_LOCALE = Path(sphinx.__file__).parent / "locale"
LABELLED = ("writers/html5.py", "themes/basic/", "domains/python/", "ext/intersphinx/_resolve.py")
HEADER = "# Translations of the book; `nox -s translate` keeps this file up to date.\n"


def templates() -> Iterator[tuple[str, str, Catalog]]:
    """Yield language, domain, and a catalogue of the messages that language has to translate."""
    shared = {"scripts": scripts_messages(), **sphinx_messages()}
    for language in LANGUAGES:
        for domain, messages in {**shared, "sphinx": interface_messages(language)}.items():
            template = Catalog(locale=language)
            for name, text in messages:
                if needs_translation(text, language, domain):
                    template.add(text, locations=[(name, None)])
            if len(template):
                yield language, domain, template


def needs_translation(text: str, language: str, domain: str) -> bool:
    """Say whether a message is in another language than this one: Hangul, or English words."""
    if domain == "sphinx":
        return True
    if HANGUL.search(text):
        return language != "ko"
    words = re.sub(r"(:[\w:]+:)?`.*?`|``.*?``|\w*[._\d][\w.]*", " ", text)
    return language == "ko" and domain == "reference" and bool(re.search(r"[A-Za-z]{2,}", words))


def scripts_messages() -> list[tuple[str, str]]:
    """Return file and text of each message of the scripts and code cells."""
    with (LOCALE / "babel.cfg").open() as file:
        method_map, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, method_map, options, directory_filter=_is_source)
    return [(name, str(text)) for name, _, text, _, _ in found]


def _is_source(path: str | os.PathLike[str]) -> bool:
    """Say whether a folder is neither built nor hidden, as those of environments are."""
    name = Path(path).name
    return name not in ("_build", "__pycache__") and not name.startswith(".")


def interface_messages(language: str) -> list[tuple[str, str]]:
    """Return origin and text of what theme, plug-ins and templates say and Sphinx cannot."""
    if language == "en":
        return []
    known = sphinx_translations(language)
    own = ("**/_templates/**.html", "jinja2"), ("**/_ext/*.py", "python")
    unused = "page", "search", "**/icons", "**/rtd-versions", "**/variant-selector"
    theme = *((f"{name}.html", "ignore") for name in unused), ("**.html", "jinja2")
    folders = [("docs", DOCS, own), ("furo", Path(furo.__file__).parent / "theme" / "furo", theme)]
    found = [
        (f"{origin}/{name}", str(text))
        for origin, folder, method_map in folders
        for name, _, text, _, _ in extract_from_dir(folder, method_map, directory_filter=_is_source)
    ]
    with (SPHINX_LOCALE / language / "LC_MESSAGES" / "sphinx.po").open("rb") as file:
        for message in read_po(file):
            # labels begin with a capital or a sign, messages of the log do not
            names = [n for n, _ in message.locations if n.startswith(LABELLED)]
            if names and isinstance(message.id, str) and re.match("[A-Z&(]", message.id):
                found.append((f"sphinx/{names[0]}", message.id))
    return [(name, text) for name, text in found if text not in known]


def sphinx_translations(language: str) -> dict[str, str]:
    """Return what Sphinx itself says in a language."""
    with (SPHINX_LOCALE / language / "LC_MESSAGES" / "sphinx.mo").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_mo(file) if m.id and m.string}


def sphinx_messages() -> dict[str, list[tuple[str, str]]]:
    """Return, by catalogue, origin and text of each message of the prose and the docstrings."""
    out = BUILD / "gettext"
    shutil.rmtree(out, ignore_errors=True)
    docs = write_tree("ko", "catalogues")
    command = [sys.executable, "-m", "sphinx", "-Q", "-b", "gettext", "-D", "plot_gallery=0"]
    command += ["-D", "nb_execution_mode=off", "-d", str(BUILD / "doctrees" / "catalogues")]
    subprocess.run([*command, docs, out], env=sphinx_environment("ko", docs), check=True)
    generated = set(sphinx_translations("ko").values())  # the headings of numpydoc, in Korean
    domains = {}
    for path in sorted(out.glob("*.pot")):
        if path.stem not in ("gallery", "sphinx"):
            with path.open("rb") as file:
                texts = [str(m.id) for m in read_po(file) if m.id and m.id not in generated]
            domains[path.stem] = [(f"docs/{path.stem}", text) for text in texts]
    return domains


def updated(path: Path, language: str, template: Catalog) -> Catalog:
    """Return the catalogue at a path with the template's messages: new ones empty or fuzzy."""
    catalogue = read_catalogue(path, language)
    catalogue.update(template, update_creation_date=False)
    catalogue.obsolete.clear()
    catalogue.fuzzy = False
    for message in catalogue:
        message.flags -= {"python-format", "python-brace-format"}
        message.locations = sorted({(name, None) for name, _ in message.locations})
    return catalogue


def as_text(catalogue: Catalog) -> str:
    """Return the file of a catalogue, the same bytes for the same messages."""
    catalogue.header_comment = HEADER
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=100, include_lineno=False)
    kept = "Language:|Content-|MIME-|Plural-"
    return re.sub(rf'"(?!{kept})[\w-]+: .*\\n"\n', "", buffer.getvalue().decode())


def incomplete(catalogue: Catalog) -> list[Message]:
    """Return the messages without a translation that counts."""
    return [m for m in catalogue if m.id and (m.fuzzy or not m.string)]


def main() -> None:
    """Update the catalogues, or with --check only say whether that would change anything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail if out of date")
    check = parser.parse_args().check
    problems, wanted = [], set()
    for language, domain, template in templates():
        path = LOCALE / language / "LC_MESSAGES" / f"{domain}.po"
        wanted.add(path)
        catalogue = updated(path, language, template)
        text = as_text(catalogue)
        if not path.exists() or path.read_text("utf-8") != text:
            if check:
                problems.append(f"{path.relative_to(ROOT)}: out of date; run nox -s translate")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        for message in incomplete(catalogue):
            state = "fuzzy" if message.fuzzy else "untranslated"
            names = ", ".join(name for name, _ in message.locations)
            problems.append(f"{language}/{domain}.po, {names}: {state}: {message.id}")
    unused = sorted(set(LOCALE.glob("*/LC_MESSAGES/*.po")) - wanted)
    problems += [f"{p.relative_to(ROOT)}: nothing uses it; delete it" for p in unused]
    print("\n".join(problems) or "every catalogue is complete")
    sys.exit(bool(check and problems))


if __name__ == "__main__":
    main()
