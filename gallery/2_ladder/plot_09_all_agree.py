"""
.. _all-agree:

사다리의 모든 칸이 같은 답을 내는지 확인하기
============================================

손으로 쓴 반복문에서 모듈 클래스까지 오르는 동안 코드는 칸마다 달라졌습니다. 하는 일은 그대로여야
합니다. 같은 데이터와 같은 출발점을 다섯 가지 방법에 주고, 마지막 값뿐 아니라 에폭(epoch)마다의
비용(cost)까지 견주어 봅니다. 차이는 자료형(dtype)이 반올림하는 만큼만 나고, 더 정밀한 자료형을
쓰면 그만큼 작아집니다.
"""

# %%
# .. _all-agree-ladder:
#
# 칸마다 맡긴 일
# --------------
# 한 칸 오를 때마다 손으로 하던 일이 PyTorch로 넘어갔습니다. 앞 칸에서 맡긴 일은 계속 맡깁니다.
# 칸마다 새로 맡긴 일은 다음과 같습니다.
#
# - :ref:`by-hand`: 없음
# - :ref:`autograd-update`: 그래디언트(gradient) 구하기
# - :ref:`optimizer`: 매개변수(parameter) 갱신하기
# - :ref:`linear-layer`: 매개변수 만들기, 예측값 구하기
# - :ref:`module-class`: 모델의 매개변수 모으기

# %%
# .. _all-agree-ways:
#
# 같은 출발점, 다섯 가지 방법
# ---------------------------
# ``written_loop``는 :ref:`첫 칸 <by-hand>`의 반복문을 특성이 여러 개여도 돌도록 고친 것이고, 나머지
# 넷은 라이브러리의 함수입니다. 가중치(weight)는 모두 0.3, 편향(bias)은 -0.2에서 출발합니다. 모델의
# 매개변수는 무작위로 초기화되므로 출발점을 손으로 넣어 줍니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial import trainers
from linreg_tutorial.datasets import load_doubling, load_exam_scores
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.solvers import solve_least_squares

LADDER = [
    trainers.train_by_hand,
    trainers.train_with_autograd,
    trainers.train_with_optimizer,
]
NAMES = ["written_loop", *(train.__name__ for train in LADDER), "train_module"]


def written_loop(X, y, *, lr, epochs, weight, bias):
    costs = []
    for _ in range(epochs):
        residual = (X * weight).sum(dim=1, keepdim=True) + bias - y  # 형태 (n, 1)
        costs.append(residual.square().mean())
        weight = weight - lr * 2 * (residual * X).mean(dim=0)
        bias = bias - lr * 2 * residual.mean()
    return torch.stack(costs), weight, bias


def run_all(X, y, *, lr, epochs):
    weight = torch.full_like(X[0], 0.3)  # 형태 (d,)
    bias = torch.full_like(X[0, 0], -0.2)  # 형태 ()
    options = {"lr": lr, "epochs": epochs, "weight": weight, "bias": bias}
    runs = [written_loop(X, y, **options)]
    for train in LADDER:
        fit = train(X, y, **options)
        runs.append((fit.history.cost, fit.weight, fit.bias))
    model = LinearRegressionModel(X.shape[1]).to(X.dtype)
    with torch.no_grad():
        model.linear.weight.copy_(weight)
        model.linear.bias.copy_(bias)
    sgd = torch.optim.SGD(model.parameters(), lr=lr)
    fit = trainers.train_module(model, X, y, optimizer=sgd, epochs=epochs)
    history = fit.history
    runs.append((history.cost, history.weight[-1], history.bias[-1]))
    return map(torch.stack, zip(*runs))  # 형태 (5, epochs), (5, d), (5,)


# %%
# .. _all-agree-dtypes:
#
# 두 자료형으로 견주기
# --------------------
# 특성이 세 개인 시험 점수를 표준화(standardisation)해서, 같은 일을 ``float32``와 ``float64``로 한
# 번씩 합니다. ``written_loop``를 기준으로 에폭마다 비용의 차이를 재고, 학습 전체에서 **가장 큰
# 비용**으로 나눕니다. 출력의 둘째 열은 그 가운데 가장 큰 값입니다.

exam = load_exam_scores().standardized()  # X는 형태 (5, 3), y는 형태 (5, 1)
costs = {}
for dtype, limit in ((torch.float32, 4e-6), (torch.float64, 1e-12)):
    cost, _, _ = run_all(exam.X.to(dtype), exam.y.to(dtype), lr=0.01, epochs=301)
    largest = (cost - cost[0]).abs().amax(dim=1) / cost.max()  # 형태 (5,)
    print(dtype)
    for name, last, difference in zip(NAMES, cost[:, -1], largest):
        print(f"{name:20} {difference:.1e}  Cost: {last:.6f}")
    assert largest.max() < limit
    costs[dtype] = cost

# %%
# 다섯 방법의 비용은 ``float32``에서 백만분의 4 안으로, ``float64``에서 1조분의 1 안으로 같습니다.
#
# 이 차이를 에폭마다 찍어 봅니다. 정확히 0인 차이는 로그 눈금에 찍을 자리가 없어서, 기계
# 엡실론(machine epsilon)의 백만분의 1로 바꿔 바닥에 늘어놓습니다. 기계 엡실론은 1과 그다음 수의
# 간격이고, 점선으로 그립니다.

fig, axes = plt.subplots(2, sharex=True, figsize=(5.2, 6))
for ax, (dtype, cost) in zip(axes, costs.items()):
    eps = torch.finfo(dtype).eps
    difference = (cost - cost[0]).abs() / cost.max()  # 형태 (5, 301)
    for name, values, marker in zip(NAMES[1:], difference[1:], "osx+"):
        shown = values.clamp(min=eps * 1e-6)
        ax.semilogy(shown, marker, mfc="none", ms=5, label=name)
    ax.axhline(eps, ls="--", color="gray", label="기계 엡실론")
    ax.set(title=str(dtype), ylabel="차이 / 가장 큰 비용")
    ax.set_ylim(eps * 1e-7, eps * 10)
    assert difference[:, 200:].max() < eps  # 뒤쪽 에폭의 차이는 점선 아래
axes[1].set_xlabel("에폭")
axes[0].legend(ncols=2, fontsize=10, loc=(0.02, 0.2))
fig.set_label(
    "written_loop와 견준 비용의 차이를 에폭마다 찍은 두 그림. 위는 float32, 아래는 float64. "
    "점은 기계 엡실론을 나타내는 점선 언저리에서 시작해 에폭이 갈수록 내려간다. "
    "바닥에 늘어선 점은 차이가 정확히 0인 에폭이다."
)
plt.show()

# %%
# 차이는 쌓이지 않습니다. 비용이 줄면 차이도 줄어, 200번째 에폭부터는 모두 점선 아래에 있습니다.

# %%
# .. _all-agree-rounding:
#
# 왜 끝자리까지 같지는 않을까
# ---------------------------
# 컴퓨터에서는 더하는 순서만 바꿔도 합의 끝자리가 달라집니다.

print(0.1 + 0.2 + 0.3, 0.1 + (0.2 + 0.3))
assert 0.1 + 0.2 + 0.3 != 0.1 + (0.2 + 0.3)

# %%
# 다섯 방법은 같은 합을 저마다의 순서로 더합니다. 옵티마이저는 프로세서에 따라 곱하고 더한 뒤
# 반올림을 한 번만 하기도 합니다(fused multiply-add). 그래서 어느 방법끼리 끝자리까지 같은지는
# 프로세서마다 다르고, 위의 숫자도 다른 컴퓨터에서는 조금 다를 수 있습니다.
#
# 가장 큰 비용으로 나누는 까닭도 반올림에 있습니다. 학습이 끝날 무렵의 잔차(residual)는 예측값과
# 정답이라는 큰 두 수의 작은 차이입니다. 반올림의 폭은 큰 수가 정하므로, 작아진 비용으로 나누면
# 차이가 부풀어 보입니다.

cost = costs[torch.float32]
by_largest = ((cost - cost[0]).abs() / cost.max()).max()
by_current = ((cost - cost[0]).abs() / cost[0]).max()
print(f"가장 큰 비용으로 나누면   {by_largest:.1e}")
print(f"그 에폭의 비용으로 나누면 {by_current:.1e}")
assert by_current > 10 * by_largest

# %%
# 같은 기록인데도 무엇으로 나누느냐에 따라 열 배 넘게 달라 보입니다.

# %%
# .. _all-agree-check:
#
# 닫힌 해에서 만나기
# ------------------
# 다섯 방법이 서로 같더라도 함께 틀릴 수 있습니다. 직선 :math:`y = 2x` 위의 세 점에서 500번 갱신한
# 결과를 닫힌 해(closed-form solution)와 견줍니다.

line = load_doubling()  # X와 y 모두 형태 (3, 1)
cost, weight, bias = run_all(line.X, line.y, lr=0.1, epochs=500)
exact = solve_least_squares(line.X, line.y)
for name, last, w, b in zip(NAMES, cost[:, -1], weight[:, 0], bias):
    print(f"{name:20}  W {w:.4f}  b {b:.4f}  Cost: {last:.6f}")
print(f"solve_least_squares   W {exact.weight[0]:.4f}  b {exact.bias.abs():.4f}")
assert ((cost - cost[0]).abs() / cost.max()).max() < 2e-6
assert (weight - exact.weight).abs().max() < 1e-4
assert (bias - exact.bias).abs().max() < 1e-4

# %%
# 모두 같은 직선에 닿았습니다. 이제 어느 칸의 코드를 만나도 그 안에서 같은 경사 하강법을 알아볼 수
# 있습니다. 사다리는 여기까지입니다. 비용을 왜 하필 제곱으로 재는지는 :ref:`hypothesis-and-cost`에서
# 이어집니다.
