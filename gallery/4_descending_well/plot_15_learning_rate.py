r"""
.. _learning-rate:

학습률의 한계를 데이터에서 구하기
=================================

학습률(learning rate)은 그래디언트(gradient)를 따라 얼마나 멀리 갈지 정합니다. 너무 작으면 거의
나아가지 못하고, 너무 크면 튕겨 나갑니다. 어디부터 너무 큰지는 걸어 보지 않아도 데이터에서 구할 수
있습니다. 한계를 구해 그 안팎을 걸어 보고, 가장 빠른 학습률까지 찾습니다.
"""

# %%
# .. _learning-rate-runs:
#
# 네 학습률로 내려가기
# --------------------
# 직선 :math:`y = 2x` 위의 세 점을 0에서 출발해 배웁니다. 학습률은 한계의 1%, 50%, 97%, 101%입니다.
# :func:`~linreg_tutorial.trainers.sweep_learning_rates`는 학습률마다
# :func:`~linreg_tutorial.trainers.train_by_hand`가 하는 일을 행렬 하나로 한꺼번에 합니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_doubling, load_exam_scores
from linreg_tutorial.solvers import largest_stable_lr
from linreg_tutorial.trainers import sweep_learning_rates, train_by_hand

X, y = load_doubling().X.double(), load_doubling().y.double()  # 둘 다 형태 (3, 1)
limit = largest_stable_lr(X)
shares = [0.01, 0.5, 0.97, 1.01]
runs = sweep_learning_rates(X, y, [share * limit for share in shares], epochs=60)
alone = train_by_hand(X, y, lr=0.97 * limit, epochs=60).history
assert torch.allclose(runs[2].weight, alone.weight)  # 둘 다 형태 (60, 1)

fig, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(5.2, 6))
for share, run, style in zip(shares, runs, (":", "-", "--", "-.")):
    top.plot(run.epoch, run.weight, style, label=f"한계의 {share:.0%}")
    bottom.semilogy(run.epoch, run.cost, style)
    print(f"{share:4.0%}  W {run.weight[-1, 0]:6.3f}  Cost: {run.cost[-1]:10.6f}")
top.axhline(2, color="gray", linewidth=0.8)
top.set(title="네 학습률이 가는 길", ylabel="가중치")
top.legend(ncols=2)
bottom.set(xlabel="에폭", ylabel="비용 (로그 눈금)")
fig.set_label(
    "에폭에 따른 가중치(위)와 비용(아래). 한계의 1%는 느리게 오르고, 50%는 빠르게 정답 2에 "
    "다가간다. 97%는 정답의 위아래를 오가며 폭을 줄이고, 101%는 폭을 넓히며 비용이 커진다."
)
plt.show()
for run in runs[2:]:
    assert ((run.weight[1:] - 2) * (run.weight[:-1] - 2) < 0).all()

# %%
# 1%는 느리고 50%는 빠릅니다. 97%에서는 가중치(weight)가 걸음마다 정답 2를 넘나들며
# 진동(oscillation)하지만 수렴(convergence)합니다. 101%는 진동의 폭이 커져 발산(divergence)합니다.

# %%
# .. _learning-rate-limit:
#
# 한계를 구하는 세 줄
# -------------------
# :math:`X` 옆에 1로 된 열을 붙인 행렬을 :math:`A`라고 하면, 비용(cost)의 헤세 행렬(Hessian)은
# :math:`H = \frac{2}{n} A^\top A`입니다. 가중치와 편향(bias)을 모은 벡터가 바닥에서 떨어진 만큼을
# 오차(error) :math:`e`라고 하고, 학습률 :math:`\eta`로 한 번 갱신(update)합니다.
#
# .. math::
#
#    \begin{gathered} \nabla\,\text{cost} = H e_t \\
#    e_{t+1} = e_t - \eta H e_t = (I - \eta H)\, e_t \\
#    H v = \lambda v \;\Rightarrow\; v^\top e_{t+1} = (1 - \eta\lambda)\, v^\top e_t \end{gathered}
#
# 고윳값(eigenvalue)이 :math:`\lambda`인 고유벡터(eigenvector) 방향의 오차는 갱신할 때마다
# :math:`1 - \eta\lambda` 배가 됩니다. 이 배수의 크기가 모든 방향에서 1보다 작아야 수렴하므로,
# 한계는 :math:`2 / \lambda_{\max}`입니다.

A = torch.cat([X, torch.ones_like(X)], dim=1)  # 형태 (3, 2)
values, vectors = torch.linalg.eigh(2 / len(X) * A.T @ A)  # 형태 (2,)와 (2, 2)
print(f"고윳값 {values[0]:.4f}, {values[1]:.4f}  한계 {2 / values.max():.4f}")
assert abs(limit * values.max() / 2 - 1) < 1e-12
for share, run in zip(shares, runs):
    error = torch.column_stack([run.weight - 2, run.bias]) @ vectors  # 형태 (60, 2)
    assert torch.allclose(error[1:], (1 - share * limit * values) * error[:-1])

# %%
# 앞에서 걸은 네 길의 오차는 모든 걸음에서 이 배수를 따릅니다. 한계의 50%에서는 고윳값이 큰 방향의
# 배수가 0이고, 그보다 크면 음수라서 진동합니다. 이제 한계의 99.9%와 100.1%로 5000에폭씩 걷습니다.

both = [0.999 * limit, 1.001 * limit]
inside, outside = sweep_learning_rates(X, y, both, epochs=5000)
print(f" 99.9%  Cost: {inside.cost[0]:.1e} -> {inside.cost[-1]:.1e}")
print(f"100.1%  Cost: {outside.cost[0]:.1e} -> {outside.cost[-1]:.1e}")
assert abs(inside.weight[-1].item() - 2) < 1e-3
assert outside.cost[-1] > 1e6 * outside.cost[0]

# %%
# 안쪽은 정답에 닿고 바깥쪽은 끝없이 커집니다. 구한 한계가 바로 그 경계입니다.
#
# .. laboratory:: doubling
#    :lr: 0.17
#    :epochs: 40
#
#    학습률을 한계의 안팎으로 움직여 봅니다. 길이 골짜기를 넘나들기 시작하는 학습률은 한계의
#    얼마쯤이고, 한계를 조금 넘은 학습률로는 몇 에폭 만에 직선이 화면을 벗어납니까?

# %%
# .. _learning-rate-exam:
#
# 시험 점수에서 0.01이 발산하는 까닭
# ----------------------------------
# :ref:`exam-scores`에서는 학습률 0.01이 발산했습니다. 그 데이터의 한계도 구해 봅니다.

exam = load_exam_scores()  # X는 형태 (5, 3), y는 형태 (5, 1)
steepest = 2 / largest_stable_lr(exam.X)
[run] = sweep_learning_rates(exam.X, exam.y, [0.01], epochs=100)
print(f"한계 {largest_stable_lr(exam.X):.2e}  가장 큰 고윳값 {steepest:.0f}")
print(f"0.01의 배수 {1 - 0.01 * steepest:.0f}  유한한 에폭 {len(run)}")
assert abs(2 / 5 * exam.X.square().sum() / steepest - 1) < 0.01

# %%
# 가장 큰 고윳값은 점수를 제곱해서 더한 값의 :math:`2/n` 배와 1%도 다르지 않습니다. 점수가 크니
# 한계는 4.54e-05로 작습니다. 0.01로는 걸음마다 오차가 수백 배로 뛰어, 일곱 에폭 만에 float32를
# 벗어납니다. 고윳값을 줄이는 방법은 :ref:`standardise`에 있습니다.

# %%
# .. _learning-rate-sweep:
#
# 학습률 200개를 한꺼번에 견주기
# ------------------------------
# 배수의 크기가 가장 큰 방향이 가장 느립니다. 양 끝 고윳값의 배수가 부호만 다를 때 그 크기가 가장
# 작습니다. 그 학습률 :math:`2 / (\lambda_{\min} + \lambda_{\max})`을 200개의 100번 갱신과 견줍니다.

rates = limit * torch.logspace(-3, 0.1, 200, dtype=torch.float64)  # 형태 (200,)
sweep = sweep_learning_rates(X, y, rates, epochs=101)
costs = torch.stack([run.cost for run in sweep])  # 형태 (200, 101)
lowest = rates[costs[:, 100].argmin()]
best = 2 / (values.min() + values.max())
print(f"식의 학습률: {best:.4f}, 200개 가운데 가장 나은 것: {lowest:.4f}")
print(f"식의 배수: {1 - best * values[0]:.4f}, {1 - best * values[1]:.4f}")
assert lowest == rates[rates <= best].max()
assert torch.equal(costs[:, 100] > costs[:, 50], rates > limit)

fig, ax = plt.subplots()
ax.loglog(rates, costs[:, 100])
ax.plot(lowest, costs[:, 100].min(), "o", label="200개 가운데 가장 나은 것")
ax.axvline(limit, color="gray", linestyle="--", label="한계")
ax.axvline(best, color="black", linestyle=":", label="식의 학습률")
ax.set(title="100번 갱신한 뒤의 비용", xlabel="학습률", ylabel="비용")
ax.set_ylim(1e-6, 1e4)
ax.legend(loc="upper left")
fig.set_label(
    "학습률 200개에 따른 비용의 로그 그래프. 학습률이 커질수록 비용이 줄어 한계 바로 앞에서 "
    "가장 낮고, 한계를 넘자마자 수직에 가깝게 치솟는다."
)
plt.show()

# %%
# 가장 나은 0.1704는 200개 가운데 식의 값을 넘지 않는 가장 큰 학습률입니다. 한계가 바로 옆이라
# 조금만 더 키우면 발산합니다. 식의 학습률에서도 오차는 한 번에 0.9576배로밖에 줄지 않습니다.
# 그 까닭은 :ref:`비용의 곡면 <cost-surface>`을 보면 알 수 있습니다.
