r"""
.. _noisy-plane:

잡음 섞인 평면을 세 가지로 배우기
=================================

특성(feature)이 두 개이면 배울 것은 직선이 아니라 평면입니다. 평면 :math:`y = 1 + 2x_1 + 3x_2`에
잡음(noise)을 섞은 점 100개를 세 가지로 배웁니다. 손으로 쓴 반복문, 1로 채운 열을 붙이고
편향(bias)을 없앤 ``nn.Linear``, 편향을 그대로 둔 ``nn.Linear``입니다.

출발점이 같으면 셋은 도중에도 끝에서도 같은 값을 냅니다. 다만 그 값은 1, 2, 3이 아닙니다. 잡음
때문에 얼마나 벗어날 수 있는지는 표준 오차(standard error)가 알려 줍니다.
"""

# %%
# .. _noisy-plane-data:
#
# 데이터 만들기
# -------------
# 잡음의 표준편차는 0.5입니다. 정답은 형태를 바꾼 ``target``으로도 둡니다.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_by_hand
from torch import nn

generator = torch.Generator().manual_seed(0)
plane = make_plane(100, weight=(2, 3), bias=1, noise=0.5, generator=generator)
X, y = plane.X, plane.y  # 형태 (100, 2)와 (100, 1)
A = torch.cat([torch.ones(100, 1), X], dim=1)  # 형태 (100, 3)
target = y.flatten()  # 형태 (100,)
truth = torch.tensor([1.0, 2.0, 3.0])  # 형태 (3,), 편향이 맨 앞
start = torch.randn(3, generator=generator)  # 형태 (3,)

# %%
# .. _noisy-plane-shape:
#
# 형태부터 맞추기
# ---------------
# 계층이 내놓는 예측값은 (100, 1)이고 ``target``은 (100,)입니다. 그대로 빼면
# 브로드캐스팅(broadcasting)이 일어납니다. 참 평면과, 어디서나 정답의 평균을 답하는 수평면의
# 비용(cost)을 두 가지로 잽니다.

true_plane = (A @ truth).unsqueeze(1)  # 형태 (100, 1)
level_plane = target.mean().expand(100, 1)  # 형태 (100, 1)
print("그냥 뺀 차이의 형태:", tuple((true_plane - target).shape))
costs = []
for name, prediction in [("참 평면:", true_plane), ("수평면: ", level_plane)]:
    costs.append((prediction - target).square().mean())
    costs.append(F.mse_loss(prediction.view_as(target), target))
    print(f"{name} 그냥 빼면 {costs[-2]:.2f}, view_as로 맞추면 {costs[-1]:.2f}")
assert costs[1] < costs[3] < costs[0]

# %%
# 그냥 빼면 모든 예측값을 모든 정답과 견주므로, 어디서나 평균을 답하는 수평면이 참 평면보다 나아
# 보입니다. ``F.mse_loss``는 이럴 때 경고만 하고 그대로 계산하므로 ``view_as``로 형태를 맞춥니다.
#
# .. _noisy-plane-three:
#
# 세 가지로 배우기
# ----------------
# 학습률(learning rate)은 0.1이고 100에폭(epoch)을 돕니다. 갱신할 때마다 매개변수를 적어 둡니다.


def learn(net, inputs):
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    path = []
    for _ in range(100):
        optimizer.zero_grad()
        F.mse_loss(net(inputs).view_as(target), target).backward()
        optimizer.step()
        path.append(nn.utils.parameters_to_vector(net.parameters()).detach())
    return torch.stack(path)  # 형태 (100, 3)


with_ones = nn.Linear(3, 1, bias=False)
with_bias = nn.Linear(2, 1, bias=True)
with torch.no_grad():
    with_ones.weight.copy_(start)
    with_bias.bias.copy_(start[:1])
    with_bias.weight.copy_(start[1:])
fit = train_by_hand(X, y, lr=0.1, epochs=100, weight=start[1:], bias=start[0])
by_hand = torch.cat([fit.history.bias.unsqueeze(1), fit.history.weight], dim=1)
ones_path = learn(with_ones, A)
bias_path = learn(with_bias, X).roll(1, dims=1)  # 편향을 맨 앞으로
names = ["손으로:    ", "bias=False:", "bias=True: "]
for name, path in zip(names, [by_hand, ones_path, bias_path]):
    print(name, path[4], path[99])
    assert torch.allclose(path, by_hand, rtol=0, atol=1e-5)
far = train_by_hand(X, y, lr=0.1, epochs=100, weight=[9, -9], bias=9)
assert torch.allclose(far.weight, fit.weight, atol=1e-4)

# %%
# 왼쪽은 다섯 번, 오른쪽은 백 번 갱신한 값입니다. 세 줄은 100에폭 내내 반올림 오차 안에서 같습니다.
# 끝만 견주면 모자랍니다. 비용의 바닥이 하나뿐이라 멀리서 출발한 ``far``도 끝은 같기 때문입니다.
# 1로 채운 열의 가중치(weight)는 이름만 다른 편향입니다.
#
# .. _noisy-plane-errors:
#
# 참값과의 차이를 재기
# --------------------
# 닫힌 해(closed-form solution)에서 표준 오차를 얻습니다. 한 자료가 출력한 값도 함께 봅니다. 그
# 자료는 시드(seed) 없이 뽑아서 되살릴 수는 없지만, 같은 평면에서 같은 수의 점을 뽑았습니다.

exact = solve_least_squares(X, y)
estimate = torch.cat([exact.bias.reshape(1), exact.weight]).float()  # 형태 (3,)
errors = exact.standard_errors.roll(1).float()  # 형태 (3,), 편향을 맨 앞으로
source = torch.tensor([0.9656, 2.0326, 3.0433])  # 형태 (3,)
print("닫힌 해:  ", estimate)
print("표준 오차:", errors)
print("한 자료:  ", source)
print(f"잔차의 표준편차: {exact.residual_sd:.4f}, 잡음의 표준편차: 0.5")
assert torch.allclose(by_hand[99], estimate, atol=1e-5)
for weights in (estimate, source):
    assert ((weights - truth).abs() < 2 * errors).all()
assert abs(exact.residual_sd - 0.5) < 2 * 0.5 / (2 * (100 - 3)) ** 0.5
residual = y - fit.predict(X)  # 형태 (100, 1)
assert torch.allclose(residual.norm() / (100 - 3) ** 0.5, exact.residual_sd.float())

# %%
# 두 결과 모두 참값과의 차이가 표준 오차의 두 배를 넘지 않습니다. 잔차(residual)의 표준편차를 구할
# 때는 제곱의 합을 100이 아니라 97로 나눕니다. 매개변수 세 개를 같은 데이터에서 배웠기 때문입니다.

above = residual.flatten() > 0  # 형태 (100,)
u = torch.tensor([[-3.0, -3.0], [3.0, 3.0]])  # 형태 (2, 2)
height = fit.bias + fit.weight[0] * u + fit.weight[1] * u.T  # 형태 (2, 2)
fig, solid = plt.figure(figsize=(5.2, 4.6)), {"s": 14, "depthshade": False}
ax = fig.add_subplot(projection="3d", elev=4, azim=-38)
ax.set_box_aspect((3, 3, 4), zoom=0.97)
ax.plot_surface(u.numpy(), u.T.numpy(), height.numpy(), alpha=0.3)
for (x1, x2), low, high in zip(X, target, fit.predict(X).flatten()):
    ax.plot([x1, x1], [x2, x2], [low, high], color="gray", linewidth=1)
ax.scatter(*X[above].T, target[above], marker="^", **solid, label="평면 위의 점")
ax.scatter(
    *X[~above].T, target[~above], marker="v", **solid, label="평면 아래의 점"
)
ax.set(title="배운 평면과 잔차", xlabel="x₁", ylabel="x₂", zlabel="y")
ax.set(xticks=[-3, 0, 3], yticks=[-3, 0, 3])
ax.legend(loc="upper left")
fig.set_label(
    "기운 평면과 점 100개. 평면 위와 아래의 점이 고루 섞여, 짧은 선으로 평면에 이어진다."
)
plt.show()
print("위와 아래:", int(above.sum()), int((~above).sum()))

# %%
# 점은 평면의 위와 아래에 고루 흩어집니다. 남은 짧은 선이 잡음의 몫입니다. 지금까지는 갱신할 때마다
# 100줄을 모두 썼습니다. :ref:`mini-batches`에서는 몇 줄씩 나누어 씁니다.
