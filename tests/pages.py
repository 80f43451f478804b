"""Read built pages: their text, attributes and downloads."""

import re
from functools import cache
from pathlib import Path

from bs4 import BeautifulSoup, Comment

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
READ_ALOUD = ("alt", "title", "aria-label", "content", "tooltip", "placeholder", "data-content")


@cache
def soup(path: Path) -> BeautifulSoup:
    """Return a parsed page, without its scripts, styles and word joiners."""
    page = BeautifulSoup(path.read_text("utf-8").replace("\u2060", ""), "html.parser")
    for element in page(["script", "style"]):
        element.decompose()
    return page


def html_files(folder: Path) -> list[Path]:
    """Return the pages of one language."""
    return sorted(folder.rglob("*.html"))


def texts(element) -> list[str]:
    """Return each text and each attribute that is shown or read aloud."""
    strings = [s.strip() for s in element.find_all(string=True) if not isinstance(s, Comment)]
    attributes = [
        str(tag[name]) for name in READ_ALOUD for tag in element.find_all(attrs={name: True})
    ]
    return [text for text in strings + attributes if text]


def outputs(path: Path) -> str:
    """Return what the code of a page printed."""
    found = soup(path).select(".sphx-glr-script-out pre, .cell_output pre")
    return "\n".join(element.get_text() for element in found)
