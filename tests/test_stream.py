"""Least squares over batches: against the whole, whatever the batches, with its refusals."""

import math

import pytest
import torch
from exact import NIST, OTHERS, digits, exact_weights, unknowns
from hypothesis import given, settings
from hypothesis import strategies as st

from linreg_tutorial import _stream
from linreg_tutorial.solvers import LeastSquaresStream, RankDeficientError, solve_least_squares

FIELDS = [
    "weight",
    "bias",
    "rank",
    "residual_sd",
    "standard_errors",
    "r_squared",
    "condition_number",
]


def table(n, d, seed=0):
    """Return random features and targets in float64."""
    generator = torch.Generator().manual_seed(seed)
    X, E = (torch.randn(n, k, generator=generator, dtype=torch.float64) for k in (d, 1))
    return X + 1, X.sum(dim=1, keepdim=True) + E


def streamed(batches, **options):
    """Return a stream over the batches."""
    stream = LeastSquaresStream(**options)
    for X, y in batches:
        stream.update(X, y)
    return stream


def forgetful(batches, **options):
    """Return a stream over the batches that keeps none of their rows but in the triangle."""
    stream = LeastSquaresStream(**options)
    for X, y in batches:
        stream.update(X, y)
        stream._factor_held()
    return stream


def same(fit, whole, rel=1e-9):
    """Say whether all fields agree."""
    for name in FIELDS:
        ours, theirs = (torch.as_tensor(getattr(f, name)).double() for f in (fit, whole))
        if not torch.allclose(ours, theirs, rtol=rel, atol=1e-12, equal_nan=True):
            return False
    return True


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 4),
    st.lists(st.integers(1, 30), min_size=1, max_size=8),
    st.booleans(),
    st.sampled_from([streamed, forgetful]),
    st.randoms(use_true_random=False),
)
def test_any_batches_in_any_order_give_the_answer_of_the_whole(d, sizes, intercept, make, random):
    """However the rows are cut, shuffled and merged, the fit is that of the whole."""
    X, y = table(sum(sizes), d)
    batches = list(zip(X.split(sizes), y.split(sizes)))
    random.shuffle(batches)
    cut = random.randint(0, len(batches))
    stream = make(batches[:cut], intercept=intercept)
    stream.merge(make(batches[cut:], intercept=intercept))
    assert stream.rows == sum(sizes)
    if stream.rows < d + intercept:
        with pytest.raises(RankDeficientError, match=f"X has {stream.rows} rows"):
            stream.solve()
    else:
        rel = 1e-9 * solve_least_squares(X, y, intercept=intercept).condition_number.item() ** 2
        assert same(stream.solve(), solve_least_squares(X, y, intercept=intercept), rel)


@pytest.mark.parametrize("count", [1, 2, 3, 15, 16, 17])
def test_any_number_of_factors_gives_the_answer_of_the_whole(count):
    """So many factored batches are joined to the factor of all."""
    X, y = table(8 * count, 3)
    assert same(forgetful(zip(X.split(8), y.split(8))).solve(), solve_least_squares(X, y), 1e-12)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_size_of_the_data_does_not_matter(size):
    """Numbers whose squares would overflow or vanish are solved as others are."""
    X, y = table(40, 3)
    whole = solve_least_squares(X, y)
    for features, targets, factor in ((X * size, y, 1 / size), (X, y * size, size)):
        fit = forgetful(zip(features.split(8), targets.split(8))).solve()
        assert fit.weight.tolist() == pytest.approx(
            (whole.weight * factor).tolist(), rel=1e-12, abs=0
        )
        assert fit.r_squared.item() == pytest.approx(whole.r_squared.item(), rel=1e-12)


@pytest.mark.parametrize("size", [997, 9000, 60000])
def test_long_streams_give_the_answer_of_the_whole(size):
    """Batches that are held and batches that are factored at once agree with the whole."""
    X, y = table(60000, 3)
    stream = streamed(zip(X.split(size), y.split(size)))
    assert same(stream.solve(), solve_least_squares(X, y), rel=1e-12)


@pytest.mark.parametrize("name", {**NIST, **OTHERS})
@pytest.mark.parametrize("make", [streamed, forgetful])
def test_hard_sets_keep_their_digits_in_batches(name, make):
    """On NIST's sets the stream is within a digit of the whole, and on all it keeps thirteen."""
    X, y, intercept = {**NIST, **OTHERS}[name]
    exact = exact_weights(X, y, intercept)
    fit = make(zip(X.split(4), y.split(4)), intercept=intercept).solve()
    kept = digits(unknowns(fit, intercept), exact)
    assert kept > 13
    if name in NIST:
        whole = solve_least_squares(X, y, intercept=intercept)
        assert kept > digits(unknowns(whole, intercept), exact) - 1


@pytest.mark.parametrize(("noise", "least"), [(1, 12), (1e-7, 14)])
def test_large_batches_keep_their_digits(noise, least):
    """So do large batches, but that float64 factors those that are well conditioned."""
    X, y = table(20000, 4)
    X[:, 3] = X[:, 0] + noise * X[:, 3]
    exact = exact_weights(X, y, True)
    for make in (streamed, forgetful):
        fit = make(zip(X.split(18000), y.split(18000))).solve()
        assert digits(unknowns(fit, True), exact) > least


@pytest.mark.parametrize("rows", [75, 80, 93])
def test_wide_batches_give_the_answer_of_the_whole(rows, monkeypatch):
    """Of so many columns, too, a batch is held that is short and factored that is long."""
    monkeypatch.setattr(_stream, "_HELD", 1000)
    monkeypatch.setattr(_stream, "_LARGE", 1000)
    X, y = table(rows, 20)
    assert same(streamed([(X, y)]).solve(), solve_least_squares(X, y), 1e-12)


@pytest.mark.parametrize("size", [1.0, 1e-200, 1e200])
def test_a_column_may_be_zero_in_a_large_batch(size):
    """What is zero in one batch and not in the next is determined; in all, it is named."""
    X, y = table(80000, 3)
    X[:50000, 1] = 0
    X = size * X
    stream = streamed([(X[:50000], y[:50000])])
    with pytest.raises(RankDeficientError, match=r"^X\[:, 1\] adds nothing"):
        stream.solve()
    stream.update(X[50000:], y[50000:])
    assert same(stream.solve(), solve_least_squares(X, y), 1e-12)


def test_memory_does_not_grow_with_the_rows():
    """After 2,000,000 rows a stream holds no more than 4 MiB and fifteen triangles."""
    X, y = table(2000, 5)
    stream, factors = LeastSquaresStream(), set()
    for _ in range(1000):
        stream.update(X, y)
        assert 8 * stream._buffer.numel() <= 2**22
        factors.add(len(stream._triangles))
    assert factors == set(range(16))
    assert stream.rows == 2_000_000
    stream.solve()
    assert [part.shape for part in stream._triangles[0]] == [(7, 7), (7, 7)]


def test_batches_are_copied_and_merged_streams_left_alone():
    """What the caller does to a batch or to a merged stream later does not matter."""
    X, y = table(20, 2)
    whole, batch = solve_least_squares(X, y), X[:10].clone()
    first, second = streamed([(batch, y[:10])]), streamed([(X[10:], y[10:])])
    batch.zero_()
    first.merge(second)
    second.update(X, y)
    assert same(first.solve(), whole)
    assert (first.rows, second.rows) == (20, 30)
    first.merge(LeastSquaresStream())
    first.merge(first)
    assert first.rows == 40
    assert first.solve().weight.tolist() == pytest.approx(whole.weight.tolist())


@pytest.mark.parametrize("make", [streamed, forgetful])
def test_dependent_columns_are_named(make):
    """A duplicate column, or a constant one beside the bias, raises and is named."""
    X, y = table(20, 2)
    for other, columns in ((2 * X[:, :1], (2,)), (torch.ones(20, 1), (2,))):
        stream = make([(torch.cat([X, other], dim=1), y)])
        with pytest.raises(RankDeficientError, match="drop") as caught:
            stream.solve()
        assert caught.value.columns == columns


def test_targets_keep_their_digits_beside_features_of_few():
    """Whole numbers beside targets in float64 do not round them."""
    X, y = torch.tensor([[1], [2], [4]]), torch.tensor([[0.1], [0.2], [0.4]]).double() + 1e-9
    fit = forgetful([(X, y)]).solve()
    assert digits(unknowns(fit, True), exact_weights(X, y, True)) > 6


def test_a_bad_batch_leaves_the_stream_as_it_was():
    """Another number of columns, NaN or overflow raises, and the rows before still count."""
    X, y = table(20, 2)
    stream = streamed([(X, y)])
    for bad, message in ((X[:, :1], "X has 1 columns .* have 2"), (X * math.nan, "X holds nan")):
        with pytest.raises(ValueError, match=message):
            stream.update(bad, y)
    with pytest.raises(ValueError, match="y must have shape"):
        stream.update(X, y[:3])
    huge, empty = torch.full((100000, 2), 1e308, dtype=torch.float64), LeastSquaresStream()
    for other in (stream, empty):
        with pytest.raises(ValueError, match="rescale it"):
            other.update(huge, huge[:, :1])
    assert (stream.rows, empty.rows) == (20, 0)
    with pytest.raises(ValueError, match="has seen no rows"):
        empty.solve()
    assert same(stream.solve(), solve_least_squares(X, y))


@pytest.mark.parametrize("batches", [1, 3, 20])
def test_a_column_whose_length_overflows_is_not_taken_for_zeros(batches):
    """Whether it does so in a batch or only in all of them together."""
    X = torch.full((20, 1), 1e308, dtype=torch.float64)
    with pytest.raises(ValueError, match="rescale it"):
        forgetful(zip(X.chunk(batches), X.chunk(batches)), intercept=False).solve()


@pytest.mark.parametrize("tiny", [1e-130, 1e-145, 1e-160, 1e-170])
def test_what_is_left_of_a_column_may_vanish(tiny):
    """However little differs between two columns, they are dependent, or a fit that is exact."""
    first, second = torch.zeros(2, 4, 1, dtype=torch.float64)
    first[0] = second[0] = 1.0
    second[1] = tiny
    fit = forgetful([(first, second)], intercept=False).solve()
    assert fit.weight.tolist() == [1.0]
    assert fit.residual_sd <= tiny
    with pytest.raises(RankDeficientError, match=r"X\[:, 1\] adds nothing"):
        forgetful([(torch.cat([first, second], dim=1), first)], intercept=False).solve()


def test_streams_that_do_not_match_are_not_merged():
    """Another number of columns, another intercept or no stream at all raises."""
    stream = streamed([table(20, 2)])
    with pytest.raises(ValueError, match=r"other has 3 columns .* have 2"):
        stream.merge(streamed([table(20, 3)]))
    with pytest.raises(ValueError, match="make both alike"):
        stream.merge(LeastSquaresStream(intercept=False))
    with pytest.raises(TypeError, match="other must be a LeastSquaresStream, got Tensor"):
        stream.merge(torch.ones(3, 3))
    with pytest.raises(TypeError, match="intercept must be True or False"):
        LeastSquaresStream(intercept=1)


def test_a_stream_without_rows_has_no_answer():
    """Solving before the first batch raises."""
    with pytest.raises(ValueError, match="has seen no rows"):
        LeastSquaresStream().solve()
