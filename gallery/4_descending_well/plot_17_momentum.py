r"""
.. _momentum:

모멘텀을 실어 내려가기
======================

모멘텀(momentum)은 앞서 걸은 방향을 기억했다가 다음 걸음에 보태는 방법입니다. 바탕이 된 자료는
모멘텀을 설정하면 학습이 빨라진다고 합니다. 여기서는 맞는 말입니다. 다만 처음 마흔 에폭(epoch)
남짓은 대체로 뒤지고, 학습률(learning rate)에 따라서는 없느니만 못합니다. 모두 숫자로 확인합니다.
"""

# %%
# .. _momentum-record:
#
# 모멘텀을 켜고 비용 적기
# -----------------------
# 게임 한 시간마다 능력치가 200점씩 오릅니다. :class:`torch.optim.SGD`를 그대로 쓸 때(hist)와
# ``momentum=0.9``를 더할 때(hist2)의 비용(cost)을 열 에폭마다 적습니다. 0에서 출발해 201번
# 갱신합니다. 네스테로프(Nesterov) 모멘텀은 조금 뒤에 설명합니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_game_ability
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_with_optimizer

x, y = load_game_ability().X, load_game_ability().y  # 둘 다 형태 (3, 1)
fits = [
    train_with_optimizer(x, y, lr=0.01, epochs=201, record_every=10, **options)
    for options in ({}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True})
]
epochs = fits[0].history.epoch  # 0, 10, …, 200, 형태 (21,)
hist, hist2, hist3 = (fit.history.cost for fit in fits)  # 모두 형태 (21,)
for i in (0, 1, 2, 4, 5, 10, 20):
    print(f"Epoch {epochs[i]:4d}/200 Cost: {hist[i]:11.4f} {hist2[i]:11.4f}")
for W in (18.626747, 199.57222):
    print(f"W {W:.4f}, B 0.998 Cost: {(W * x + 0.998 - y).square().mean():.4f}")
assert (hist2 > hist).tolist() == [False] + [True] * 4 + [False] * 16

fig, ax = plt.subplots()
ax.semilogy(epochs, hist, "-", label="모멘텀 없음 (hist)")
ax.semilogy(epochs, hist2, "--", label="모멘텀 0.9 (hist2)")
ax.semilogy(epochs, hist3, ":", label="네스테로프 0.9 (hist3)")
ax.set(title="열 에폭마다 적은 비용", xlabel="에폭", ylabel="비용 (점², 로그 눈금)")
ax.legend()
fig.set_label(
    "에폭에 따른 비용 세 줄. 모멘텀 0.9는 마흔 에폭까지 맨 위에 있다가 가파르게 "
    "떨어진다. 네스테로프도 가파르게 내려가고, 모멘텀이 없으면 완만하게 내려간다."
)
plt.show()

# %%
# 열 에폭마다 보면 모멘텀을 실은 쪽의 비용은 10에서 40까지 더 크고 50부터는 늘 작습니다. 바탕이
# 된 자료의 비용이 152792.8281에서 0.1423까지 내려가 멈춘 것은 ``W``가 이미 한 걸음 옮겨졌고 예전
# 변수 ``B``가 0.998에 굳은 채 들어간 탓이며(:ref:`stale-notebook`), 새로 시작하면
# 186666.6719부터 늘 내려갑니다.

# %%
# .. _momentum-update:
#
# 갱신 식을 손으로 쓰기
# ---------------------
# 그래디언트(gradient) :math:`g`를 속도(velocity) :math:`v`에 쌓고 학습률 :math:`\eta`를 곱해
# 뺍니다. 속도는 0에서 출발합니다. PyTorch가 쓰는 식이며, 편향(bias)도 똑같이 옮깁니다.
#
# .. math::
#
#    v \leftarrow \beta v + g, \qquad w \leftarrow w - \eta v
#
# 네스테로프는 :math:`v` 대신 :math:`g + \beta v`를 뺍니다. 갓 구한 그래디언트를 한 번 더 반영해서
# 방향을 더 빨리 바꿉니다.

A = torch.cat([x, torch.ones_like(x)], dim=1).double()  # 형태 (3, 2)


def descend(lr, beta, nesterov=False):
    theta = v = torch.zeros(2, 1).double()  # w와 b, 형태 (2, 1)
    path = [theta]
    for _ in range(1500):
        g = 2 / 3 * A.T @ (A @ theta - y)  # 형태 (2, 1)
        v = beta * v + g
        theta = theta - lr * (g + beta * v if nesterov else v)
        path.append(theta)
    return torch.cat(path, dim=1).T  # 형태 (1501, 2)


methods = {"SGD": (0,), "0.9": (0.9,), "Nesterov": (0.9, True), "0.99": (0.99,)}
for name, fit in zip(methods, fits, strict=False):
    w, b = descend(0.01, *methods[name])[201]  # 둘 다 형태 ()
    print(f"{name:8}  w {fit.weight.item():.4f} = {w:.4f}  4 h {4 * w + b:.2f}")
    assert abs(fit.weight.item() - w) < 1e-3

# %%
# PyTorch와 손으로 쓴 식의 :math:`w`가 같습니다. 마지막 칸은 네 시간의 예측값(prediction)입니다.
# 규칙대로면 800점인데, 모멘텀이 없으면 765.48점에 그치고 있으면 0.1점 안쪽으로 맞힙니다.

# %%
# .. _momentum-overshoot:
#
# 지나쳤다 돌아오는 걸음
# ----------------------
# 발산(divergence) 경계의 절반을 학습률로 씁니다. 모멘텀이 없을 때 가장 가파른 방향을 한 걸음에
# 끝내는 값입니다. :math:`w`가 정답 200에서 1 안쪽에 들어와 머물기까지 몇 번 갱신하는지도 셉니다.

half = largest_stable_lr(x) / 2
ws, bs = torch.arange(0, 350, 5), torch.arange(-75, 170, 5)  # 형태 (70,)과 (49,)
error = ws[:, None] * x.T + bs[:, None, None] - y.T  # 형태 (49, 70, 3)
fig, ax = plt.subplots()
ax.contour(ws, bs, error.square().mean(2), [10, 100, 1e3, 1e4, 1e5], colors="C7")
for name, style in zip(methods, ("o-", "s--", "^:"), strict=False):
    ax.plot(*descend(half, *methods[name])[:31].T, style, markersize=3, label=name)
ax.plot(200, 0, "k*", markersize=12, label="정답")
ax.set(title="서른 걸음", xlabel="가중치 w (점/시간)", ylabel="편향 b (점)")
ax.legend()
fig.set_label(
    "길쭉한 등고선 위의 길 세 개. 모멘텀이 없으면 골짜기 바닥을 따라 걷고, 0.9는 "
    "골짜기를 여러 번 가로지르며, 네스테로프는 한 번 지나친 뒤 바닥을 따라간다."
)
plt.show()
for lr in (0.01, half, 0.15):
    counts = []
    for name, method in methods.items():
        far = ~((descend(lr, *method)[:, 0] - 200).abs() < 1)  # 형태 (1501,)
        counts.append(f"{name} {'-' if far[-1] else far.nonzero().max() + 1:>4}")
    print(f"lr {lr:.4f} ", *counts, sep="  ")

# %%
# 0.01에서는 0.9가 열두 배 빠릅니다. 학습률을 키우면 골짜기를 오가느라 이득이 줄고, 0.15에서는
# 모멘텀 없는 SGD가 더 빠르며 네스테로프는 발산합니다(-). 0.99는 뒤의 두 줄에서 SGD보다 느립니다.
#
# .. laboratory:: game_ability
#    :lr: 0.01
#    :momentum: 0.9
#    :epochs: 60
#
#    모멘텀을 0부터 끝까지 천천히 밀어 봅니다. 예순 에폭 뒤의 비용이 가장 작은 모멘텀은
#    얼마입니까? 학습률을 열 배로 키워도 그렇습니까? 네스테로프를 켜면 길이 바닥을 얼마나 덜
#    지나칩니까?

# %%
# .. _momentum-why:
#
# 완만한 방향에서 버는 시간
# -------------------------
# 곡률, 곧 고윳값(eigenvalue) :math:`\lambda`가 작은 방향에서 SGD는 걸음마다 오차를
# :math:`1 - \eta\lambda`배로 줄입니다. 그래디언트가 일정하면 속도는 :math:`1/(1-\beta) = 10`배까지
# 자라 학습률을 열 배로 키운 셈입니다. 실제 비율과 견주고 닫힌 해(closed-form solution)도 구합니다.

flat = torch.linalg.eigvalsh(2 / 3 * A.T @ A)[0]  # 형태 ()
for beta, lr in ((0, 0.01), (0.9, 0.1)):
    error = descend(0.01, beta)[:, 0] - 200  # 형태 (1501,)
    kept = (error[600] / error[400]) ** (1 / 200)
    print(f"momentum {beta:<3}  1 - {lr:<4} λ = {1 - lr * flat:.4f}  {kept:.4f}")
exact = solve_least_squares(x, y)
print(f"w {exact.weight.item():.4f}  4 h {exact.predict(4 * x[:1]).item():.2f}")
assert (fits[1].weight - exact.weight).abs() < 0.05

# %%
# 모멘텀은 셈한 것보다도 빨리 줄입니다. 더 컸던 옛 그래디언트가 속도에 남아 있어서입니다. 201번 만에
# 닫힌 해에 다가간 것도 그 덕분입니다. 다른 옵티마이저(optimizer)는 :ref:`optimizers`에서 견줍니다.
