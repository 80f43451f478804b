"""The names in code blocks: what they are, where they lead, and who uses what is documented."""

import re

import pytest
from bs4 import BeautifulSoup
from code_links import link_tokens
from docutils import nodes
from pygments.token import Keyword, Name, Number, Punctuation, Whitespace
from symbols import find_symbols

PROGRAM = """
from linreg_tutorial.datasets import load_doubling as load
import torch
import torch.nn.functional as F

data = load()
print(f"기울기 {data.X.mean().item():.2f} {F.mse_loss(data.X, data.y):.2f}")

def fit(rate: float):
    w = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=rate)
    F.mse_loss(w * data.X, data.y).backward()
    optimizer.step()
    return w.grad, rate.hex(), unknown.shape
"""


@pytest.fixture(scope="module")
def symbols(tmp_path_factory):
    """Return what is known of each attribute and imported name of a program."""
    (found,) = find_symbols([PROGRAM], tmp_path_factory.mktemp("mypy"))
    lines = PROGRAM.split("\n")
    for symbol in found:
        assert lines[symbol.line - 1][symbol.column :].startswith(symbol.text), symbol
    return {(symbol.text, symbol.owner or symbol.path) for symbol in found}


@pytest.mark.parametrize(
    "expected",
    [
        ("load_doubling", "linreg_tutorial.datasets.load_doubling"),
        ("load", "linreg_tutorial.datasets.load_doubling"),
        ("X", "linreg_tutorial.datasets.Dataset"),
        ("mean", "torch._tensor.Tensor"),
        ("item", "torch._tensor.Tensor"),
        ("mse_loss", "torch.nn.functional.mse_loss"),
        ("zeros", "torch.zeros"),
        ("SGD", "torch.optim.SGD"),
        ("backward", "torch._tensor.Tensor"),
        ("step", "torch.optim.sgd.SGD"),
        ("grad", "torch._tensor.Tensor"),
        ("hex", "float"),
    ],
    ids=lambda pair: pair[0],
)
def test_a_name_is_known_by_its_import_or_its_type(symbols, expected):
    """Imported names, attributes, calls on results, inside functions and f-strings with Hangul."""
    assert expected in symbols


def test_what_is_not_known_is_left_alone(symbols):
    """No guess is made for an attribute of something of unknown type."""
    assert not any(text == "shape" for text, _ in symbols)


def test_links_do_not_change_the_code():
    """A token keeps its text and its class, whether the link fills it or a part of it."""
    links = {0: ("torch", nodes.reference(refuri="a")), 12: ("data", nodes.reference(refuri="b"))}
    tokens = [("x", "torch"), ("x", ".utils.data"), ("x", " = 1")]
    made = list(link_tokens(tokens, {0: links[0], 12: links[12]}))
    assert "".join(node.astext() for node in made) == "torch.utils.data = 1"
    assert [node.astext() for inline in made for node in inline.findall(nodes.reference)] == [
        "torch",
        "data",
    ]


def test_plain_code_needs_no_markup():
    """Names, brackets and spaces stand bare between the tokens that have a class, links kept."""
    tokens = [(Keyword, "del"), (Whitespace, " "), (Name, "x"), (Punctuation, "["), (Number, "0")]
    link = nodes.reference(refuri="a")
    made = [node for node in link_tokens(tokens, {4: ("x", link)}) if node.astext()]
    assert [getattr(node, "attributes", {}).get("classes") for node in made] == [
        ["k"],
        None,
        [],
        None,
        ["m"],
    ]
    assert made[2] is link


def test_plain_code_looks_like_the_code_around_it(site):
    """In each theme, the colours of names and of punctuation are those of the whole block."""
    css = (site / "ko" / "_static" / "pygments.css").read_text("utf-8")
    colour = r"[^}]*[{; ]color: ?(#\w+)"
    blocks = re.findall(rf"\.highlight ?{{{colour}", css)
    assert len(blocks) == 3  # light, dark if chosen, dark if the system is
    for kind in ("n", "p"):
        assert re.findall(rf"\.highlight \.{kind} ?{{{colour}", css) == blocks


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(
    ("page", "text", "address"),
    [
        ("gallery/1_first_steps/plot_02_autograd", "backward", "torch.Tensor.backward.html"),
        ("gallery/2_ladder/plot_07_linear_layer", "step", "torch.optim.Optimizer.step.html"),
        ("gallery/2_ladder/plot_04_by_hand", "train_by_hand", "linreg_tutorial.trainers.train_by"),
        ("theory/gradient", "retain_grad", "torch.Tensor.retain_grad.html"),
        ("reference/solvers", "load_doubling", "linreg_tutorial.datasets.load_doubling"),
    ],
)
def test_code_leads_to_documentation(site, language, page, text, address):
    """In scripts, in notebook cells and in the examples of docstrings, in both languages."""
    html = (site / language / f"{page}.html").read_text("utf-8")
    links = BeautifulSoup(html, "html.parser").select(".highlight a")
    assert any(link.get_text() == text and address in link["href"] for link in links)


@pytest.mark.parametrize(("language", "label"), [("ko", "쓰는 페이지:"), ("en", "Used in:")])
def test_the_reference_lists_the_pages_that_use_a_name(site, language, label):
    """The rung written by hand is used on its own page, among others."""
    html = (site / language / "reference/trainers.html").read_text("utf-8")
    name = BeautifulSoup(html, "html.parser").find(id="linreg_tutorial.trainers.train_by_hand")
    users = name.find_next("p", class_="used-in")
    assert users.get_text().startswith(label)
    assert any("plot_04_by_hand" in link["href"] for link in users.find_all("a"))
