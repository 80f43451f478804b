r"""
.. _lines-to-classes:

직선을 분류로 넓히기
====================

합격인지 불합격인지 맞히는 일이 분류(classification)입니다. 직선의 값 :math:`wx + b`를
시그모이드(sigmoid)나 소프트맥스(softmax)에 넣어 확률로 읽으면 됩니다. MLP는 쓰지 않습니다.
"""

# %%
# .. _lines-to-classes-odds:
#
# 로짓을 두고 한 네 마디 따지기
# -----------------------------
# 오즈(odds)는 일어날 확률을 일어나지 않을 확률로 나눈 값입니다. 바탕이 된 자료는 **로짓**(logit)이
# **오즈의 로그**이고 시그모이드 :math:`1 / (1 + e^{-z})`의 **역함수**(inverse function)라고 합니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.trainers import train_module
from torch import nn
from torch.nn import functional as F

p = torch.linspace(0.1, 0.9, 5).double().requires_grad_()  # 형태 (5,)
logit = (p / (1 - p)).log()  # 형태 (5,)
(slope,) = torch.autograd.grad(logit.sum(), p)  # 형태 (5,)
print("     p   odds  logit  slope  sigmoid(logit)")
for row in zip(p, p / (1 - p), logit, slope, logit.sigmoid()):
    print(*(f"{value:6.2f}" for value in row))
assert torch.allclose(logit, torch.logit(p))
assert torch.allclose(logit.sigmoid(), p)

# %%
# 둘 다 맞습니다. 로짓은 0과 1 사이의 확률을 수직선 전체로 폅니다. 그래서 어떤 값이든 되는
# :math:`wx + b`를 로짓으로 삼고, 시그모이드로 확률을 되찾습니다.
#
# 소프트맥스는 로짓 여럿을 합이 1인 확률로 바꿉니다. 남은 두 마디는 **로짓을 미분하면 소프트맥스**,
# **소프트맥스를 적분하면 로짓**입니다. 무엇의 미분이 소프트맥스인지 찾고, 큰 값도 넣어 봅니다.

z = torch.tensor([2.0, 1.0, -1.0]).double().requires_grad_()  # 형태 (3,)
two = F.softmax(torch.stack([2 * z, z]), dim=0)  # 두 로짓의 차가 z, 형태 (2, 3)
(by_sum,) = torch.autograd.grad(z.logsumexp(dim=0), z)  # 형태 (3,)
(by_plus,) = torch.autograd.grad(F.softplus(z).sum(), z)  # 형태 (3,)
print(F.softmax(z, dim=0).detach(), by_sum, by_plus, sep="\n")
assert torch.allclose(by_sum, F.softmax(z, dim=0))
assert torch.allclose(by_plus, z.sigmoid())
assert torch.allclose(by_plus, two[0])
assert torch.allclose(slope, 1 / (p * (1 - p)))
big = torch.tensor([-200.0, 1000.0, 1001.0])  # 형태 (3,)
print(big[:1].sigmoid().log(), F.logsigmoid(big[:1]))
print(*(v.exp() / v.exp().sum() for v in (big, big - big.max())))

# %%
# 두 마디는 틀립니다. 로짓의 미분 :math:`1 / (p(1 - p))`(``slope``)은 4 이상인데 소프트맥스는 1을 못
# 넘으니 적분도 어긋납니다. 소프트맥스는 :math:`\log \sum_k e^{z_k}`의 그래디언트(gradient)이고,
# 종류가 둘이면 로짓 차의 시그모이드입니다. 시그모이드는 ``softplus``의 미분입니다.
#
# ``float32``에서 시그모이드가 0으로 뭉개지면 로그는 :math:`-\infty`이지만 ``logsigmoid``는 -200을
# 지킵니다. 소프트맥스는 가장 큰 값을 먼저 빼면 넘치지 않습니다. 로짓을 받는 손실이 그렇게 합니다.
#
# .. _lines-to-classes-squares:
#
# 제곱으로 맞춘 직선과 견주기
# ---------------------------
# 교차 엔트로피(cross-entropy)는 정답에 준 확률에 :math:`-\log`를 씌워 평균한 비용(cost)입니다. 같은
# 함수에 손실(loss)만 바꿔 넣고, 30시간 공부해 합격한 사람을 보태어 다시 배웁니다.


def train(X, y, outputs, loss):
    model = nn.Linear(X.shape[1], outputs).double()
    for parameter in model.parameters():
        nn.init.zeros_(parameter)
    lbfgs = torch.optim.LBFGS(model.parameters(), line_search_fn="strong_wolfe")
    return train_module(model, X, y, optimizer=lbfgs, epochs=20, loss=loss).model


generator = torch.Generator().manual_seed(0)
x = 8 * torch.rand(30, 1, generator=generator).double()  # 형태 (30, 1)
y = torch.bernoulli((1.5 * (x - 4)).sigmoid(), generator=generator)  # 형태 (30, 1)
x, y = torch.cat([x, 0 * x[:1] + 30]), torch.cat([y, 0 * y[:1] + 1])  # 형태 (31, 1)
hours = torch.linspace(0, 30, 3001).double()[:, None]  # 형태 (3001, 1)
fig, ax = plt.subplots()
for loss in (F.mse_loss, F.binary_cross_entropy_with_logits):
    for n, style in (30, "-"), (31, "--"):
        model = train(x[:n], y[:n], 1, loss)
        out = model(hours).detach()  # 형태 (3001, 1)
        out = out if loss is F.mse_loss else out.sigmoid()
        edge = hours[out > 0.5].min()  # 형태 ()
        right = ((x[:n] > edge) == y[:n]).sum()  # 형태 ()
        print(f"{edge:.1f} h  {right}/{n}  {out[-1].item():.2f}  {loss.__name__}")
        ax.plot(hours, out, style, label=f"{loss.__name__}, n = {n}")
ax.plot(x, y, "k.")
ax.set(xlabel="공부한 시간 (시간)", ylabel="예측값 (합격은 1)", ylim=(-0.4, 2))
ax.legend()
fig.set_label("한 사람을 보태면 직선은 눕고, S자 곡선은 그대로 겹친다.")
plt.show()

# %%
# 직선은 이미 맞힌 사람의 예측값 5.03을 1 쪽으로 끌어내리느라 눕습니다. 경계가 6.8시간으로 밀려 일곱
# 명이 틀립니다. 교차 엔트로피의 경계는 4.5시간 그대로입니다. 이 마지막 답을 손으로 쓴 그래디언트
# :math:`A^\top (p - y) / n`과 뉴턴법(Newton's method)으로 확인합니다.

A = torch.cat([x, torch.ones_like(x)], dim=1)  # 형태 (31, 2)
theta = torch.zeros(2, 1).double().requires_grad_()  # w와 b, 형태 (2, 1)
for _ in range(12):
    p = (A @ theta).sigmoid()  # 형태 (31, 1)
    gradient = A.T @ (p - y) / 31  # 형태 (2, 1)
    assert torch.allclose(gradient, *torch.autograd.grad(loss(A @ theta, y), theta))
    theta = theta - torch.linalg.solve(A.T @ (p * (1 - p) * A) / 31, gradient)
print(f"w {model.weight.item():.2f}  Newton: {theta[0].item():.2f}")
assert (model.weight - theta[0]).abs() < 0.01

# %%
# .. _lines-to-classes-three:
#
# 종류를 셋으로 늘리기
# --------------------
# 출력을 셋으로 늘리고 ``F.cross_entropy``에 종류의 번호를 정수로 넣습니다. 가장 큰 로짓의
# 번호(argmax)가 답입니다. 점이 세 중심에서 똑같이 퍼졌으니 가까운 중심을 고르는 것이 최선입니다.

centres = torch.tensor([[-2, -1], [2, -1], [0, 2]]).double()  # 형태 (3, 2)
labels = torch.arange(3).repeat(100)  # 형태 (300,)
X = centres[labels] + torch.randn(300, 2, generator=generator)  # 형태 (300, 2)
three = train(X, labels, 3, F.cross_entropy)
for found in (three(X).argmax(dim=1), torch.cdist(X, centres).argmin(dim=1)):
    print(f"{(found == labels).sum()}/300")
axis = torch.linspace(-5, 5, 201).double()  # 형태 (201,)
plane = three(torch.cartesian_prod(axis, axis)).argmax(dim=1)  # 형태 (40401,)
fig, ax = plt.subplots()
ax.contourf(axis, axis, plane.view(201, 201).T, [-0.5, 0.5, 1.5, 2.5], alpha=0.3)
for k, marker in enumerate("os^"):
    ax.plot(*X[labels == k].T, "k" + marker, markersize=3)
ax.set(xlabel="특성 1", ylabel="특성 2")
fig.set_label("세 종류의 점. 한 점에서 만나는 반직선 셋이 평면을 셋으로 나눈다.")
plt.show()

# %%
# 경계는 여전히 직선이고, 중심을 알려 주지 않아도 최선만큼 맞힙니다.
# :ref:`your-own-data`에서는 가진 데이터로 처음부터 끝까지 해 봅니다.
