r"""
.. _exam-scores:

같은 시험 점수에서 두 가지 답 얻기
==================================

퀴즈 점수 세 개로 시험 점수를 예측합니다. 한 강의 자료는 같은 데이터를 같은 코드로 두 번 학습하고
서로 다른 답 두 개를 적어 두었습니다. 다른 것은 무작위로 정해진 출발점뿐입니다. 두 번의 학습을
되살려 보고, 어느 쪽도 아직 바닥에 닿지 않았음을 확인합니다.
"""

# %%
# .. _exam-scores-matrix:
#
# 행렬 곱 하나로 예측하기
# -----------------------
# 학생 다섯 명의 점수 :math:`X`는 형태가 (5, 3)입니다. 가중치(weight) :math:`W`를 (3, 1)로 두면
# 행렬 곱 ``X @ W`` 하나로 다섯 명의 예측값(prediction)이 모두 나옵니다. 안쪽의 3끼리 만나 사라지고
# (5, 1)이 남습니다. 출발점 A와 B는 강의 자료에 적힌 가중치와 편향(bias)입니다.

import math

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import DivergenceError, train_by_hand

X, y = load_exam_scores().X, load_exam_scores().y  # 형태 (5, 3)과 (5, 1)
starts = {  # W는 형태 (3, 1)
    "A": (torch.tensor([[-0.5719], [-0.4298], [-0.3847]]), 0.3392),
    "B": (torch.tensor([[0.4617], [-0.5622], [-0.1037]]), 0.1848),
}


def cost(W, b):
    return (X @ W + b - y).square().mean().item()


W, b = starts["A"]
print(tuple(X.shape), "@", tuple(W.shape), "->", tuple((X @ W).shape))
print(f"Cost: {cost(W, b):.6f}")

# %%
# .. _exam-scores-runs:
#
# 두 출발점에서 학습하기
# ----------------------
# 학습률(learning rate)은 강의 자료를 따라 ``1e-5``로 둡니다. 0.01로도 한 번 학습해 봅니다.

lr = 1e-5
fits = {}
for name, (W, b) in starts.items():
    print("출발점", name)
    fits[name] = train_by_hand(
        X, y, lr=lr, epochs=2001, weight=W, bias=b, log=print, log_every=200
    )
try:
    train_by_hand(X, y, lr=0.01, epochs=2001)
except DivergenceError as error:
    print(f"학습률 0.01: 에폭 {error.epoch}에서 발산")
print(f"학습률의 한계: {largest_stable_lr(X):.2e}")
assert lr < largest_stable_lr(X) < 0.01 / 200

# %%
# 이 데이터에서 학습률의 한계는 4.54e-05이고, 0.01은 그보다 200배 넘게 커서 비용(cost)이
# 발산(divergence)합니다. 이 한계를 정하는 식은 :ref:`hypothesis-and-cost-mean`에 있습니다.

# %%
# .. _exam-scores-source:
#
# 강의 자료와 견주기
# ------------------
# 강의 자료는 출발점을 소수점 아래 네 자리까지만 적었습니다. 그래서 숫자마다 위아래로 0.00005만큼
# 여지가 있습니다. 출발점을 그만큼 낮춘 비용과 높인 비용 사이에 자료의 첫 비용이 있어야 합니다.

source = {  # 첫 비용, 끝 비용, 학습을 마친 W와 b
    "A": (84423.585938, 1.067542, [0.6662, 0.5759, 0.7635, 0.3556]),
    "B": (35920.234375, 0.899753, [1.0997, 0.3012, 0.6080, 0.1939]),
}
for name, (first, last, parameters) in source.items():
    (W, b), fit = starts[name], fits[name]
    assert cost(W + 5e-5, b + 5e-5) < first < cost(W - 5e-5, b - 5e-5)
    costs = fit.history.cost.tolist()
    relative = [costs[0] / first - 1, costs[-1] / last - 1]
    print(f"{name}  상대 차이: 처음 {relative[0]:.1e}, 끝 {relative[1]:.1e}")
    assert max(map(abs, relative)) < 2e-4
    end = torch.tensor([*fit.weight, fit.bias])  # 형태 (4,)
    assert torch.allclose(end, torch.tensor(parameters), rtol=0, atol=2e-4)

# %%
# 처음과 끝의 비용 모두 상대 차이가 0.0002보다 작고, 자료의 첫 비용은 그 여지 안에 있습니다.

# %%
# .. _exam-scores-answers:
#
# 두 답 견주기
# ------------
# 첫 번째 학생의 점수 (73, 80, 75)를 넣어 봅니다. 실제 시험 점수는 152점입니다. 걸음 없이 바닥을
# 바로 구하는 최소제곱법(least squares)의 답을 ``=`` 줄에 함께 놓습니다. 줄마다 가중치 세 개와 편향,
# 그리고 예측값입니다.

exact = solve_least_squares(X, y)
student = torch.tensor([[73.0, 80.0, 75.0]])  # 형태 (1, 3)
for name, fit in {**fits, "=": exact}.items():
    numbers = " ".join(f"{value:.4f}" for value in [*fit.weight, fit.bias])
    print(f"{name}  {numbers}  ->  {fit.predict(student).item():.2f}")
best = (exact.predict(X) - y).square().mean().item()
print(f"=  Cost: {best:.3f}")

fig, ax = plt.subplots()
for (name, fit), style in zip(fits.items(), ("-", "-.")):
    ax.loglog(fit.history.epoch[1:], fit.history.cost[1:], style, label=name)
    assert fit.history.cost[-1].item() > 8 * best
ax.axhline(best, color="gray", linestyle="--", label="최소제곱법")
ax.set(title="두 출발점의 비용", xlabel="에폭", ylabel="비용 (점²)")
ax.legend()
fig.set_label(
    "에폭에 따른 두 비용의 로그 그래프. 둘 다 처음 열 에폭 안에 뚝 떨어진 뒤 거의 평평하게 "
    "이어지고, 끝까지 최소제곱법의 비용을 나타내는 점선보다 훨씬 위에 있다."
)
plt.show()

# %%
# 예측이 152.32점과 150.17점으로 2점 넘게 다르고, 가중치도 서로 다릅니다. 두 비용 모두 최소제곱법의
# 비용 0.104의 여덟 배가 넘습니다. 둘 다 아직 수렴(convergence)하지 않았습니다.

# %%
# .. _exam-scores-left:
#
# 남은 걸음 헤아리기
# ------------------
# 남은 걸음은 걷지 않고도 셈할 수 있습니다. :math:`X` 옆에 1로 된 열을 붙인 행렬을 :math:`A`라고
# 하면, 비용의 헤세 행렬(Hessian)은 :math:`\frac{2}{n} A^\top A`입니다. 한 번 갱신하면 바닥까지의
# 거리는 고유벡터(eigenvector) 방향마다 :math:`1 - \eta\lambda` 배가 됩니다. :math:`\eta`는 학습률,
# :math:`\lambda`는 그 방향의 고윳값(eigenvalue)입니다. 고윳값이 가장 작은 방향이 가장 느립니다.

A = torch.cat([X, torch.ones(5, 1)], dim=1).double()  # 형태 (5, 4)
smallest = torch.linalg.eigvalsh(2 / len(X) * A.T @ A)[0].item()
walked = 1 - (1 - lr * smallest) ** 2001
updates = math.log(0.1) / math.log1p(-lr * smallest)
print(f"가장 작은 고윳값: {smallest:.6f}")
print(f"2001번 갱신해서 줄인 거리: {walked:.4%}")
print(f"거리를 10분의 1로 줄이는 갱신 횟수: {updates:.1e}")
assert 3e7 < updates < 4e7

# %%
# 가장 느린 방향에서는 2001번을 갱신해도 거리가 0.0128%밖에 줄지 않습니다. 10분의 1로 줄이려면 3천만
# 번 넘게 갱신해야 합니다. 걸음을 늘리는 대신 데이터를 고치는 방법은 :ref:`standardise`에 있습니다.
