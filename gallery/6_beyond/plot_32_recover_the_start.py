r"""
.. _recover-the-start:

로그만 보고 출발점 되찾기
=========================

:ref:`바탕이 된 자료 <sources>` 하나는 CPU의 시드(seed)를 정하지 않았고, 클래스로 쓴 모델의
출발점은 인쇄하지도 않았습니다. 로그에 남은 비용(cost) 21줄만으로 출발점을 되찾습니다. 몇 자리까지
되찾는지, 시험 점수에서는 왜 거기까지 못 가는지도 봅니다.
"""

# %%
# .. _recover-the-start-squares:
#
# 비용을 제곱의 합으로 쓰기
# -------------------------
# 바닥에서 출발점까지를 고유벡터(eigenvector) 방향의 성분 :math:`z_k`로 나누면, 성분은 갱신할 때마다
# :math:`1 - \eta\lambda_k` 배가 됩니다(:ref:`exact-descent`). 그래서 비용은 :math:`z_k^2`의
# 1차식입니다. 그 계수를 행렬 :math:`G`에 적습니다. 비용의 단위는 로그의 끝자리, 백만분의 1입니다.
#
# .. math::
#
#    c_t = c_{\min} + \sum_k \frac{\lambda_k}{2} (1 - \eta\lambda_k)^{2t} z_k^2

import matplotlib.pyplot as plt
import torch
from linreg_tutorial import datasets
from linreg_tutorial.solvers import descend_exactly, solve_least_squares
from linreg_tutorial.trainers import train_with_optimizer


def modes(data, lr):
    X, y = data.X.double(), data.y.double()
    A = torch.cat([X, torch.ones_like(y)], dim=1)  # 형태 (n, d + 1)
    values, V = torch.linalg.eigh(2 / len(y) * A.T @ A)
    t = torch.arange(0, 2001, 100).view(21, 1)
    G = 1e6 * values / 2 * (1 - lr * values) ** (2 * t)
    fit = solve_least_squares(X, y)
    lowest = (fit.predict(X) - y).square().mean()
    return G, V, torch.cat([fit.weight, fit.bias.view(1)]), 1e6 * lowest


logs = {  # 에폭 0, 100, …, 2000의 비용을 백만 배 한 값, 21개씩
    "nn.Linear": """26632116 5973 3691 2281 1409 871 538 333 206 127 78 48 30 19
        11 7 4 3 2 1 1""",
    "class": """33495914 88308 54569 33720 20837 12876 7957 4917 3038 1877 1160
        717 443 274 169 105 65 40 25 15 9""",
    "exam": """84423585938 2332038 2228856 2131054 2038367 1950507 1867225 1788293
        1713446 1642520 1575272 1511505 1451070 1393763 1339419 1287898 1239043
        1192695 1148747 1107088 1067542""",
    "exam class": """35920234375 2176296 2071628 1972476 1878550 1789553 1705269
        1625404 1549749 1478084 1410181 1345861 1284933 1227186 1172506 1120695
        1071607 1025109 981046 939311 899753""",
}
costs = {n: torch.tensor([*map(int, s.split())]).double() for n, s in logs.items()}
data = datasets.load_doubling()
G, V, bottom, _ = modes(data, 0.01)  # 형태 (21, 2), (2, 2), (2,)

# %%
# .. _recover-the-start-candidates:
#
# 네 후보 가운데 하나 고르기
# --------------------------
# 21줄은 미지수가 둘인 선형 회귀(linear regression)이니 최소제곱법(least squares)으로 풉니다.
# 제곱만 알므로 부호에 따라 후보가 넷이고, 비용을 더 보아도 가릴 수 없습니다. 다행히 ``nn.Linear``는
# 두 값을 −1과 1 사이(회색 상자)에서 뽑습니다. 줄 끝의 수는 잔차(residual)의 표준편차입니다.

signs = torch.cartesian_prod(*[torch.tensor([1.0, -1.0])] * 2)  # 형태 (4, 2)
w, b = torch.meshgrid(*[torch.linspace(-3, 6, 181).double()] * 2, indexing="xy")
z = (torch.stack([w, b], dim=2) - bottom) @ V  # 형태 (181, 181, 2)
starts = {}
fig, axes = plt.subplots(1, 2, sharey=True, figsize=(5.2, 3))
for ax, (name, cost) in zip(axes, costs.items()):  # cost의 형태 (21,)
    fit = solve_least_squares(G, cost.view(21, 1), intercept=False)
    found = bottom + signs * fit.weight.sqrt() @ V.T  # 형태 (4, 2)
    start = starts[name] = found[(found.abs() < 1).all(dim=1)].view(2)
    print(f"w {start[0]:.7f}  b {start[1]:.7f}  {fit.residual_sd:.2f}  {name}")
    ax.contour(w, b, z**2 @ G[0], cost[:1], colors="C0")
    ax.contour(w, b, z**2 @ G[1], cost[1:2], colors="C1", linestyles="--")
    ax.fill_between([-1, 1], -1, 1, color="C7", alpha=0.3)
    ax.plot(*found.T, "k+", *start, "k*", markersize=12)
    ax.set(title=name, xlabel="가중치 w", ylabel="편향 b", ylim=(-3, 3))
fig.set_label(
    "두 학습의 w와 b 평면. 에폭 0의 긴 타원의 양옆과 에폭 100의 두 평행선이 네 점에서 만난다. "
    "그 가운데 별표로 그린 하나만 회색 상자 안에 있다."
)
plt.show()

# %%
# 실선은 에폭 0의 긴 타원의 양옆이고, 에폭 100의 타원(점선)은 훨씬 길어 두 평행선처럼 보입니다. 상자
# 안의 후보는 하나씩입니다. 첫 줄은 자료가 네 자리로 인쇄한 출발점이고, 둘째 줄은 인쇄되지 않은
# 출발점입니다. 이 계층(layer)은 :math:`2^{-23}`의 배수를 뽑으므로, 둘레의 배수 가운데 21줄을
# (``float32``의 반올림은 봐주고) 모두 내는 쌍도 셉니다.

k = torch.arange(-100, 101).double()
for (name, cost), start in zip(costs.items(), starts.values()):
    run = {"weight": start[:1], "bias": start[1], "lr": 0.01, "epochs": 2001}
    exact = descend_exactly(data.X, data.y, **run)
    single = train_with_optimizer(data.X, data.y, **run).history
    assert torch.equal((1e6 * exact.cost[::100]).round(), cost)
    assert (single.cost - exact.cost).abs().max() < 1e-6 * exact.cost[0]
    w, b = exact.weight[-1].item(), exact.bias[-1].item()
    print(f"w {w:.4f}  b {b:.4f}  4w + b {4 * w + b:.4f}  {name}")
    grid = ((start * 2**23).round() + torch.cartesian_prod(k, k)) / 2**23
    miss = (((grid - bottom) @ V) ** 2 @ G.T - cost).abs()  # 형태 (40401, 21)
    keep = grid[(miss < 0.5 + cost * 2**-23).all(dim=1)]
    print(len(keep), *(f"{v:.1e}" for v in keep.amax(dim=0) - keep.amin(dim=0)))

# %%
# 다시 내려가면 비용 21줄이 끝자리까지 나오고, 마지막 매개변수(parameter)와 입력 4의
# 예측값(prediction)도 인쇄된 그대로입니다. 남은 쌍의 폭은 커야 1.1e-05라 네다섯 자리를 압니다.
#
# .. _recover-the-start-limit:
#
# 시험 점수에서 막히는 곳 보기
# ----------------------------
# 시험 점수의 두 학습은 출발점이 네 자리로 인쇄되었습니다. 같은 식으로 네 방향의 :math:`|z_k|`를
# 풀어(위) 인쇄된 출발점과 견줍니다(아래). 끝의 수는 여기서도 잔차의 표준편차입니다.

data = datasets.load_exam_scores()
G, V, bottom, lowest = modes(data, 1e-5)  # 형태 (21, 4), (4, 4), (4,), ()
starts = [[-0.5719, -0.4298, -0.3847, 0.3392], [0.4617, -0.5622, -0.1037, 0.1848]]
for name, start in zip(("exam", "exam class"), torch.tensor(starts).double()):
    cost = costs[name] - lowest
    fit = solve_least_squares(G, cost.view(21, 1), intercept=False)
    print(*(f"{v:.4f}" for v in fit.weight.sqrt()), f" {fit.residual_sd:.2f}")
    assert (G @ fit.weight - cost).abs().max() < 13
    print(*(f"{v:.4f}" for v in (V.T @ (start - bottom)).abs()), "", name)
    run = {"weight": start[:3], "bias": start[3], "lr": 1e-5, "epochs": 2001}
    single = train_with_optimizer(data.X, data.y, **run).history.cost[::100]
    drift = 1e6 * (single - descend_exactly(data.X, data.y, **run).cost[::100])
    assert 5 < drift[1:].abs().max() < 100
eps = torch.finfo(torch.float32).eps
print(f"{eps * 2**16:.4f} {eps * 2**7:.6f}")  # 첫 비용과 점수 둘레의 간격

# %%
# 직선에서 0.33과 0.28이던 잔차가 6.06과 5.32이고, 끝자리의 13배 안까지만 다가갑니다.
# ``float32``에서 점수는 0.000015점, 첫 비용은 0.0078씩 건너뛰기 때문입니다. 같은 출발점의
# ``float32``와 ``float64``도 다르니, 어느 기계에서나 모든 자리를 내는 출발점은 장담할 수 없습니다.
# 가장 완만한 방향(첫 칸)은 인쇄된 네 자리가 더 정확합니다. 판정은 :ref:`sources`에서 봅니다.
