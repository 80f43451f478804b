"""The one list of trainers that the tests go through, each called in the same way."""

import pytest
import torch
from torch import nn

from linreg_tutorial.trainers import (
    train_by_hand,
    train_module,
    train_with_autograd,
    train_with_optimizer,
)


def train_linear_module(X, y, *, lr, epochs, weight=None, bias=None, **options):
    """Give `train_module` a linear layer and SGD, with the arguments of the other rungs."""
    d = X.shape[1] if isinstance(X, torch.Tensor) and X.ndim == 2 else 1
    dtype = X.dtype if isinstance(X, torch.Tensor) and X.is_floating_point() else torch.float32
    model = nn.Linear(max(d, 1), 1, dtype=dtype)
    with torch.no_grad():
        model.weight.zero_() if weight is None else model.weight.copy_(torch.as_tensor(weight))
        model.bias.zero_() if bias is None else model.bias.fill_(float(bias))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    return train_module(model, X, y, optimizer=optimizer, epochs=epochs, **options)


FLAT_RUNGS = [train_by_hand, train_with_autograd, train_with_optimizer]
RUNGS = [*FLAT_RUNGS, train_linear_module]
every_rung = pytest.mark.parametrize("train", RUNGS, ids=lambda f: f.__name__)
