"""What every trainer and solver makes of its inputs: shapes, dtypes, memory, gradient modes."""

import warnings

import pytest
import torch
from callables import DESCENTS, EVERY, TRAINERS, outcome
from hypothesis import given, settings
from hypothesis import strategies as st

every = pytest.mark.parametrize("name", EVERY)
SHAPES = {"n": st.integers(1, 9), "d": st.integers(1, 4), "seed": st.integers(0, 2**20)}


def drawn(n, d, seed, low=-3, high=4):
    """Return small whole numbers, which every dtype holds, as features and targets."""
    generator = torch.Generator().manual_seed(seed)
    table = torch.randint(low, high, (n, d + 1), generator=generator).double()
    return table[:, :-1], table[:, -1:]


def assert_close(ours, expected, tolerance=1e-9):
    """Compare two outcomes, relative to the largest number of a tensor."""
    assert type(ours) is type(expected)
    if isinstance(expected, str):
        return
    assert ours.keys() == expected.keys()
    for name, value in expected.items():
        scale = 1 + value.nan_to_num().abs().max().item() if value.numel() else 1
        assert torch.allclose(ours[name], value, rtol=0, atol=tolerance * scale, equal_nan=True), (
            name
        )


@every
@settings(max_examples=25, deadline=None)
@given(
    dtype=st.sampled_from(["float64", "float32", "float16", "bfloat16", "int64", "int8", "uint8"]),
    target=st.sampled_from([torch.float64, torch.float32, torch.int64, torch.uint8]),
    **SHAPES,
)
def test_shapes_and_dtypes(name, dtype, target, n, d, seed):
    """Trainers answer in the dtype of X, solvers in float64, whatever the targets are."""
    dtype = getattr(torch, dtype)
    X, y = drawn(n, d, seed, low=0)
    if name == "train_module":  # leaves the targets to the loss
        target = dtype if dtype.is_floating_point else torch.float32
    result = outcome(EVERY[name], X.to(dtype), y.to(target))
    if isinstance(result, str):
        assert name not in DESCENTS
        return
    floating = dtype if dtype.is_floating_point else torch.get_default_dtype()
    expected = floating if name in TRAINERS else torch.float64
    d = 1 if name == "fit_polynomial" else d
    shapes = {
        "weight": (d,),
        "bias": (),
        "history.epoch": (5,),
        "history.cost": (5,),
        "history.weight": (5, d),
        "history.bias": (5,),
        "history.start_weight": (d,),
        "history.start_bias": (),
        "predictions": (n, 1),
        "standard_errors": (d + 1,),
        "weights": (3, d),
        "biases": (3,),
    }
    for key, value in result.items():
        assert value.shape == shapes.get(key, ()), key
        assert value.dtype == (torch.int64 if key in ("history.epoch", "rank") else expected), key
        assert not value.requires_grad


def strided(t):
    """Return every second row and column of a larger table."""
    return t.repeat_interleave(2, dim=0).repeat_interleave(2, dim=1)[::2, ::2]


def read_only(t):
    """Return a tensor over bytes, which nobody may write."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The given buffer is not writable")
        return torch.frombuffer(t.numpy().tobytes(), dtype=t.dtype).view(t.shape)


def made_in_inference_mode(t):
    """Return a tensor that autograd may not save."""
    with torch.inference_mode():
        return t.clone()


VIEWS = {
    "transposed": lambda t: t.T.contiguous().T,
    "strided": strided,
    "flipped": lambda t: t.flip(0),
    "one row, many times": lambda t: t[:1].expand(len(t), -1),
    "one column, many times": lambda t: t[:, :1].expand(-1, t.shape[1]),
    "windows that overlap": lambda t: t.flatten().as_strided(t.shape, (1, 1)),
    "read-only": read_only,
    "leaf with a gradient": lambda t: t.clone().requires_grad_(),
    "inside a graph": lambda t: t.clone().requires_grad_() * 1,
    "made in inference mode": made_in_inference_mode,
}


@every
@settings(max_examples=25, deadline=None)
@given(view=st.sampled_from(list(VIEWS)), **SHAPES)
def test_where_the_numbers_lie_does_not_matter(name, view, n, d, seed):
    """The answer is that for a contiguous copy, it shares no memory, and inputs stay as were."""
    inputs = [VIEWS[view](t) for t in drawn(n, d, seed)]
    copies = [t.detach().clone(memory_format=torch.contiguous_format) for t in inputs]
    result = outcome(EVERY[name], *inputs)
    assert_close(result, outcome(EVERY[name], *copies))
    for tensor, copy in zip(inputs, copies):
        assert torch.equal(tensor, copy)
        assert not tensor.is_leaf or tensor.grad is None
    if isinstance(result, dict):
        memory = {t.untyped_storage().data_ptr() for t in inputs}
        for value in result.values():
            assert not value.requires_grad
            assert value.numel() == 0 or value.untyped_storage().data_ptr() not in memory


@every
@pytest.mark.parametrize("mode", [torch.no_grad, torch.enable_grad, torch.inference_mode])
def test_the_caller_s_gradient_mode_does_not_matter(name, mode):
    """A call gives the same answer in each mode, and leaves the mode as it was."""
    if name == "train_module" and mode is torch.inference_mode:
        pytest.skip("a module that is made there cannot be trained anywhere")
    X, y = drawn(8, 2, seed=1)
    expected = outcome(EVERY[name], X, y)
    with mode():
        before = torch.is_grad_enabled(), torch.is_inference_mode_enabled()
        result = outcome(EVERY[name], X, y)
        assert (torch.is_grad_enabled(), torch.is_inference_mode_enabled()) == before
    assert_close(result, expected)


@every
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda X: X.to(torch.float8_e5m2), "must hold numbers of 16 bits or more, got"),
        (lambda X: X > 0, "must hold numbers, got"),
        (lambda X: X.to_sparse(), "must be dense, got"),
        (lambda X: X + 0j, "must hold real numbers"),
    ],
    ids=["float8", "bool", "sparse", "complex"],
)
def test_tensors_that_do_not_calculate_are_refused(name, change, message):
    """What torch cannot add or factor is refused in one sentence, as X and as y."""
    X, y = drawn(6, 2, seed=1)
    calls = [(X, change(y))] if name == "train_module" else [(X, change(y)), (change(X), y)]
    for arguments in calls[1:] if name == "largest_stable_lr" else calls:
        sparse = any(t.layout != torch.strided for t in arguments)
        if sparse and name in ("fit_polynomial", "LeastSquaresStream"):
            continue  # which get a part of the rows or columns here, and sparse ones have none
        with pytest.raises(TypeError, match=message):
            EVERY[name](*arguments)
