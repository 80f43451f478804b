r"""
.. _height-weight:

키로 몸무게를 예측하고 얼마나 믿을지 재기
=========================================

다섯 사람의 키와 몸무게를 잰 데이터가 있습니다. 키로 몸무게를 예측하는 직선을 처음부터 끝까지 구해서
172 cm인 사람의 몸무게를 예측합니다. 직선을 구하는 일은 절반입니다. 나머지 절반에서는 점 다섯 개로
할 수 있는 말과 할 수 없는 말을 가립니다.
"""

# %%
# .. _height-weight-data:
#
# 데이터 살펴보기
# ---------------
# 키 순서로 늘어놓고 읽습니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_height_weight
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_by_hand

data = load_height_weight()
X, y = data.X, data.y  # 둘 다 형태 (5, 1)
order = X.flatten().argsort()  # 형태 (5,)
for height, kg in zip(X[order], y[order]):
    print(f"{height.item():.0f} cm  {kg.item():.1f} kg")
assert (y[order].diff(dim=0) > 0).all()
print(f"평균: {X.mean():.1f} cm, {y.mean():.1f} kg")

# %%
# 키가 클수록 몸무게도 무겁습니다. 순서가 뒤바뀐 사람은 없습니다.

# %%
# .. _height-weight-centre:
#
# 키의 평균을 0으로 옮기기
# ------------------------
# 학습하기 전에, 발산하지 않고 쓸 수 있는 학습률(learning rate)의 한계를 묻습니다. 키를 그대로 쓸
# 때, 평균만 뺄 때, 표준화(standardisation)까지 할 때를 견줍니다.

mean = X.mean()  # 형태 ()
centred = X - mean  # 형태 (5, 1)
print(f"그대로:    {largest_stable_lr(X):.6f}")
print(f"평균 빼기: {largest_stable_lr(centred):.6f}")
print(f"표준화:    {largest_stable_lr(data.standardized().X):.6f}")
assert 2000 * largest_stable_lr(X) < largest_stable_lr(centred)

# %%
# 키는 모두 171 근처의 큰 수라서, 그대로 쓰면 한계가 0.000034밖에 안 됩니다. 평균만 빼도 2000배
# 넘게 커집니다. 표준화하면 더 커지지만, 특성(feature)이 하나뿐이니 평균만 빼도 넉넉합니다. 그러면
# 가중치(weight)의 단위도 kg/cm 그대로입니다.

# %%
# .. _height-weight-train:
#
# 학습하고 원래 단위로 되돌리기
# -----------------------------
# 평균을 뺀 키로 200번, 그대로인 키로 2000번 갱신합니다. 키의 평균이 :math:`\bar{x}`이면
# :math:`w(x - \bar{x}) + b = wx + (b - w\bar{x})`이므로, 편향(bias)만 고치면 원래 키의 식이 됩니다.

fit = train_by_hand(centred, y, lr=0.05, epochs=200)
slow = train_by_hand(X, y, lr=0.00003, epochs=2000)
bias = fit.bias - fit.weight[0] * mean  # 형태 ()
exact = solve_least_squares(X, y)
lines = {
    "평균 빼기:": (fit.weight, bias),
    "그대로:   ": (slow.weight, slow.bias),
    "닫힌 해:  ": (exact.weight, exact.bias),
}
for name, (w, b) in lines.items():
    cost = (X * w + b - y).square().mean()  # 형태 ()
    print(f"{name} w {w.item():.3f} kg/cm  b {b:7.2f} kg  비용 {cost:6.3f} kg²")
assert torch.allclose(fit.weight.double(), exact.weight, atol=1e-3)
assert abs(bias.item() - exact.bias.item()) < 0.05

# %%
# 평균을 빼고 학습한 직선은 닫힌 해(closed-form solution)와 같습니다. 그대로 학습한 쪽은 열 배나
# 갱신하고도 편향이 0 근처를 벗어나지 못했습니다. 키가 1 cm 크면 몸무게는 평균 1.821 kg 무겁습니다.

# %%
# .. _height-weight-predict:
#
# 예측하고 잔차 보기
# ------------------
# 172 cm인 사람의 몸무게를 예측하고, 예측값에서 정답을 뺀 잔차(residual)를 키에 따라 그립니다.

at_172 = fit.weight.item() * 172 + bias.item()
print(f"172 cm -> {at_172:.2f} kg")
residual = exact.predict(X) - y  # 형태 (5, 1)
fig, (top, bottom) = plt.subplots(2, 1, sharex=True, height_ratios=[3, 2])
top.plot(X, y, "o", label="데이터")
top.plot(X, exact.predict(X), label="직선")
top.plot(172, at_172, "k*", markersize=12, label="172 cm의 예측")
top.set(title="키와 몸무게", ylabel="몸무게 (kg)")
top.legend()
bottom.stem(X.flatten(), residual.flatten(), basefmt="k:")
bottom.set(xlabel="키 (cm)", ylabel="잔차 (kg)")
fig.set_label(
    "위아래 두 그림. 위에서는 오른쪽 위로 뻗은 직선이 다섯 점 사이를 지나고, 172 cm의 예측이 "
    "직선 위에 별로 찍혀 있다. 아래의 잔차는 169 cm와 171 cm에서 양수, 나머지에서 음수이다."
)
plt.show()
assert X[residual.argmax()].item() == 171

# %%
# 예측은 67.22 kg입니다. 잔차가 양수이면 그 사람은 예측보다 가볍습니다. 가장 크게 빗나간 사람은
# 171 cm입니다. 잔차에 굽은 무늬가 있는 듯하지만, 다섯 점으로는 우연과 가리기 어렵습니다.

# %%
# .. _height-weight-trust:
#
# 다섯 점이 말해 주는 것
# ----------------------
# 점 다섯 개로 :math:`w`와 :math:`b` 두 개를 구했으니 자유도는 3입니다. 기울기(slope)의 95% 신뢰
# 구간(confidence interval)은 표준 오차(standard error)에 스튜던트의 t 분포에서 얻은 배수를 곱한
# 폭만큼 양쪽으로 벌려서 만듭니다.

factor = 3.182  # 자유도 3, 가운데 95%: NIST/SEMATECH e-Handbook, 1.3.6.7.2의 표
slope, error = exact.weight.item(), exact.standard_errors[0].item()
low, high = slope - factor * error, slope + factor * error
print(f"잔차의 표준편차: {exact.residual_sd:.2f} kg")
print(f"기울기의 표준 오차: {error:.3f} kg/cm")
print(f"결정계수: {exact.r_squared:.3f}")
print(f"기울기의 95% 구간: {low:.2f} ~ {high:.2f} kg/cm")
assert 0 < 4 * low < high

# %%
# 결정계수(coefficient of determination)는 0.894로 높습니다. 구간에 0이 없으니 기울기가 양수라고 할
# 근거는 있지만, 위 끝이 아래 끝의 네 배가 넘습니다. 게다가 이 구간은 잡음(noise)이 서로 독립이고
# 같은 정규분포를 따른다고 가정하며, 그 가정은 점 다섯 개로 확인하기 어렵습니다.

# %%
# .. _height-weight-outside:
#
# 데이터 밖으로 나가 보기
# -----------------------
# 직선은 끝없이 뻗지만 데이터는 166 cm에서 176 cm까지입니다. 그 밖의 키를 넣어 봅니다.

for height in (150.0, 50.0):
    kg = exact.predict(torch.tensor([[height]])).item()
    print(f"{height:.0f} cm -> {kg:.1f} kg")
assert kg < 0

# %%
# 150 cm인 사람이 27.2 kg이라는 예측은 믿기 어렵고, 키가 50 cm쯤인 신생아는 몸무게가 음수입니다.
# 데이터 안에서도 상관관계(correlation)가 있다고 인과관계가 있는 것은 아닙니다. 3부는 여기까지이고,
# 다음은 학습률의 한계를 데이터에서 구하는 :ref:`learning-rate`입니다.
