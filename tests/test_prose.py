"""The prose of a page: its decimal numbers are those that the page prints or computes with."""

import copy
import re
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest
from pages import soup

ROOT = Path(__file__).parents[1]
SCRIPTS = [path.relative_to(ROOT) for path in (ROOT / "gallery").rglob("plot_*.py")]
NOTEBOOKS = [
    path.relative_to(ROOT / "docs")
    for folder in (ROOT / "docs", ROOT / "docs" / "theory", ROOT / "docs" / "exercises")
    for path in folder.glob("*.md")
    if "file_format: mystnb" in path.read_text("utf-8")
]
COMMENTS = "pre .c, pre .c1"
BLOCKS = "h1, h2, h3, p, li, dt, dd, th, td"
NOT_PROSE = "pre, svg, nav, .headerlink"

_MARKS = {"−": "-", "**": "^", r"\times": "×", r"\cdot": "×", "·": "×", r"\%": "%", "{,}": ","}
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FORMAT = re.compile(r":[^\s:{}]*[a-z%]\}")  # of a placeholder: the 8.4 of {w:8.4f}
_VERSION = re.compile(r"(?:Python|PyTorch) \d+\.\d+|\d+(?:\.\d+){2,}")
_NUMBER = re.compile(
    r"""
    (?P<sign>(?<![\w)\]}])-)?  # not that of a subtraction
    (?<![\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?
    (?:e(?P<e>[+-]?\d+) | \ ?×\ ?10\^(?P<times>-?\d+) | (?<=(?<!\d)10)\^(?P<power>-\d+))?
    (?:\ ?(?P<scale>%|million))?
    """,
    re.VERBOSE,
)
_SCALES = {None: 0, "%": -2, "million": 6}


class Number(NamedTuple):
    """A number: as it is written, its value, and by how much rounding may have changed it."""

    text: str
    value: Decimal
    rounding: Decimal
    signed: bool
    decimal: bool


def numbers(text):
    """Yield the numbers in a text, without versions: they have three parts, or a name before."""
    for mark, plain in _MARKS.items():
        text = text.replace(mark, plain)
    text = re.sub("[⁻⁰¹²³⁴-⁹]+", lambda match: "^" + match[0].translate(_RAISED), text)
    text = re.sub(r"\^\{(-?\d+)\}", r"^\1", text)
    for match in _NUMBER.finditer(_VERSION.sub(" ", text)):
        exponent = match["e"] or match["times"] or match["power"]
        shift = int(exponent or 0) + _SCALES[match["scale"]]
        decimals = match["decimals"] or ""
        digits = "1" if match["power"] else match["digits"].replace(",", "") + decimals
        unit = Decimal(f"1e{shift - len(decimals)}")
        yield Number(
            text=match[0],
            value=(-1 if match["sign"] else 1) * int(digits) * unit,
            rounding=unit / 2 if int(digits) > 9 else 0 * unit,
            signed=bool(match["sign"]),
            decimal=bool(decimals or exponent),
        )


def unsupported(prose, shown):
    """Return the decimals in the prose that are not among the numbers shown.

    They may be rounded to two digits or more. A number without a sign may be a negative one's size.
    """
    known = {number.value for number in numbers(_FORMAT.sub("}", shown))}
    sizes = {abs(value) for value in known}
    return [
        number.text
        for number in numbers(prose)
        if number.decimal
        and not any(
            abs(value - number.value) <= number.rounding
            for value in (known if number.signed else sizes)
        )
    ]


def read(path):
    """Return the prose of a page, comments and the LaTeX of formulas included, and the rest."""
    page = copy.copy(soup(path).article)
    comments = [element.extract().get_text() for element in page.select(COMMENTS)]
    shown = [element.get_text() for element in page.select("pre")]
    for formula in page.select("math"):
        formula.replace_with(formula.annotation.get_text())
    for element in page.select(NOT_PROSE):
        element.extract()
    for element in page.select(BLOCKS):
        element.append("\n")
    return "\n".join([page.get_text(), *comments]), "\n".join(shown)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_decimals_in_prose_are_shown(site, language):
    """Each decimal in the prose of an executed page is in its code or in what that printed."""
    missing, checked = {}, 0
    for source in [*SCRIPTS, *NOTEBOOKS]:
        prose, shown = read(site / language / source.with_suffix(".html"))
        checked += sum(number.decimal for number in numbers(prose))
        missing[str(source)] = unsupported(prose, shown)
    assert {source: found for source, found in missing.items() if found} == {}
    assert checked > 100


@pytest.mark.parametrize(
    ("prose", "shown"),
    [
        ("비용은 26.632116입니다.", "Epoch    0/2000 Cost: 26.632116"),
        ("비용이 26.63에서 0.0에 가깝게", "Cost: 26.632116 0"),
        ("1.07이나 1.068", "1.0680"),
        ("W = \N{MINUS SIGN}0.5719", "tensor([[-0.5719]])"),
        ("거리 0.5719", "tensor([[-0.5719]])"),
        ("w-0.5", "w - 0.5 * x"),
        ("186,666.67, then 186666.7", "186666.6719"),
        ("``1e-5``, 10⁻⁵, 10^{-5} and 4.54e-05", "lr=1e-5, 4.541e-05"),
        (r"2.6 \times 10^{7}, 2.6 × 10⁷, 2.6e7, 26.0 million", "25982913"),
        ("7.9 million", "7.9e+06"),
        (r"99.5%, 0.5 % and 0.5\%", "assert share == 0.995; print('0.5%')"),
        ("0.25", "quantile 25%"),
        ("0.1만큼", "lr = 0.1"),
        ("0.5x와 0.5배", "print(f'{0.5 * x:8.4f}')"),
        ("2.13.0 or PyTorch 2.6 of 2026, chapter 1.3.6.7.2, 3 points in 10^7, 95% and 2.", ""),
    ],
)
def test_a_decimal_that_is_shown(prose, shown):
    """A number may be rounded, a percentage or a power of ten; integers and versions are free."""
    assert unsupported(prose, shown) == []


@pytest.mark.parametrize(
    ("prose", "shown", "missing"),
    [
        ("비용은 26.632117입니다.", "Cost: 26.632116", ["26.632117"]),
        ("1.06이나 1.0681", "1.068", ["1.06", "1.0681"]),
        ("-0.5719와 -0.1", "0.5719 w-0.1", ["-0.5719", "-0.1"]),
        ("0.5 and 1e-7", "0.46 1.2e-7", ["0.5", "1e-7"]),
        ("10⁻⁶, 10^{-4}", "1e-5", ["10^-6", "10^-4"]),
        (r"2.6 \times 10^{7}", "2.6 10 7 2.6e6", ["2.6 × 10^7"]),
        ("0.5%", "0.5", ["0.5%"]),
        ("7.9 million", "7.9", ["7.9 million"]),
        ("186,666.68", "186666.6719", ["186,666.68"]),
        ("8.4", "print(f'{w:8.4f} {b:>8.4e}')", ["8.4"]),
        ("2.13", "torch 2.13.0", ["2.13"]),
        ("0.25.", "0.5", ["0.25"]),
    ],
)
def test_a_decimal_that_is_not_shown(prose, shown, missing):
    """A number with another digit, sign, power or unit is found."""
    assert unsupported(prose, shown) == missing


PAGE = """<article><h1>{0}</h1><p>{1} <code><span>{2}</span></code>
<math><semantics><mn>{3}</mn><annotation>{3}</annotation></semantics></math></p>
<table><tr><td>{4}</td></tr></table><pre><span class="c1"># {5}</span>
<span class="mf">0.1</span></pre><pre>0.2</pre><nav>7.77</nav></article>"""


@pytest.mark.parametrize("place", range(6))
def test_a_tampered_page(tmp_path, place):
    """A wrong number is found in a heading, paragraph, literal, formula, table and comment."""
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(*[0.1, 0.2] * 3), "utf-8")
    assert unsupported(*read(page)) == []
    page = tmp_path / "tampered.html"
    page.write_text(PAGE.format(*[0.3 if i == place else 0.2 for i in range(6)]), "utf-8")
    assert unsupported(*read(page)) == ["0.3"]
