r"""
.. _nan-and-divergence:

nan이 되기 전에 발산 알아채기
=============================

비용(cost)이 몇 에폭(epoch) 만에 ``inf``가 되고 조금 뒤에는 ``nan``이 됩니다. 일부러 그렇게 만들어
봅니다. 원인은 대개 셋 가운데 하나입니다. 학습률(learning rate)이 크거나, 특성(feature)의 값이
크거나, 비용을 평균하지 않고 더했습니다. 셋은 같은 한계를 넘는 세 가지 길입니다.
"""

# %%
# .. _nan-and-divergence-symptom:
#
# 증상: 커지고, inf가 되고, nan이 된다
# ------------------------------------
# 퀴즈 점수 세 개로 시험 점수를 배웁니다. 두세 자리 점수를 그대로 넣고 학습률은 0.01로 둡니다.
# 줄마다 비용과, 갱신한 뒤의 첫 번째 가중치(weight)입니다.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_by_hand

data = load_exam_scores()
X, y = data.X, data.y  # 형태 (5, 3)과 (5, 1)


def train(X, y, lr, epochs, reduction="mean"):
    W = torch.zeros(3, 1, requires_grad=True)  # 형태 (3, 1)
    b = torch.zeros(1, requires_grad=True)  # 형태 (1,)
    optimizer = torch.optim.SGD([W, b], lr=lr)
    rows = []
    for _ in range(epochs):
        cost = F.mse_loss(X @ W + b, y, reduction=reduction)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        rows.append([cost.item(), *W.flatten().tolist(), b.item()])
    return torch.tensor(rows)  # 비용, 가중치 세 개, 편향, 형태 (epochs, 5)


run = train(X, y, 0.01, epochs=17)  # 형태 (17, 5)
for epoch, (cost, weight, *_) in enumerate(run):
    print(f"Epoch {epoch:4d}/16 Cost: {cost:7.1e}  W {weight:8.1e}")

# %%
# 비용은 제곱이라서 7에폭에 먼저 float32의 끝을 넘어 ``inf``가 됩니다. 가중치는 13에폭에 ``-inf``가
# 되고, 다음 걸음에서 무한대끼리 빼다가 ``nan``이 됩니다. 비용의 ``nan``은 15에폭에야 보입니다.
#
# .. _nan-and-divergence-ratio:
#
# 진단: 잇따른 비용의 비를 잰다
# -----------------------------
# 비용을 바로 앞의 비용으로 나눕니다. 학습률 :math:`\eta`가 한계를 넘으면 가장 가파른 방향의
# 오차(error)가 걸음마다 :math:`1 - \eta\lambda_{\max}` 배가 되고(:ref:`learning-rate-limit`),
# 비용은 그 제곱 배가 됩니다.

costs, limit = run[:, 0], largest_stable_lr(X)  # costs는 형태 (17,)
ratios = costs[1:7] / costs[:6]  # 형태 (6,)
factor = 1 - 0.01 * 2 / limit
print("비용의 비:", " ".join(f"{ratio:.2e}" for ratio in ratios))
print(f"셈한 값:   {factor**2:.2e}  학습률의 한계: {limit:.2e}")
print("유한한 비용:", torch.isfinite(costs).sum().item())
assert torch.allclose(ratios, torch.tensor(factor**2), rtol=1e-3)

Z = data.standardized().X  # 형태 (5, 3)
scaled = train(Z, y, 0.15, epochs=1001)  # 형태 (1001, 5)
fig, ax = plt.subplots()
ax.semilogy(costs[:7], "o-", label="그대로, 학습률 0.01")
ax.semilogy(scaled[:17, 0], "s--", label="표준화, 학습률 0.15")
ax.axhline(torch.finfo(torch.float32).max, color="gray", ls=":", label="float32 끝")
ax.axvline(7, color="gray", ls="--", label="비용이 inf")
ax.axvline(15, color="gray", ls="-.", label="비용이 nan")
ax.set(title="유한한 동안의 비용", xlabel="에폭", ylabel="비용 (점², 로그 눈금)")
ax.legend(loc="center", bbox_to_anchor=(0.67, 0.5))
fig.set_label(
    "에폭에 따른 비용의 로그 그래프. 그대로 넣은 쪽은 곧은 직선으로 치솟아 6에폭에 float32의 끝에 "
    "다다르고, 표준화한 쪽은 내려간다. 세로줄은 비용이 inf가 되는 7에폭과 nan이 되는 15에폭이다."
)
plt.show()

# %%
# 비가 처음부터 1보다 훨씬 크고 늘 같습니다. 한계를 넘은 학습률의 자국이고, 비용을 두 번만 재도
# 보입니다. 반복문은 ``torch.isfinite(cost)``가 거짓이 될 때 멈추면 됩니다.
#
# .. _nan-and-divergence-tools:
#
# 진단: 오류가 하는 말을 듣는다
# -----------------------------
# 라이브러리는 발산(divergence)하면 :class:`~linreg_tutorial.trainers.DivergenceError`를 냅니다.
# float64로 버텨 보고, 처음부터 무한대가 든 데이터도 넣어 봅니다.

for features in (X.double(), X / 0):
    try:
        train_by_hand(features, y, lr=0.01, epochs=101)
    except (DivergenceError, ValueError) as error:
        print(error)

# %%
# float64는 발산을 58에폭으로 늦출 뿐입니다. 첫 줄의 숫자는 오류의 ``last_cost``, ``epoch``,
# ``largest_lr``에도 있고, 그때까지의 기록은 ``history``에 있습니다. 첫 비용부터 ``inf``나
# ``nan``이라면 학습률이 아니라 둘째 줄처럼 데이터를 의심합니다.
#
# .. _nan-and-divergence-sum:
#
# 또 다른 원인: 평균 대신 합
# --------------------------
# ``reduction="sum"``은 그래디언트(gradient)도 :math:`n` 배로 만들어 한계를 :math:`n`분의 1로
# 줄입니다. 표준화(standardisation)한 점수에 학습률 0.05를 쓰고, 같은 학생들을 두 번 넣어 봅니다.

for copies in (1, 2):
    Xs, ys = Z.repeat(copies, 1), y.repeat(copies, 1)  # 형태 (n, 3)과 (n, 1)
    n, bound = len(Xs), largest_stable_lr(Xs)
    cost = train(Xs, ys, 0.05, 201, reduction="sum")[-1, 0]
    print(f"n {n:2d} mean < {bound:.3f} sum < {bound / n:.3f} Cost: {cost:.2f}")
    mean, total = train(Xs, ys, 0.05, 50), train(Xs, ys, 0.05 / n, 50, "sum")
    assert torch.allclose(mean[:, 1:], total[:, 1:], atol=1e-3)

# %%
# 데이터만 늘렸는데 되던 코드가 ``nan``을 냅니다. 평균의 한계는 그대로이고 합의 한계만 반으로
# 줄었습니다. 평균을 쓰면 됩니다. 합에 :math:`\eta/n`을 써도 걷는 길은 같습니다.
#
# .. _nan-and-divergence-cure:
#
# 처방: 학습률을 줄이거나 표준화하기
# ----------------------------------
# 끝의 비용이 닫힌 해(closed-form solution)에서 잰 비용의 몇 배인지 봅니다.

exact = solve_least_squares(X, y)
lowest = (exact.predict(X) - y).square().mean()
for name, end in {"1e-5": train(X, y, 1e-5, 1001)[-1], "0.15": scaled[-1]}.items():
    print(f"lr {name}  Cost: {end[0]:.3f}  {end[0] / lowest:.0f}")
assert (Z @ end[1:4, None] + end[4] - exact.predict(X)).abs().max() < 0.1

# %%
# 둘 다 유한하지만, 바닥까지 간 것은 표준화한 쪽입니다(:ref:`standardise`). 다음
# :ref:`broadcasting`에서는 비용이 얌전히 줄어드는데도 답이 틀립니다.
