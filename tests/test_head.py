"""What a page tells machines: addresses only if they are known, and always in its language."""

import re
from xml.etree import ElementTree

import pytest
from matplotlib.image import imread
from pages import HANGUL, html_files, soup
from social_card import draw

BASE = "https://example.org/book"
LANGUAGES = ["ko", "en"]
LINKS = "link[rel=canonical], link[hreflang]"


@pytest.fixture(scope="module")
def published(project):
    """Return the folder of a book whose address is known."""
    result = project("docs/build.py", DOCS_BASE_URL=BASE)
    assert result.returncode == 0, result.stderr
    return project.root / "docs" / "_build" / "html"


def head(path):
    """Return the description and the Open Graph of a page, by name."""
    tags = soup(path).head.select("meta[property], meta[name]")
    return {tag.get("property") or tag["name"]: tag["content"] for tag in tags}


def file_of(site, address):
    """Return the file behind an address of the book."""
    path = site / address.removeprefix(f"{BASE}/")
    return path / "index.html" if address.endswith("/") else path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_published_page_knows_its_addresses(published, language):
    """Each page names itself and its counterpart; readers of neither language get the English."""
    for path in html_files(published / language):
        links = {tag.get("hreflang", "canonical"): tag["href"] for tag in soup(path).select(LINKS)}
        if path.name == "search.html":
            assert links == {}
            continue
        name = path.relative_to(published / language).as_posix()
        english = f"{BASE}/en/{name}"
        assert links == {
            "canonical": f"{BASE}/{language}/{name}",
            "ko": f"{BASE}/ko/{name}",
            "en": english,
            "x-default": f"{BASE}/" if name == "index.html" else english,
        }
        assert all(file_of(published, address).is_file() for address in links.values())
        assert head(path)["og:url"] == links["canonical"]
        assert file_of(published, head(path)["og:image"]).is_file()


def test_the_sitemap_has_every_page(published):
    """The sitemap lists the pages of both languages, no other, each with its counterpart."""
    tree = ElementTree.parse(published / "sitemap.xml").getroot()
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    listed = [file_of(published, tag.text) for tag in tree.findall("s:url/s:loc", space)]
    built = [path for code in LANGUAGES for path in html_files(published / code)]
    assert sorted(listed) == sorted(path for path in built if path.name != "search.html")
    for url in tree.findall("s:url", space):
        links = [tag.attrib for tag in url if tag.tag.endswith("link")]
        assert [link["hreflang"] for link in links] == [*LANGUAGES, "x-default"]
        assert all(file_of(published, link["href"]).is_file() for link in links)
    assert f"Sitemap: {BASE}/sitemap.xml" in (published / "robots.txt").read_text()


def test_the_first_page_can_be_shared(published):
    """The root page has a card, and names both home pages."""
    page = soup(published / "index.html")
    assert {tag["hreflang"]: tag["href"] for tag in page.select("link[hreflang]")} == {
        "ko": f"{BASE}/ko/index.html",
        "en": f"{BASE}/en/index.html",
        "x-default": f"{BASE}/",
    }
    assert file_of(published, head(published / "index.html")["og:image"]).is_file()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_has_the_size_that_networks_ask_for(published, language):
    """The card is 1200 by 630 pixels, and the languages have different ones."""
    card = published / language / "_static" / "card.png"
    assert imread(card).shape[:2] == (630, 1200)
    assert card.read_bytes() != (published / "ko" / "_static" / "card.png").read_bytes() or (
        language == "ko"
    )


def test_the_card_is_the_same_on_every_build_and_lacks_no_glyph(tmp_path):
    """Drawing twice gives the same bytes; a title with a glyph that no font has fails."""
    for name in ("a", "b"):
        draw("PyTorch로 배우는 선형 회귀", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    with pytest.raises(Exception, match="lyph"):
        draw("\U00012000", tmp_path / "c")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_describes_itself_in_its_language(site, language):
    """The description is plain text from the page, and Open Graph names the page's language."""
    for path in html_files(site / language):
        tags = head(path)
        locales = {"ko": "ko_KR", "en": "en_US"}
        assert tags["og:locale"] == locales.pop(language)
        assert tags["og:locale:alternate"] == locales.popitem()[1]
        assert tags["og:title"]
        assert bool(HANGUL.search(tags["og:site_name"])) == (language == "ko")
        if path.name == "search.html" or "_modules" in path.parts:
            continue
        description = tags["description"]
        assert tags["og:description"] == description
        assert 20 < len(description) < 250, path
        assert bool(HANGUL.search(description)) == (language == "ko"), path
        assert not re.search(r"[<>*`$\\]|\s\s", description), (path, description)


def test_a_book_without_an_address_names_none(site):
    """A local build has no canonical addresses, sitemap or card, and so none that are wrong."""
    for path in [site / "index.html", *html_files(site / "ko"), *html_files(site / "en")]:
        assert soup(path).select(LINKS) == [], path
        assert not {"og:url", "og:image"} & head(path).keys(), path
    assert not any((site / name).exists() for name in ("sitemap.xml", "robots.txt"))
