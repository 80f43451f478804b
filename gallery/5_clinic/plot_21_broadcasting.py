r"""
.. _broadcasting:

모든 예측이 같을 때 형태 의심하기
=================================

오류도 없고 비용(cost)도 줄었는데 모든 예측이 같습니다. 무엇을 넣어도 정답(target)의 평균만
답합니다. ``(n, 1)``에서 ``(n,)``을 뺀 탓입니다. 왜 하필 평균인지 증명하고 막는 법을 봅니다.
"""

# %%
# .. _broadcasting-symptom:
#
# 증상: 비용이 멈추고 모든 예측이 같다
# ------------------------------------
# 평면 :math:`y = 1 + 2x_1 + 3x_2`에 잡음(noise)을 섞은 점 100개를 배웁니다. 파일에서 읽은 정답은
# 흔히 ``(n,)``이므로 여기서도 그렇게 둡니다. 비용은 제곱의 평균을 손으로 쓴 것입니다.

import warnings

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_module
from torch import nn

plane = make_plane(100, weight=(2, 3), generator=torch.Generator().manual_seed(0))
X, y = plane.X, plane.y.flatten()  # 형태 (100, 2)와 (100,)


def train(cost_of):
    model = nn.Linear(2, 1)
    nn.init.ones_(model.weight)  # 형태 (1, 2)
    nn.init.zeros_(model.bias)  # 형태 (1,)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(101):
        cost = cost_of(model(X), y)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        if epoch % 25 == 0:
            print(f"Epoch {epoch:4d}/100 Cost: {cost.item():.3f}")
    return model


broken = train(lambda prediction, y: (prediction - y).square().mean())
same = broken(X).detach()  # 형태 (100, 1)
print("가중치:", " ".join(f"{abs(w):.3f}" for w in broken.weight[0]))
print(f"예측: {same.min():.3f} ~ {same.max():.3f}  정답의 평균: {y.mean():.3f}")

# %%
# 두 가중치(weight)가 0이 되고, 예측 100개가 모두 정답의 평균입니다. 비용은 줄다가 멈췄습니다.
#
# .. _broadcasting-cause:
#
# 진단: 형태를 찍어 본다
# ----------------------
# 뺀 결과의 형태(shape)를 봅니다. 1, 2, 3에서 1, 2, 3을 뺄 때도 형태가 다르면 0이 아닙니다.

print(tuple(same.shape), "-", tuple(y.shape), "->", tuple((same - y).shape))
print(torch.tensor([[1], [2], [3]]) - torch.tensor([1, 2, 3]))  # 형태 (3, 3)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    F.mse_loss(same, y)
print(str(caught[0].message).split(". ")[0])

# %%
# 길이가 1인 축을 상대에 맞춰 늘리는 것이 브로드캐스팅(broadcasting)입니다. 그래서 모든 예측을 모든
# 정답과 견줍니다. ``F.mse_loss``는 경고하지만 손으로 쓴 식은 아무 말도 하지 않습니다.
#
# .. _broadcasting-why:
#
# 왜 평균만 답하는가
# ------------------
# 예측 :math:`p_j`마다 정답 :math:`y_i` 전부와의 차이를 제곱해서 평균합니다. 정답의 평균
# :math:`\bar{y}`를 빼고 더해서 전개하면, :math:`y_i - \bar{y}`의 합이 0이라 항이 둘만 남습니다.
#
# .. math::
#
#    \begin{gathered} \frac{1}{n^2} \sum_{i, j} (p_j - y_i)^2 = \\
#    \frac{1}{n} \sum_{j} (p_j - \bar{y})^2 + \frac{1}{n} \sum_{i} (y_i - \bar{y})^2 \end{gathered}
#
# 뒤의 항은 정답의 분산이라 바뀌지 않습니다. 앞의 항은 모든 :math:`p_j`가 :math:`\bar{y}`일 때 가장
# 작습니다. 곧 가중치는 0, 편향(bias)은 :math:`\bar{y}`입니다. 아무 예측에나 식을 대 봅니다.

anything = X[:, :1]  # 형태 (100, 1)
left = (anything - y).square().mean()
right = (anything - y.mean()).square().mean() + y.var(correction=0)
print(f"{left:.3f} = {right:.3f}  정답의 분산: {y.var(correction=0):.3f}")
assert torch.allclose(left, right)
assert torch.allclose(same, y.mean(), atol=1e-4)

# %%
# 그래서 비용은 정답의 분산에서 멈춥니다. 내일도 쓸 진단입니다. 비용이 ``y.var(correction=0)``에서
# 더 줄지 않으면 **모델은 평균밖에 배우지 못했습니다.**
#
# .. _broadcasting-cure:
#
# 처방: 형태를 맞추고, 다르면 멈춘다
# ----------------------------------
# 정답을 ``unsqueeze(1)``로 ``(n, 1)``이 되게 하거나, 바탕이 된 자료처럼 예측을 ``view_as``로 정답의
# 형태에 맞춥니다. 개수가 다르면 ``view_as``는 늘리지 않고 오류를 냅니다.

fixed = train(lambda prediction, y: F.mse_loss(prediction.view_as(y), y))
print(tuple((fixed(X) - y[:99]).shape))  # view_as가 없다면 (100, 99)
sgd = torch.optim.SGD(fixed.parameters(), lr=0.1)
for attempt in (
    lambda: fixed(X).view_as(y[:99]),
    lambda: train_module(fixed, X, y, optimizer=sgd, epochs=1),
):
    try:
        attempt()
    except (RuntimeError, ValueError) as error:
        print(error)
prediction, target = fixed(X).detach(), y.unsqueeze(1)  # 둘 다 형태 (100, 1)
assert prediction.shape == target.shape, (prediction.shape, target.shape)

fig, ax = plt.subplots()
ax.plot(y, prediction, "o", label="view_as로 맞춘 뒤")
ax.plot(y, same, "x", label="(n, 1) - (n,)")
ax.axline((0, 0), slope=1, color="gray", linestyle=":", label="예측 = 정답")
ax.set(title="정답에 따른 예측", xlabel="정답 y", ylabel="예측값 p")
ax.legend()
fig.set_label(
    "정답에 따른 예측의 산점도. 형태가 어긋난 쪽의 점은 정답의 평균 높이에 가로로 늘어서고, "
    "맞춘 쪽의 점은 예측과 정답이 같은 대각선을 따라 모인다."
)
plt.show()

exact = solve_least_squares(X, target)
for name, model in {"view_as": fixed, "=": exact}.items():
    w, b = model.weight.flatten(), model.bias.item()  # w는 형태 (2,)
    print(f"{name:8} {w[0]:.3f} {w[1]:.3f} {b:.3f}")
assert torch.allclose(fixed.weight[0].double(), exact.weight, atol=1e-3)

# %%
# 최소제곱법(least squares)의 답과 같습니다. 형태가 다르면 라이브러리는 학습하기 전에 멈춥니다. 직접
# 쓴 반복문에는 위의 ``assert`` 한 줄을 두면 됩니다. 다음 병은 :ref:`lost-gradients`입니다.
