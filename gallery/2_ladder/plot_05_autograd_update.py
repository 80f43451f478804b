r"""
.. _autograd-update:

그래디언트는 맡기고 갱신은 손으로 쓰기
======================================

사다리의 둘째 칸에서는 그래디언트(gradient)를 자동 미분(autograd)에 맡기고, 매개변수를 옮기는
갱신(update)은 아직 손으로 씁니다. 평면 :math:`y = 1 + 2x_1 + 3x_2` 둘레의 점 100개에서 1, 2, 3을
되찾습니다. 갱신은 한 줄이지만, 어떻게 쓰느냐에 따라 되기도 하고 오류가 나기도 하고
말없이 틀리기도 합니다.
"""

# %%
# .. _autograd-update-data:
#
# 편향까지 가중치로 다루기
# ------------------------
# ``X``의 첫 열을 1로 채우면 편향은 그 열의 가중치가 됩니다. 배울 것은 벡터 ``w`` 하나입니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_with_autograd

generator = torch.Generator().manual_seed(0)
plane = make_plane(100, weight=(2, 3), bias=1, noise=0.5, generator=generator)
X = torch.cat([torch.ones(100, 1), plane.X], dim=1)  # 형태 (100, 3)
y = plane.y.squeeze(1)  # 형태 (100,)


def cost_of(w):
    return (X @ w - y).square().mean()


# %%
# .. _autograd-update-loop:
#
# 미분을 맡긴 반복문
# ------------------
# ``backward()``는 그래디언트를 ``w.grad``에 더해 넣으므로, 매번 먼저 비웁니다. 비용은 갱신하기 전에
# 잽니다. 학습률(learning rate)은 0.1입니다.

lr, epochs, costs = 0.1, 100, []
w = torch.zeros(3, requires_grad=True)  # 형태 (3,)
for _ in range(epochs):
    w.grad = None
    cost = cost_of(w)
    cost.backward()
    w.data = w.data - lr * w.grad
    costs.append(cost.item())
with_data = w.detach()
print("w:", with_data)
print(
    f"처음 비용 {costs[0]:.2f}, 마지막 비용 {costs[-1]:.2f}, 잡음의 분산 {0.5**2}"
)
fig, ax = plt.subplots()
ax.semilogy(costs)
ax.set(title="에폭에 따른 비용", xlabel="에폭", ylabel="비용 (로그 눈금)")
fig.set_label(
    "에폭에 따른 비용의 곡선. 스무 에폭쯤 가파르게 떨어진 뒤 수평으로 눕는다."
)
plt.show()

# %%
# 미분하는 식을 쓰지 않고도 ``w``가 1, 2, 3에 가까워졌습니다. 비용은 0까지 가지 않습니다. 남은
# 비용은 잡음(noise)의 몫이어서 잡음의 분산과 비슷합니다.
#
# .. _autograd-update-no-grad:
#
# 제자리 갱신은 ``no_grad`` 안에서
# --------------------------------
# ``w``를 제자리에서(in place) 고치면 오류가 납니다. ``torch.no_grad()`` 안에서는 됩니다.

w = torch.zeros(3, requires_grad=True)
cost_of(w).backward()
try:
    w -= lr * w.grad
except RuntimeError as error:
    print("RuntimeError", error, sep=":\n")
for _ in range(epochs):
    w.grad = None
    cost_of(w).backward()
    with torch.no_grad():
        w -= lr * w.grad
print("w:", w.detach())
assert torch.allclose(w, with_data, atol=1e-5)

# %%
# ``w``는 계산의 결과가 아니라 출발점인 잎 텐서(leaf tensor)입니다. 기록을 켠 채 고치면 ``w`` 자신이
# 뺄셈의 결과가 되어 버려서 막습니다. 갱신은 미분할 계산이 아니므로 기록을 끄고 합니다.
#
# .. _autograd-update-leaf:
#
# 새 텐서는 잎이 아니다
# ---------------------
# ``w = w - lr * w.grad``는 오류 없이 새 텐서를 만듭니다. 옛 텐서와 가려 보려고 새 텐서를
# ``moved``라고 부릅니다.

w = torch.zeros(3, requires_grad=True)
cost_of(w).backward()
moved = w - lr * w.grad  # 형태 (3,)
w.grad = None
cost_of(moved).backward()
print("w     is_leaf:", w.is_leaf, " grad:", w.grad)
print("moved is_leaf:", moved.is_leaf)
for _ in range(epochs):
    w.grad = None
    cost_of(w).backward()
    w = (w - lr * w.grad).detach().requires_grad_()
assert torch.allclose(w, with_data, atol=1e-5)

# %%
# ``backward()``는 잎의 ``.grad``만 채웁니다. ``moved``로 계산한 비용의 그래디언트도 옛 ``w``로
# 갔으니, ``moved``는 더 갱신할 수 없습니다. 마지막 반복문처럼 새 텐서를 그래프에서 떼어 다시 잎으로
# 만들면 같은 값을 배웁니다.
#
# .. _autograd-update-version:
#
# 자동 미분이 모르는 ``.data``
# ----------------------------
# ``v``가 3일 때 ``v``의 제곱을 미분하면 6입니다. 순전파와 역전파 사이에 ``v``를 열 배로 바꿔
# 봅니다.

v = torch.tensor(3.0, requires_grad=True)  # 형태 ()
square = v.square()
v.data = v.data * 10
square.backward()
print(".data:", v.grad)

v = torch.tensor(3.0, requires_grad=True)
square = v.square()
with torch.no_grad():
    v *= 10
try:
    square.backward()
except RuntimeError as error:
    print("no_grad:", *str(error).split(". ")[0].split(": "), sep="\n")

# %%
# ``.data``는 6 대신 60을 말없이 내놓았습니다. 텐서에는 제자리에서 바뀔 때마다 오르는 버전 번호가
# 있는데, ``.data``로 바꾸면 그 번호가 오르지 않습니다. ``no_grad`` 안에서 바꾸면 번호가 어긋나
# 역전파가 멈춥니다. 앞의 반복문은 역전파가 끝난 뒤에 고쳐서 무사했지만, ``no_grad``가 더
# 안전합니다.
#
# .. _autograd-update-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# :func:`~linreg_tutorial.trainers.train_with_autograd`는 편향을 따로 두므로 1로 채운 열을 뺍니다.
# ``other``는 시드 없이 다시 뽑은 점 100개로 같은 실험을 한 결과입니다.

fit = train_with_autograd(X[:, 1:], plane.y, lr=lr, epochs=epochs)
exact = solve_least_squares(X[:, 1:], plane.y)
library = torch.cat([fit.bias.reshape(1), fit.weight])  # 형태 (3,)
solution = torch.cat([exact.bias.reshape(1), exact.weight]).float()
errors = exact.standard_errors.roll(1).float()  # 편향의 표준 오차를 맨 앞으로
other, true_w = torch.tensor([[0.9656, 2.0326, 3.0433], [1.0, 2.0, 3.0]])
print("라이브러리:", library)
print("닫힌 해:   ", solution)
print("표준 오차: ", errors)
print("other:     ", other)
for weights in (library, solution):
    assert torch.allclose(weights, with_data, atol=1e-5)
for weights in (solution, other):
    assert ((weights - true_w).abs() < 2 * errors).all()

# %%
# 세 반복문과 라이브러리가 모두 닫힌 해(closed-form solution)에 닿았습니다. 참값 1, 2, 3과의 차이는
# 표준 오차의 두 배가 안 되고, 다른 점에서 얻은 ``other``도 마찬가지입니다. 다음 칸
# :ref:`optimizer`에서는 갱신까지 맡깁니다.
