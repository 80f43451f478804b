"""Sets that cost least squares its digits, and their answers in rational arithmetic."""

import math
from fractions import Fraction

import statsmodels.api as sm
import torch

DELTA = [759, -2048, 2048, -2048, 2523, -2048, 2048, -2048, 1838, -2048, 2048]
DELTA = [*DELTA, *DELTA[-2::-1]]


def column(values):
    """Return the values as a float64 tensor of shape (n, 1)."""
    return torch.tensor([float(v) for v in values], dtype=torch.float64).unsqueeze(1)


def powers(x, degree):
    """Return the powers of x from the first on."""
    return torch.cat([column([v**k for v in x]) for k in range(1, degree + 1)], dim=1)


def exact_weights(X, y, intercept):
    """Solve the normal equations in rational arithmetic; the bias comes first."""
    rows = [
        [Fraction(v) for v in ([1.0] if intercept else []) + row]
        for row in torch.cat([X, y], dim=1).double().tolist()
    ]
    columns = list(zip(*rows))
    system = [[sum(a * b for a, b in zip(u, v)) for v in columns] for u in columns[:-1]]
    for i, pivot in enumerate(system):
        pivot[:] = [v / pivot[i] for v in pivot]
        for row in system[:i] + system[i + 1 :]:
            row[:] = [a - row[i] * b for a, b in zip(row, pivot)]
    return [row[-1] for row in system]


def unknowns(fit, intercept):
    """Return the bias, if there is one, and the weights."""
    return [fit.bias.item()] * intercept + fit.weight.tolist()


def digits(ours, exact):
    """Return the correct digits of the worst number, at most 16."""
    errors = [abs(Fraction(a) - b) / (abs(b) or 1) for a, b in zip(ours, exact)]
    return min(-math.log10(max(float(e), 1e-16)) for e in errors)


def wampler(k):
    """Return the set of that number."""
    x = range(21)
    ones = [sum(v**j for j in range(6)) for v in x]
    if k == 2:
        y = [sum(Fraction(v, 10) ** j for j in range(6)) for v in x]
    else:
        y = [a + {1: 0, 3: 1, 4: 100, 5: 10000}[k] * b for a, b in zip(ones, DELTA)]
    return powers(x, 5), column(y), True


def longley():
    """Return the employment of the United States, 1947 to 1962."""
    data = sm.datasets.longley.load_pandas()
    return torch.from_numpy(data.exog.to_numpy(float)), column(data.endog), True


def conditioned(log_kappa, seed):
    """Return 50 rows of 8 random columns with a condition number, and noise."""
    generator = torch.Generator().manual_seed(seed)
    U, V = (torch.randn(n, 8, generator=generator).double() for n in (50, 8))
    values = torch.logspace(0, -log_kappa, 8, dtype=torch.float64)
    X = torch.linalg.qr(U).Q * values @ torch.linalg.qr(V).Q
    noise = torch.randn(50, 1, generator=generator).double()
    return X, X.sum(dim=1, keepdim=True) + 0.01 * noise, False


def hilbert(n):
    """Return the n columns of a Hilbert matrix of n + 5 rows."""
    X = torch.cat([column([1 / (i + j + 1) for i in range(n + 5)]) for j in range(n)], dim=1)
    return X, column([math.sin(i) + 2 for i in range(n + 5)]), False


def like_filip(degree):
    """Return powers of 82 numbers between -9 and -3."""
    generator = torch.Generator().manual_seed(3)
    x = (-3 - 6 * torch.rand(82, generator=generator, dtype=torch.float64)).tolist()
    noise = torch.randn(82, generator=generator).tolist()
    y = [0.8 + math.sin(2 * a) + 0.003 * b for a, b in zip(x, noise)]
    return powers(x, degree), column(y), True


def years(degree, since):
    """Return powers of 40 years, counted from one of them."""
    x = [float(1900 + i - since) for i in range(40)]
    return powers(x, degree), column([math.sin(i) + 0.1 * i for i in range(40)]), True


NIST = {
    "Longley": longley(),
    **{f"Wampler {k}": wampler(k) for k in range(1, 6)},
    "NoInt 1": (column(range(60, 71)), column(range(130, 141)), False),
    "NoInt 2": (column([4, 5, 6]), column([3, 4, 4]), False),
}
LOADS = [150000.0 * i for i in range(1, 21)] * 2
LINE = [0.2 + 27.3 * i for i in range(36)]
OTHERS = {
    "like Norris": (column(LINE), column([-0.26 + a + math.sin(7 * a) for a in LINE]), True),
    "like Pontius": (powers(LOADS, 2), column([7e-7 * a - 3e-15 * a * a for a in LOADS]), True),
    "like Filip, degree 6": like_filip(6),
    "like Filip": like_filip(10),
    "years": years(1, 0),
    "years squared": years(2, 0),
    "years cubed": years(3, 0),
    "shifted years": years(8, 1950),
    "Hilbert 8": hilbert(8),
    "Hilbert 11": hilbert(11),
    **{f"condition 1e{k}": conditioned(k, k) for k in (2, 5, 8, 10, 12, 13)},
}
