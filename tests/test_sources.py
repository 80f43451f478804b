"""The pages of the gallery show what the source documents print, as sources.toml has it."""

import re
from fractions import Fraction

import numpy as np
import pytest
import torch
from pages import outputs
from source_table import computed
from verdicts import ENTRIES, numbers

from linreg_tutorial import datasets
from linreg_tutorial.trainers import train_with_optimizer

IDENTITY_LINES = ENTRIES["identity-log"]["printed"].strip().splitlines()
CLASS_LINES = ENTRIES["seeded-log"]["printed"].strip().splitlines()

HEIGHTS, WEIGHTS = [166, 176, 171, 173, 169], [58.7, 75.7, 62.1, 70.4, 60.1]


@pytest.fixture(params=["ko", "en"])
def printed(request, site):
    """Return a function that gives what a page of the gallery printed, in one language."""
    return lambda name: outputs(site / request.param / "gallery" / f"{name}.html")


def numpy_descent(y, *, start=(0.0, 0.0), epochs, lr=0.01):
    """Descend on x = 1, 2, 3 with NumPy in float32: yield epoch, W and b after, cost before."""
    x, y = np.float32([1, 2, 3]), np.float32(y)
    w, b, lr = *np.float32(start), np.float32(lr)
    for epoch in range(epochs):
        error = w * x + b - y
        cost = (error**2).mean()
        w, b = w - lr * 2 * (error * x).mean(), b - lr * 2 * error.mean()
        yield epoch, w, b, cost


def lines(course, last):
    """Write every hundredth epoch in the form of the sources."""
    return [
        f"Epoch {epoch:4d}/{last} W: {w:.3f}, b: {b:.3f} Cost: {cost:.6f}"
        for epoch, w, b, cost in course
        if epoch % 100 == 0
    ]


def close(one, other):
    """Say whether two logs have the same words, and numbers that differ by a last digit at most."""
    number = re.compile(r"-?\d+\.\d+")
    for a, b in zip(one, other, strict=True):
        assert number.sub("#", a) == number.sub("#", b)
        for u, v in zip(number.findall(a), number.findall(b)):
            digit = 10.0 ** -len(u.split(".")[1])
            assert abs(float(u) - float(v)) <= 1.5 * digit, (a, b)
    return True


def epochs_of(text, last):
    """Return the log lines of a page that end at a given epoch."""
    return [line for line in text.splitlines() if re.match(rf"Epoch +\d+/{last} ", line)]


def test_identity_log(printed):
    """X = y by optim.SGD: the page prints the source's eleven lines, to the last digit."""
    assert epochs_of(printed("2_ladder/plot_06_optimizer"), 1000) == IDENTITY_LINES


def test_doubling_log(printed):
    """Y = 2x for 2000 updates: the page's twenty lines are those of NumPy."""
    expected = lines(numpy_descent([2, 4, 6], epochs=2000), 1999)
    found = epochs_of(printed("2_ladder/plot_06_optimizer"), 1999)
    assert len(found) == 20
    assert close(found, expected)
    assert found[-1].startswith("Epoch 1900/1999 W: 1.997, b: 0.008 Cost: 0.00000")


def test_class_log(printed):
    """Two models of seed 1: what the first predicts, and the eleven lines of the second."""
    text = printed("2_ladder/plot_08_module_class")
    assert epochs_of(text, 1000)[:11] == CLASS_LINES
    for entry in ("seeded-hypothesis", "seeded-cost"):
        assert all(f"{value:.4f}" in text for value in numbers(ENTRIES[entry]["printed"]))


def test_linear_layer_run(printed):
    """From the printed start, y = 2x ends at W 1.9991, b 0.0021 and predicts 7.9984 at 4."""
    text = printed("2_ladder/plot_07_linear_layer")
    start = numbers(ENTRIES["layer-start"]["printed"])
    for entry in ("layer-end", "layer-prediction"):
        assert all(f"{value:.4f}" in text for value in numbers(ENTRIES[entry]["printed"]))
    costs = [c for *_, c in numpy_descent([2, 4, 6], start=start, epochs=2001)]
    expected = [f"Epoch {e:4d}/2000 Cost: {costs[e]:.6f}" for e in range(0, 2001, 100)]
    assert close(epochs_of(text, 2000), expected)


def test_centred_heights_and_weights(printed):
    """The centred columns are those of exact arithmetic."""
    text = printed("1_first_steps/plot_01_data_as_tensors")
    for column in (HEIGHTS, WEIGHTS):
        exact = [Fraction(str(v)) for v in column]
        centred = [float(v - sum(exact) / 5) for v in exact]
        shown = [
            [float(n) for n in re.findall(r"-?\d+\.\d*", bracket)]
            for bracket in re.findall(r"tensor\(\[([^]]*)\]", text)
        ]
        assert any(row == pytest.approx(centred, abs=1e-4) for row in shown if len(row) == 5)


def test_gradients_of_autograd(printed):
    """2w² + 5 has gradient 8 at 2, and 21 calls without clearing add up to 2, 4, … 42."""
    text = printed("1_first_steps/plot_02_autograd")
    shown = [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text)]
    w = Fraction(2)
    slope = ((2 * (w + 1) ** 2 + 5) - (2 * (w - 1) ** 2 + 5)) / 2
    assert float(slope) in shown
    summed = [float(2 * k) for k in range(1, 22)]
    assert any(shown[i : i + 21] == summed for i in range(len(shown)))


def exact_step(x, y, w, b, lr):
    """Return cost, gradients, and the parameters after one step, in rational arithmetic."""
    x, y = [Fraction(str(v)) for v in x], [Fraction(str(v)) for v in y]
    error = [w * xi + b - yi for xi, yi in zip(x, y)]
    n = len(x)
    cost = sum(e * e for e in error) / n
    dw, db = 2 * sum(e * xi for e, xi in zip(error, x)) / n, 2 * sum(error) / n
    lr = Fraction(str(lr))
    return [float(v) for v in (cost, dw, db, w - lr * dw, b - lr * db)]


def test_one_step(printed):
    """One step from zeros, and one on the heights from W = B = 1, are those of exact arithmetic."""
    found = re.findall(r"-?\d+\.\d+", printed("1_first_steps/plot_03_one_step"))
    cost, _, _, w, b = exact_step([1, 2, 3], [1, 2, 3], 0, 0, 0.01)
    after, *_ = exact_step([1, 2, 3], [1, 2, 3], Fraction(str(w)), Fraction(str(b)), 0.01)
    shown = [cost, w, b, after]
    assert [f"{v:.4f}" for v in shown] == ["4.6667", "0.0933", "0.0400", "3.6927"]
    centred = [
        [Fraction(str(v)) - sum(Fraction(str(u)) for u in column) / 5 for v in column]
        for column in (HEIGHTS, WEIGHTS)
    ]
    heights = exact_step(*centred, 1, 1, 0.001)
    assert [f"{v:.4f}" for v in heights] == ["13.3520", "-19.0400", "2.0000", "1.0190", "0.9980"]
    assert {f"{v:.4f}" for v in [*shown, *heights]} <= set(found)


def test_plane_with_noise(printed):
    """The plane's weights are the least-squares ones of its own draw, near 1, 2 and 3."""
    data = datasets.make_plane(100, generator=torch.Generator().manual_seed(0))
    X = np.column_stack([np.ones(100), data.X.double().numpy()])
    exact = np.linalg.lstsq(X, data.y.double().numpy(), rcond=None)[0].flatten()
    assert exact == pytest.approx([1, 2, 3], abs=0.15)
    text = printed("2_ladder/plot_05_autograd_update")
    vectors = [
        [float(n) for n in re.findall(r"-?\d+\.\d*", bracket)]
        for bracket in re.findall(r"tensor\(\[([^]]*)\]", text)
    ]
    assert sum(row == pytest.approx(exact, abs=1e-4) for row in vectors) >= 3


def test_every_rung_is_on_the_last_page(printed):
    """The page that compares the rungs shows each of them in both dtypes."""
    text = printed("2_ladder/plot_09_all_agree")
    for rung in ("by_hand", "with_autograd", "with_optimizer", "module"):
        assert text.count(f"train_{rung}") >= 3
    assert "torch.float32" in text
    assert "torch.float64" in text


@pytest.mark.parametrize("run", ["exam", "exam-class"])
def test_exam_scores(printed, run):
    """From both printed starts, the page's last cost, weights and prediction are the book's."""
    text = printed("3_many_variables/plot_10_exam_scores")
    last = computed()[f"{run}-log"].values[-1]
    ends = [float(line.split()[-1]) for line in epochs_of(text, 2000) if "2000/" in line]
    assert any(end == pytest.approx(last, rel=1e-3) for end in ends)
    assert f"{computed()[f'{run}-prediction'].values[0]:.2f}" in text


def test_exam_scores_by_least_squares(printed):
    """The cost of least squares is NumPy's."""
    data = datasets.load_exam_scores()
    A = np.column_stack([data.X.double().numpy(), np.ones(5)])
    y = data.y.double().numpy().flatten()
    exact = np.linalg.lstsq(A, y, rcond=None)[0]
    text = printed("3_many_variables/plot_10_exam_scores")
    assert f"Cost: {((A @ exact - y) ** 2).mean():.3f}" in text


def test_weight_from_height(printed):
    """The fitted line predicts at 172 cm what rational arithmetic does."""
    x, y = [Fraction(v) for v in HEIGHTS], [Fraction(str(v)) for v in WEIGHTS]
    mx, my = sum(x) / 5, sum(y) / 5
    slope = sum((u - mx) * (v - my) for u, v in zip(x, y)) / sum((u - mx) ** 2 for u in x)
    text = printed("3_many_variables/plot_14_height_weight")
    assert f"{float(slope):.3f} kg/cm" in text
    assert f"{float(my + slope * (172 - mx)):.2f} kg" in text


def test_momentum_exercise(printed):
    """The first exercise: a fresh run starts at 186666.67, and momentum 0.9 ends far lower."""
    data = datasets.load_game_ability()
    finals, log = [], []
    for options in ({}, {"momentum": 0.9}):
        fit = train_with_optimizer(data.X, data.y, lr=0.01, epochs=201, **options)
        log.append(fit.history.cost)
        finals.append((4 * fit.weight + fit.bias).item())
    first = sum(Fraction(v) ** 2 for v in (200, 400, 600)) / 3
    text = printed("4_descending_well/plot_17_momentum")
    assert log[0][0].item() == pytest.approx(float(first))
    assert str(round(float(first), 2)) in text or f"{log[0][0].item():.4f}" in text
    assert f"{log[0][-1].item():.4f}"[:7] in text
    assert finals == pytest.approx([765.48, 799.92], abs=0.01)
    assert {f"{v:.2f}" for v in finals} <= set(re.findall(r"\d+\.\d+", text))
    assert log[1][-1] < log[0][-1] / 1000


STALE_LINES = ENTRIES["game-log"]["printed"].strip().splitlines()


def test_stale_notebook(printed):
    """The page prints the 21 lines of the game-ability source, and the first cost before them."""
    costs = computed()["game-history"].values[1::2]
    first = ((0.998 - datasets.load_game_ability().y.double()) ** 2).mean().item()
    text = printed("5_clinic/plot_23_stale_notebook")
    table = [line for line in text.splitlines() if line.startswith("epoch = ")]
    for line, expected, cost in zip(table, STALE_LINES, costs, strict=True):
        assert line.startswith(expected)
        shown = line.removeprefix(expected).split()[0]
        digit = 10.0 ** -len(shown.split(".")[1])
        assert abs(float(shown) - cost) <= 0.6 * digit
    assert f"Cost: {first:.1f}" in text
    assert "NameError: name 'B' is not defined" in text


def test_four_hours(printed):
    """Four hours give 800 by the rule, 799.29 when B is frozen, 765.48 after 201 fresh updates."""
    A, y = np.array([[1.0, 1], [2, 1], [3, 1]]), np.array([200.0, 400, 600])
    data, costs = datasets.load_game_ability(), computed()["game-log"].values[1::2]
    fresh = train_with_optimizer(data.X, data.y, lr=0.01, epochs=201)
    four = (4 * fresh.weight + fresh.bias).item()
    rule = np.linalg.lstsq(A, y, rcond=None)[0] @ [4, 1]
    text = printed("5_clinic/plot_23_stale_notebook")
    table = [line.split() for line in text.splitlines() if line.startswith("epoch = ")]
    assert [float(row[-1]) for row in table] == pytest.approx(costs, abs=0.006)
    assert f"B 799.29  b {four:.2f}  200x {rule:.0f}" in text
    assert f"{four:.2f}" == "765.48"
    slow, fast = ((1 - 28 / 3 * lr) ** 20 for lr in (0.001, 0.01))
    shrunk = 21530.7207 / 152792.8281
    assert shrunk == pytest.approx(fast, abs=1e-4)
    assert shrunk < slow / 5


def test_seed_of_the_cuda_generator(printed):
    """Seeding CUDA leaves the CPU alone: the source's two first costs are of different starts."""
    text = printed("5_clinic/plot_24_seeds_and_dtypes")
    assert "torch.cuda.random True" in text
    assert "torch.random False" in text
    assert {"26.632116", "33.495914"} <= set(re.findall(r"\d+\.\d+", text))
