"""Arithmetic with twice the digits of float64: double-doubles.

A pair of float64 tensors `(high, low)` stands for their sum. Dekker, *A floating-point technique
for extending the available precision*, Numerische Mathematik 18, 1971.
"""

import math
from fractions import Fraction
from typing import TypeAlias

import torch
from torch import Tensor

Pair: TypeAlias = tuple[Tensor, Tensor]


def power_of_two(values: Tensor) -> float:
    """Return a power of two about as large as the largest of the values: dividing is exact."""
    largest = values.abs().max().item()
    return 2.0 ** min(max(math.frexp(largest)[1], -1022), 1023)  # a normal number


def pair(a: Tensor) -> Pair:
    """Return a float64 as a pair."""
    return a, torch.zeros_like(a)


def two_sum(a: Tensor, b: Tensor) -> Pair:
    """Return the sum of two float64 and its rounding error (Knuth)."""
    s = a + b
    part = s - a
    return s, (a - (s - part)) + (b - part)


def split(a: Tensor) -> Pair:
    """Return two halves of a float64 whose products with other halves are exact (Veltkamp)."""
    c = a * 134217729.0  # 2**27 + 1; what is near it would cut as well
    high = c - (c - a)
    return high, a - high


def two_product(a: Tensor, b: Tensor) -> Pair:
    """Return the product of two float64 and its rounding error (Dekker)."""
    product, (a1, a2), (b1, b2) = a * b, split(a), split(b)
    return product, a2 * b2 - (((product - a1 * b1) - a2 * b1) - a1 * b2)


def add(a: Pair, b: Pair) -> Pair:
    """Return `a + b`."""
    high, e = two_sum(a[0], b[0])
    low, f = two_sum(a[1], b[1])
    high, e = two_sum(high, e + low)
    return two_sum(high, e + f)


def multiply(a: Pair, b: Pair) -> Pair:
    """Return `a * b`, element by element."""
    high, low = two_product(a[0], b[0])
    return two_sum(high, low + (a[0] * b[1] + a[1] * b[0]))


def reciprocal(a: Pair) -> Pair:
    """Return `1 / a` of a single number, by rational arithmetic."""
    exact = 1 / (Fraction(a[0].item()) + Fraction(a[1].item()))
    high = float(exact)
    return a[0].new_tensor(high), a[0].new_tensor(float(exact - Fraction(high)))


def inverse_root(a: Pair) -> Pair:
    """Return `1 / √a`, by one step of Newton's method from that of float64."""
    x = pair(a[0].rsqrt())
    error = add(pair(torch.ones_like(a[0])), negative(multiply(a, multiply(x, x))))
    return add(x, multiply(x, pair(error[0] / 2)))  # its low part is below the last digit


def negative(a: Pair) -> Pair:
    """Return `-a`."""
    return -a[0], -a[1]


def subtract_multiple(a: Pair, factor: float, b: Pair) -> Pair:
    """Return `a - factor * b`."""
    return add(a, multiply(pair(a[0].new_tensor(-factor)), b))


def dot(Q: Pair, r: Pair) -> Pair:
    """Return `Qᵀ r (d,)` for `Q (n, d)` and `r (n,)`, summed in halves.

    Rounding errors are summed in float64 and added at the end, which leaves twice its digits of
    the sum of the sizes: Ogita, Rump and Oishi, *Accurate sum and dot product*, SIAM J. Sci.
    Comput. 26, 2005.
    """
    factor = r[0].unsqueeze(1), r[1].unsqueeze(1)
    high, low = two_product(Q[0], factor[0])
    low = low + (Q[0] * factor[1] + Q[1] * factor[0])
    while len(high) > 1:
        half = len(high) // 2
        rest = high[2 * half :], low[2 * half :]
        low = low[:half] + low[half : 2 * half]
        high, error = two_sum(high[:half], high[half : 2 * half])
        high, low = torch.cat([high, rest[0]]), torch.cat([low + error, rest[1]])
    return two_sum(high[0], low[0])
