"""The model of the book as a class."""

import pytest
import torch

from linreg_tutorial.models import LinearRegressionModel


def test_model_is_one_linear_layer():
    """It computes X @ weight.T + bias, and has the parameters of its layer."""
    model = LinearRegressionModel(3, 2)
    X = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    expected = X @ model.linear.weight.T + model.linear.bias
    assert torch.allclose(model(X), expected, atol=1e-6)
    assert [name for name, _ in model.named_parameters()] == ["linear.weight", "linear.bias"]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0,), ValueError, "in_features must be at least 1"),
        ((2, -1), ValueError, "out_features must be at least 1"),
        ((1.0,), TypeError, "in_features must be an integer"),
    ],
)
def test_counts_are_checked(arguments, error, message):
    """A layer without inputs or outputs is refused."""
    with pytest.raises(error, match=message):
        LinearRegressionModel(*arguments)
