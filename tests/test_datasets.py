"""The data sets: what they hold, how they are drawn and scaled."""

import pytest
import torch

from linreg_tutorial import datasets
from linreg_tutorial.datasets import make_line, make_plane

LOADERS = [
    datasets.load_identity,
    datasets.load_doubling,
    datasets.load_game_ability,
    datasets.load_exam_scores,
    datasets.load_height_weight,
]


@pytest.mark.parametrize("load", LOADERS, ids=lambda load: load.__name__)
def test_loaded_data_have_the_shapes_of_the_book(load):
    """Features are (n, d), targets (n, 1), both float32, with a name for every column."""
    data = load()
    n, d = data.X.shape
    assert data.y.shape == (n, 1)
    assert data.X.dtype == data.y.dtype == torch.float32
    assert len(data.feature_names) == d
    assert len(data) == n
    assert data.name == load.__name__.removeprefix("load_")
    assert data.source


def test_rules_behind_the_small_data_sets():
    """Three data sets follow a rule exactly: y = x, y = 2x and y = 200x."""
    for load, slope in zip(LOADERS[:3], (1, 2, 200)):
        data = load()
        assert torch.equal(data.y, slope * data.X)


def test_loaded_data_are_fresh_copies():
    """Changing what was loaded does not change what is loaded next."""
    datasets.load_identity().X.zero_()
    assert datasets.load_identity().X.sum() == 6


def test_same_seed_same_draw():
    """The generator alone decides what is drawn, and the global generator is not touched."""
    before = torch.get_rng_state()
    one = make_plane(20, generator=torch.Generator().manual_seed(3))
    two = make_plane(20, generator=torch.Generator().manual_seed(3))
    other = make_plane(20, generator=torch.Generator().manual_seed(4))
    assert torch.equal(one.X, two.X)
    assert torch.equal(one.y, two.y)
    assert not torch.equal(one.X, other.X)
    assert torch.equal(before, torch.get_rng_state())


def test_without_noise_the_points_lie_on_the_plane():
    """With noise 0 the targets are the plane itself."""
    data = make_plane(
        50, weight=(2.0, -3.0), bias=1.0, noise=0.0, generator=torch.Generator().manual_seed(0)
    )
    assert torch.allclose(data.y[:, 0], 2 * data.X[:, 0] - 3 * data.X[:, 1] + 1, atol=1e-6)


def test_noise_has_the_deviation_asked_for():
    """The noise of a large sample has the standard deviation asked for, within four errors."""
    n = 20_000
    data = make_line(n, noise=0.5, generator=torch.Generator().manual_seed(1))
    noise = (data.y - 2 * data.X - 1).std().item()
    assert abs(noise - 0.5) < 4 * 0.5 / (2 * n) ** 0.5


def test_standardized_features_have_mean_zero_and_deviation_one():
    """Standardizing uses the deviation that divides by n, and remembers mean and scale."""
    raw = datasets.load_exam_scores()
    data = raw.standardized()
    assert torch.allclose(data.X.mean(dim=0), torch.zeros(3), atol=1e-6)
    assert torch.allclose(data.X.var(dim=0, unbiased=False), torch.ones(3), atol=1e-5)
    assert torch.allclose(data.X.double() * data.scale + data.mean, raw.X.double(), atol=1e-4)
    assert torch.equal(data.y, raw.y)


def test_original_units_give_the_same_predictions():
    """Weights for standardized features, put back into the raw units, predict the same."""
    raw = datasets.load_exam_scores()
    data = raw.standardized()
    weight, bias = torch.tensor([1.0, -2.0, 3.0]), torch.tensor(4.0)
    raw_weight, raw_bias = data.original_units(weight, bias)
    expected = data.X.double() @ weight.double() + bias
    assert torch.allclose(raw.X.double() @ raw_weight + raw_bias, expected, atol=1e-5)


def test_constant_feature_cannot_be_standardized():
    """A constant feature has no scale; the error names it."""
    data = datasets.Dataset("c", torch.ones(3, 1), torch.zeros(3, 1), ("rooms",), "y", "test")
    with pytest.raises(ValueError, match="'rooms' is constant"):
        data.standardized()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must be at least 1"),
        ({"n": 2.5}, TypeError, "n must be an integer"),
        ({"noise": -1.0}, ValueError, "noise must be 0 or more"),
        ({"noise": float("nan")}, ValueError, "noise must be 0 or more"),
        ({"noise": "0.5"}, TypeError, "noise must be a number"),
        ({"generator": 7}, TypeError, "generator must be a torch.Generator"),
        ({"weight": ()}, ValueError, "weight"),
        ({"weight": (1.0, float("inf"))}, ValueError, "weight holds inf"),
        ({"weight": ("a",)}, TypeError, "weight must be numbers"),
        ({"bias": "high"}, TypeError, "bias must be numbers"),
    ],
)
def test_drawing_refuses_bad_arguments(arguments, error, message):
    """A bad argument of make_plane is named in one sentence."""
    good = {"n": 5, "generator": torch.Generator().manual_seed(0)}
    with pytest.raises(error, match=message):
        make_plane(**{**good, **arguments})
