r"""
.. _by-hand:

그래디언트를 손으로 써서 내려가기
=================================

경사 하강법(gradient descent)은 비용을 줄이는 방향으로 매개변수를 조금씩 옮기는 일을 되풀이합니다.
사다리의 첫 칸에서는 그 방향을 알려 주는 그래디언트(gradient)까지 직접 씁니다. 자동 미분도
옵티마이저도 없이, 곱셈과 뺄셈만으로 직선 :math:`y = 2x`를 배웁니다.
"""

# %%
# .. _by-hand-data:
#
# 데이터와 가설
# -------------
# 세 점 (1, 2), (2, 4), (3, 6)이 있습니다. 가설(hypothesis)은 :math:`H(x) = wx + b`이고, 가중치
# :math:`w`와 편향 :math:`b`는 모두 0에서 출발합니다.

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
# 비용(cost)은 예측값과 정답의 차이를 제곱해서 평균한 값입니다.
#
# .. math::
#
#    \text{cost}(w, b) = \frac{1}{n} \sum_{i=1}^{n} \left( w x_i + b - y_i \right)^2
#
# 연쇄 법칙에 따라 :math:`w`와 :math:`b`로 각각 편미분하면 그래디언트의 두 성분이 나옵니다. 앞에
# 붙은 2는 제곱에서, :math:`x_i`는 괄호 안쪽에서 나왔습니다.
#
# .. math::
#
#    \frac{\partial\,\text{cost}}{\partial w} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)\, x_i,
#    \qquad
#    \frac{\partial\,\text{cost}}{\partial b} = \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
#
# 이 식을 그대로 코드로 옮깁니다. ``mean()``이 합과 :math:`1/n`을 한꺼번에 맡습니다.


def gradient(w, b):
    error = w * x + b - y  # 형태 (3, 1)
    return 2 * (error * x).mean(), 2 * error.mean()


print("출발점의 그래디언트:", gradient(w, b))

# %%
# 두 성분이 모두 음수입니다. :math:`w`와 :math:`b`를 키우면 비용이 줄어든다는 뜻입니다. 식이
# 맞는지는 매개변수를 아주 조금 흔들어 보면 알 수 있습니다. 비용의 변화를 흔든 폭으로 나눈 값이
# 그래디언트와 같아야 합니다.


def cost(w, b):
    return (w * x + b - y).square().mean()


h = 1e-2
slope_w = (cost(w + h, b) - cost(w - h, b)) / (2 * h)
slope_b = (cost(w, b + h) - cost(w, b - h)) / (2 * h)
print(f"흔들어서 잰 값: {slope_w.item():.3f}, {slope_b.item():.3f}")
assert torch.allclose(
    torch.stack([slope_w, slope_b]), torch.stack(gradient(w, b)), rtol=1e-4
)

# %%
# .. _by-hand-loop:
#
# 되풀이해서 내려가기
# -------------------
# 그래디언트는 비용이 가장 가파르게 커지는 방향을 가리킵니다. 그래서 반대쪽으로, 학습률(learning
# rate) 0.01을 곱한 만큼만 옮깁니다. 비용은 갱신하기 전에, 매개변수는 갱신한 뒤에 출력합니다.

lr = 0.01
costs = []
for epoch in range(2000):
    costs.append(cost(w, b).item())
    w_grad, b_grad = gradient(w, b)
    w = w - lr * w_grad
    b = b - lr * b_grad
    if epoch % 400 == 0:
        print(
            f"Epoch {epoch:4d} W: {w.item():.3f}, b: {b.item():.3f} Cost: {costs[-1]:.6f}"
        )

# %%
# 첫 백 번 동안 비용은 뚝 떨어지고, 그 뒤로는 천천히 줄어듭니다. 로그 눈금으로 그리면 두 구간이
# 꺾인 두 직선으로 나타납니다.

fig, ax = plt.subplots()
ax.semilogy(costs)
ax.set(title="에폭에 따른 비용", xlabel="에폭", ylabel="비용 (로그 눈금)")
fig.set_label(
    "에폭에 따른 비용의 곡선. 처음 백 에폭 동안 수직에 가깝게 떨어진 뒤, "
    "로그 눈금에서 곧은 직선을 그리며 천천히 줄어든다."
)
plt.show()

# %%
# .. _by-hand-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# :func:`~linreg_tutorial.trainers.train_by_hand`는 방금 쓴 반복문을 특성이 여러 개여도 쓸 수 있게
# 옮긴 함수입니다. 같은 출발점과 같은 학습률을 주면 같은 곳에 도착합니다. 닫힌 해(closed-form
# solution)와도 견주어 봅니다.

fit = train_by_hand(x, y, lr=lr, epochs=2000)
exact = solve_least_squares(x, y)
print(f"반복문:   W {w.item():.4f}  b {b.item():.4f}")
print(f"함수:     W {fit.weight.item():.4f}  b {fit.bias.item():.4f}")
print(f"닫힌 해:  W {exact.weight.item():.4f}  b {abs(exact.bias.item()):.4f}")
assert torch.allclose(fit.weight, w, atol=1e-5)
assert (fit.weight - exact.weight).abs().item() < 0.005

# %%
# 2000번을 갱신하고도 닫힌 해에는 아직 조금 못 미칩니다. 그래도 손으로 쓴 그래디언트만으로 직선을
# 배웠습니다. 다음 칸에서는 이 식을 PyTorch가 대신 구합니다.
