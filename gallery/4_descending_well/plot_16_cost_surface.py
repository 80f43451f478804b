r"""
.. _cost-surface:

비용의 곡면을 읽고 그 위를 걷기
===============================

매개변수(parameter)가 :math:`w`와 :math:`b` 둘이면 비용(cost)은 그릇 모양의 곡면입니다. 그릇의
생김새를 행렬 하나에서 읽고, 사다리의 네 방법이 같은 길을 걷는지 확인하고, 걷는 모습을 봅니다.
"""

# %%
# .. _cost-surface-bowl:
#
# 그릇을 네 방향으로 자르기
# -------------------------
# 바닥에서 :math:`d`만큼 떨어지면 비용은 :math:`\tfrac{1}{2}\, d^\top H d`만큼 늡니다. 헤세
# 행렬(Hessian) :math:`H = \tfrac{2}{n} A^\top A`에서 :math:`A`는 :math:`x` 옆에 1로 된 열을 붙인
# 것입니다. ``b``를 고정한 방향, ``w``를 고정한 방향, :math:`H`의 두 고유벡터(eigenvector) 방향으로
# 자릅니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial import trainers
from linreg_tutorial.datasets import load_doubling
from linreg_tutorial.solvers import solve_least_squares
from matplotlib.animation import FuncAnimation

X, Y = load_doubling().X.double(), load_doubling().y.double()  # 둘 다 형태 (3, 1)
x, y = X[:, 0], Y[:, 0]  # 둘 다 형태 (3,)
bottom = torch.tensor([2.0, 0.0]).double()  # y = 2x의 w와 b, 형태 (2,)


def cost(theta):  # theta는 형태 (..., 2), 결과는 형태 (...)
    return (theta[..., :1] * x + theta[..., 1:] - y).square().mean(dim=-1)


A = torch.cat([X, torch.ones_like(X)], dim=1)  # 형태 (3, 2)
H = 2 / 3 * A.T @ A  # 형태 (2, 2)
values, vectors = torch.linalg.eigh(H)  # 형태 (2,)와 (2, 2), 열이 고유벡터
cuts = [*torch.eye(2).double(), *vectors.T]  # 방향 넷, 모두 형태 (2,)
t = torch.linspace(-4, 4, 161).double()  # 바닥에서 잰 거리, 형태 (161,)
w, b = torch.meshgrid(2 + t, t, indexing="xy")  # 둘 다 형태 (161, 161)
surface = cost(torch.stack([w, b], dim=2))  # 형태 (161, 161)
levels = [0.1, 0.5, 2, 5, 10, 20, 40]

fig, (upper, lower) = plt.subplots(2, 1, figsize=(5.2, 7))
upper.contourf(w, b, surface, [0, *levels], cmap="Blues", alpha=0.7, extend="max")
names = ("b 고정", "w 고정", "골짜기", "벽")
for name, u, style in zip(names, cuts, ("C1--", "C3:", "k-", "C2-.")):
    section = bottom + t[:, None] * u  # 형태 (161, 2)
    upper.plot(*section.T, style)
    lower.plot(t, cost(section), style, label=name)
    print(f"거리 1의 비용 {cost(bottom + u).item():.4f}  {name}")
    assert torch.allclose(cost(section), t**2 * (u @ H @ u) / 2)
upper.set(title="자르는 방향", xlabel="가중치 w", ylabel="편향 b", aspect="equal")
lower.set(title="단면", xlabel="바닥에서 잰 거리", ylabel="비용", ylim=(-0.5, 15))
lower.legend(loc="upper center", framealpha=1)
fig.set_label(
    "위는 비스듬하고 길쭉한 등고선과 바닥을 지나는 네 직선. 아래는 네 단면의 포물선. "
    "벽과 b를 고정한 단면은 가파르고, w를 고정한 단면은 완만하며, 골짜기는 거의 평평하다."
)
plt.show()
print(f"고윳값의 절반 {values[0] / 2:.4f}, {values[1] / 2:.4f}")

# %%
# 단면은 모두 포물선입니다. 골짜기의 0.1202와 벽의 5.5465는 고윳값(eigenvalue) :math:`\lambda`의
# 절반입니다. 그래서 비용이 :math:`c`인 등고선(contour)은 축이 고유벡터이고 반지름이
# :math:`\sqrt{2c/\lambda}`인 타원입니다. 모양은 :math:`x`가 정하고, :math:`y`는 자리만 정합니다.

# %%
# .. _cost-surface-ladder:
#
# 네 방법의 길 겹쳐 보기
# ----------------------
# :ref:`사다리 <ladder>`의 네 방법을 한 곳에서 출발시킵니다. 학습률(learning rate)은 0.03이고, 그중
# 하나는 0.15로도 걷습니다. 처음 24걸음에서 골짜기를 건넌 걸음도 셉니다.

start = torch.tensor([-1.0, 3.0]).double()  # w와 b, 형태 (2,)
options = {"lr": 0.03, "epochs": 120, "weight": start[:1], "bias": start[1]}
model = torch.nn.Linear(1, 1).double()
model.load_state_dict({"weight": start[:1, None], "bias": start[1:]})
sgd = torch.optim.SGD(model.parameters(), lr=0.03)
fits = {
    "train_by_hand": trainers.train_by_hand(X, Y, **options),
    "train_with_autograd": trainers.train_with_autograd(X, Y, **options),
    "train_with_optimizer": trainers.train_with_optimizer(X, Y, **options),
    "train_module": trainers.train_module(model, X, Y, optimizer=sgd, epochs=120),
    "0.15": trainers.train_by_hand(X, Y, **{**options, "lr": 0.15}),
}
paths = {}
for name, fit in fits.items():
    log = fit.history
    steps = torch.column_stack([log.weight, log.bias])  # 형태 (120, 2)
    path = paths[name] = torch.vstack([start, steps])  # 형태 (121, 2)
    side = (path[:25] - bottom) @ vectors[:, 1]  # 벽 쪽으로 잰 위치, 형태 (25,)
    print(f"골짜기를 건넌 걸음 {(side[1:] * side[:-1] < 0).sum():2}  {name}")
    same = torch.allclose(path, paths["train_by_hand"], rtol=0, atol=1e-12)
    assert same == (name != "0.15")

# %%
# 네 방법은 걸음마다 같습니다. 길은 출발점과 학습률이 정하며, 0.15로는 걸음마다 골짜기를 건넙니다.
#
# .. laboratory:: doubling
#    :lr: 0.15
#    :weight: -1
#    :bias: 3
#    :epochs: 24
#
#    출발점을 등고선 위의 다른 곳으로 옮겨 봅니다. 같은 학습률로도 골짜기를 한 번도 건너지 않고
#    바닥에 다가가는 출발점은 어디입니까? 점을 옮기면 등고선의 모양과 자리 가운데 무엇이 바뀝니까?

# %%
# .. _cost-surface-animation:
#
# 걷는 모습 보기
# --------------
# 아래의 점 하나가 위의 직선 하나입니다. 0.15로 스무 번까지는 한 걸음씩, 그 뒤로는 다섯 걸음씩
# 갑니다. 스크립트를 실행하면 창에서 움직이고, 노트북에는 마지막 장면만 나옵니다.

frames = [*range(20), *range(20, 121, 5)]
fig, (upper, lower) = plt.subplots(2, 1, figsize=(5.2, 6.4), height_ratios=[2, 3])
upper.plot(x, y, "C1o", markersize=9)
upper.set(xlim=(0, 4), ylim=(-1, 9), xlabel="x", ylabel="y")
lower.contour(w, b, surface, levels, colors="C7", linewidths=1)
for name, marker, size in zip(fits, ("ko", "ks", "k^", "kx"), (10, 7, 4, 10)):
    lower.plot(*paths[name][frames[::4]].T, marker, mfc="none", ms=size, label=name)
(trail,) = lower.plot([], [], "C0", linewidth=1, label="학습률 0.15")
lower.set(xlim=(-2, 4), ylim=(-3, 4), xlabel="가중치 w", ylabel="편향 b")
lower.legend(loc="lower left", fontsize=10)
(line,) = upper.plot([], [], "C0")
(point,) = lower.plot([], [], "C0o", markersize=9)


def move(step):
    w, b = path[step].tolist()
    line.set_data([0, 4], [b, 4 * w + b])
    trail.set_data(*path[: step + 1].T)
    point.set_data([w], [b])
    upper.set_title(f"w {w:.2f}   b {b:.2f}")
    lower.set_title(f"갱신 {step}번   비용 {cost(path[step]).item():.4f}")


animation = FuncAnimation(fig, move, frames=frames, interval=250, repeat=False)
move(frames[-1])
fig.set_label(
    "움직이는 두 그림. 위의 직선은 흔들리다 세 점에 다가가고, 아래의 점은 등고선 위에서 "
    "골짜기를 넘나들며 바닥으로 간다. 네 방법의 표시는 한자리에 겹쳐 골짜기를 따라 늘어선다."
)
plt.show()

exact = solve_least_squares(X, Y)
print(f"120번 걸은 뒤 w {path[-1, 0]:.4f}, 닫힌 해 w {exact.weight[0]:.4f}")
assert torch.allclose(torch.cat([exact.weight, exact.bias[None]]), bottom)

# %%
# 직선은 먼저 점들의 높이에 맞고, 기울기(slope)는 그 뒤로 천천히 고칩니다. 골짜기에서는 비용이 거의
# 그대로이기 때문입니다. 120번을 걷고도 닫힌 해(closed-form solution)에 조금 못 미칩니다. 이런
# 그릇에서 더 빨리 내려가는 방법은 :ref:`momentum`에 있습니다.
