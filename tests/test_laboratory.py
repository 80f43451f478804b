"""The mathematics of the laboratory: what the page computes is what the library computes."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from laboratory import STRINGS, datasets
from mathematics import NODE
from notebooks import without_roles
from pages import HANGUL, html_files
from torch.nn import Linear
from torch.optim import SGD

from linreg_tutorial.datasets import Dataset, load_doubling, load_game_ability, load_height_weight
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_module, train_with_optimizer

ROOT = Path(__file__).parents[1]
OPENING = {
    "data": "doubling",
    "points": None,
    "lr": 0.1,
    "momentum": 0,
    "nesterov": False,
    "batch": 0,
    "standardise": False,
    "weight": 0,
    "bias": 0,
    "epochs": 30,
}


def ask(*calls):
    """Return what the functions of laboratory_math.js answer to calls: a name and arguments."""
    process = subprocess.run(
        [str(NODE), str(ROOT / "tests" / "laboratory_runs.js")],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def column(values):
    """Return numbers as a float64 column."""
    return torch.tensor(values, dtype=torch.float64).unsqueeze(1)


def random_setting(seed):
    """Return a random setting: data, start, optimizer and batches; a third of them diverge."""
    rng = torch.Generator().manual_seed(seed)

    def one(low, high):
        return low + (high - low) * torch.rand((), generator=rng, dtype=torch.float64).item()

    n = int(one(2, 41))
    noise = torch.randn(2, n, generator=rng, dtype=torch.float64)
    x = one(-5, 5) + 10 ** one(-1, 2) * noise[0]
    y = one(-3, 3) * x + one(-5, 5) + one(0, 2) * noise[1]
    standardise = one(0, 1) < 0.5
    used = (x - x.mean()) / x.std(correction=0) if standardise else x
    momentum = one(0, 0.99) if one(0, 1) < 0.6 else 0.0
    batch = int(one(1, n)) if one(0, 1) < 0.5 else 0
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "standardise": standardise,
        "lr": 10 ** one(-2, 1) * largest_stable_lr(used.unsqueeze(1)),
        "momentum": momentum,
        "nesterov": momentum > 0 and one(0, 1) < 0.5,
        "batch": batch,
        "weight": one(-3, 3),
        "bias": one(-3, 3),
        "epochs": int(one(1, 40 if batch else 400)),
    }


def with_orders(setting, seed):
    """Return the setting with the orders in which the library will take the rows."""
    rng = torch.Generator().manual_seed(seed)
    n = len(setting["x"])
    orders = [torch.randperm(n, generator=rng).tolist() for _ in range(setting["epochs"])]
    return {**setting, "orders": orders} if setting["batch"] else setting


def train(setting, seed):
    """Return the library's history of a setting, and whether it left the finite numbers."""
    data = Dataset("random", column(setting["x"]), column(setting["y"]), ("x",), "y", "")
    X = data.standardized().X if setting["standardise"] else data.X
    options = {key: setting[key] for key in ("lr", "momentum", "nesterov")}
    start = {key: setting[key] for key in ("weight", "bias")}
    try:
        if not setting["batch"]:
            epochs = setting["epochs"]
            return train_with_optimizer(X, data.y, epochs=epochs, **start, **options).history, False
        model = Linear(1, 1).double()
        torch.nn.init.constant_(model.weight, start["weight"])
        torch.nn.init.constant_(model.bias, start["bias"])
        fit = train_module(
            model,
            X,
            data.y,
            optimizer=SGD(model.parameters(), **options),
            epochs=setting["epochs"],
            batch_size=setting["batch"],
            generator=torch.Generator().manual_seed(seed),
        )
        return fit.history, False
    except DivergenceError as error:
        return error.history, True


def test_two_hundred_random_runs():
    """Each run has the library's costs, weights and biases, to 1e-10 of the largest of them.

    Those that overflow do so at the same epoch. Rows are taken in the same orders.
    """
    settings = [random_setting(seed) for seed in range(200)]
    calls = [("train", with_orders(setting, seed)) for seed, setting in enumerate(settings)]
    overflows, growing = 0, 0
    for seed, (setting, run) in enumerate(zip(settings, ask(*calls))):
        history, diverged = train(setting, seed)
        assert run["overflow"] == diverged, setting
        assert len(run["costs"]) == len(history), setting
        expected = {
            "costs": history.cost,
            "weights": torch.cat([history.start_weight, history.weight[:, 0]]),
            "biases": torch.cat([history.start_bias.view(1), history.bias]),
        }
        for name, numbers in expected.items():
            found = torch.tensor(run[name], dtype=torch.float64)
            largest = numbers.abs().max()
            assert (found / largest - numbers / largest).abs().max() < 1e-10, (name, setting)
        overflows += diverged
        growing += bool(history.cost[-1] > 2 * history.cost[0])
    assert overflows > 10
    assert 20 < growing < 150
    assert sum(bool(setting["batch"]) for setting in settings) > 50
    assert sum(setting["nesterov"] for setting in settings) > 30


@pytest.mark.parametrize("load", [load_doubling, load_game_ability, load_height_weight])
def test_minimum_and_limit(load):
    """The minimum is that of least squares, the curvature gives the library's largest rate."""
    data = load()
    x, y = data.X.double(), data.y.double()
    exact = solve_least_squares(x, y)
    numbers = x[:, 0].tolist(), y[:, 0].tolist()
    found, curvature = ask(("minimum", *numbers), ("curvature", numbers[0]))
    assert found["weight"] == pytest.approx(exact.weight.item(), rel=1e-10)
    assert found["bias"] == pytest.approx(exact.bias.item(), rel=1e-10, abs=1e-10)
    assert found["unique"]
    assert 2 / curvature["values"][1] == pytest.approx(largest_stable_lr(x), rel=1e-12)
    A = torch.cat([x, torch.ones_like(x)], dim=1)
    H = 2 / len(x) * A.T @ A
    assert curvature["values"] == pytest.approx(torch.linalg.eigvalsh(H).tolist(), rel=1e-8)
    direction = torch.tensor(curvature["direction"], dtype=torch.float64)
    assert torch.allclose(H @ direction, curvature["values"][1] * direction)


@pytest.mark.parametrize("x", [[2.0, 2.0, 2.0], [5.0]])
def test_data_without_a_spread(x):
    """Where x is constant there are many minima, of which the level line is one, and no scale."""
    y = [float(i) for i in range(len(x))]
    found, scaled = ask(("minimum", x, y), ("standardize", x))
    assert (found["weight"], found["unique"], scaled) == (0, False, None)
    assert found["bias"] == sum(y) / len(y)


@pytest.mark.parametrize("momentum", [0, 0.3, 0.9])
@pytest.mark.parametrize("nesterov", [False, True])
def test_the_regime_is_what_happens(momentum, nesterov):
    """Below the limit the error shrinks by what is kept in each update, above it grows by that."""
    x, y = [1.0, 2.0, 3.5], [2.0, 4.0, 5.0]
    curvature, lowest = ask(("curvature", x), ("minimum", x, y))
    [limit] = ask(("largestRate", curvature["values"][1], momentum, nesterov))
    for share in (0.1, 0.4, 0.6, 0.9, 0.97, 1.03, 1.5):
        setting = {"x": x, "y": y, "lr": share * limit, "momentum": momentum, "nesterov": nesterov}
        [found, run] = ask(
            ("regime", setting["lr"], curvature["values"], momentum, nesterov),
            ("train", {**setting, "weight": 5.0, "epochs": 1000}),
        )
        errors = torch.tensor([run["weights"], run["biases"]], dtype=torch.float64)
        errors -= torch.tensor([[lowest["weight"]], [lowest["bias"]]], dtype=torch.float64)
        sizes = errors.norm(dim=0)
        last = int((sizes > 1e-9).nonzero().max())
        first = max(0, last - 60)
        kept = (sizes[last] / sizes[first]).item() ** (1 / (last - first))
        assert (found["name"] == "diverging") == (share > 1) == (kept > 1), share
        assert kept == pytest.approx(found["kept"], rel=0.05)
    [there] = ask(("regime", limit, curvature["values"], momentum, nesterov))
    assert there["name"] == "limit"


@pytest.mark.parametrize(("share", "name"), [(0.49, "calm"), (0.6, "swinging"), (0.99, "swinging")])
def test_beyond_half_the_limit_a_run_swings(share, name):
    """Without momentum the error of the steepest direction changes its sign beyond half of it."""
    [curvature] = ask(("curvature", [-1.0, 1.0]))
    [found] = ask(("regime", share * 2 / curvature["values"][1], curvature["values"], 0, False))
    assert found["name"] == name


def test_an_order_has_each_row_once():
    """Each epoch takes each row once, and not in the same order as the one before."""
    [orders] = ask(("orders", 20, 5))
    assert all(sorted(order) == list(range(20)) for order in orders)
    assert len(set(map(tuple, orders))) == 5


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1,2\n3,4", [[1, 2], [3, 4]]),
        ("\ufeffx;y\r\n1,5;-2\r\n", [[1.5, -2]]),
        ("1\t2e1\n\n.5\t+4.", [[1, 20], [0.5, 4]]),
        ('"1", "2"\n3   4\n', [[1, 2], [3, 4]]),
        ("1, 2, 99", [[1, 2]]),
    ],
)
def test_numbers_that_are_read(text, points):
    """Commas, semicolons, tabs and spaces divide; more columns than two are left alone."""
    [found] = ask(("parse", text))
    assert found["points"] == points
    assert found["bad"] == []


def test_bad_lines_are_named_and_good_ones_kept():
    """Each bad line has its number, its cell and a reason; lines of names come first only."""
    text = "hours,score\n1,2\n3\nfour,5\n6,nan\n7,\n8,1e31\n0x10,1\nx,y\n9,10"
    [found] = ask(("parse", text))
    assert found["names"] == ["hours", "score"]
    assert found["points"] == [[1, 2], [9, 10]]
    reasons = [(bad["line"], bad["why"], bad["cell"]) for bad in found["bad"]]
    assert reasons == [
        (3, "cells", ""),
        (4, "number", "four"),
        (5, "number", "nan"),
        (6, "empty", ""),
        (7, "size", ""),
        (8, "number", "0x10"),
        (9, "number", "x"),
    ]


def test_too_many_numbers():
    """After 500 points the rest is named, too."""
    [found] = ask(("parse", "\n".join(f"{i},1" for i in range(502))))
    assert len(found["points"]) == 500
    assert [(bad["line"], bad["why"]) for bad in found["bad"]] == [(501, "many"), (502, "many")]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"data": "identity", "lr": 1e-7, "epochs": 0},
        {"points": [[0.1, -1e21], [2, 1e-9]], "standardise": True, "batch": 1},
        {"momentum": 0.9, "nesterov": True, "weight": -3.25, "bias": 1 / 3},
    ],
)
def test_the_address_holds_the_state(change):
    """The query of a state gives the same state back, and an unchanged one needs none."""
    state = {**OPENING, **change}
    [query] = ask(("toQuery", state, OPENING))
    assert ask(("fromQuery", query, OPENING, ["identity", "doubling"])) == [state]
    assert (query == "") == (change == {})


@pytest.mark.parametrize(
    "query",
    ["?lr=-1&momentum=1&batch=x&epochs=99999", "?data=other&points=1,a&nesterov=yes", "?lr=", "?q"],
)
def test_a_wrong_address_changes_nothing(query):
    """What an address says wrongly is as when the page opens."""
    assert ask(("fromQuery", query, OPENING, ["doubling"])) == [OPENING]


@pytest.mark.parametrize("seed", range(4))
def test_the_script_computes_these_numbers(tmp_path, seed):
    """The script prints the last cost, weight and bias that the page has, to six digits."""
    setting = random_setting(100 + seed)
    setting["epochs"] = min(setting["epochs"], 40)
    words = {name: str(text) for name, text in STRINGS.items()}
    script, run = ask(("toScript", setting, words), ("train", setting))
    path = tmp_path / "script.py"
    path.write_text(script, "utf-8")
    process = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True)
    words = process.stdout.split()
    printed = dict(zip(words[::2], map(float, words[1::2])))
    assert list(printed) == ["cost", "w", "b"]
    assert printed["w"] == pytest.approx(run["weights"][-1], rel=1e-5)
    assert printed["b"] == pytest.approx(run["biases"][-1], rel=1e-5)


def test_data_sets_are_those_of_the_library():
    """Each data set has its numbers from the library, as short decimals, and names."""
    found = {data["name"]: data for data in datasets()}
    assert found["doubling"]["x"] == [1, 2, 3]
    assert found["height_weight"]["y"] == [58.7, 75.7, 62.1, 70.4, 60.1]
    assert found["game_ability"]["y"] == [200, 400, 600]
    for data in found.values():
        assert len(data["x"]) == len(data["y"]) >= 3
        assert all(map(math.isfinite, data["x"] + data["y"]))


def test_the_outlier_turns_the_line():
    """Least squares alone would give 0.5 for the slope; the outlier turns it downwards."""
    [outlier] = [data for data in datasets() if data["name"] == "outlier"]
    x, y = outlier["x"], outlier["y"]
    kept = [i for i in range(len(x)) if x[i] != max(x)]
    whole, without = ask(("minimum", x, y), ("minimum", [x[i] for i in kept], [y[i] for i in kept]))
    assert whole["weight"] < 0 < 0.3 < without["weight"]


def test_a_notebook_has_none():
    """A laboratory is left out of a notebook's text, its question too; the rest stays."""
    text = "앞 문단\n\n.. laboratory:: doubling\n   :lr: 0.1\n\n   질문\n   둘째 줄\n\n뒤 문단"
    assert without_roles(text, {}) == "앞 문단\n\n뒤 문단"
    assert without_roles(text.removesuffix("\n\n뒤 문단"), {}) == "앞 문단"


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_with_a_laboratory(site, language):
    """They alone load the scripts, one each, and what these say is in the page's language."""
    found = 0
    for path in html_files(site / language):
        source = path.read_text("utf-8")
        content = re.findall('<script type="application/json">(.*?)</script>', source, re.DOTALL)
        assert ("_static/laboratory.js" in source) == bool(content), path
        assert len(content) <= 1, path
        for laboratory in map(json.loads, content):
            found += 1
            titles = [data["title"] for data in laboratory["datasets"]]
            for text in [*laboratory["strings"].values(), *titles]:
                assert bool(HANGUL.search(text)) == (language == "ko"), text
    assert found == 6


def test_the_code_is_small():
    """Both scripts together are at most 40 KB as they are written."""
    sizes = [path.stat().st_size for path in (ROOT / "docs" / "_static").glob("laboratory*.js")]
    assert len(sizes) == 2
    assert sum(sizes) <= 40_000
