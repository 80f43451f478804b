"""Double-doubles against rational arithmetic: exact where that is promised, else thirty digits."""

import math
import sys
from fractions import Fraction

import pytest
import torch

from linreg_tutorial._doubles import (
    add,
    dot,
    inverse_root,
    multiply,
    negative,
    pair,
    power_of_two,
    reciprocal,
    split,
    subtract_multiple,
    two_product,
    two_sum,
)

SIZE = 500


def numbers(seed):
    """Return float64 of either sign, of sizes from 1e-9 to 1e9."""
    generator = torch.Generator().manual_seed(seed)
    exponents = 18 * torch.rand(SIZE, generator=generator, dtype=torch.float64) - 9
    signs = 2 * torch.randint(2, (SIZE,), generator=generator) - 1
    return signs * 10**exponents


def pairs(seed):
    """Return pairs with all their digits."""
    return two_sum(numbers(seed), 1e-17 * numbers(seed).abs() * numbers(seed + 1))


def nearly_negative(a):
    """Return pairs whose sum with `a` leaves what lies in the low parts, or nothing."""
    third = SIZE // 3
    low = a[1].clone()
    low[:third] *= 0.3
    low[third : 2 * third] = 0
    return -a[0], -low


def exact(a):
    """Return the rational numbers that floats, or pairs of them, stand for."""
    parts = a if isinstance(a, tuple) else (a,)
    return [sum(map(Fraction, both)) for both in zip(*(part.tolist() for part in parts))]


def off(ours, theirs):
    """Return the largest error of ours, as a share of the number."""
    return max(abs(a - b) / abs(b) if b else abs(a) for a, b in zip(exact(ours), theirs))


def test_sums_and_products_of_floats_are_exact():
    """High and low part together are the sum or product, and halves the whole, to the last bit."""
    a, b = numbers(0), numbers(1)
    assert exact(two_sum(a, b)) == [x + y for x, y in zip(exact(a), exact(b))]
    assert exact(two_product(a, b)) == [x * y for x, y in zip(exact(a), exact(b))]
    assert exact(split(a)) == exact(a)


@pytest.mark.parametrize("other", [lambda a: pairs(2), nearly_negative])
def test_sums_have_thirty_digits(other):
    """So have they where almost everything cancels."""
    a = pairs(0)
    b = other(a)
    assert off(add(a, b), [x + y for x, y in zip(exact(a), exact(b))]) < 2**-104
    differences = subtract_multiple(a, 0.75, negative(b))
    assert off(differences, [x + 3 * y / 4 for x, y in zip(exact(a), exact(b))]) < 2**-100
    assert exact(negative(a)) == [-x for x in exact(a)]


def test_products_have_thirty_digits():
    """And so has one over a number, and over its root."""
    a, b = pairs(0), pairs(2)
    assert off(multiply(a, b), [x * y for x, y in zip(exact(a), exact(b))]) < 2**-103
    inverses = [reciprocal((high, low)) for high, low in zip(*a)]
    inverse = tuple(torch.stack(parts) for parts in zip(*inverses))
    assert off(inverse, [1 / x for x in exact(a)]) < 2**-105
    positive = two_sum(a[0].abs(), a[1])
    root = inverse_root(positive)
    squares = [x * r * r for x, r in zip(exact(positive), exact(root))]
    assert max(abs(square - 1) for square in squares) < 2**-100


@pytest.mark.parametrize("n", [1, 2, 3, 7, 8, 500])
def test_dot_products_have_thirty_digits(n):
    """They are off by a share of the sum of the sizes, however many numbers there are."""
    a, b = (tuple(part[:n] for part in pairs(seed)) for seed in (0, 2))
    columns = tuple(torch.stack([part, 2 * part], dim=1) for part in a)
    terms = [x * y for x, y in zip(exact(a), exact(b))]
    size = sum(map(abs, terms))
    for times, product in zip((1, 2), exact(dot(columns, b)), strict=True):
        assert abs(product - times * sum(terms)) < 2**-99 * times * size


def test_a_float_is_a_pair():
    """Its low part is zero."""
    a = numbers(0)
    assert exact(pair(a)) == exact(a)


@pytest.mark.parametrize("largest", [1.0, 0.75, 3.0, 1e-300, 1e300, 1e-310, 1.7e308])
def test_a_power_of_two_is_as_large_as_the_largest(largest):
    """Dividing by it is exact, and it is at most twice as large, or the smallest normal number."""
    size = power_of_two(torch.tensor([largest / 3, -largest, 0.0], dtype=torch.float64))
    assert math.frexp(size)[0] == 0.5
    assert size * (largest / size) == largest
    assert largest / 2 < size <= max(2 * largest, sys.float_info.min)
    assert power_of_two(torch.zeros(3)) == 1
