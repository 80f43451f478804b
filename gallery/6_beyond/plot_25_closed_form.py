r"""
.. _closed-form:

걸음 없이 한 번에 풀기
======================

비용(cost)이 제곱의 평균이면 바닥은 연립방정식의 해라서 걷지 않고 풀 수 있습니다. 이것이 닫힌
해(closed-form solution)입니다. 푸는 길은 여럿이고, 컴퓨터에서는 길마다 **남는 자릿수**가 다릅니다.
분수로 구한 정확한 답에 대어 그 자릿수를 세고, 답이 하나로 정해지지 않는 데이터도 풀어 봅니다.
"""

# %%
# .. _closed-form-roads:
#
# 네 가지 길로 풀기
# -----------------
# 1로 된 열과 특성(feature)을 나란히 놓은 행렬이 :math:`A`, 편향(bias)과 가중치(weight)를 쌓은 것이
# :math:`\theta`입니다. :ref:`그래디언트 <gradient>`를 0으로 두면 정규방정식(normal equations)
# :math:`A^\top A\theta = A^\top y`가 나옵니다. QR 분해(QR decomposition)는 :math:`A = QR`로 나누고
# :math:`R\theta = Q^\top y`를 풉니다. ``solve_exactly``는 정규방정식을 분수로 반올림 없이 풉니다.

import math
from fractions import Fraction

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import RankDeficientError, solve_least_squares


def solve_exactly(A, y):
    columns = [list(map(Fraction, c)) for c in torch.cat([A, y], 1).T.tolist()]
    M = [[sum(a * b for a, b in zip(u, v)) for v in columns] for u in columns[:-1]]
    for i, pivot in enumerate(M):
        pivot[:] = [v / pivot[i] for v in pivot]
        for row in M[:i] + M[i + 1 :]:
            row[:] = [a - row[i] * b for a, b in zip(row, pivot)]
    return [row[-1] for row in M]


def normal_equations(A, y):
    theta, singular = torch.linalg.solve_ex(A.T @ A, A.T @ y)
    return (
        torch.zeros_like(theta) if singular else theta
    )  # 반올림이 역행렬을 없애면 0자리


def by_qr(A, y):
    Q, R = torch.linalg.qr(A)
    return torch.linalg.solve_triangular(R, Q.T @ y, upper=True)


data = load_exam_scores()
X, y = data.X.double(), data.y.double()  # 형태 (5, 3)과 (5, 1)
A = torch.cat([torch.ones(5, 1), X], dim=1)  # 형태 (5, 4)
fit, exact = solve_least_squares(X, y), solve_exactly(A, y)
lstsq = torch.linalg.lstsq(A, y).solution  # 형태 (4, 1), 나머지 답도 같음
answers = {"normal": normal_equations(A, y), "QR": by_qr(A, y), "lstsq": lstsq}
answers["solve_least_squares"] = torch.cat([fit.bias.view(1), fit.weight])[:, None]
print("  ".join(map(str, exact)))
for name, theta in answers.items():
    numbers = " ".join(f"{value:.4f}" for value in theta.flatten())
    print(f"{numbers}  Cost: {(A @ theta - y).square().mean():.3f}  {name}")
    assert torch.allclose(theta.T, torch.tensor([exact], dtype=theta.dtype))
kappa, squared = torch.linalg.cond(A), torch.linalg.cond(A.T @ A)  # 둘 다 형태 ()
print(f"A: κ = {kappa:.0f}  AᵀA: {squared:.2e} = κ² = {kappa**2:.2e}")

# %%
# 첫 줄의 분수가 정확한 답입니다. :ref:`exam-scores`에서 2001번 걷고도 못 닿은 비용 0.104의 바닥에
# 네 길이 모두 한 번에 닿습니다. 다만 :math:`A^\top A`의 조건수(condition number)는 제곱으로 큽니다.
#
# .. _closed-form-digits:
#
# 남은 자릿수 세기
# ----------------
# 조건수 :math:`\kappa`가 크면 반올림 오차가 그만큼 불어납니다. 두 특성의 차이를 :math:`10^{-k}`으로
# 줄여 가며, 상대 오차에 :math:`-\log_{10}`을 씌워 맞은 자릿수를 셉니다. :math:`y`는
# :math:`1 + 2x_1 + 3x_2`이고, 여기에 큰 잔차(residual)를 더한 데이터도 풉니다.


def measure(seed, k):
    generator = torch.Generator().manual_seed(seed)
    x, z, r = torch.randn(3, 8, 1, generator=generator).double()  # 형태 (8, 1)
    A = torch.cat([torch.ones(8, 1), x, x + 10.0**-k * z], dim=1)  # 형태 (8, 3)
    y = A @ torch.tensor([[1.0], [2.0], [3.0]]).double()  # 형태 (8, 1)
    far = y + 10 * (r - A @ by_qr(A, r))  # 더한 잔차는 세 열과 수직
    numbers = [math.log10(torch.linalg.cond(A))]
    for solve, t in (normal_equations, y), (by_qr, y), (by_qr, far):
        exact = solve_exactly(A, t)
        error = [Fraction(v) - e for v, e in zip(solve(A, t)[:, 0].tolist(), exact)]
        numbers.append(math.log10(math.hypot(*exact) / math.hypot(*error)))
    return numbers


runs = torch.tensor([[measure(seed, k) for seed in range(3)] for k in range(1, 13)])
log_kappa, *kept = runs.median(dim=1).values.T  # 세 시드의 중앙값, 형태 (12,)
names = "정규방정식", "QR", "QR, 큰 잔차"
fig, ax = plt.subplots()
for name, values, style in zip(names, kept, ("s--", "o-", "^:")):
    ax.semilogx(10**log_kappa, values, style, label=name)
    slope = solve_least_squares(log_kappa[:6, None], values[:6, None]).weight
    print(f"{slope.item():.0f}  {name}")
ax.set(title="남는 자릿수", xlabel="조건수 κ", ylabel="맞은 자릿수")
ax.legend()
fig.set_label(
    "조건수에 따라 남는 자릿수. QR은 완만하게 내려가고, 정규방정식은 두 배로 가파르게 "
    "내려가 조건수 1억쯤에서 0에 닿는다. 잔차가 크면 QR도 정규방정식만큼 가파르다."
)
plt.show()
assert all((log_kappa[7] > 8, kept[0][7:].max() < 2, kept[1][7] > 6))

# %%
# 조건수가 열 배가 되면 정규방정식은 두 자리, QR은 한 자리를 잃습니다. 1억을 넘으면 정규방정식에는
# 두 자리도 남지 않는데, 그때 QR에는 여섯 자리 넘게 남습니다. 잔차가 크면 QR도 두 자리씩 잃습니다.
#
# .. _closed-form-rank:
#
# 답이 하나가 아닐 때
# -------------------
# 0뿐인 열이나 똑같은 열이 있으면 랭크(rank)가 모자라 답이 무수히 많습니다. :math:`x` 앞의 열이
# 1, 0, :math:`x`인 세 문제를 한 묶음으로 풉니다. 정답은 셋 다 :math:`2x`입니다.

x = torch.arange(1, 5).double()[:, None]  # 형태 (4, 1)
batch = torch.stack([torch.cat([first, x], dim=1) for first in (x**0, 0 * x, x)])
result = torch.linalg.lstsq(batch, 2 * x.expand(3, 4, 1))  # 형태 (3, 2, 1)
for features, theta, rank in zip(batch, result.solution.abs(), result.rank):
    print(f"lstsq: {theta[0].item():.2f} {theta[1].item():.2f}  rank {rank}")
    try:
        solve_least_squares(features, 2 * x, intercept=False)
    except RankDeficientError as error:
        print(error)

# %%
# 0뿐인 열에서 ``lstsq``는 말없이 0을 답합니다. PyTorch 2.13.0의 기본 드라이버가 앞 문제의 메모리를
# 이어 쓰기 때문입니다. 똑같은 열에서는 말없이 한 답을 고릅니다. 이 책의 함수는 어느 열인지 댑니다.
#
# .. _closed-form-choose:
#
# 풀 때와 걸을 때
# ---------------
# 행렬이 :math:`n`행 :math:`p`열이면 QR의 연산은 약 :math:`2np^2`번, 경사 하강법(gradient descent)
# 한 걸음은 약 :math:`4np`번입니다. 푸는 값이 :math:`p/2`걸음 값이니 시험 점수라면 두 걸음입니다.
# 열이 아주 많거나 비용이 제곱이 아니면 걷습니다. 열을 늘리기는 :ref:`too-much-freedom`에서 합니다.
