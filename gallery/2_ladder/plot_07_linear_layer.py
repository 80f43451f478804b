r"""
.. _linear-layer:

nn.Linear에 W와 b 맡기기
========================

지난 칸까지 :math:`W`와 :math:`b`는 직접 만든 텐서였고, 가설(hypothesis)과 비용(cost)도 식으로
썼습니다. 이번 칸에서는 계층(layer) :class:`torch.nn.Linear`가 두 매개변수(parameter)를 보관하고
가설을 계산하며, :func:`torch.nn.functional.mse_loss`가 비용을 계산합니다. 한 강의 자료가 출력한
출발점에서 :math:`y = 2x`를 배우고 그 자료의 로그와 견줍니다.
"""

# %%
# .. _linear-layer-inside:
#
# 계층 안을 들여다보기
# --------------------
# ``nn.Linear(1, 1)``은 특성 하나를 받아 값 하나를 내놓습니다. 만들 때 매개변수를 난수로 채우므로
# 두 값을 강의 자료의 출발점으로 바꾸어 넣습니다. 값을 넣는 일은 미분할 계산이 아니어서
# ``torch.no_grad()`` 안에서 합니다.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial.datasets import load_doubling, make_plane
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_module
from torch import nn


def set_start(layer):
    with torch.no_grad():
        layer.weight.fill_(-0.1196)
        layer.bias.fill_(-0.6226)


model = nn.Linear(1, 1)
set_start(model)
print(list(model.parameters()))
for name, parameter in model.named_parameters():
    print(name, tuple(parameter.shape), parameter.requires_grad)

# %%
# 가중치(weight)의 형태는 (1, 1), 편향(bias)의 형태는 (1,)입니다. 둘 다 ``Parameter``라서, 따로
# 적지 않아도 ``requires_grad``가 참입니다. 강의 자료는 시드를 ``torch.cuda.manual_seed(1)``로
# 정했지만, 이 함수는 GPU의 시드만 정하고 CPU의 난수 생성기는 건드리지 않습니다.

before = torch.get_rng_state()  # CPU 난수 생성기의 상태
torch.cuda.manual_seed(1)
assert torch.equal(torch.get_rng_state(), before)
nn.Linear(1, 1)  # 여기서 CPU의 난수를 씁니다
assert not torch.equal(torch.get_rng_state(), before)

# %%
# .. _linear-layer-formula:
#
# 계층이 계산하는 식
# ------------------
# 가중치의 형태는 (출력 수, 입력 수)이고, 계층은 ``X @ weight.T + bias``를 계산합니다. 편향은 값이
# 늘 1인 특성의 가중치이기도 합니다. 그래서 1로 된 열을 붙이고 ``bias=False``로 만든 계층도 같은
# 값을 냅니다.

plane = make_plane(100, generator=torch.Generator().manual_seed(0))
X, target = plane.X, plane.y.flatten()  # 형태 (100, 2)와 (100,)
layer = nn.Linear(2, 1)
print("가중치의 형태:", tuple(layer.weight.shape))
assert torch.allclose(layer(X), X @ layer.weight.T + layer.bias, atol=1e-6)

A = torch.cat([torch.ones(100, 1), X], dim=1)  # 형태 (100, 3)
net = nn.Linear(3, 1, bias=False)
with torch.no_grad():
    net.weight.copy_(torch.cat([layer.bias.unsqueeze(1), layer.weight], dim=1))
assert torch.allclose(net(A), layer(X), atol=1e-6)
print("그냥 뺀 차이:", tuple((net(A) - target).shape))
print("형태를 맞춘 차이:", tuple((net(A).view_as(target) - target).shape))

# %%
# 예측값의 형태는 (100, 1)입니다. 정답이 (100,)이면 뺄셈이 브로드캐스팅(broadcasting)되어 (100,
# 100)으로 부풀므로 ``view_as``로 형태를 맞춰야 합니다.

# %%
# .. _linear-layer-loss:
#
# 비용을 함수로, 모듈로
# ---------------------
# 평균 제곱 오차(mean squared error)는 함수 ``F.mse_loss``로도, 모듈(module)
# :class:`torch.nn.MSELoss`로도 구합니다. 모듈은 객체를 먼저 만들고, 그 객체를 부릅니다.

data = load_doubling()
x, y = data.X, data.y  # 둘 다 형태 (3, 1)
prediction = model(x)  # 형태 (3, 1)
by_hand = (prediction - y).square().mean()  # 형태 ()
print("직접 계산 ", by_hand.item())
for name, loss in [("F.mse_loss", F.mse_loss), ("nn.MSELoss", nn.MSELoss())]:
    print(name, loss(prediction, y).item())
    assert torch.allclose(loss(prediction, y), by_hand)
total = nn.MSELoss(reduction="sum")(prediction, y)
assert torch.allclose(total / len(x), by_hand)

# %%
# 세 값이 같습니다. 한 번 쓸 비용은 함수가 간단합니다. 평균 대신 합을 내는 ``reduction="sum"``처럼
# 설정을 정해 두고 여러 곳에서 쓸 때는 설정을 기억하는 모듈이 낫습니다.

# %%
# .. _linear-layer-loop:
#
# 순전파와 역전파
# ---------------
# 입력에서 예측값을 얻는 계산이 순전파(forward pass)입니다. 학습하기 전이든 끝난 뒤든
# ``model(x)``는 순전파입니다. 비용을 미분해 그래디언트(gradient)를 구하는 계산은 역전파(backward
# pass)이고, ``cost.backward()``가 맡습니다.

optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
costs = []
for epoch in range(2001):
    prediction = model(x)  # 순전파
    cost = F.mse_loss(prediction, y)
    optimizer.zero_grad()
    cost.backward()  # 역전파
    optimizer.step()
    costs.append(cost.item())
    if epoch % 100 == 0:
        print(f"Epoch {epoch:4d}/2000 Cost: {cost.item():.6f}")

# 강의 자료가 출력한 에폭 100, 200, …, 2000의 비용을 백만 배 한 값
source = [5973, 3691, 2281, 1409, 871, 538, 333, 206, 127, 78]
source += [48, 30, 19, 11, 7, 4, 3, 2, 1, 1]
assert all(abs(1e6 * cost - s) < 1 for cost, s in zip(costs[100::100], source))
assert abs(costs[0] - 26.632116) < 0.002

# %%
# 강의 자료의 첫 줄은 26.632116이고 여기서는 26.632235입니다. 자료가 출발점을 소수 넷째 자리까지만
# 출력해서 생긴 차이입니다. 에폭 100부터는 모든 줄이 같습니다.

# %%
# .. _linear-layer-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# :func:`~linreg_tutorial.trainers.train_module`은 이 반복문을 어떤 모듈에나 쓸 수 있게 옮긴
# 함수입니다. 출발점이 같은 계층을 하나 더 만들어 맡기고, 두 매개변수의 변화를 그립니다.

twin = nn.Linear(1, 1)
set_start(twin)
sgd = torch.optim.SGD(twin.parameters(), lr=0.01)
history = train_module(twin, x, y, optimizer=sgd, epochs=2001).history
assert torch.allclose(history.cost, torch.tensor(costs), atol=1e-5)

fig, ax = plt.subplots()
ax.semilogx(history.epoch + 1, history.weight, label="W")
ax.semilogx(history.epoch + 1, history.bias, "--", label="b")
ax.set(title="W와 b의 변화", xlabel="갱신 횟수 (로그 눈금)", ylabel="값")
ax.legend()
fig.set_label(
    "갱신 횟수에 따른 W와 b의 곡선. W는 갱신을 서른 번쯤 하는 동안 2 가까이 오른다. b는 0을 지나 "
    "올라갔다가 천천히 0으로 내려온다."
)
plt.show()
assert 40 < history.bias.argmax() < 50

# %%
# 처음에는 둘 다 빠르게 오릅니다. 마흔 번 남짓 갱신하면 :math:`b`가 가장 높은 곳을 지나고, 그
# 뒤로는 :math:`W`는 오르고 :math:`b`는 내려가며 천천히 정답 2와 0으로 다가갑니다. 끝으로 입력 4의
# 예측값을 구하고, 매개변수를 닫힌 해(closed-form solution)와 견줍니다.

exact = solve_least_squares(x, y)
print("입력 4의 예측값:", model(torch.tensor([[4.0]])))
print(f"W {model.weight.item():.4f}  b {model.bias.item():.4f}")
assert torch.allclose(model.weight, exact.weight.float(), rtol=0, atol=0.001)
assert torch.allclose(model.bias, exact.bias.float(), rtol=0, atol=0.003)

# %%
# 정답 8에 가까운 7.9984가 나왔습니다. 함께 출력된 ``AddmmBackward0``은 이 값을 행렬곱과 덧셈을
# 합친 연산 ``addmm``으로 얻었다는 뜻으로, 앞에서 확인한 식 그대로입니다. 다음 칸
# :ref:`module-class`에서는 이 계층을 클래스에 담습니다.
