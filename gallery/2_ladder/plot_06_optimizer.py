r"""
.. _optimizer:

옵티마이저에 갱신 맡기기
========================

사다리의 셋째 칸에서는 매개변수를 옮기는 한 줄도 넘깁니다. 옵티마이저(optimizer)
:class:`torch.optim.SGD`가 그 일을 맡으면 반복문에는 ``zero_grad()``, ``backward()``, ``step()`` 세
호출이 남습니다. 반복문으로 :math:`y = x`를, 라이브러리 함수로 :math:`y = 2x`를 배웁니다.
"""

# %%
# .. _optimizer-calls:
#
# 세 호출이 하는 일
# -----------------
# 옵티마이저에는 옮길 매개변수와 학습률(learning rate)을 줍니다. 한 번 갱신하는 동안
# 그래디언트(gradient)와 매개변수를 차례로 출력합니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_doubling, load_identity
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_with_optimizer

x, y = load_identity().X, load_identity().y  # 둘 다 형태 (3, 1)
lr = 0.01


def new_start():
    w, b = torch.zeros(1, requires_grad=True), torch.zeros(1, requires_grad=True)
    return w, b, torch.optim.SGD([w, b], lr=lr)


w, b, optimizer = new_start()  # w와 b는 형태 (1,)
cost = (w * x + b - y).square().mean()
cost.backward()
print("backward: ", w.grad, b.grad)
by_hand = torch.cat([w - lr * w.grad, b - lr * b.grad])  # 형태 (2,)
optimizer.step()
print("step:     ", w.detach(), b.detach())
optimizer.zero_grad()
print("zero_grad:", w.grad, b.grad)
assert torch.allclose(torch.cat([w, b]), by_hand)

# %%
# ``backward()``는 새 그래디언트를 ``.grad``에 더해 넣습니다. ``step()``은 ``.grad``를 읽어 손으로
# 쓴 갱신 ``w - lr * w.grad``와 같은 값으로 매개변수를 옮깁니다. ``zero_grad()``는 다 쓴
# 그래디언트를 비웁니다.
#
# .. _optimizer-loop:
#
# 반복문에 넣기
# -------------
# ``range(nb_epochs + 1)``은 0부터 1000까지이므로 갱신은 1001번입니다. 비용은 갱신하기 전에,
# 매개변수는 갱신한 뒤에 출력합니다.

nb_epochs = 1000
w, b, optimizer = new_start()
for epoch in range(nb_epochs + 1):
    cost = (w * x + b - y).square().mean()
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    if epoch % 100 == 0:
        parameters = f"W: {w.item():.3f}, b: {b.item():.3f}"
        print(f"Epoch {epoch:4d}/{nb_epochs} {parameters} Cost: {cost.item():.6f}")
looped = torch.cat([w, b]).detach()  # 형태 (2,)

# %%
# ``W``는 1로, ``b``는 0으로 다가갑니다.
#
# .. _optimizer-sgd:
#
# 이름은 SGD, 하는 일은 경사 하강법
# ---------------------------------
# 확률적 경사 하강법(stochastic gradient descent, SGD)은 데이터를 무작위로 한 줄씩, 또는
# 미니배치(mini-batch)로 몇 줄씩 뽑아 갱신합니다. 출발점에서 한 줄씩 잰 그래디언트와 모든 줄로 잰
# 그래디언트를 견줍니다.

w, b, _ = new_start()
rows = [(w * x[i] + b - y[i]).square().mean() for i in range(3)]
by_row = torch.cat([torch.autograd.grad(row, w)[0] for row in rows])  # 형태 (3,)
(full,) = torch.autograd.grad((w * x + b - y).square().mean(), w)  # 형태 (1,)
print("한 줄씩:", by_row.tolist())
print(f"평균: {by_row.mean():.4f}, 모든 줄: {full.item():.4f}")
assert torch.allclose(by_row.mean(), full)

# %%
# 한 줄의 그래디언트는 줄마다 크게 다르고, 그 평균이 모든 줄의 그래디언트입니다. ``optim.SGD``는
# 데이터를 뽑지 않고 ``.grad``만 봅니다. 앞의 반복문은 매번 모든 줄을 쓰므로, 이름은 SGD여도 우연이
# 끼지 않는 그냥 경사 하강법(gradient descent)입니다.
#
# .. _optimizer-forget:
#
# ``zero_grad()``의 자리
# ----------------------
# 위에서는 ``zero_grad()``를 ``backward()`` 바로 앞에 두었습니다. ``step()`` 뒤로 옮겨 보고, 아예
# 빠뜨려도 봅니다.


def first_costs(place):
    w, b, optimizer = new_start()
    costs = []
    for _ in range(20):
        costs.append((w * x + b - y).square().mean())
        if place == "before":
            optimizer.zero_grad()
        costs[-1].backward()
        optimizer.step()
        if place == "after":
            optimizer.zero_grad()
    return torch.stack(costs).detach()  # 형태 (20,)


cleared, forgotten = first_costs("before"), first_costs("never")
assert torch.equal(first_costs("after"), cleared)
print("비우면:  ", cleared[4::5])
print("빠뜨리면:", forgotten[4::5])

# %%
# 에폭 4, 9, 14, 19의 비용입니다. ``step()`` 뒤로 옮겨도 결과는 같습니다. ``step()``이 쓰고 난 뒤,
# 다음 ``backward()``가 더하기 전이면 어디서 비워도 됩니다. 빠뜨리면 지난 그래디언트가 모두 쌓여,
# 가장 낮은 곳을 지나쳤다 되돌아오기를 되풀이합니다.
#
# .. _optimizer-library:
#
# 함수 호출로 바꾸기
# ------------------
# :func:`~linreg_tutorial.trainers.train_with_optimizer`는 같은 반복문을 담은 함수이고, ``epochs``는
# 갱신하는 횟수입니다. 직선 :math:`y = 2x`를 0부터 1999까지 2000번 갱신해 배웁니다.

data = load_doubling()
fit = train_with_optimizer(
    data.X, data.y, lr=lr, epochs=2000, log=print, show_parameters=True
)

# %%
# :math:`y = x`도 함수로 다시 배우면 반복문과 같은 값이 나옵니다. 두 비용을 함께 그립니다.

first = train_with_optimizer(x, y, lr=lr, epochs=nb_epochs + 1)
one, two = first.history, fit.history
assert torch.allclose(torch.cat([one.weight[-1], one.bias[-1:]]), looped, atol=1e-5)
assert torch.allclose(two.weight[:1001], 2 * one.weight, atol=1e-4)
assert torch.allclose(two.cost[:1001], 4 * one.cost, rtol=0.01)
fig, ax = plt.subplots()
ax.semilogy(two.cost, label="y = 2x")
ax.semilogy(one.cost, "--", label="y = x")
ax.set(title="에폭에 따른 비용", xlabel="에폭", ylabel="비용 (로그 눈금)")
ax.legend()
fig.set_label("로그 눈금에 그린 두 비용 곡선. 같은 간격을 두고 나란히 내려간다.")
plt.show()

# %%
# 둘 다 0에서 출발했고 정답만 두 배입니다. 그래서 매개변수는 늘 두 배, 비용은 늘 네 배이고 두 곡선은
# 나란합니다. 에폭 100의 ``W``만 보아도 1.746은 0.873의 두 배입니다.
#
# .. _optimizer-check:
#
# 정답에 견주기
# -------------
# 배운 값을 왼쪽에, 닫힌 해(closed-form solution)를 오른쪽에 놓습니다.

for X, target, learned in ((x, y, first), (data.X, data.y, fit)):
    exact = solve_least_squares(X, target)
    print(
        f"W: {learned.weight.item():.3f}, b: {learned.bias.item():.3f}", end=" | "
    )
    print(f"W: {exact.weight.item():.3f}, b: {abs(exact.bias.item()):.3f}")
    assert abs(learned.weight.item() - exact.weight.item()) < 0.02
    assert abs(learned.bias.item() - exact.bias.item()) < 0.04

# %%
# 닫힌 해까지 조금 남았고, 두 배로 오래 갱신한 둘째 줄이 더 가깝습니다. 아직 손으로 쓰는 것은 가설과
# 비용의 식입니다. 다음 칸 :ref:`linear-layer`에서는 이 식까지 맡깁니다.
