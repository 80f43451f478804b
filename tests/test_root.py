"""What stands above both languages, and where pages once stood."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from pages import HANGUL, soup

BASE = "https://example.org/book"
PAGE = "gallery/1_part/plot_1"


@pytest.fixture(scope="module")
def published(project):
    """Return the folder of a book that has an address, and a page that has moved."""
    moved = f'"first/place" = "{PAGE}"\n'
    (project.root / "docs" / "redirects.toml").write_text(moved, "utf-8")
    result = project("docs/build.py", DOCS_BASE_URL=BASE)
    assert result.returncode == 0, result.stderr
    return project.root / "docs" / "_build" / "html"


@pytest.mark.parametrize("missing", ["x", "ko/x.html", "en/gallery/x.html", "a/b/c/x.html"])
def test_the_error_page_leads_into_the_book_from_any_depth(published, missing):
    """Wherever it is shown, its links and forms reach both languages, and it loads nothing."""
    page = soup(published / "404.html")
    shown_at = urljoin(f"{BASE}/{missing}", page.base["href"])
    reached = set()
    for tag in page.select("a, form"):
        address = urljoin(shown_at, tag.get("href") or tag["action"])
        assert address.startswith(f"{BASE}/")
        path = published / urlsplit(address).path.removeprefix(urlsplit(BASE).path + "/")
        assert path.is_file(), address
        reached.add(path.relative_to(published).as_posix())
    assert reached == {
        f"{code}/{name}.html" for code in ("ko", "en") for name in ("index", "search")
    }
    assert not page.select("[src], link:not([href^='data:'])")


def test_the_error_page_speaks_both_languages(published):
    """Each half is in its language, and says so."""
    korean, english = soup(published / "404.html").select("section")
    assert HANGUL.search(korean.h1.text)
    assert english["lang"] == "en"
    assert not HANGUL.search(english.text)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_that_moved_leads_to_its_new_place(published, language):
    """The old address leads on without a script too, and is canonical nowhere."""
    path = published / language / "first" / "place.html"
    page = soup(path)
    refresh = re.fullmatch(r"0; url=(.*)", page.select_one("meta[http-equiv=refresh]")["content"])
    target = published / language / f"{PAGE}.html"
    links = [refresh[1], page.main.a["href"]]
    assert [(path.parent / link).resolve() for link in links] == [target, target]
    assert page.select_one("link[rel=canonical]")["href"] == f"{BASE}/{language}/{PAGE}.html"
    assert "first/place" not in (published / "sitemap.xml").read_text("utf-8")
    assert bool(HANGUL.search(page.main.h1.text)) == (language == "ko")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('"old" = "nowhere"', "leads from 'old' to 'nowhere', which is no page"),
        (f'"{PAGE}" = "index"', f"says '{PAGE}' has moved, but that page is there"),
    ],
    ids=["no target", "still there"],
)
def test_a_wrong_redirect_fails_the_build(project, published, line, message):
    """A redirect to no page, or from one that is there, stops the build with one sentence."""
    (project.root / "docs" / "redirects.toml").write_text(line, "utf-8")
    result = project("docs/build.py", "ko")
    assert result.returncode != 0
    assert message in result.stderr
