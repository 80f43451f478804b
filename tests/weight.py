"""What a first visit of a page takes, uncompressed, with its figures counted apart.

The icon, 347 bytes, is left out: some browsers ask for it, and some do not.
"""

import re
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from pages import soup

MOST_BYTES, MOST_REQUESTS = 250_000, 25
KINDS = {
    "home": "index",
    "tutorial": "gallery/6_beyond/plot_30_lines_to_classes",  # no page has more figures
    "animation": "gallery/4_descending_well/plot_16_cost_surface",
    "theory": "theory/gradient",
    "glossary": "glossary",
    "search": "search",
    "sources": "sources",
    "reference": "reference/trainers",
}
_SCRIPT = re.compile(r'<script[^>]+src="([^"]+)"')
_ANIMATION = re.compile('<figure class="animation".*?</figure>', re.DOTALL)
SHOW_FIGURES = """() => Promise.all([...document.images]
  .filter(image => image.checkVisibility())
  .map(image => { image.loading = "eager"; return image.decode(); }))"""


class Weight(NamedTuple):
    """Bytes and requests of a page without its figures, and the bytes of those."""

    bytes: int
    requests: int
    figures: int


def weigh_files(path):
    """Return the weight of a page by the files that it names."""
    html, page = path.read_text("utf-8"), soup(path)

    def sizes(addresses):
        files = {(path.parent / unquote(urlsplit(address).path)).resolve() for address in addresses}
        return [file.stat().st_size for file in files]

    links = [tag["href"] for tag in page.select("link[rel=stylesheet]")]
    figures = [tag["src"] for tag in page.select("img:not(.only-dark)")]
    return _weigh(html, sizes(links + _SCRIPT.findall(html)), sizes(figures))


def weigh_visit(page, address):
    """Return the weight of a page by what a browser gets when it opens the page for the first time.

    The browser shows every figure.
    """
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto(address)
    page.evaluate(SHOW_FIGURES)
    page.wait_for_load_state("networkidle")
    html, *others = responses
    others = [r for r in others if not r.url.startswith("data:") and "/icon.svg" not in r.url]
    figures = [r for r in others if "/_images/" in r.url]
    files = [r for r in others if r not in figures]
    sizes = [[len(response.body()) for response in kind] for kind in (files, figures)]
    return _weigh(html.text(), *sizes)


def _weigh(html, files, figures):
    drawn = sum(len(figure.encode()) for figure in _ANIMATION.findall(html))
    return Weight(
        bytes=len(html.encode()) - drawn + sum(files),
        requests=1 + len(files),
        figures=drawn + sum(figures),
    )
