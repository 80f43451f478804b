r"""
.. _what-squares-assume:

제곱이 무엇을 가정하는지 묻기
=============================

제곱한 잔차(residual)를 줄이는 일은 잡음(noise)이 **서로 독립이고 크기가 고르며 정규분포를
따른다**고 가정할 때 가장 그럴듯한 선을 고르는 일입니다. 가정이 맞을 때와 어긋날 때 답이 얼마나
흔들리는지 재고, 이상치(outlier) 하나에 끌려가는 선을 후버(Huber) 손실(loss)로 붙듭니다.
"""

# %%
# .. _what-squares-assume-likelihood:
#
# 비용과 가능도
# -------------
# 어떤 선에서 이 데이터가 나올 확률 밀도가 그 선의 가능도(likelihood)입니다. 잡음이 표준편차
# :math:`\sigma`인 정규분포이면, 로그 가능도의 부호를 바꾼 값은 점마다
# :math:`\log(\sigma\sqrt{2\pi}) + r^2 / 2\sigma^2`을 더한 것입니다. 곧 비용(cost)에
# :math:`n / 2\sigma^2`을 곱하고 상수를 더한 것입니다. 선 세 개로 확인합니다. 둘째가 참 직선입니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import make_line
from linreg_tutorial.solvers import bootstrap, solve_least_squares
from linreg_tutorial.trainers import train_module

rng = torch.Generator().manual_seed(1)
data = make_line(100, weight=0.5, bias=1.0, noise=1.0, generator=rng)
x, even = data.X.double(), data.y.double()  # 둘 다 형태 (100, 1)
fit = solve_least_squares(x, even)
for w, b in ((0.0, 0.0), (0.5, 1.0), (fit.weight.item(), fit.bias.item())):
    cost = (w * x + b - even).square().mean()  # 형태 ()
    nll = -torch.distributions.Normal(w * x + b, 1.0).log_prob(even).sum()
    print(
        f"w {w:.2f} b {b:.2f}  Cost: {cost:.3f}  {nll:.2f}  {nll - 50 * cost:.4f}"
    )

# %%
# 끝 칸의 차이가 늘 같으니, 비용이 가장 작은 선이 가능도가 가장 큰 선입니다. 셋째인 최소제곱법(least
# squares)의 선은 잡음까지 따라가느라 참 직선보다 비용이 작고, 그만큼 참 직선에서 빗나갑니다.
#
# .. _what-squares-assume-errors:
#
# 기울기가 흔들리는 폭 재기
# -------------------------
# 같은 가정에서 기울기(slope)의 표준 오차(standard error)는 식으로 나옵니다.
# 부트스트랩(bootstrap)은 정규분포도 고른 크기도 가정하지 않고, 100행에서 100행을 **되넣으며** 뽑아
# 푸는 일을 2000번 하고 답이 퍼진 폭을 봅니다. 참 직선을 아니까 새 데이터 2000벌로 진짜 폭도 잽니다.
# 둘째 줄에서는 잡음에 :math:`x`를 곱해, 0에서 멀수록 크게 만듭니다.

uneven = 1 + 0.5 * x + x * (even - 1 - 0.5 * x)  # 형태 (100, 1)
X, E = torch.randn(2, 2000, 100, generator=rng).double()  # 둘 다 형태 (2000, 100)
C = X - X.mean(dim=1, keepdim=True)  # 형태 (2000, 100)
fits, names = [], ("식", "부트스트랩", "새 데이터")
for y, error in ((even, E), (uneven, X * E)):
    fits.append(solve_least_squares(x, y))
    weights, biases = bootstrap(x, y, samples=2000, generator=rng)
    new = (C * (0.5 * X + error)).sum(dim=1) / C.square().sum(dim=1)  # 형태 (2000,)
    spread = fits[-1].standard_errors[0], weights.std(), new.std()
    print("  ".join(f"{name} {value:.3f}" for name, value in zip(names, spread)))
    assert abs(spread[1] / spread[2] - 1) < 0.1

# %%
# 잡음이 고르면 셋이 비슷합니다. 고르지 않으면 식은 진짜 폭의 6할에 그치고, 부트스트랩은 따라갑니다.
#
# .. _what-squares-assume-residuals:
#
# 잔차를 그려 가정 살피기
# -----------------------
# 커지는 잡음에서 선의 높이에 95% 신뢰 구간(confidence interval)을 두릅니다. 식으로는 표준 오차의
# 1.96배씩이고, 부트스트랩으로는 선 2000개에서 :math:`x`마다 위아래로 2.5%씩 버린 띠입니다.

t = torch.linspace(-3, 3, 61).double()[:, None]  # 형태 (61, 1)
lines = weights * t.T + biases[:, None]  # 형태 (2000, 61)
band = lines.quantile(torch.tensor([0.025, 0.975]).double(), dim=0)  # 형태 (2, 61)
square = (t - x.mean()).square() / (x - x.mean()).square().sum()  # 형태 (61, 1)
half = 1.96 * fits[1].residual_sd * (1 / 100 + square).sqrt()  # 형태 (61, 1)
edges = fits[1].predict(t) + half * torch.tensor([1, -1])  # 형태 (61, 2)
assert ((band[1] < edges[:, 0])[::30]).tolist() == [False, True, False]
fig, axes = plt.subplot_mosaic("AA;BC", figsize=(5.2, 6.4), layout="constrained")
top, titles = axes["A"], ("고른 잡음", "커지는 잡음")
top.plot(x, uneven, "k.")
top.fill_between(t[:, 0], *band, alpha=0.4, label="부트스트랩")
top.plot(t, edges, "C1--", label=["식", "_"])
top.set(title="커지는 잡음과 95% 신뢰 구간", xlabel="x", ylabel="y")
top.legend()
for key, title, f, y in zip("BC", titles, fits, (even, uneven)):
    axes[key].plot(x, y - f.predict(x), "k.")
    axes[key].axhline(0)
    axes[key].set(title=title, xlabel="x", ylabel="잔차", ylim=(-5, 5))
fig.set_label(
    "위: 부트스트랩의 띠는 식의 두 선보다 가운데에서 좁고 끝에서 넓다. 아래: 고른 잡음의 "
    "잔차는 폭이 고르고, 커지는 잡음의 잔차는 나비넥타이 모양이다."
)
plt.show()

# %%
# 왼쪽 아래처럼 잔차의 폭이 고르면 식을 쓸 만합니다. 오른쪽의 나비넥타이는 가정이 깨졌다는 표시이고,
# 그때 식의 띠는 부트스트랩보다 가운데에서 넓고 양 끝에서 좁습니다.
#
# .. _what-squares-assume-huber:
#
# 한 점에 끌려가지 않기
# ---------------------
# 제곱의 미분은 잔차에 비례해서, 점은 멀수록 선을 세게 당깁니다. 후버 손실은
# :math:`|r| \le \delta`이면 :math:`r^2/2`, 넘으면 :math:`\delta(|r| - \delta/2)`라서 힘이
# :math:`\delta`에서 멈춥니다. 밀도가 :math:`e^{-\text{Huber}(r)}`에 비례하는 잡음을 가정한 것과
# 같습니다. 가운데는 정규분포이고 꼬리는 그보다 두꺼운 지수 함수입니다. 앞의 20점에서 맨 오른쪽 점을
# 12만큼 내립니다.

x = x[:20]  # 형태 (20, 1)
y = even[:20] - 12 * (x == x.max())  # 형태 (20, 1)
far = torch.where(x == x.max(), 30, x)  # 형태 (20, 1)
squares, huber = torch.nn.MSELoss(), torch.nn.HuberLoss(delta=1.345)
cases = {"제곱": (x, squares), "x = 30": (far, huber), "후버": (x, huber)}
fig, ax = plt.subplots()
ax.plot(x, y, "ko")
for (name, (X, loss)), style in zip(cases.items(), ("--", "", "-")):
    model = torch.nn.Linear(1, 1, dtype=torch.float64)  # 어디서 출발해도 답은 하나
    lbfgs = torch.optim.LBFGS(
        model.parameters(),
        tolerance_change=0,  # 기본값으로는 바닥에 닿기 전에 멈춘다
        line_search_fn="strong_wolfe",
    )
    train_module(model, X, y, optimizer=lbfgs, epochs=20, loss=loss)
    w, b = model.weight.item(), model.bias.item()
    print(f"w {w:5.2f}  b {b:5.2f}  {name}")
    if style:
        ax.plot(t, w * t + b, style, label=name)
ax.plot(t, 0.5 * t + 1, "k:", label="참 직선")
ax.set(title="점 하나를 내렸을 때", xlabel="x", ylabel="y")
ax.legend()
fig.set_label(
    "점 스무 개와 직선 셋. 외딴 점 하나에 제곱의 선은 거꾸로 기울고 후버의 선은 참 직선에 겹친다."
)
plt.show()
pull = (w * x + b - y).clamp(-1.345, 1.345)  # 후버 손실의 미분, 형태 (20, 1)
assert max(pull.sum().abs(), (pull * x).sum().abs()) < 1e-4
assert max(abs(w - 0.5), abs(b - 1)) < 0.1

# %%
# .. laboratory:: outlier
#    :lr: 0.2
#    :epochs: 40
#
#    첫째 그림에서 사각형의 넓이를 견주어 봅니다. 외딴 점 하나의 사각형은 나머지를 모두 합한
#    것보다 큽니까? 그 점을 다른 점들 곁으로 끌어 올리면 직선과 비용의 바닥은 어디로 갑니까?
#
# 제곱의 기울기는 부호까지 뒤집혔고, 후버는 참값 0.5와 1 곁에 남았습니다. 다만 힘에 :math:`x`가
# 곱해져서, 그 점을 30까지 옮기면 후버도 끌려갑니다. 다음은 :ref:`save-and-resume`입니다.
