"""Check an answer where the reader works; the words of every message come from the caller.

The contract of :func:`check`:

- It prints one message, returns nothing, and raises nothing because of an answer, whatever that is.
- An answer is right if it has the asked-for property. How it was reached is not looked at.
- An answer that is not right is blank if a bare `...` is left in it. Otherwise the first mistake
  that fits names itself.
- A property that raises, or that is anything but true, does not hold.
- Warnings, output and random numbers of an answer that is called go nowhere: the check leaves the
  state of the reader's program as it was.
"""

import inspect
import io
import warnings
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from numbers import Real
from types import CodeType
from typing import Any

import torch
from torch import Tensor

__all__ = ["check", "close"]

Property = Callable[[Any], Any]


def check(
    answer: Any,
    holds: Property,
    *,
    right: str,
    not_yet: str,
    wrong: str,
    mistakes: Mapping[str, Property] | None = None,
) -> None:
    """Print what fits an answer: that it is right, not there yet, or wrong and why.

    Parameters
    ----------
    answer : object
        A number, a tensor, a function, a module, a string, or several of them in a tuple.
    holds : callable
        Says whether an answer is right: takes it and returns True or a tensor that is true.
    right, not_yet, wrong : str
        The messages for a right answer, for one in which a `...` is left, and for any other.
    mistakes : mapping of str to callable, optional
        By message, what says whether an answer makes that mistake; the first that fits counts.

    Raises
    ------
    TypeError
        If `holds` or a mistake cannot be called.

    Examples
    --------
    >>> words = {"right": "Yes.", "not_yet": "Your turn.", "wrong": "No."}
    >>> def is_mean(answer):
    ...     return close(answer, (1 + 2 + 6) / 3)
    >>> check(3, is_mean, **words)
    Yes.
    >>> check(..., is_mean, **words)
    Your turn.
    >>> check(9, is_mean, **words, mistakes={"A sum?": lambda answer: close(answer, 1 + 2 + 6)})
    A sum?
    >>> check("three", is_mean, **words)
    No.
    """
    mistakes = mistakes or {}
    for name, given in {"holds": holds, **mistakes}.items():
        if not callable(given):
            raise TypeError(f"{name!r} must be a function of the answer, got {given!r}")
    if _fits(holds, answer):
        message = right
    elif _is_blank(answer):
        message = not_yet
    else:
        found = (said for said, mistake in mistakes.items() if _fits(mistake, answer))
        message = next(found, wrong)
    print(message)


def close(answer: Any, expected: Any, *, rtol: float = 1e-4, atol: float = 1e-6) -> bool:
    """Say whether an answer has the expected numbers and their shape, in any dtype or container.

    A single number may come in any shape that holds one number.

    Parameters
    ----------
    answer, expected : object
        Numbers, tensors, arrays, or lists of numbers.
    rtol, atol : float
        How far a number may be from the expected one: relative to that, and besides.

    Returns
    -------
    bool
        False too if the answer holds NaN, complex numbers or truth values, or no numbers at all.

    Examples
    --------
    >>> close([1, 2], torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True))
    True
    >>> close([1, 2], torch.tensor([[1.0], [2.0]]))
    False
    >>> close(0.33, 1 / 3, rtol=0.02)
    True
    """
    numbers, wanted = _numbers(answer), _numbers(expected)
    if numbers is None or wanted is None:
        return False
    if numbers.numel() == wanted.numel() == 1:
        numbers = numbers.reshape(wanted.shape)
    same_shape = numbers.shape == wanted.shape
    return same_shape and torch.allclose(numbers, wanted, rtol=rtol, atol=atol)


def _numbers(value: Any) -> Tensor | None:
    """Return what a value holds as a tensor of float64, or None if it is not real numbers."""
    try:
        value = float(value) if _is_fraction(value) else value
        found = torch.as_tensor(value)
        if found.dtype == torch.bool or found.is_complex() or found.is_meta:
            return None
        return torch.as_tensor(value, dtype=torch.float64, device="cpu").detach()
    except Exception:  # whatever an object does that only looks like numbers
        return None


def _is_fraction(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _fits(says: Property, answer: Any) -> bool:
    """Say whether a property holds, in silence; what raises does not hold."""
    quiet = io.StringIO()
    with (
        torch.random.fork_rng(devices=[]),
        redirect_stdout(quiet),
        redirect_stderr(quiet),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        try:
            found = says(answer)
            if isinstance(found, Tensor):
                found = found.dtype == torch.bool and found.item()
        except (Exception, SystemExit):
            return False
    return found is True


def _is_blank(answer: Any) -> bool:
    """Say whether a bare `...` is left in an answer, or in the code of a function or a class."""
    parts = answer if isinstance(answer, list | tuple) else [answer]
    return any(part is ... or any(map(_has_blank, _code(part))) for part in parts)


def _code(answer: Any) -> list[CodeType]:
    """Return the code of a function, or of the methods of a class or of an instance."""
    if inspect.isfunction(answer):
        return [answer.__code__]
    kind = answer if inspect.isclass(answer) else type(answer)
    return [method.__code__ for method in vars(kind).values() if inspect.isfunction(method)]


def _has_blank(code: CodeType) -> bool:
    return any(
        _has_blank(found) if isinstance(found, CodeType) else found in (..., (..., ...))
        for found in code.co_consts
    )
