"""The bootstrap: against one fit a resample, exact arithmetic and known standard errors."""

from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial import _bootstrap
from linreg_tutorial.datasets import load_exam_scores, load_height_weight, make_line, make_plane
from linreg_tutorial.solvers import RankDeficientError, bootstrap, solve_least_squares


def seeded(seed=0):
    """Return a generator with a seed."""
    return torch.Generator().manual_seed(seed)


def exact_line(points):
    """Return slope and intercept in rational arithmetic."""
    x, y = ([Fraction(p[i]) for p in points] for i in (0, 1))
    n, sx, sy = len(x), sum(x), sum(y)
    slope = (n * sum(a * b for a, b in zip(x, y)) - sx * sy) / (n * sum(a * a for a in x) - sx * sx)
    return float(slope), float((sy - slope * sx) / n)


@pytest.mark.parametrize("d", [1, 3])
def test_each_resample_is_solved_as_alone(d):
    """Every weight and bias is that of one ordinary fit to the rows that were drawn."""
    data = make_plane(20, weight=[1.0] * d, generator=seeded(1))
    weights, biases = bootstrap(data.X, data.y, samples=50, generator=seeded())
    assert weights.shape == (50, d)
    assert biases.shape == (50,)
    assert weights.dtype == biases.dtype == torch.float64
    drawn = torch.randint(20, (50, 20), generator=seeded())
    for rows, weight, bias in zip(drawn, weights, biases):
        alone = solve_least_squares(data.X[rows], data.y[rows])
        assert torch.allclose(weight, alone.weight, rtol=1e-10, atol=1e-12)
        assert torch.allclose(bias, alone.bias, rtol=1e-10, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=4, max_size=8),
    st.integers(0, 1000),
)
def test_undetermined_resamples_are_drawn_again(points, seed):
    """With repeated points too, the answers are the exact ones of the first draws that have one."""
    x, y = (torch.tensor(v, dtype=torch.float64).unsqueeze(1) for v in zip(*points))
    rng, expected, failed = seeded(seed), [], 0
    while len(expected) < 20 and failed <= 100:
        for rows in torch.randint(len(x), (20 - len(expected), len(x)), generator=rng).tolist():
            drawn = [points[i] for i in rows]
            if len({point[0] for point in drawn}) > 1:
                expected.append(exact_line(drawn))
            else:
                failed += 1
    if failed > 100:
        with pytest.raises(RankDeficientError):
            bootstrap(x, y, samples=20, generator=seeded(seed))
        return
    weights, biases = bootstrap(x, y, samples=20, generator=seeded(seed))
    answers = torch.column_stack([weights, biases])
    assert torch.allclose(answers, torch.tensor(expected, dtype=answers.dtype), atol=1e-9)


def test_targets_keep_their_digits_beside_features_of_few():
    """Targets in float64 are not rounded to the float32 of the features."""
    x = torch.arange(8.0).unsqueeze(1)
    answers = [
        bootstrap(X, 1 + x.double() / 3, samples=9, generator=seeded()) for X in (x, x.double())
    ]
    assert torch.equal(answers[0][0], answers[1][0])


def test_an_outlier_does_not_make_other_resamples_undetermined():
    """A resample without the outlier is solved, though it is tiny beside those that hold it."""
    x = torch.tensor([*range(9), 1e14], dtype=torch.float64).unsqueeze(1)
    weights, _ = bootstrap(x, 2 * x + 1, samples=50, generator=seeded())
    drawn = torch.randint(10, (50, 10), generator=seeded())
    without = (drawn != 9).all(dim=1)
    assert 0 < without.sum() < 50
    assert torch.allclose(weights, torch.full_like(weights, 2.0), rtol=1e-9)


def test_size_of_the_columns_does_not_matter():
    """Columns measured in other units are neither undetermined nor less so."""
    X = make_plane(30, generator=seeded(11)).X.double()
    y = X.sum(dim=1, keepdim=True) ** 2
    plain, _ = bootstrap(X, y, samples=9, generator=seeded())
    units = torch.tensor([1e-200, 1e200], dtype=torch.float64)
    scaled, _ = bootstrap(X * units, y, samples=9, generator=seeded())
    assert torch.allclose(scaled * units, plain, rtol=1e-10)
    for unit in units:
        with pytest.raises(RankDeficientError, match=r"X\[:, 1\]"):
            bootstrap(X[:, :1].repeat(1, 2) * unit, y, samples=9, generator=seeded())


@pytest.mark.parametrize(("share", "determined"), [(2e-13, False), (5e-12, True)])
def test_a_column_is_dependent_below_a_share_of_its_length(share, determined):
    """So little of a column is rounding in every resample, however many there are, or in none."""
    X = make_plane(400, generator=seeded(11)).X.double()
    y = X.sum(dim=1, keepdim=True)
    X[:, 1] = X[:, 0] + share * X[:, 1]
    if determined:
        assert len(bootstrap(X, y, samples=100, generator=seeded())[0]) == 100
    else:
        with pytest.raises(RankDeficientError, match="more than half"):
            bootstrap(X, y, samples=100, generator=seeded())


def test_spread_is_near_the_standard_errors():
    """Where noise is normal and even, the spread is that which the formula promises."""
    data = make_plane(2000, generator=seeded(3))
    weights, biases = bootstrap(data.X, data.y, samples=1000, generator=seeded())
    spread = [*weights.std(dim=0).tolist(), biases.std().item()]
    fit = solve_least_squares(data.X, data.y)
    assert spread == pytest.approx(fit.standard_errors.tolist(), rel=0.12)
    assert weights.mean(dim=0).tolist() == pytest.approx(fit.weight.tolist(), abs=0.002)


def test_spread_follows_noise_that_grows():
    """Where noise grows with x, the spread is that of White's formula, not of the usual one."""
    X = make_line(2000, generator=seeded(4)).X.double()
    y = 1 + 2 * X + X * torch.randn(2000, 1, generator=seeded(5))
    weights, _ = bootstrap(X, y, samples=1000, generator=seeded())
    fit = solve_least_squares(X, y)
    centred = X - X.mean()
    white = (centred * (y - fit.predict(X))).norm() / centred.square().sum()
    assert weights.std().item() == pytest.approx(white.item(), rel=0.12)
    assert weights.std() > 1.5 * fit.standard_errors[0]


def test_pieces_change_nothing(monkeypatch):
    """Solving few resamples at a time, to save memory, gives the same answers."""
    data = load_height_weight()
    whole = bootstrap(data.X, data.y, samples=40, generator=seeded())
    monkeypatch.setattr(_bootstrap, "_CHUNK", 100)
    pieces = bootstrap(data.X, data.y, samples=40, generator=seeded())
    assert torch.allclose(whole[0], pieces[0], rtol=1e-12)
    assert torch.allclose(whole[1], pieces[1], rtol=1e-12)


def test_only_the_generator_is_random():
    """The same generator gives the same answers, and the global one stays as it was."""
    data = make_line(30, generator=seeded(6))
    before = torch.get_rng_state()
    one, two = (bootstrap(data.X, data.y, samples=9, generator=seeded(7))[0] for _ in range(2))
    assert torch.equal(one, two)
    assert torch.equal(torch.get_rng_state(), before)
    assert not torch.equal(one, bootstrap(data.X, data.y, samples=9, generator=seeded(8))[0])


def test_mostly_undetermined_resamples_raise():
    """Five rows for four unknowns: 58 of 100 resamples have no answer, and that is said."""
    data = load_exam_scores()
    with pytest.raises(RankDeficientError, match="more than half of the resamples") as error:
        bootstrap(data.X, data.y, samples=500, generator=seeded())
    assert set(error.value.columns) <= {0, 1, 2}
    assert error.value.columns


def test_patience_is_counted_in_failures(monkeypatch):
    """As many resamples as there is patience may fail, and not one more."""
    data, rng, failed = load_exam_scores(), seeded(), 0
    while len(torch.randint(5, (1, 5), generator=rng).unique()) < 4:
        failed += 1
    assert failed > 1
    monkeypatch.setattr(_bootstrap, "_PATIENCE", failed)
    weights, _ = bootstrap(data.X, data.y, samples=1, generator=seeded())
    assert weights.shape == (1, 3)
    monkeypatch.setattr(_bootstrap, "_PATIENCE", failed - 1)
    with pytest.raises(RankDeficientError):
        bootstrap(data.X, data.y, samples=1, generator=seeded())


def test_undetermined_data_raises():
    """Duplicate columns and too few rows are refused as by the solver, before any draw."""
    data, rng = make_line(30, generator=seeded(9)), seeded()
    before = rng.get_state()
    with pytest.raises(RankDeficientError, match=r"X\[:, 1\]") as error:
        bootstrap(torch.cat([data.X, data.X], dim=1), data.y, samples=9, generator=rng)
    assert error.value.columns == (1,)
    with pytest.raises(RankDeficientError, match="1 rows for 2 unknowns, the bias") as error:
        bootstrap(data.X[:1], data.y[:1], samples=9, generator=rng)
    assert error.value.columns == (0,)
    assert torch.equal(rng.get_state(), before)


def test_as_many_rows_as_unknowns_are_refused():
    """Two points give one line however they are drawn: a spread of 0 would be a lie."""
    X, y = torch.tensor([[1.0], [2.0]]), torch.tensor([[1.0], [3.0]])
    with pytest.raises(ValueError, match="cannot differ"):
        bootstrap(X, y, samples=9, generator=seeded())


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"samples": 0}, ValueError, "samples must be at least 1"),
        ({"samples": 2.5}, TypeError, "samples must be an integer"),
        ({"generator": 0}, TypeError, "generator must be a torch.Generator"),
        ({"y": torch.ones(30)}, ValueError, r"y must have shape \(30, 1\)"),
        ({"X": torch.full((30, 1), torch.nan)}, ValueError, "X holds nan"),
        ({"X": [[1.0]]}, TypeError, "X must be a torch.Tensor"),
    ],
)
def test_mistakes_are_named(change, error, words):
    """A wrong argument is named at entry."""
    data = make_line(30, generator=seeded(10))
    arguments = {"X": data.X, "y": data.y, "samples": 9, "generator": seeded(), **change}
    with pytest.raises(error, match=words):
        bootstrap(arguments.pop("X"), arguments.pop("y"), **arguments)
