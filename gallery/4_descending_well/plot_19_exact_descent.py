r"""
.. _exact-descent:

반복문 없이 내려가는 길 구하기
==============================

경사 하강법(gradient descent)의 천 번째 걸음을 알려면 앞의 999걸음을 다 걸어야 할 것 같습니다.
선형 회귀(linear regression)에서는 그렇지 않습니다. 고윳값(eigenvalue)을 한 번 구하면 모든 에폭의
비용(cost)과 가중치(weight)가 반복문 없이 나옵니다. 3600만 번 갱신한 뒤의 답도 바로 구합니다.
"""

# %%
# .. _exact-descent-modes:
#
# 방향마다 인수 구하기
# --------------------
# 비용의 헤세 행렬(Hessian)을 :math:`H`, 학습률(learning rate)을 :math:`\eta`라고 하면, 고윳값이
# :math:`\lambda`인 고유벡터(eigenvector) 방향의 오차(error)는 갱신할 때마다
# :math:`1 - \eta\lambda` 배가 됩니다(:ref:`learning-rate-limit`). :ref:`exam-scores`의 데이터와
# 학습률로 네 방향의 인수를 구하고, 오차를 10분의 1로 줄이는 갱신(update) 횟수도 셉니다.

import math

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_exam_scores
from linreg_tutorial.solvers import descend_exactly, solve_least_squares
from linreg_tutorial.trainers import train_by_hand, train_with_optimizer

data = load_exam_scores()
X, y = data.X.double(), data.y.double()  # 형태 (5, 3)과 (5, 1)
A = torch.cat([X, torch.ones(5, 1)], dim=1)  # 형태 (5, 4)
lr = 1e-5
values, vectors = torch.linalg.eigh(2 / 5 * A.T @ A)  # 형태 (4,)와 (4, 4)
factors = 1 - lr * values  # 형태 (4,)
digit = math.log(0.1) / factors.log()  # 형태 (4,)
for value, factor, updates in zip(values, factors, digit):
    print(f"λ {value:10.4f}  1 - ηλ {factor:.8f} {updates:9.3g}")
condition = values[3] / values[0]  # 형태 ()
print(f"κ {condition:.2e}  κ ln 10 / 2 = {math.log(10) / 2 * condition:.1e}")

# %%
# 한 자릿수를 줄이는 데 가장 가파른 방향은 네 번, 가장 완만한 방향은 3600만 번쯤 걸립니다. 완만한
# 방향에서 이 수는 :math:`\ln 10 / (\eta\lambda)`입니다. 조건수(condition number)
# :math:`\kappa = \lambda_{\max} / \lambda_{\min}`이 이렇게 크면, 학습률을 한계
# :math:`2 / \lambda_{\max}`까지 키워도 한 자릿수에 790만 번쯤 걸립니다.

# %%
# .. _exact-descent-path:
#
# 인수를 거듭제곱해서 길 구하기
# -----------------------------
# 출발점의 오차를 고유벡터 방향의 성분으로 나누고, 성분마다 인수의 :math:`t` 제곱을 곱합니다. 다시
# 합치면 :math:`t`번 갱신한 자리입니다. 남은 성분이 :math:`z`인 방향은 비용을 최솟값보다
# :math:`\frac{1}{2}\lambda z^2`만큼 높입니다. 걸어서 얻은 길과 견줍니다.

exact = solve_least_squares(X, y)
bottom = torch.cat([exact.weight, exact.bias.view(1)])  # 형태 (4,)
lowest = (exact.predict(X) - y).square().mean()
z = vectors.T @ (0 - bottom)  # 0에서 출발, 형태 (4,)
t = torch.arange(2002).unsqueeze(1)  # 형태 (2002, 1)
left = factors**t * z  # 형태 (2002, 4)
theta = bottom + left @ vectors.T  # 형태 (2002, 4)
cost = lowest + (values * left**2 / 2).sum(dim=1)  # 형태 (2002,)

loop = train_by_hand(X, y, lr=lr, epochs=2001).history
assert torch.allclose(cost[:-1], loop.cost)  # 갱신하기 전의 비용
assert torch.allclose(theta[1:, :3], loop.weight)  # 갱신한 뒤의 가중치
print(f"Epoch 2000/2000 Cost: {loop.cost[-1]:.6f} = {cost[-2]:.6f}")

t = torch.logspace(0, 9, 400, dtype=torch.float64).unsqueeze(1)  # 형태 (400, 1)
parts = values * (factors**t * z) ** 2 / 2  # 형태 (400, 4)
fig, ax = plt.subplots()
ax.loglog(t, parts.sum(dim=1), color="0.55", linewidth=7, label="모두 더한 것")
for k, style in zip((3, 2, 1, 0), ("-", "--", "-.", ":")):
    ax.loglog(t, parts[:, k], style, label=f"λ = {values[k]:.4f}")
walked = torch.logspace(0, 3.3, 12).long()  # 1, …, 1995, 형태 (12,)
ax.loglog(walked, loop.cost[walked] - lowest, "k.", label="걸어서 잰 것")
ax.set(title="방향마다 남은 비용", xlabel="갱신 횟수", ylabel="비용 - 최솟값 (점²)")
ax.set_ylim(1e-7, 1e5)
ax.legend()
fig.set_label(
    "갱신 횟수에 따라 네 방향에 남은 비용의 로그 그래프. 평평하다가 차례로 절벽처럼 떨어지고, "
    "모두 더하면 계단 모양이다. 걸어서 잰 점은 둘째 계단에서 끝난다."
)
plt.show()

# %%
# 2001개의 비용과 가중치가 걸어서 얻은 것과 같습니다. 방향은 하나씩 차례로 끝나고, 비용은 그때마다
# 한 계단 내려갑니다. 2000번까지 걸어서는 뒤의 두 계단이 있는 줄도 모릅니다.

# %%
# .. _exact-descent-call:
#
# 한 번 불러서 먼 에폭 보기
# -------------------------
# :func:`~linreg_tutorial.solvers.descend_exactly`를 한 번 부르면 이 길이 기록으로 나옵니다.
# ``record_every``를 크게 두면 먼 에폭만 골라서 셈합니다. 강의 자료의 두 출발점은 2001번 갱신하고도
# 첫 번째 학생의 점수를 서로 다르게 예측했습니다. 더 가면 어떻게 되는지 봅니다.

assert torch.allclose(descend_exactly(X, y, lr=lr, epochs=2001).cost, loop.cost)
starts = {
    "A": {"weight": [-0.5719, -0.4298, -0.3847], "bias": 0.3392},
    "B": {"weight": [0.4617, -0.5622, -0.1037], "bias": 0.1848},
}
for far in (2000, 36_000_000, 360_000_000):
    skip = {"lr": lr, "epochs": far + 1, "record_every": far}
    for name, start in starts.items():
        run = descend_exactly(X, y, **skip, **start)
        predicted = X[0] @ run.weight[1] + run.bias[1]  # 형태 ()
        print(f"{name}  Epoch {far:9d} Cost: {run.cost[1]:.6f}  {predicted:.2f}")
assert (run.weight[1] - exact.weight).abs().max() < 1e-8
print(f"=  Cost: {lowest:.6f}  {exact.predict(X)[0].item():.2f}")

# %%
# 3600만 번 뒤에는 두 예측이 모두 151.72점이고, 그 열 배를 가면 최소제곱법(least squares)의 답과
# 같습니다. 그 먼 길을 한 걸음도 걷지 않았습니다.

# %%
# .. _exact-descent-momentum:
#
# 모멘텀도 거듭제곱하기
# ---------------------
# 모멘텀(momentum)을 쓰면 방향마다 오차와 속도가 함께 움직입니다. 곱하는 수가 작은 행렬로 바뀔
# 뿐이라 이번에도 거듭제곱이면 됩니다. 비용이 최솟값의 1.01배 안에 **끝까지 머물기** 시작하는
# 에폭을 천 에폭마다 살펴서 찾습니다.

near = {"lr": lr, "epochs": 2001, "momentum": 0.9}
walk = train_with_optimizer(X, y, **near).history.cost  # 형태 (2001,)
assert torch.allclose(descend_exactly(X, y, **near).cost, walk)
far = {"lr": lr, "epochs": 36_000_001, "record_every": 1000}
for momentum in (0, 0.9, 0.99, 0.999, 0.9999):
    run = descend_exactly(X, y, momentum=momentum, **far)
    late = (run.cost > 1.01 * lowest).nonzero()[-1].item() + 1
    print(f"momentum {momentum:<6}  {run.epoch[late]:9d}")

# %%
# 0.999까지는 9를 하나 붙일 때마다 열 배쯤 빨라지지만, 0.9999는 지나쳐서 오가느라 오히려 느립니다.
# 어디가 가장 좋은지는 :ref:`convergence`에서 증명과 함께 정합니다.
