"""Where a page is written, where to report an error in it, and where its notebook opens."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util.typing import ExtensionMetadata

_GITHUB = "https://github.com/"
_BASE = re.compile(r"https?://[^\s/]+(/[^\s/]+)*")
_REPOSITORY = re.compile(rf"{re.escape(_GITHUB)}[\w.-]+/[\w.-]+")


def check(app: Sphinx, config: Config) -> None:
    """Fail at an address that would make dead links."""
    for name, value, form, example in (
        ("DOCS_BASE_URL", config.base_url, _BASE, "https://example.org/book"),
        ("DOCS_REPOSITORY", config.repository, _REPOSITORY, f"{_GITHUB}owner/name"),
    ):
        if value and not form.fullmatch(value):
            raise ConfigError(f"{name} is {value!r}; it must be an address like {example}")


def source(root: Path, page: str, language: str) -> str:
    """Return the file of the repository that holds the words of a page in a language."""
    if language != "ko":
        part = page.partition("/")[0]
        domain = "scripts" if part == "gallery" else part
        return f"docs/locale/{language}/LC_MESSAGES/{domain}.po"
    header = f"{page.rpartition('/')[0]}/GALLERY_HEADER.rst"
    names = (f"{page}.py", f"{page}.rst", header, f"docs/{page}.md", f"docs/{page}.rst")
    return next(name for name in names if (root / name).exists())


def colab_address(config: Config, path: str) -> str:
    """Return where Colab opens a published notebook, or nothing if there is no repository."""
    if not config.repository:
        return ""
    name = config.repository.removeprefix(_GITHUB)
    published = f"{name}/blob/{config.pages_branch}/{config.language}/{path}"
    return f"https://colab.research.google.com/github/{published}"


def add_addresses(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Tell the template where to edit a page and where to report an error, if that is known."""
    config = app.config
    if config.repository and pagename in app.env.found_docs:
        file = source(Path(app.srcdir).parent, pagename, config.language)
        context["edit_address"] = f"{config.repository}/edit/{config.branch}/{file}"
        title = urlencode({"title": f"{config.language}/{pagename}: "})
        context["report_address"] = f"{config.repository}/issues/new?{title}"


def setup(app: Sphinx) -> ExtensionMetadata:
    """Read the addresses from conf.py and check them."""
    for name in ("base_url", "repository", "branch", "pages_branch"):
        app.add_config_value(name, "", "html", [str])
    app.connect("config-inited", check)
    app.connect("html-page-context", add_addresses)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
