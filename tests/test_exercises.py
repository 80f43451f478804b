"""The exercises: every check knows the right answer, each mistake it claims, and no nonsense."""

import inspect
import re
import warnings
from collections import Counter, defaultdict
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple
from unittest.mock import MagicMock

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
import torch
from catalogues import read_translations
from exercises import parts
from localization import localize_notebook
from nbclient import NotebookClient
from pages import outputs, soup
from torch import nn

from linreg_tutorial import exercises
from linreg_tutorial.exercises import check, close

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "exercises"
SECTIONS = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "index")
_HINT, _SOLUTION = {"ko": "힌트", "en": "Hint"}, {"ko": "풀이", "en": "Solution"}
_TAGS = ("[blank]", "[check]", "[mistake]")
_FENCE = re.compile(r"\A```.*\n(?::.*\n)*|```\n\Z")
WORDS = {"right": "right", "not_yet": "not yet", "wrong": "wrong"}


class Yes:
    """What says that it equals everything."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **options):
        """Return itself, too."""
        return self


def fails(*args):
    """Raise, whatever it is called with."""
    raise ValueError(args)


def leaves(*args):
    """End the program, whatever it is called with."""
    raise SystemExit


NESTED = []
NESTED.append(NESTED)
NONSENSE = {
    "None": None,
    "a string": "정답",
    "an empty string": "",
    "a truth value": True,
    "nan": float("nan"),
    "infinity": float("inf"),
    "a tensor of nan": torch.full((5, 1), torch.nan),
    "a wrong shape": torch.zeros(7, 3, 2),
    "an empty tensor": torch.empty(0),
    "a complex tensor": torch.ones(3, dtype=torch.complex64),
    "a tensor without values": torch.zeros(3, device="meta"),
    "a sparse tensor": torch.zeros(2, 2).to_sparse(),
    "an array of objects": np.array([None, "a"]),
    "a list of itself": NESTED,
    "a dictionary": {},
    "a class": int,
    "a mock": MagicMock(),
    "what equals everything": Yes(),
    "a function that raises": fails,
    "a function that leaves": leaves,
    "a function of no arguments": lambda: 1.0,
    "a function of nothing": lambda *args, **options: None,
    "a function of nan": lambda *args, **options: torch.tensor(torch.nan),
    "a function of strings": lambda *args, **options: "정답",
    "a module": nn.Identity(),
    "a module of another shape": nn.Linear(7, 5),
}


def said(capsys, answer, *args, **options):
    """Return what the check says to an answer, and see that this is one line and no more."""
    capsys.readouterr()
    assert check(answer, *args, **options) is None
    printed = capsys.readouterr()
    assert printed.err == ""
    assert re.fullmatch(".+\n", printed.out)
    return printed.out[:-1]


class Cell(NamedTuple):
    """A cell of an exercise: its tag, its code, the label of its task, and where it stands."""

    kind: str
    code: str
    task: str
    in_solution: bool


@cache
def read(section):
    """Return the text of a section."""
    return (FOLDER / f"{section}.md").read_text("utf-8")


def cells(source):
    """Yield the cells of a section."""
    task = ""
    for kind, text, solving in parts(source):
        if kind == "heading":
            task = text[1 : text.index(")")]
        elif text.startswith("```{code-cell}"):
            yield Cell(kind, _FENCE.sub("", text), task, solving)


@pytest.fixture
def run(monkeypatch):
    """Return a function that runs a cell, and returns what its check asked instead of answering."""
    asked = []
    signature = inspect.signature(check)
    monkeypatch.setattr(
        exercises, "check", lambda *a, **rest: asked.append(signature.bind(*a, **rest).arguments)
    )
    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))

    def run(code, names):
        asked.clear()
        exec(code, names)
        return [dict(arguments) for arguments in asked]

    return run


def checks(source, run, edition):
    """Run the cells of a notebook, and yield task, code, names and arguments of each check."""
    names = {}
    for cell in cells(source):
        blank = edition == "exercises" and not cell.in_solution and cell.kind in ("code", "blank")
        solved = edition == "solutions" and cell.kind == "code"
        if blank or solved or cell.kind == "check":
            asked = run(cell.code, names)
            assert len(asked) == (cell.kind == "check"), f"{cell.task}: a check belongs in its cell"
            for arguments in asked:
                yield cell.task, cell.code, names, arguments


PARTS = pytest.mark.parametrize("section", SECTIONS)


@PARTS
def test_a_section_has_exercises(section):
    """There are at least three tasks, each with a blank, a hint, a solution and a check."""
    assert set(re.findall(r"^:tags: (.*)", read(section), re.MULTILINE)) <= set(_TAGS)
    tasks = {}
    task = ""
    for kind, text, _ in parts(read(section)):
        if kind == "heading":
            task = text
        elif kind in ("blank", "hint", "solution", "check"):
            tasks.setdefault(task, []).append(kind)
    assert len(tasks) >= 3
    for task, kinds in tasks.items():
        assert kinds == ["blank", "hint", "solution", "check"], task


@PARTS
def test_right_answers_pass(section, run, capsys):
    """The answer of each solution is right."""
    for task, _, _, arguments in checks(read(section), run, "solutions"):
        assert said(capsys, **arguments) == arguments["right"], task


@PARTS
def test_blanks_are_not_there_yet(section, run, capsys):
    """A task whose blank is untouched is neither right nor wrong."""
    for task, _, _, arguments in checks(read(section), run, "exercises"):
        assert said(capsys, **arguments) == arguments["not_yet"], task


@PARTS
def test_mistakes_are_recognised(section, run, capsys):
    """Behind each check stands an example of each mistake that it claims to know, in their order.

    What stands behind those is wrong in a way that the check does not know.
    """
    examples = defaultdict(list)
    for cell in cells(read(section)):
        if cell.kind == "mistake":
            examples[cell.task].append(cell.code)
    for task, check_cell, names, arguments in checks(read(section), run, "solutions"):
        claimed = list(arguments.get("mistakes") or ())
        assert len(examples[task]) >= len(claimed), f"{task}: a mistake has no example"
        for example, message in zip_longest(examples[task], claimed):
            mistaken = dict(names)
            run(example, mistaken)
            (asked,) = run(check_cell, mistaken)
            assert said(capsys, **asked) == (message or asked["wrong"]), f"{task}:\n{example}"


@PARTS
def test_nonsense_is_never_right(section, run, capsys):
    """Whatever else an answer is, and each of several answers, it gets one line and no pass."""
    for task, _, _, arguments in checks(read(section), run, "solutions"):
        answer = arguments.pop("answer")
        for name, nonsense in NONSENSE.items():
            tried = [nonsense]
            if isinstance(answer, tuple):
                tried += [(*answer[:i], nonsense, *answer[i + 1 :]) for i in range(len(answer))]
            for given in tried:
                assert said(capsys, given, **arguments) != arguments["right"], (task, name)


@PARTS
@pytest.mark.parametrize(("edition", "message"), [("exercises", "not_yet"), ("solutions", "right")])
def test_notebooks_answer_in_their_language(section, edition, message, site, run):
    """Both notebooks run in both languages: each check says that it waits, or that all is right.

    The solutions print what the page shows.
    """
    for language in ("ko", "en"):
        printed = run_notebook(
            site / language / "downloads" / "exercises" / f"{section}_{edition}.ipynb"
        )
        source = localize_notebook(
            read(section), read_translations(ROOT / "docs" / "locale", language)
        )
        for _, code, _, arguments in checks(source, run, edition):
            assert printed[code.strip()] == arguments[message] + "\n"
        if edition == "solutions":
            page = site / language / "exercises" / f"{section}.html"
            assert "".join(printed.values()).split() == outputs(page).split()


@PARTS
@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_folds_hints_and_solutions(section, language, site):
    """A page shows tasks and blanks; hints, solutions and checks open; examples are nowhere."""
    page = soup(site / language / "exercises" / f"{section}.html")
    source = list(cells(read(section)))
    kinds = Counter(cell.kind for cell in source)
    assert len(page.select(".cell_input")) == len(source) - kinds["mistake"]
    assert len(page.select(".tag_blank")) == kinds["blank"]
    assert page.select("details .tag_blank, details[open], details details") == []
    assert len(page.select("details .tag_check .cell_output")) == kinds["check"]
    names = [summary.get_text() for summary in page.select("details > summary")]
    assert names == [_HINT[language], _SOLUTION[language]] * kinds["check"]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_tutorials_lead_to_their_exercises(language, site):
    """Each tutorial, and the first page of its part, ends with a link to the part's exercises."""
    for section in SECTIONS:
        part = f"gallery/{section.removeprefix('section_')}_*"
        pages = list((site / language).glob(f"{part}/*.html"))
        assert pages
        for page in pages:
            (link,) = soup(page).select(".practice a")
            assert (page.parent / link["href"]).resolve().stem == section
            assert link.get_text()


def run_notebook(path):
    """Run a notebook, and return what each of its cells printed, by its code."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, kernel_name="python3").execute()
    found = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return {c.source.strip(): "".join(o.get("text", "") for o in c.outputs) for c in found}


def test_every_message_is_said_to_be(capsys):
    """Right goes before blank, blank before a mistake, and the first mistake before others."""
    mistakes = {"one": lambda a: a in (1, ...), "small": lambda a: a < 3}
    options = {**WORDS, "mistakes": mistakes}
    answers = {5: "right", 1: "one", 2: "small", 4: "wrong"}
    for answer, expected in answers.items():
        assert said(capsys, answer, lambda a: a == 5, **options) == expected
    assert said(capsys, ..., lambda a: a == 5, **options) == "not yet"
    assert said(capsys, ..., lambda a: a is ..., **options) == "right"


def unfilled(x):
    """Return what a reader has not written yet."""
    y = ...
    return y * x


def nested(x):
    """Have a blank further inside."""

    def inside():
        return ...

    return inside() + x


class Unfilled(nn.Module):
    """A model whose reader has not written how it predicts."""

    def forward(self, x):
        """Leave it blank."""
        return ...


@pytest.mark.parametrize(
    "answer",
    [
        ...,
        (1, ...),
        [..., 2],
        unfilled,
        lambda x: (..., ...),
        (1, unfilled),
        nested,
        Unfilled,
        Unfilled(),
    ],
)
def test_a_blank_is_found(answer, capsys):
    """A `...` is found by itself, among other answers, in functions and in models."""
    assert said(capsys, answer, lambda a: False, **WORDS) == "not yet"


@pytest.mark.parametrize(
    "answer", [None, 0, "...", lambda x: x[..., None], lambda x: None, nn.Linear(1, 1), nn.Module]
)
def test_what_is_no_blank(answer, capsys):
    """An answer that is filled in is wrong if it is wrong; indices with `...` are no blanks."""
    assert said(capsys, answer, lambda a: False, **WORDS) == "wrong"


@pytest.mark.parametrize(
    "found", [1, "yes", [True], torch.tensor([True, True]), torch.ones(()), Yes()]
)
def test_only_true_is_true(found, capsys):
    """What merely counts as true does not let an answer pass."""
    assert said(capsys, 0, lambda a: found, **WORDS) == "wrong"


def test_a_true_tensor_is_true(capsys):
    """A comparison of tensors may say whether an answer is right."""
    assert said(capsys, 0, lambda a: torch.tensor(2) > a, **WORDS) == "right"


def test_a_check_leaves_no_trace(capsys):
    """Output, warnings and random numbers of an answer do not reach the reader's program."""

    def noisy():
        print("here")
        warnings.warn("there", stacklevel=1)
        torch.manual_seed(1)
        return torch.rand(2).sum() > 0

    torch.manual_seed(0)
    state = torch.get_rng_state()
    assert said(capsys, noisy, lambda a: a(), **WORDS) == "right"
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("options", [{"holds": 3}, {"holds": bool, "mistakes": {"a sum?": 12}}])
def test_a_property_that_cannot_be_called(options):
    """Whoever writes a check is told what is wrong with it."""
    with pytest.raises(TypeError, match="must be a function of the answer"):
        check(1, **options, **WORDS)


@pytest.mark.parametrize(
    "answer",
    [2, 2.0, 2.0001, [2], np.float32(2), np.array([[2.0]]), torch.tensor(2), torch.ones(1) * 2,
     torch.tensor(2.0, dtype=torch.float16, requires_grad=True)],
)  # fmt: skip
def test_a_number_that_is_close(answer):
    """A number is one in whatever it comes."""
    assert close(answer, 2)
    assert close(answer, torch.tensor(2.0))


@pytest.mark.parametrize("answer", [2.1, -2, [2, 2], "2", 2 + 0j, *NONSENSE.values()])
def test_a_number_that_is_not(answer):
    """Another number is not close, and nothing else is a number."""
    assert not close(answer, 2)
    assert not close(answer, torch.tensor(1.0))


def test_shapes_and_tolerances():
    """Shapes must agree, and numbers agree as closely as is asked for."""
    column = torch.tensor([[1.0], [2.0]])
    assert close([[1], [2]], column)
    assert not close([1, 2], column)
    assert not close(column.T, column)
    assert not close(2, column)
    assert close(1.009, 1, rtol=0.01)
    assert not close(1.011, 1, rtol=0.01)
    assert close(1e-3, 0, atol=1e-2)
    assert not close(2**24 + 1, 2**24, rtol=0, atol=0.5)
    assert not close([2**24 + 1.0], [2**24], rtol=0, atol=0.5)
    assert not close(float("nan"), float("nan"))
