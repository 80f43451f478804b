"""
.. _one-step:

경사 하강법을 한 걸음만 걷기
============================

경사 하강법(gradient descent)은 똑같은 걸음을 수없이 되풀이합니다. 여기서는 딱 한 걸음만 떼고,
거기서 나오는 수를 모두 들여다봅니다. 먼저 세 점으로, 다음에는 키와 몸무게로 걷습니다. 한 걸음
뒤에 비용(cost)은 줄어듭니다. 다만 보폭이 너무 크면 오히려 늘어납니다.
"""

# %%
# .. _one-step-cost:
#
# 출발점의 비용 재기
# ------------------
# 세 점 (1, 1), (2, 2), (3, 3)이 있습니다. 가설(hypothesis)은 :math:`H(x) = Wx + b`이고,
# 가중치(weight) :math:`W`와 편향(bias) :math:`b`는 0에서 출발합니다. 비용은 예측값(prediction)과
# 정답(target)의 차이를 제곱해서 평균한 값입니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_height_weight, load_identity

x, y = load_identity().X, load_identity().y  # 둘 다 형태 (3, 1)
W = torch.zeros(1, requires_grad=True)  # 형태 (1,)
b = torch.zeros(1, requires_grad=True)  # 형태 (1,)
difference = x * W + b - y  # 형태 (3, 1)
cost = difference.square().mean()  # 형태 ()
print("가설:", (x * W + b).flatten().tolist())
print("차이:", difference.flatten().tolist())
print("제곱:", difference.square().flatten().tolist())
print(f"비용: {cost.item():.4f}")

# %%
# 예측값이 모두 0이므로 차이는 정답의 부호를 뒤집은 값입니다. 1, 4, 9의 평균이 4.6667입니다.

# %%
# .. _one-step-sgd:
#
# 한 걸음 걷기
# ------------
# 비용이 가장 가파르게 커지는 방향이 그래디언트(gradient)입니다. ``backward()``가 그래디언트를
# 구하면, 옵티마이저(optimizer) :class:`torch.optim.SGD`의 ``step()``이 학습률(learning rate)을
# 곱해서 매개변수(parameter)에서 뺍니다. 학습률은 작은 양수입니다. 같은 뺄셈을 손으로도 합니다.

optimizer = torch.optim.SGD([W, b], lr=0.01)
optimizer.zero_grad()
cost.backward()
by_hand = torch.cat([0 - 0.01 * W.grad, 0 - 0.01 * b.grad])  # 형태 (2,)
optimizer.step()
assert torch.allclose(torch.cat([W, b]), by_hand)

after = x * W + b  # 형태 (3, 1)
print(f"W {W.item():.4f}  b {b.item():.4f}")
print("가설:", " ".join(f"{h:.4f}" for h in after.flatten().tolist()))
print(f"비용: {(after - y).square().mean().item():.4f}")

# %%
# 손으로 뺀 값도 같습니다. 예측값은 모두 정답 쪽으로 움직였고 비용은 3.6927로 줄었습니다.

# %%
# .. _one-step-signs:
#
# 부호를 읽으며 걷기
# ------------------
# 이번에는 평균을 0으로 옮긴 키와 몸무게입니다. :math:`W`와 :math:`B`는 1에서 출발합니다.

data = load_height_weight()
X, Y = data.X - data.X.mean(), data.y - data.y.mean()  # 둘 다 형태 (5, 1)
W = torch.tensor(1.0, requires_grad=True)  # 형태 ()
B = torch.tensor(1.0, requires_grad=True)  # 형태 ()
error = W * X + B - Y  # 형태 (5, 1)
cost = error.square().mean()  # 형태 ()
print("예측값:", (W * X + B).flatten().tolist())
print(f"비용: {cost.item():.4f}")
print("backward() 전:", W.grad, B.grad)
cost.backward()
gradient = torch.stack([W.grad, B.grad])  # 형태 (2,)
print("backward() 후:", gradient)

# %%
# ``backward()`` 전에는 ``grad``가 ``None``입니다. 나온 두 수는 부호부터 읽습니다. :math:`W` 쪽은
# 음수라 :math:`W`를 **키워야** 비용이 줄고, :math:`B` 쪽은 양수라 :math:`B`를 **줄여야** 비용이
# 줍니다. 그래디언트를 빼면 두 방향이 저절로 맞습니다.

W_new = W - 0.001 * W.grad
B_new = B - 0.001 * B.grad
print(W_new, B_new, sep="\n")
assert W.is_leaf
assert not W_new.is_leaf

# %%
# :math:`W`는 커지고 :math:`B`는 작아졌습니다. 이 책의 바탕이 된 자료 하나는 결과를 다시 ``W``에
# 담지만, 그 ``W``는 잎 텐서(leaf tensor)가 아니어서 ``backward()``가 ``grad``를 채우지 않으므로
# 같은 두 줄을 되풀이할 수 없습니다.

# %%
# .. _one-step-check:
#
# 식과 견주고 보폭 바꾸기
# -----------------------
# 차이를 :math:`e_i = W x_i + B - y_i`라고 쓰면, 비용을 편미분한 식은
# :math:`\frac{2}{n}\sum e_i x_i`와 :math:`\frac{2}{n}\sum e_i`입니다. ``backward()``가 준 두 수와
# 견준 다음, 학습률만 바꾸어 가며 한 걸음 뒤의 비용을 잽니다.

formula = torch.stack([(error * X).sum(), error.sum()]) * 2 / 5  # 형태 (2,)
assert torch.allclose(formula, gradient, rtol=1e-4)


def cost_after(lr):
    w, b = 1 - lr * gradient  # 둘 다 형태 ()
    return (w * X + b - Y).square().mean().item()


for lr in (0.001, 0.01, 0.5, 1):
    print(f"lr {lr:<5}  {cost_after(lr):9.4f}")

# %%
# 식의 값은 ``backward()``가 준 값과 같습니다. 학습률 0.5에서 비용은 출발점의 13.3520보다 훨씬
# 큽니다. 같은 자료는 학습률을 작은 정수라고 하지만, 가장 작은 양의 정수인 1은 0.5보다도 나쁩니다.

rates = torch.linspace(0, 0.1, 101)  # 형태 (101,)
tangent = cost.item() - rates * gradient.square().sum()  # 형태 (101,)
fig, ax = plt.subplots()
ax.plot(rates, [cost_after(lr) for lr in rates], label="한 걸음 뒤의 비용")
ax.plot(rates[:25], tangent[:25], "--", label="접선")
ax.axhline(cost.item(), color="gray", linestyle=":", label="출발점의 비용")
ax.plot(0.001, cost_after(0.001), "ko", label="학습률 0.001")
ax.set(title="한 걸음 뒤의 비용", xlabel="학습률", ylabel="비용 (kg²)")
ax.legend()
fig.set_label(
    "학습률에 따른 한 걸음 뒤의 비용. 곡선은 접선을 따라 내려가다가 바닥을 지나 다시 "
    "올라오고, 오른쪽 끝에서는 출발점의 비용보다 높다."
)
plt.show()
assert cost_after(0.04) < cost.item() < cost_after(0.1)

# %%
# 그래디언트가 알려 주는 것은 출발점에 그은 접선뿐입니다. 멀리 가면 곡선은 접선을 떠나 다시
# 올라갑니다. 그래서 작은 걸음을 여러 번 걷습니다. 다음은 사다리의 첫 칸, :ref:`by-hand`입니다.
