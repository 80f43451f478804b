r"""
.. _standardise:

표준화해서 바닥에 닿기
======================

:ref:`exam-scores`의 경사 하강법(gradient descent)은 바닥에 닿지 못했습니다. 특성(feature)을
표준화(standardisation)하면 같은 경사 하강법이 바닥에 닿습니다. 몇 번을 갱신해야 하는지 먼저 셈하고,
걸어서 확인한 다음, 답을 원래 단위로 되돌립니다.
"""

# %%
# .. _standardise-columns:
#
# 열마다 표준화하기
# -----------------
# 열마다 평균을 빼고 표준편차로 나누면 평균은 0, 표준편차는 1이 됩니다. 표준편차의 분모는
# :math:`n`입니다. ``standardized()``가 하는 일이 바로 이것이고, 쓴 평균과 표준편차도 기억해 둡니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_by_hand

data = load_exam_scores()
X, y = data.X.double(), data.y.double()  # 형태 (5, 3)과 (5, 1)
mean, std = X.mean(dim=0), X.std(dim=0, correction=0)  # 둘 다 형태 (3,)
scaled = data.standardized()
Z = scaled.X.double()  # 형태 (5, 3)
print(" ".join(f"{value:7.4f}" for value in mean), "평균 (점)")
print(" ".join(f"{value:7.4f}" for value in std), "표준편차 (점)")
assert torch.allclose(Z, (X - mean) / std, rtol=0, atol=1e-6)

# %%
# .. _standardise-condition:
#
# 조건수 견주기
# -------------
# 가장 큰 고윳값(eigenvalue)은 학습률(learning rate)의 한계를, 가장 작은 고윳값은 가장 느린 방향을
# 정합니다. 둘의 비가 헤세 행렬(Hessian)의 조건수(condition number)입니다.


def hessian(X):
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)  # 형태 (5, 4)
    return 2 / len(X) * A.T @ A  # 형태 (4, 4)


for name, features in {"원래 점수": X, "표준화한 점수": Z}.items():
    values = torch.linalg.eigvalsh(hessian(features))  # 형태 (4,)
    limit, condition = largest_stable_lr(features), values[-1] / values[0]
    print(f"학습률의 한계 {limit:.2e}  조건수 {condition:.2e}  {name}")
    assert abs(limit * values[-1] / 2 - 1) < 1e-9
print(f"가장 작은 상관계수 {torch.corrcoef(Z.T).min():.2f}")

# %%
# 학습률의 한계는 4.54e-05에서 3.47e-01로 커지고, 조건수는 6.86e+06에서 1.28e+03으로 줄어듭니다.
# 퀴즈 점수끼리의 상관관계(correlation)는 표준화해도 그대로라서, 조건수가 1이 되지는 않습니다.
#
# .. laboratory:: exam_scores
#    :lr: 0.0001
#    :epochs: 200
#
#    첫 퀴즈의 점수만 쓰면 그림으로 볼 수 있습니다. 표준화를 켜면 등고선의 모양과 학습률의 한계가
#    어떻게 달라집니까? 한계의 절반쯤으로 학습률을 맞추고, 켰을 때와 껐을 때 바닥까지 몇 에폭이
#    걸리는지 견주어 봅니다.

# %%
# .. _standardise-count:
#
# 갱신 횟수 셈하기
# ----------------
# 바닥까지의 거리를 고유벡터(eigenvector) 방향으로 나누면 방향마다 따로 줄어듭니다. 처음 거리가
# :math:`z_k`, 학습률이 :math:`\eta`이면 :math:`t`번 갱신한 뒤의 비용(cost)은 다음과 같습니다.
# :math:`\lambda_k`는 그 방향의 고윳값이고 :math:`c_{\min}`은 바닥의 비용입니다.
#
# .. math::
#
#    c_t = c_{\min} + \frac{1}{2} \sum_k \lambda_k z_k^2 (1 - \eta\lambda_k)^{2t}
#
# 0에서 출발하고 학습률은 한계의 절반으로 둡니다. 비용이 최솟값보다 1%만 클 때는 가장 느린 방향만
# 남으므로, 거기까지의 갱신 횟수는 합의 첫 항만으로 셈합니다.

exact = solve_least_squares(X, y)
lowest = (exact.predict(X) - y).square().mean().item()


def course(X):
    values, vectors = torch.linalg.eigh(hessian(X))  # 형태 (4,)와 (4, 4)
    goal = solve_least_squares(X, y)
    z = vectors.T @ torch.cat([goal.weight, goal.bias.view(1)])  # 형태 (4,)
    factor = (1 - largest_stable_lr(X) / 2 * values).abs()  # 형태 (4,)
    return values * z**2 / 2, factor


def cost_after(t, excess, factor):
    return lowest + (excess * factor ** (2 * t.unsqueeze(1))).sum(dim=1)


courses = {"원래 점수": course(X), "표준화한 점수": course(Z)}
for name, (excess, factor) in courses.items():
    updates = ((0.01 * lowest / excess[0]).log() / (2 * factor[0].log())).ceil()
    print(f"{updates:10.0f}  {name}")

# %%
# .. _standardise-walk:
#
# 걸어서 확인하기
# ---------------
# 원래 점수로는 천만 번 넘게, 표준화한 점수로는 817번 갱신해야 합니다. 정말 그런지 걸어 봅니다.
# 원래 점수로는 끝까지 갈 수 없으니 2001번만 갱신합니다.

raw = train_by_hand(X, y, lr=largest_stable_lr(X) / 2, epochs=2001)
fit = train_by_hand(Z, y, lr=largest_stable_lr(Z) / 2, epochs=12000)
arrived = (fit.history.cost < 1.01 * lowest).nonzero()[0].item()
print(f"Epoch {arrived} Cost: {fit.history.cost[arrived]:.6f}")
assert arrived == updates

fig, ax = plt.subplots()
t = torch.logspace(0, 8, 200, dtype=torch.float64)  # 형태 (200,)
ax.loglog(t, cost_after(t, *courses["원래 점수"]), "--", label="원래 점수 (셈)")
for (name, terms), run, style in zip(courses.items(), (raw, fit), "o-"):
    epoch, walked = run.history.epoch[1:], run.history.cost[1:]  # 둘 다 형태 (k,)
    assert torch.allclose(walked, cost_after(epoch.double(), *terms))
    ax.loglog(epoch, walked, style, markevery=0.05, label=name)
ax.axhline(lowest, color="gray", linestyle=":", label="최소제곱법")
ax.set(title="표준화하기 전과 후의 비용", xlabel="에폭", ylabel="비용 (점²)")
ax.legend()
fig.set_label(
    "두 비용의 로그 그래프. 표준화한 점수의 곡선은 천 에폭이 되기 전에 최소제곱법의 점선과 "
    "겹치고, 원래 점수의 곡선은 천만 에폭 무렵에야 겹친다. 걸어서 잰 점은 셈한 곡선 위에 있다."
)
plt.show()

# %%
# 셈한 그대로 817번 만에 닿았습니다. 원래 점수로 걸은 2001번의 비용도 모두 식의 값과 같습니다.

# %%
# .. _standardise-back:
#
# 원래 단위로 되돌리기
# --------------------
# ``original_units``는 매개변수(parameter)를 원래 점수에 쓸 값으로 바꿉니다. 표준화한 모델에 새
# 입력을 넣을 때는 **학습 데이터의** 평균과 표준편차로 표준화합니다.

weight, bias = scaled.original_units(fit.weight, fit.bias)  # 형태 (3,)과 ()
new = torch.tensor([[73.0, 80.0, 75.0]]).double()  # 형태 (1, 3)
print(" ".join(f"{value:.3f}" for value in [*weight, bias]), "되돌린 값")
print(" ".join(f"{value:.3f}" for value in [*exact.weight, exact.bias]), "닫힌 해")
print(f"{fit.predict((new - mean) / std).item():9.3f} 표준화한 입력의 예측")
print(f"{(new @ weight + bias).item():9.3f} 되돌린 값의 예측")
print(f"{exact.predict(new).item():9.3f} 닫힌 해의 예측")
print(f"{fit.predict(new).item():9.3f} 표준화하지 않은 입력의 예측")
assert torch.allclose(X @ weight + bias, exact.predict(X).flatten(), atol=1e-4)

# %%
# 처음 세 예측이 같고, 매개변수도 최소제곱법(least squares)의 닫힌 해(closed-form solution)와
# 같습니다. 표준화를 잊은 예측만 터무니없습니다. 다음 :ref:`noisy-plane`에서는 잡음을 다룹니다.
