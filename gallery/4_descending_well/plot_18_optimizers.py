"""
.. _optimizers:

옵티마이저를 나란히 놓고 고르기
===============================

옵티마이저(optimizer)는 그래디언트(gradient)로 매개변수(parameter)를 갱신하는 규칙입니다.
모멘텀(momentum)이 없는 SGD와 있는 SGD, Adam, AdamW, LBFGS로 쉬운 문제와 어려운 문제를 풉니다.
문제가 바뀌면 순위도 바뀌므로, 문제를 보고 골라야 합니다.
"""

# %%
# .. _optimizers-sweep:
#
# 학습률을 훑어서 고르기
# ----------------------
# 쉬운 문제는 두 특성(feature)의 폭이 비슷한 :ref:`noisy-plane`의 데이터, 어려운 문제는
# :ref:`exam-scores`의 원래 퀴즈 점수입니다. 학습률(learning rate)은 셋씩 시험합니다. SGD는 발산하지
# 않는 한계의 0.1, 0.5, 0.9배, 나머지는 흔히 쓰는 값입니다. 비용(cost)이 최솟값의 1.01배 안에 들어와
# **끝까지 머물기** 시작한 에폭(epoch)이 가장 이른 것에 별표를 답니다. 같으면 마지막 비용을 봅니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_exam_scores, make_plane
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_with_optimizer
from torch.optim import LBFGS, SGD, Adam, AdamW

plane = make_plane(100, generator=torch.Generator().manual_seed(0))
exam = load_exam_scores()
easy = plane.X.double(), plane.y.double()  # 형태 (100, 2)와 (100, 1)
hard = exam.X.double(), exam.y.double()  # 형태 (5, 3)과 (5, 1)


def train(data, optimizer, **options):
    fit = train_with_optimizer(*data, optimizer=optimizer, **options)
    lowest = (solve_least_squares(*data).predict(data[0]) - data[1]).square().mean()
    ratio = fit.history.cost / lowest  # 형태 (epochs,)
    arrived = (ratio > 1.01).nonzero()[-1].item() + 1
    return arrived, ratio[-1].item(), options["lr"], ratio, fit


def sweep(data, epochs):
    X, chosen = data[0], {}
    A = torch.cat([X, torch.ones(len(X), 1)], dim=1)  # 형태 (n, d + 1)
    print(f"조건수(condition number) {torch.linalg.cond(A) ** 2:.1e}")
    sgd = [part * largest_stable_lr(X) for part in (0.1, 0.5, 0.9)]
    for name, optimizer, rates, n, options in [
        ("SGD", SGD, sgd, epochs, {}),
        ("momentum", SGD, sgd, epochs, {"momentum": 0.9}),
        ("Adam", Adam, (0.01, 0.1, 1), epochs, {}),
        ("AdamW", AdamW, (0.01, 0.1, 1), epochs, {}),
        ("LBFGS", LBFGS, (0.1, 0.5, 1), 20, {}),
    ]:
        runs = [train(data, optimizer, lr=lr, epochs=n, **options) for lr in rates]
        best = chosen[name] = min(runs)
        for run in runs:
            when, star = run[0] if run[0] < n else f">{n}", "*" * (run is best)
            print(f"{name:8s} {run[2]:.1e} {when:>4} {run[1]:8.4f} {star}")
    return chosen


races = {"쉬운 문제": sweep(easy, 100), "어려운 문제": sweep(hard, 300)}

# %%
# 한 줄은 이름, 학습률, 닿은 에폭, 마지막 비용을 최솟값으로 나눈 값입니다. ``>100``은 100에폭 안에
# 못 닿았다는 뜻입니다. 쉬운 문제는 SGD로 넉넉하고, 모멘텀 0.9는 지나쳐 흔들리느라 늦습니다. 어려운
# 문제에서는 LBFGS만 닿았고 나머지 가운데서는 Adam이 가장 낮습니다. 별표끼리 그려서 견줍니다.

fig, axes = plt.subplots(2, 1, figsize=(5.2, 6.4), layout="constrained")
for ax, (title, runs) in zip(axes, races.items()):
    for (name, run), style in zip(runs.items(), ("-", "--", "-.", ":", "o-")):
        ax.semilogy(run[3], style, label=name, markevery=5, markersize=4)
    ax.set(title=title, xlabel="에폭", ylabel="비용 ÷ 최솟값 (로그 눈금)")
    ax.legend()
fig.set_label(
    "비용 곡선 두 벌. 쉬운 문제에서는 다섯이 모두, 어려운 문제에서는 LBFGS만 최솟값에 닿는다."
)
plt.show()

# %%
# .. _optimizers-closure:
#
# LBFGS에 클로저 건네기
# ---------------------
# 클로저(closure)는 바깥의 변수를 기억하는 함수입니다. LBFGS는 한 걸음 안에서 비용을 여러 번 다시
# 재므로, 비용과 그래디언트를 구하는 함수를 ``step``에 건네야 합니다. 부른 횟수도 셉니다.

X, y = hard
w = torch.zeros(3, 1, dtype=X.dtype, requires_grad=True)  # 형태 (3, 1)
b = torch.zeros(1, dtype=X.dtype, requires_grad=True)  # 형태 (1,)
lbfgs, calls = LBFGS([w, b], lr=1), []


def closure():
    lbfgs.zero_grad()
    calls.append((X @ w + b - y).square().mean())  # 형태 ()
    calls[-1].backward()
    return calls[-1]


for epoch in range(3):
    print(f"Epoch {epoch}/2 Cost: {lbfgs.step(closure):.6f} calls: {len(calls)}")

# %%
# 첫 걸음에서만 클로저를 열 번 넘게 불렀습니다. 에폭이 적다고 시간도 그만큼 적은 것은 아닙니다.
#
# .. _optimizers-adam:
#
# Adam과 AdamW의 끝 살피기
# ------------------------
# 학습률을 줄이지 않는 Adam은 바닥 근처를 맴돈다고들 합니다. 정말 그런지 두 문제에서 잽니다.
# AdamW는 가중치 감쇠(weight decay)를 더한 것이고, 기본값은 0.01입니다. 가중치(weight)가
# 최소제곱법(least squares)과 얼마나 다른지 200에폭과 400에폭 뒤에 잽니다.

*_, easy_tail, adam = train(easy, Adam, lr=0.1, epochs=400)
*_, hard_tail, _ = train(hard, Adam, lr=1, epochs=1600)
print(f"plane {(easy_tail[-50:] - 1).abs().max():.9f}")
print(f"exam  {hard_tail[1400]:.2f} 10^{int(hard_tail[1400:].max().log10())}")
exact = solve_least_squares(*easy)
*_, adamw = train(easy, AdamW, lr=0.1, epochs=400)
*_, cured = train(easy, AdamW, lr=0.1, epochs=400, weight_decay=0)
for name, fit in {"Adam": adam, "AdamW": adamw, "AdamW, 0": cured}.items():
    gap = fit.history.weight[[199, 399]] - exact.weight  # 형태 (2, 2)
    print(f"{name:8s}", *(f"{row.abs().max():.6f}" for row in gap))

# %%
# 쉬운 문제의 Adam은 맴돌지 않고 바닥에 앉습니다. 어려운 문제에서는 최솟값의 1.10배까지 갔다가 만
# 배 넘게 튑니다. AdamW는 400에폭 뒤에도 0.0147만큼 다르고, ``weight_decay=0``이면 Adam과 같습니다.
#
# .. _optimizers-check:
#
# 고르고 정답에 견주기
# --------------------
# - 작고 정확한 답이 필요하면 :func:`~linreg_tutorial.solvers.solve_least_squares`를 씁니다.
# - 데이터 전체를 한꺼번에 쓰고 비용이 매끄러우면 LBFGS를 씁니다.
# - 특성의 폭이 고르면 SGD로 시작하고, 느리면 모멘텀을 더합니다.
# - 폭이 제각각인데 표준화(standardisation)할 겨를이 없으면 Adam을 씁니다.
#
# 마지막 조언은 쉬운 문제의 첫 특성에 100을 곱해 확인합니다. 앞에서 얻은 답도 닫힌 해와 견줍니다.

wide = easy[0] * torch.tensor([100.0, 1.0]), easy[1]  # 형태 (100, 2)와 (100, 1)
_, slow, *_ = train(wide, SGD, lr=0.9 * largest_stable_lr(wide[0]), epochs=200)
print(f"SGD {slow:.1f}, Adam {train(wide, Adam, lr=0.1, epochs=200)[0]}")
assert torch.allclose(adam.weight, exact.weight, atol=1e-6)
assert torch.allclose(w[:, 0], solve_least_squares(X, y).weight, atol=1e-3)

# %%
# SGD의 비용은 200에폭 뒤에도 최솟값의 42.6배이지만 Adam은 94에폭에 닿았습니다. LBFGS와 Adam의 답은
# 닫힌 해(closed-form solution)와 같습니다. 반복문 없이
# 내려가는 방법은 :ref:`exact-descent`에 있습니다.
