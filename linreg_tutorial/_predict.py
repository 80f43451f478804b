"""What a fitted line or plane says of new rows."""

from typing import Any

import torch
from torch import Tensor

from linreg_tutorial._checks import all_finite, check_features


def predict(X: Any, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the predictions `(n, 1)` for `X (n, d)` in the dtype of the weights.

    Raises
    ------
    TypeError, ValueError
        If `X` is not a finite tensor of that shape, or a prediction is not finite.
    """
    X = check_features(X, dtype=weight.dtype)
    if X.shape[1] != len(weight):
        raise ValueError(f"X must have {len(weight)} columns, got {X.shape[1]}")
    predictions: Tensor = (X @ weight + bias).unsqueeze(1)
    if not all_finite(predictions):
        row = int((~torch.isfinite(predictions)).nonzero()[0, 0])
        raise ValueError(f"the prediction for row {row} of X exceeds {weight.dtype}; rescale X")
    return predictions
