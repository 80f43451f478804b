r"""
.. _by-hand:

그래디언트를 손으로 써서 내려가기
=================================

경사 하강법(gradient descent)은 비용(cost)을 줄이는 방향으로 매개변수(parameter)를 조금씩 옮기는
일을 되풀이합니다. 사다리의 첫 칸에서는 그 방향을 알려 주는 그래디언트(gradient)의 식까지 직접
씁니다. 자동 미분도 옵티마이저도 없이 사칙연산만으로 직선 :math:`y = 2x`를 배웁니다.
"""

# %%
# .. _by-hand-data:
#
# 데이터와 가설
# -------------
# 세 점 (1, 2), (2, 4), (3, 6)이 있습니다. 가설(hypothesis)은 :math:`H(x) = wx + b`이고,
# 가중치(weight) :math:`w`와 편향(bias) :math:`b`는 모두 0에서 출발합니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_doubling
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_by_hand

data = load_doubling()
x, y = data.X, data.y  # 둘 다 형태 (3, 1)
w, b = torch.zeros(1), torch.zeros(1)  # 둘 다 형태 (1,)

# %%
# .. _by-hand-gradient:
#
# 그래디언트를 구하는 식
# ----------------------
# 예측값에서 정답을 뺀 것을 잔차(residual)라고 합니다. 비용은 잔차를 제곱해서 평균한 값입니다.
#
# .. math::
#
#    \text{cost}(w, b) = \frac{1}{n} \sum_{i=1}^{n} \left( w x_i + b - y_i \right)^2
#
# 연쇄 법칙(chain rule)에 따라 :math:`w`와 :math:`b`로 각각 편미분하면 그래디언트의 두 성분이
# 나옵니다. 앞에 붙은 2는 제곱에서, :math:`x_i`는 괄호 안쪽에서 나왔습니다.
#
# .. math::
#
#    \frac{\partial\,\text{cost}}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)\, x_i
#
# .. math::
#
#    \frac{\partial\,\text{cost}}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
#
# 이 식을 그대로 코드로 옮깁니다. ``mean()``이 합과 :math:`1/n`을 한꺼번에 맡습니다.


def gradient(w, b):
    residual = w * x + b - y  # 형태 (3, 1)
    return 2 * (residual * x).mean(), 2 * residual.mean()  # 둘 다 형태 ()


w_grad, b_grad = gradient(w, b)
print(f"출발점의 그래디언트: {w_grad:.3f}, {b_grad:.3f}")

# %%
# 두 성분이 모두 음수입니다. :math:`w`와 :math:`b`를 키우면 비용이 줄어든다는 뜻입니다.
#
# 식이 맞는지는 매개변수를 아주 조금 흔들어 보면 알 수 있습니다. 비용의 변화를 흔든 폭으로 나눈 값이
# 그래디언트와 같아야 합니다.


def cost(w, b):
    return (w * x + b - y).square().mean()


h = 1e-2
slope_w = (cost(w + h, b) - cost(w - h, b)) / (2 * h)
slope_b = (cost(w, b + h) - cost(w, b - h)) / (2 * h)
print(f"흔들어서 잰 값: {slope_w:.3f}, {slope_b:.3f}")
assert torch.allclose(slope_w, w_grad, rtol=1e-4)
assert torch.allclose(slope_b, b_grad, rtol=1e-4)

# %%
# .. _by-hand-loop:
#
# 되풀이해서 내려가기
# -------------------
# 그래디언트는 비용이 가장 가파르게 커지는 방향을 가리킵니다. 그래서 반대쪽으로, 학습률(learning
# rate) 0.01을 곱한 만큼만 옮깁니다. 데이터 전체를 한 번 보는 것을 에폭(epoch)이라고 하고, 여기서는
# 에폭마다 한 번 갱신합니다. 비용은 갱신하기 전의 값, 매개변수는 갱신한 뒤의 값을 출력합니다.

lr = 0.01
costs = []
for epoch in range(2001):
    costs.append(cost(w, b).item())
    w_grad, b_grad = gradient(w, b)
    w = w - lr * w_grad
    b = b - lr * b_grad
    if epoch % 400 == 0:
        parameters = f"W: {w.item():.3f}, b: {b.item():.3f}"
        print(f"Epoch {epoch:4d}/2000 {parameters} Cost: {costs[-1]:.6f}")

# %%
# 비용은 처음 서른 에폭 동안 백분의 1 아래로 뚝 떨어지고, 그 뒤로는 천천히 줄어듭니다. 로그 눈금으로
# 그리면 두 구간이 한 번 꺾인 직선으로 나타납니다.

fig, ax = plt.subplots()
ax.semilogy(costs)
ax.set(title="에폭에 따른 비용", xlabel="에폭", ylabel="비용 (로그 눈금)")
fig.set_label(
    "에폭에 따른 비용의 곡선. 처음 서른 에폭 동안 수직에 가깝게 떨어진 뒤, "
    "로그 눈금에서 곧은 직선을 그리며 천천히 줄어든다."
)
plt.show()
assert costs[30] < costs[0] / 100

# %%
# .. _by-hand-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# :func:`~linreg_tutorial.trainers.train_by_hand`는 방금 쓴 반복문을 특성(feature)이 여러 개일 때도
# 쓸 수 있게 옮긴 함수입니다. 출발점과 학습률이 같으면 같은 곳에 도착합니다. 반복하지 않고 한 번에
# 구하는 닫힌 해(closed-form solution)와도 견주어 봅니다.

fit = train_by_hand(x, y, lr=lr, epochs=2001)
exact = solve_least_squares(x, y)
print(f"반복문:   W {w.item():.4f}  b {b.item():.4f}")
print(f"함수:     W {fit.weight.item():.4f}  b {fit.bias.item():.4f}")
print(f"닫힌 해:  W {exact.weight.item():.4f}  b {abs(exact.bias.item()):.4f}")
assert torch.allclose(fit.weight, w, atol=1e-5)
assert (fit.weight - exact.weight).abs().item() < 0.005

# %%
# 2001번을 갱신하고도 닫힌 해에는 아직 조금 못 미칩니다. 그래도 손으로 쓴 그래디언트만으로 직선을
# 배웠습니다. 다음 칸 :ref:`autograd-update`에서는 이 식을 PyTorch에 맡깁니다.
