"""
.. _mini-batches:

데이터를 미니배치로 나누어 배우기
=================================

지금까지는 한 번 갱신할 때마다 모든 줄을 썼습니다. 데이터를 몇 줄씩 나눈 미니배치(mini-batch)를 쓰면
에폭(epoch)마다 여러 번 갱신합니다. 대신 그래디언트(gradient)가 뽑힌 줄에 따라 흔들립니다. 그래서
빨리 다가가지만, 학습률(learning rate)이 그대로이면 바닥에 멈추지 못하고 그 둘레를 맴돕니다.
"""

# %%
# .. _mini-batches-loader:
#
# DataLoader로 나누기
# -------------------
# :class:`torch.utils.data.TensorDataset`은 특성과 정답을 줄마다 묶고,
# :class:`torch.utils.data.DataLoader`는 그 줄을 섞어 미니배치로 내줍니다. 순서는 건네준 난수
# 생성기(random number generator)가 정합니다.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_module
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

plane = make_plane(100, generator=torch.Generator().manual_seed(0))
X, y = plane.X, plane.y  # 형태 (100, 2)와 (100, 1)
dataset = TensorDataset(X, y)
generator = torch.Generator().manual_seed(1)
loader = DataLoader(dataset, batch_size=20, shuffle=True, generator=generator)
first, second = ([rows for rows, _ in loader] for _ in range(2))  # 두 에폭
print("한 에폭의 배치:", [len(rows) for rows in first])
assert torch.equal(torch.cat(first).sort(0).values, X.sort(0).values)
assert not torch.equal(first[0], second[0])

# %%
# ``loader``가 모든 줄을 한 번씩 내주면 한 에폭입니다. 배치마다 갱신하므로 한 에폭에 다섯 번
# 갱신합니다. 다음 에폭에서는 순서를 새로 섞습니다.
#
# .. _mini-batches-last:
#
# 모자라는 마지막 배치
# --------------------
# 100줄을 32줄씩 나누면 네 줄이 남습니다. ``drop_last=True``는 이 배치를 버립니다. 예측값이 모두 0인
# 모델의 비용(cost)을 배치마다 재고, 두 가지로 평균합니다.

batches = [t for _, t in DataLoader(dataset, batch_size=32)]
sizes = torch.tensor([len(t) for t in batches])  # 형태 (4,)
kept = [len(t) for _, t in DataLoader(dataset, batch_size=32, drop_last=True)]
print("배치:", sizes.tolist(), "drop_last:", kept)
costs = torch.stack([t.square().mean() for t in batches])  # 형태 (4,)
fair, full = (costs * sizes).sum() / 100, y.square().mean()  # 둘 다 형태 ()
print("배치의 비용:", costs)
print(f"평균 {costs.mean():.4f}, 줄 수를 곱한 평균 {fair:.4f}, 모든 줄 {full:.4f}")
assert torch.allclose(fair, full)

# %%
# 배치의 비용을 그냥 평균하면 마지막 네 줄이 다른 줄보다 여덟 배 무거워집니다. 배치의 줄 수를 곱해서
# 평균해야 모든 줄의 비용과 같습니다.
#
# .. _mini-batches-path:
#
# 같은 에폭, 같은 갱신 횟수
# -------------------------
# 0에서 출발해 학습률 0.05로 100줄, 20줄, 한 줄씩 배웁니다. 닫힌
# 해(closed-form solution)까지의 거리를 10에폭 뒤와 100번 갱신한 뒤에 잽니다.


def new_model(lr):
    model = nn.Linear(2, 1)
    nn.utils.vector_to_parameters(torch.zeros(3), model.parameters())
    return model, torch.optim.SGD(model.parameters(), lr=lr)


def learn(batch_size, epochs, lr=0.05):
    model, optimizer = new_model(lr)
    generator = torch.Generator().manual_seed(1)
    loader = DataLoader(dataset, batch_size, shuffle=True, generator=generator)
    path = [torch.zeros(3)]
    for _ in range(epochs):
        for X_batch, y_batch in loader:
            optimizer.zero_grad()
            F.mse_loss(model(X_batch), y_batch).backward()
            optimizer.step()
            path.append(nn.utils.parameters_to_vector(model.parameters()).detach())
    return torch.stack(path)  # 형태 (갱신 횟수 + 1, 3)


exact = solve_least_squares(X, y)
solution = torch.cat([exact.weight, exact.bias.reshape(1)]).float()  # 형태 (3,)
paths = {100: learn(100, 100), 20: learn(20, 20), 1: learn(1, 10)}
gaps = {size: (path - solution).norm(dim=1) for size, path in paths.items()}
for size, gap in gaps.items():
    n = 10 * 100 // size  # 10에폭 동안 갱신하는 횟수
    print(f"배치 {size:3d}  10에폭({n:4d}번): {gap[n]:.4f}  100번: {gap[100]:.4f}")
assert gaps[20][50] < gaps[1][1000] < gaps[100][10]
assert gaps[100][100] < gaps[20][100] < gaps[1][100]

# %%
# 에폭이 같으면 더 여러 번 갱신하는 작은 배치가 모든 줄을 쓸 때보다 앞섭니다. 갱신 횟수가 같으면
# 그래디언트가 덜 흔들리는 큰 배치가 앞섭니다. 10에폭 동안의 길을 그립니다.

fig, ax = plt.subplots()
for (size, path), style in zip(paths.items(), ["o--", "s-", "-"]):
    w1, w2 = path[: 10 * 100 // size + 1, :2].T
    ax.plot(w1, w2, style, label=size, markersize=4, linewidth=1, zorder=1 + size)
ax.plot(*solution[:2], "k*", markersize=12, zorder=200, label="닫힌 해")
ax.set(title="10에폭 동안 지나는 길", xlabel="w₁", ylabel="w₂")
ax.legend(title="배치의 줄 수")
fig.set_label(
    "세 길. 100줄씩은 도중에 끝나고, 20줄씩은 닫힌 해 곁에 이르고, 한 줄씩은 꺾이며 가서 맴돈다."
)
plt.show()

# %%
# 한 줄씩이 이름 그대로의 확률적 경사 하강법(stochastic gradient descent, SGD)입니다. 한 자료는
# SGD가 표본을 하나씩 꺼낸다고 적었지만 데이터를 통째로 씁니다. 이제 학습률을 낮춥니다.

slow = (learn(1, 10, lr=0.01) - solution).norm(dim=1)  # 형태 (1001,)
for lr, gap in [(0.05, gaps[1]), (0.01, slow)]:
    print(f"학습률 {lr}  100번: {gap[100]:.4f}  501번부터: {gap[501:].mean():.4f}")
assert slow[100] > gaps[1][100]
assert slow[501:].mean() < gaps[1][501:].mean() / 2

# %%
# 끝의 값은 501번부터 1000번까지의 평균입니다. 학습률이 낮으면 늦게 다가가지만 더 가까이서 맴돕니다.
#
# .. _mini-batches-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# :func:`~linreg_tutorial.trainers.train_module`도 ``batch_size``와 ``generator``를 받아 미니배치로
# 배웁니다. ``DataLoader``는 섞기 전에 난수를 하나 뽑으므로 시드(seed)가 같아도 배치는 다릅니다.

model, sgd = new_model(lr=0.05)
batched = {"batch_size": 20, "generator": torch.Generator().manual_seed(1)}
train_module(model, X, y, optimizer=sgd, epochs=20, **batched)
library = nn.utils.parameters_to_vector(model.parameters()).detach()  # 형태 (3,)
for name, weights in [("train_module:", library), ("DataLoader:  ", paths[20][-1])]:
    print(name, weights)
    assert (weights - solution).norm() < 0.02
    assert ((weights - torch.tensor([2.0, 3.0, 1.0])).abs() < 0.1).all()
print("닫힌 해:     ", solution)

# %%
# 둘 다 닫힌 해에서 0.02, 참값 2, 3, 1에서 0.1 안에 있습니다. 다음은 :ref:`height-weight`입니다.
