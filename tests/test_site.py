"""The built site: both languages whole, every link good, nothing asked of the network."""

import json
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
import sphinx
from babel.messages.mofile import read_mo
from pages import HANGUL, html_files, soup, texts

LANGUAGES = ["ko", "en"]
every_language = pytest.mark.parametrize("language", LANGUAGES)


def names(folder):
    """Return the names of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_both_languages_have_the_same_files(site):
    """Pages, figures and downloads have the same paths in both languages."""
    ko, en = (names(site / language) for language in LANGUAGES)
    assert len([name for name in ko if name.endswith(".html")]) > 20
    assert ko == en


def test_both_languages_have_the_same_anchors(site):
    """Every section and symbol has the same anchor in both languages, none of them numbered."""
    for path in html_files(site / "ko"):
        other = site / "en" / path.relative_to(site / "ko")
        ids = [
            {
                t["id"]
                for t in soup(page).select("main [id]:not([role=tooltip])")
                if not t.find_parent("svg")
            }
            for page in (path, other)
        ]
        if path.name != "genindex.html":
            assert ids[0] == ids[1], path
        assert not [i for page in ids for i in page if re.fullmatch(r"id\d+", i)], path


def hangul(found, allowed=()):
    """Return the texts that contain Hangul and are not on the allow-list."""
    return [text for text in found if HANGUL.search(text) and text not in allowed]


def test_no_hangul_in_english_pages(site):
    """English pages have Hangul in the switch and in the glossary alone."""
    for path in html_files(site / "en"):
        page = soup(path)
        if path.name == "glossary.html":
            for element in page.select("dl.glossary .foreign, dl.glossary .also"):
                assert HANGUL.search(element.get_text()) or "also" in element["class"]
                element.clear()
        assert hangul(texts(page), allowed=("한국어",)) == [], path


def test_no_hangul_in_english_downloads(site):
    """Scripts, notebooks and the archives' members are English throughout."""
    checked = 0
    for path in sorted((site / "en" / "downloads").rglob("*.*")):
        contents = {path.name: path.read_bytes()}
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                contents = {name: archive.read(name) for name in archive.namelist()}
        for name, content in contents.items():
            if not name.endswith(".whl"):  # its description is README.md, which has both languages
                checked += 1
                assert not HANGUL.search(content.decode()), (path, name)
    assert checked > 20


def test_no_hangul_in_the_english_search_index(site):
    """The English index holds Hangul from the glossary alone."""
    index = (site / "en" / "_static" / "search_index.js").read_text("utf-8")
    glossary = (site / "en" / "glossary.html").read_text("utf-8")
    found = set(re.findall("[\uac00-\ud7a3]+", index))
    assert [word for word in found if word not in glossary] == []


def test_no_english_interface_in_korean_pages(site):
    """Around the text, every Korean page speaks Korean; in it, no label of a tool is English."""
    catalogue = Path(sphinx.__file__).parent / "locale" / "ko" / "LC_MESSAGES" / "sphinx.mo"
    with catalogue.open("rb") as file:
        labels = {str(m.id) for m in read_mo(file) if m.id and m.string != m.id}
    labels.add("Out:")
    for path in html_files(site / "ko"):
        page = soup(path)
        for code in page.select("pre, code, .sig, dl.glossary .foreign"):
            code.extract()
        main = page.find("main")
        inside = texts(main)
        assert [text for text in inside if text.strip(" :¶") in labels] == [], path
        main.extract()
        outside = [t for t in texts(page.body) if re.search("[A-Za-z]{2}", t)]
        assert [t for t in outside if not HANGUL.search(t) and t != "English"] == [], path
        soup.cache_clear()


@every_language
def test_no_raw_markup(site, language):
    """No asterisks, backticks, roles or escapes are left in the text of a page."""
    raw = re.compile(r"\*\*|`|:[a-z]+:`|\\ |\$")
    for path in html_files(site / language):
        page = soup(path)
        for element in page.select("pre, code, annotation, .sig, .field-list strong"):
            element.extract()
        assert [text for text in texts(page) if raw.search(text)] == [], path
        soup.cache_clear()


@every_language
def test_every_link_leads_somewhere(site, language):
    """Every link inside the site leads to a file, and to an anchor in it."""
    for path in html_files(site / language):
        for tag in soup(path).select("[href], [src]"):
            address = tag.get("href") or tag.get("src")
            if re.match(r"(https?|mailto|data):", address):
                continue
            name, anchor = urldefrag(address.split("?")[0] if "?" in address else address)
            target = (path.parent / unquote(name)).resolve() if name else path
            assert target.is_file(), (path, address)
            if anchor and target.suffix == ".html" and anchor != "#":
                assert soup(target).find(id=unquote(anchor)), (path, address)


def test_nothing_is_asked_of_the_network(site):
    """No page loads a script, style, image, font or frame from another host."""
    for path in [site / "index.html", *html_files(site / "ko"), *html_files(site / "en")]:
        source = path.read_text("utf-8")
        page = soup(path)
        loaded = [t["src"] for t in page.select("[src]")] + re.findall(
            r'<script[^>]+src="([^"]*)', source
        )
        loaded += [
            t["href"]
            for t in page.select("link[href]")
            if not {"alternate", "canonical"} & set(t.get("rel", []))
        ]
        loaded += re.findall(r"url\(([^)]*)\)|@import ([^;]*)", source)
        assert [a for a in map(str, loaded) if "//" in a] == [], path
    for style in site.rglob("*.css"):
        assert not re.search(r"@import|url\([\"']?(https?:)?//", style.read_text("utf-8")), style


@every_language
def test_every_figure_has_an_alt_text(site, language):
    """Each figure says what it shows, in the language of the page."""
    figures = 0
    for path in html_files(site / language):
        for image in soup(path).select("main img, main svg[role=img]"):
            if image.find_parent(class_="sphx-glr-thumbcontainer"):
                continue
            figures += 1
            text = image["aria-label"] if image.name == "svg" else image["alt"]
            assert len(text) > 15, (path, text)
            assert bool(HANGUL.search(text)) == (language == "ko"), (path, text)
    assert figures >= 8


@every_language
def test_animations_are_part_of_the_page(site, language):
    """A moving figure needs no file but the script that plays it, and only its page loads that."""
    moving = 0
    for path in html_files(site / language):
        source = path.read_text("utf-8")
        figures = soup(path).select("main figure.animation")
        moving += len(figures)
        assert ("_static/animation.js" in source) == bool(figures), path
        for figure in figures:
            assert len(str(figure)) < 250_000, path
            assert not figure.select("[src], image, style, script"), path
            assert bool(HANGUL.search(figure.button.get_text())) == (language == "ko"), path
        names = [tag["id"] for tag in soup(path).select("[id]")]
        assert len(names) == len(set(names)) or not figures, path
    assert moving >= 1


@every_language
def test_mathematics_is_part_of_the_page(site, language):
    """Formulas are MathML with their LaTeX beside it, and need no script."""
    page = soup(site / language / "gallery" / "2_ladder" / "plot_04_by_hand.html")
    formulas = page.select("math annotation")
    assert any(r"\frac{2}{n}" in formula.get_text() for formula in formulas)
    assert not (site / language / "_static" / "katex.min.js").exists()


def test_words_are_joined_in_korean_prose_only(site):
    """What keeps a particle on its line is in no code to copy, no alt text and no search index."""
    joined = set()
    for path in html_files(site):
        page = path.read_text("utf-8")
        if "\u2060" in page:
            joined.add(path.relative_to(site).parts[0])
        apart = re.findall(r"<(?:pre|script)\b.*?</(?:pre|script)>|<[^>]*>", page, re.DOTALL)
        assert not any("\u2060" in part for part in apart), path
    assert joined == {"ko"}
    assert "\u2060" not in (site / "ko" / "_static" / "search_index.js").read_text("utf-8")


@every_language
def test_language_of_the_page(site, language):
    """Each page names its language and links to itself in the other."""
    for path in html_files(site / language):
        page = soup(path)
        assert page.html["lang"] == language
        other = page.select_one(f"nav.languages a:not([hreflang={language}])")
        target = (path.parent / other["href"]).resolve()
        assert target.relative_to(site).parts[1:] == path.relative_to(site).parts[1:]
        assert target.relative_to(site).parts[0] == other["hreflang"] != language


def test_root_page_works_without_javascript(site):
    """The root page links to both languages, each in its own words."""
    page = soup(site / "index.html")
    links = {a["hreflang"]: a for a in page.select("main a")}
    assert {code: (site / a["href"]).is_file() for code, a in links.items()} == {
        "ko": True,
        "en": True,
    }
    assert HANGUL.search(links["ko"].get_text())
    assert links["en"]["lang"] == "en"


@every_language
def test_notebooks_are_markdown(site, language):
    """No reStructuredText or MyST is left in the text of a notebook, and its code compiles."""
    notebooks = list((site / language / "downloads").rglob("*.ipynb"))
    scripts = (Path(__file__).parents[1] / "gallery").rglob("plot_*.py")
    assert {path.stem for path in notebooks} > {path.stem for path in scripts}
    fence = re.compile(r"^( *)```\w+\n.*?^\1```$", re.MULTILINE | re.DOTALL)
    raw = re.compile(r"``|^\.\. |:[a-z]+:`|\{[a-z]+\}`|^\(.*\)=$|\\ |^[=-]{4,}$", re.MULTILINE)
    for path in notebooks:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                assert not raw.search(fence.sub("", text)), (path, text)
            else:
                compile(text, path.name, "exec")
