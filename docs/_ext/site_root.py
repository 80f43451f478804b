"""Write what stands above both languages: the first page, the one for errors, the sitemap."""

import re
from pathlib import Path
from shutil import copyfile
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader
from languages import NAMES, addresses

NEED_ADDRESS = {"robots.txt", "sitemap.xml"}
_CANONICAL = re.compile(r'<link rel="canonical" href="([^"]*)"')


def write_root(source: Path, html: Path, base_url: str) -> None:
    """Copy the files of a folder, texts as templates, some only if the book's address is known."""
    templates = Environment(loader=FileSystemLoader(source), autoescape=True)
    for path in source.iterdir():
        target = html / path.name
        if path.suffix == ".png":
            copyfile(path, target)
        elif path.name in NEED_ADDRESS and not base_url:
            target.unlink(missing_ok=True)
        else:
            text = templates.get_template(path.name).render(
                base_url=base_url,
                base_path=f"{urlsplit(base_url).path}/",
                home=addresses(base_url, "index"),
                pages=list_pages(html, base_url),
            )
            target.write_text(text + "\n", "utf-8")


def list_pages(html: Path, base_url: str) -> list[dict[str, str]]:
    """Return the addresses of each page, by language, that names itself as the place to find it."""
    found: dict[str, dict[str, str]] = {}
    for code in NAMES:
        for path in sorted((html / code).rglob("*.html")):
            page = path.relative_to(html / code).with_suffix("").as_posix()
            own = addresses(base_url, page)
            canonical = _CANONICAL.search(path.read_text("utf-8"))
            if canonical and canonical[1] == own[code]:
                found[page] = own
    return list(found.values())
