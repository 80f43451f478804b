"""
.. _your-own-data:

내 데이터로 처음부터 끝까지 해 보기
===================================

CSV 파일을 읽어 나누고, 표준화하고, 학습하고, 점검하고, 저장합니다. 이 페이지를 내려받아 첫 코드의
``path``와 ``target`` 두 줄만 바꾸면 가진 데이터로 실행됩니다. 먼저 답을 아는 데이터로 해 봅니다.
"""

# %%
# .. _your-own-data-file:
#
# 파일 고르기
# -----------
# 첫 줄은 열의 이름이고 나머지 칸은 모두 수인 파일이면 됩니다. 바꾸기 전에는 지어낸 방 120개를
# 씁니다. 참값 ``truth``가 가중치(weight)이고, 월세에 섞은 잡음(noise)의 표준편차는 4입니다.

import tempfile
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import read_csv
from linreg_tutorial.solvers import largest_stable_lr, solve_least_squares
from linreg_tutorial.trainers import train_module

folder = tempfile.TemporaryDirectory()
sample = Path(folder.name) / "rooms.csv"
path = sample  # ← 내 파일로 바꿀 줄: path = Path("my_data.csv")
target = "월세 (만 원)"  # ← 맞히려는 열의 이름으로 바꿀 줄

generator = torch.Generator().manual_seed(0)
truth = torch.tensor([1.5, -0.8, -0.6])  # 형태 (3,), rooms의 형태 (120, 3)
rooms = torch.randint(10, 40, (120, 3), generator=generator).float()
rent = 60 + rooms @ truth + 4 * torch.randn(120, generator=generator)
header = "면적 (m²),지은 지 (년),역까지 (분),월세 (만 원)"
rows = torch.column_stack([rooms, rent]).tolist()
lines = [header, *(",".join(f"{value:.1f}" for value in row) for row in rows)]
sample.write_text("\n".join(lines), encoding="utf-8")

# %%
# .. _your-own-data-read:
#
# 읽고 훑어보기
# -------------
# :func:`~linreg_tutorial.datasets.read_csv`는 수가 아닌 칸을 만나면 파일과 줄과 열을 대며 멈춥니다.
# 일부러 망가뜨린 파일로 보고 나서, 파일을 읽어 열마다 최솟값, 평균, 최댓값을 훑어봅니다.

broken = Path(folder.name) / "broken.csv"
broken.write_text("\n".join([*lines[:2], "20,?,5,40"]), encoding="utf-8")
try:
    read_csv(broken, target=header.split(",")[-1])
except ValueError as error:
    print(str(error).replace(str(broken), broken.name))

data = read_csv(path, target=target)
n, d = data.X.shape  # data.X의 형태 (n, d), data.y의 형태 (n, 1)
names = *data.feature_names, target
for name, column in zip(names, [*data.X.T, data.y]):
    print(f"{column.min():9.2f} {column.mean():9.2f} {column.max():9.2f}  {name}")

# %%
# .. _your-own-data-fit:
#
# 나누고 표준화하고 배우기
# ------------------------
# 다섯 줄에 한 줄은 테스트 데이터(test set)로 떼어 놓습니다. 남은 학습 데이터(training set)를
# 최소제곱법(least squares)으로 풀고, 학습 데이터만의 평균과 표준편차로 표준화(standardisation)해서
# 경사 하강법(gradient descent)으로도 배웁니다.

order = torch.randperm(n, generator=torch.Generator().manual_seed(1))  # 형태 (n,)
test, train = order.tensor_split([max(1, n // 5)])
training = replace(data, X=data.X[train], y=data.y[train])
fit = solve_least_squares(training.X, training.y)
print(f"n = {len(train)}, R² = {fit.r_squared:.3f}")
scaled = training.standardized()
model = torch.nn.Linear(d, 1)
torch.nn.utils.vector_to_parameters(torch.zeros(d + 1), model.parameters())
lr = largest_stable_lr(scaled.X) / 2
sgd = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
train_module(model, scaled.X, scaled.y, optimizer=sgd, epochs=1000)
weight, _ = scaled.original_units(model.weight[0].detach(), model.bias[0].detach())
for *numbers, name in zip(fit.weight, fit.standard_errors, weight, names):
    print("{:8.3f} ± {:.3f} {:8.3f}  {}".format(*numbers, name))
if path == sample:
    assert ((weight - truth).abs() < 3 * fit.standard_errors[:3]).all()

# %%
# 줄마다 푼 가중치 ± 표준 오차(standard error)와 배운 가중치입니다. 둘은 같고, 참값에서 표준 오차의
# 세 배 안에 있습니다. ``R²``는 결정계수(coefficient of determination)입니다.
#
# .. _your-own-data-check:
#
# 점검하기
# --------
# 테스트 데이터의 오차를, 늘 학습 데이터의 평균으로 답하는 기준과 견줍니다. 기준보다 작아야 배운
# 것입니다. 잔차(residual)는 예측값(prediction)이 크든 작든 0 둘레에 고르게 흩어져야 합니다.


def predict(model, X, mean, scale):
    with torch.no_grad():
        return model(((X.double() - mean) / scale).float())


prediction = predict(model, data.X[test], scaled.mean, scaled.scale)
residual = data.y[test] - prediction  # 둘 다 형태 (24, 1)
baseline = data.y[test] - training.y.mean()
for error, name in ((baseline, "평균으로 답할 때"), (residual, "모델로 답할 때")):
    print(f"{error.square().mean().sqrt():9.2f}  {name}")
fig, ax = plt.subplots()
ax.plot(prediction, residual, "o")
ax.axhline(0, color="gray", linestyle="--")
ax.set(xlabel=f"예측값, {target}", ylabel=f"테스트 데이터의 잔차, {target}")
fig.set_label("예측값에 따른 잔차. 0에 그은 점선 위아래로 고르게 흩어져 있다.")
plt.show()

# %%
# 평균으로 답할 때의 오차 16.79가 4.10으로 줄어, 거의 잡음 4만 남았습니다. 점들이 휘거나 부채꼴로
# 벌어지면 직선이 맞지 않는다는 뜻이므로 :ref:`what-squares-assume`을 읽어 봅니다.
#
# .. _your-own-data-save:
#
# 저장했다 다시 쓰기
# ------------------
# 새 입력도 같은 평균과 표준편차로 표준화해야 하므로, 둘을 모델과 함께 저장합니다.

saved = Path(folder.name) / "model.pt"  # ← 남기려면 Path("model.pt")
torch.save([model.state_dict(), scaled.mean, scaled.scale], saved)
state, *units = torch.load(saved, weights_only=True)
fresh = torch.nn.Linear(d, 1)
fresh.load_state_dict(state)
again = predict(fresh, data.X[test], *units)
print(f"{again[0].item():.2f} {data.y[test][0].item():.2f} {target}")
assert torch.equal(again, prediction)
folder.cleanup()

# %%
# 되살린 모델의 예측값과 정답입니다. 내려받아 실행하는 법은 :ref:`run-it-yourself`에 있습니다.
