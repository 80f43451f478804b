"""The book's model as a class; it knows nothing of how it is trained."""

from torch import Tensor, nn

from linreg_tutorial._checks import check_count

__all__ = ["LinearRegressionModel"]


class LinearRegressionModel(nn.Module):
    """A linear model `X @ weight.T + bias` that holds one :class:`torch.nn.Linear`.

    Parameters
    ----------
    in_features : int
        Number of features, `d`.
    out_features : int
        Number of targets.

    Raises
    ------
    TypeError, ValueError
        If a count is no integer, or less than 1.

    Examples
    --------
    >>> import torch
    >>> model = LinearRegressionModel(3)
    >>> model(torch.zeros(5, 3)).shape
    torch.Size([5, 1])
    """

    def __init__(self, in_features: int, out_features: int = 1) -> None:
        super().__init__()
        self.linear = nn.Linear(
            check_count("in_features", in_features), check_count("out_features", out_features)
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return the predictions `(n, out_features)` for `X (n, in_features)`."""
        prediction: Tensor = self.linear(X)
        return prediction
