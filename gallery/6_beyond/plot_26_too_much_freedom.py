r"""
.. _too-much-freedom:

자유를 너무 많이 주고 다시 묶기
===============================

다항식은 차수를 올릴수록 점에 가까이 붙습니다. 끝내 모든 점을 지나지만 점 사이에서는 날뜁니다.
학습 데이터에만 맞고 새 데이터에는 맞지 않는 이런 일이 과적합(overfitting)입니다. 차수를 낮추는
대신 가중치(weight)를 묶는 릿지(ridge), 라쏘(lasso), 조기 종료(early stopping)를 차례로 써 봅니다.
"""

# %%
# .. _too-much-freedom-degree:
#
# 차수에 따른 두 오차
# -------------------
# 참 곡선 :math:`\sin 3x`에 잡음(noise)을 더해 학습 데이터(training set) 15개와 검증
# 데이터(validation set) 50개를 만듭니다. :func:`~linreg_tutorial.solvers.fit_polynomial`로 차수마다
# 학습 데이터에 다항식을 맞추고, 두 데이터에서 평균 제곱 오차(mean squared error)를 잽니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.solvers import fit_polynomial, solve_least_squares
from linreg_tutorial.trainers import train_with_optimizer

rng = torch.Generator().manual_seed(4)
x = torch.linspace(-1, 1, 15).double().unsqueeze(1)  # 형태 (15, 1)
y = (3 * x).sin() + 0.3 * torch.randn(15, 1, generator=rng)  # 형태 (15, 1)
x_val = 2 * torch.rand(50, 1, generator=rng).double() - 1  # 형태 (50, 1)
y_val = (3 * x_val).sin() + 0.3 * torch.randn(50, 1, generator=rng)  # 형태 (50, 1)
t = torch.linspace(-1, 1, 401).double().unsqueeze(1)  # 형태 (401, 1)


def curve(theta, x):
    return x ** torch.arange(len(theta)) @ theta.unsqueeze(1)  # 형태 (n, 1)


def error(theta, x, y):
    return (curve(theta, x) - y).square().mean().item()


fits = [fit_polynomial(x, y, degree) for degree in range(15)]
train = [error(theta, x, y) for theta in fits]
val = [error(theta, x_val, y_val) for theta in fits]
for k in (0, 1, 3, 6, 9, 12, 14):
    print(f"{k:2d}차  학습 {train[k]:.3f}  검증 {val[k]:6.3f}")
assert train == sorted(train, reverse=True)
assert min(val) == val[3] < 10 * val[0] < val[14]

fig, (top, bottom) = plt.subplots(2, 1, figsize=(5.2, 6.4), layout="constrained")
top.plot(x, y, "ko", label="학습 데이터")
for k, style in ((1, ":"), (3, "-"), (14, "--")):
    top.plot(t, curve(fits[k], t), style, label=f"{k}차")
top.set(title="다항식 세 개", xlabel="x", ylabel="y", ylim=(-3.9, 2.5))
bottom.semilogy(train[:14], "o-", label="학습 데이터")
bottom.semilogy(val[:14], "s--", label="검증 데이터")
bottom.set(title="두 오차", xlabel="차수", ylabel="평균 제곱 오차 (로그 눈금)")
top.legend(loc="lower center")
bottom.legend()
fig.set_label(
    "위: 점 열다섯 개와 다항식 세 개. 1차는 굽은 흐름을 놓치고, 3차는 따라가며, 14차는 모든 점을 "
    "지나지만 양 끝에서 크게 출렁인다. 아래: 학습 데이터의 오차는 차수가 높을수록 작고, "
    "검증 데이터의 오차는 3차에서 바닥을 친 뒤 올라간다."
)
plt.show()

# %%
# 학습 오차는 줄기만 해서 14차에서 0이 됩니다. 검증 오차는 3차에서 가장 작고, 14차에서는 0차의 열
# 배가 넘습니다. 둘 다 큰 0차와 1차는 과소적합(underfitting)입니다.

# %%
# .. _too-much-freedom-ridge:
#
# 릿지와 ``weight_decay``
# -----------------------
# 12차로 두고 규제(regularisation)를 겁니다. SGD의 ``weight_decay=λ``는 그래디언트에
# :math:`\lambda w`를 더하므로 비용에 :math:`\frac{\lambda}{2} \sum w_j^2`을 더한 셈입니다.
# :math:`n`을 곱하면 릿지의 비용, 곧 잔차 제곱의 합에 :math:`\frac{n\lambda}{2} \sum w_j^2`을 더한
# 값이 됩니다. 정답이 0이고 특성이 :math:`\sqrt{n\lambda/2}\,I`인 행 12개를 덧붙여 닫힌
# 해(closed-form solution)를 구합니다. 편향(bias)은 묶지 않으려고, 평균을 빼서 0이 되게 해 둡니다.

n, d, lam, lr = 15, 12, 0.02, 0.6
powers = x ** torch.arange(1, d + 1)  # 형태 (15, 12)
A, r = powers - powers.mean(dim=0), y - y.mean()  # 형태 (15, 12)와 (15, 1)


def ridge(penalty):
    X = torch.cat([A, penalty**0.5 * torch.eye(d)])  # 형태 (27, 12)
    target = torch.cat([r, torch.zeros(d, 1)])  # 형태 (27, 1)
    return solve_least_squares(X, target, intercept=False).weight  # 형태 (12,)


def far(name, lr, epochs):
    options = {"optimizer": getattr(torch.optim, name), "weight_decay": lam}
    w = train_with_optimizer(A, r, lr=lr, epochs=epochs, **options).weight
    gap = (w - closed).norm().item()
    print(f"{name:5} {epochs:4d}  |w| {w.norm():.2f}  |w - ridge| {gap:.2f}")
    return gap


closed = ridge(n * lam / 2)  # 형태 (12,)
print(f"|w|: {fits[12][1:].norm():.0f}, {closed.norm():.2f}")
assert far("SGD", lr, 800) < 0.01 < (ridge(n * lam) - closed).norm()
assert far("Adam", 0.01, 250) > 1 > 0.01 > far("Adam", 0.01, 1000)
assert 1 < far("AdamW", 0.01, 250) < far("AdamW", 0.01, 1000)

# %%
# 2794이던 가중치의 길이가 2.31로 줄고, SGD는 릿지에 닿습니다. :math:`n\lambda/2` 대신
# :math:`n\lambda`를 쓰면 답이 다릅니다. Adam은 길이 달라 250에폭에는 멀지만 1000에폭에는 닿습니다.
# AdamW는 감쇠를 그래디언트에 섞지 않고 가중치를 따로 줄입니다. 1000에폭에는 릿지에서 더 멉니다.

# %%
# .. _too-much-freedom-sparse:
#
# 라쏘와 조기 종료
# ----------------
# 라쏘는 제곱 대신 절댓값의 합에 :math:`\lambda`를 곱해 더합니다. 한 걸음 내려간 뒤 가중치를
# :math:`\eta\lambda`만큼 0 쪽으로 당기고, 0을 넘으면 0에 둡니다. 조기 종료는 검증 오차가 50에폭
# 동안 줄지 않으면 멈춥니다.


def descend(w):
    return w - lr * 2 / n * A.T @ (A @ w - r.squeeze(1))  # 형태 (12,)


def whole(w):
    return torch.cat([y.mean(dim=0) - powers.mean(dim=0) @ w, w])  # 형태 (13,)


lasso = stopped = w = torch.zeros(d).double()  # 형태 (12,)
for _ in range(2000):
    w = descend(lasso)
    lasso = w.sign() * (w.abs() - lr * lam).clamp(min=0)
slope = (lasso - descend(lasso)) / lr  # 비용의 그래디언트, 형태 (12,)
assert slope.abs().max() < 1.01 * lam  # 0에 머무는 조건
w, best, lowest = torch.zeros(d).double(), 0, float("inf")
for epoch in range(1, 1001):
    w = descend(w)
    cost = error(whole(w), x_val, y_val)
    if cost < lowest:
        stopped, best, lowest = w, epoch, cost
    if epoch - best == 50:
        break
near = ridge(n / 2 / (lr * best))  # λ = 1/(ηt), 형태 (12,)
print(f"0: {(lasso == 0).sum()}/{d}  |w|: {stopped.norm():.1f}, {near.norm():.1f}")
fit = train_with_optimizer(A, r, lr=lr, epochs=1000, patience=50)
assert epoch < 1000 == len(fit.history)

# %%
# 라쏘의 가중치는 12개 중 8개가 정확히 0입니다. :math:`t`번 만에 멈춘 가중치는
# :math:`\lambda = 1/(\eta t)`인 릿지만큼 짧습니다(3.0과 2.5). 라이브러리의
# ``patience``는 학습 비용을 보므로 1000에폭을 다 갑니다. 이제 모두 참 곡선에 견줍니다.

names = ["3차", "12차", "12차 릿지", "12차 라쏘", "12차 조기 종료"]
models = [fits[3], fits[12], whole(closed), whole(lasso), whole(stopped)]
errors = [error(theta, t, (3 * t).sin()) for theta in models]
for name, value in zip(names, errors, strict=True):
    print(f"{value:.3f}  {name}")
assert errors[0] < min(errors[2:]) < max(errors[2:]) < errors[1] / 5

# %%
# 묶은 셋의 오차는 12차의 5분의 1이 안 됩니다. 여기서는 알맞은 차수가 그보다도 낫습니다.
# 제곱 오차가 무엇을 가정하는지는 :ref:`what-squares-assume`에서 묻습니다.
