"""A reader's own CSV: read whatever spreadsheets write, or name the file and the line."""

import pytest
import torch

from linreg_tutorial.datasets import read_csv
from linreg_tutorial.solvers import solve_least_squares

TEXT = "키,몸무게\n166,58.7\n176,75.7\n171,62.1\n"


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and gives its path."""

    def write(content, encoding="utf-8"):
        path = tmp_path / "people.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_give_the_same_data(write, encoding, newline):
    """A Korean header is read from UTF-8, with a byte order mark or not, and from cp949."""
    data = read_csv(write(TEXT.replace("\n", newline), encoding), target="몸무게")
    assert data.feature_names == ("키",)
    assert data.target_name == "몸무게"
    assert data.X.tolist() == [[166.0], [176.0], [171.0]]
    assert data.y.dtype == torch.float32


def test_from_file_to_fitted_line(write):
    """A file becomes a data set that the solver fits."""
    data = read_csv(write("x,y\n1,3\n2,5\n3,7\n"), target="y")
    fit = solve_least_squares(data.X, data.y)
    assert fit.weight.item() == pytest.approx(2, abs=1e-6)
    assert fit.bias.item() == pytest.approx(1, abs=1e-6)


def test_quoted_cells_may_hold_commas_and_line_breaks(write):
    """A quoted comma does not split a cell, and a column of text can be left out."""
    path = write('name,x,y\n"Kim, A",1,2\n"Lee\nB",2,4\n')
    data = read_csv(path, target="y", features=["x"])
    assert data.X.flatten().tolist() == [1.0, 2.0]


def test_features_come_in_the_order_asked_for(write):
    """The order of features is the caller's."""
    data = read_csv(write("a,b,y\n1,2,3\n"), target="y", features=["b", "a"])
    assert data.X.tolist() == [[2.0, 1.0]]


def test_blank_lines_and_spaces_do_not_matter(write):
    """Blank lines are skipped, and spaces around names and numbers are no part of them."""
    data = read_csv(write(" x , y \n 1 , 2 \n\n3,4\n , \n"), target="y")
    assert data.X.flatten().tolist() == [1.0, 3.0]


def test_other_encodings_can_be_named(write):
    """An encoding that is not guessed can be passed."""
    data = read_csv(write("x,y\n1,2\n", "utf-16"), target="y", encoding="utf-16")
    assert data.y.item() == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x,y\n1,2\n,4\n", r"people.csv, line 3, column 'x': the cell is empty"),
        ("x,y\n1,NA\n", r"people.csv, line 2, column 'y': 'NA' is not a number"),
        (
            'x,y\n"1,200",2\n',
            r"line 2, column 'x': '1,200' is not a number; write it without commas",
        ),
        ("x,y\n1_0,2\n", r"line 2, column 'x': '1_0' is not a number"),
        ("x,y\nnan,2\n", r"line 2, column 'x': 'nan' is not a finite float32 number"),
        ("x,y\n1e39,2\n", r"line 2, column 'x': '1e39' is not a finite float32 number"),
        ("x,y\n1,2\n1\n", r"line 3: 1 cells where the header names 2 columns"),
        ("x,y\n1,2,3\n", r"line 2: 3 cells where the header names 2"),
        ("x,z\n1,2\n", r"line 1: no column named 'y' among \['x', 'z'\]"),
        ("y,y,x\n1,2,3\n", r"line 1: more than one column named 'y'"),
        ("x,x,y\n1,2,3\n", r"line 1: more than one column named 'x'"),
        ("y\n1\n", r"no feature is left beside the target 'y'"),
        ("x,y\n", r"no row follows the header"),
        ("", r"the first row is empty"),
        ('x,y\n"1,2\n', r"line 2: unexpected end of data; check the quotes"),
        (b"x,y\n\xff\xff\xff,2\n", r"the text is not in utf-8-sig or cp949; pass encoding"),
    ],
)
def test_what_cannot_be_read_is_named(write, content, message):
    """Each fault of a file is named with the file, and with the line where there is one."""
    with pytest.raises(ValueError, match=message) as caught:
        read_csv(write(content), target="y")
    assert "people.csv" in str(caught.value)


def test_wrong_use_is_named(write):
    """A target among the features, an absent feature and a bare string are refused."""
    path = write("x,y\n1,2\n")
    with pytest.raises(ValueError, match="'y' is the target"):
        read_csv(path, target="y", features=["x", "y"])
    with pytest.raises(ValueError, match="no column named 'z'"):
        read_csv(path, target="y", features=["z"])
    with pytest.raises(TypeError, match=r"use \['x'\]"):
        read_csv(path, target="y", features="x")
    with pytest.raises(FileNotFoundError):
        read_csv(path.with_name("absent.csv"), target="y")
