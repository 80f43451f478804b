r"""
.. _stale-notebook:

노트북이 기억하는 변수 찾아내기
===============================

노트북의 셀(cell)이 만든 변수는 다음 셀에도 남습니다. 바탕이 된 자료 하나의 비용(cost)은
152792.8281에서 0.1423까지 내려간 뒤 멈춥니다. 새로 시작하면 186666.67에서 출발해 계속 내려갑니다.
자료의 21줄을 그대로 되살린 다음, 내일도 쓸 수 있는 도구로 원인을 찾아 고칩니다.
"""

# %%
# .. _stale-notebook-symptom:
#
# 증상: 셀을 순서대로 되살리기
# ----------------------------
# 앞 셀은 키와 몸무게로 ``B``를 한 걸음 옮겼습니다. 뒤 셀은 게임 데이터를 위해 편향(bias) ``b``를
# 새로 만들어 옵티마이저(optimizer)에 건넸습니다. 그런데 비용의 식에는 ``B``가 남았습니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_game_ability, load_height_weight
from linreg_tutorial.models import LinearRegressionModel
from linreg_tutorial.trainers import train_module, train_with_optimizer

x, y = load_height_weight().X, load_height_weight().y  # 둘 다 형태 (5, 1)
B = torch.tensor(1.0, requires_grad=True)  # 형태 ()
(1.0 * (x - x.mean()) + B - (y - y.mean())).square().mean().backward()
B = B - 0.001 * B.grad  # 앞 셀은 여기까지

X, Y = load_game_ability().X, load_game_ability().y  # 둘 다 형태 (3, 1)
W, b = (torch.zeros(1, requires_grad=True) for _ in "Wb")  # 둘 다 형태 (1,)
optimizer = torch.optim.SGD([W, b], lr=0.01)


def cost():
    return (W * X + B - Y).square().mean()  # 형태 ()


def run_loop(epochs):
    costs = []
    for _ in range(epochs):
        costs.append(cost())
        optimizer.zero_grad()
        costs[-1].backward()
        optimizer.step()
    return torch.stack(costs).detach()  # 형태 (epochs,)


print(f"B {B:.3f}  Cost: {run_loop(1).item():.1f}  W {W.item():.4f}")

# %%
# 반복문 셀이 한 걸음만 가고 멈춘 뒤 다시 실행되었다고 봅니다. 자료의 값, 되살린 값, 새로 시작한
# 값을 차례로 적습니다. 되살린 값은 마지막 자리가 프로세서에 따라 달라서 짧게 적습니다.

printed = [152792.8281, 21530.7207, 3034.0964, 427.6685, 60.3867, 8.6317, 1.3385]
printed += [0.3108, 0.1661, 0.1456, 0.1428] + [0.1423] * 10
replay = run_loop(201)[::10]  # 형태 (21,)
fit = train_with_optimizer(X.double(), Y, lr=0.01, epochs=201, record_every=10)
epochs, fresh = fit.history.epoch, fit.history.cost  # 둘 다 형태 (21,)
for e, old, again, new in zip(epochs, printed, replay, fresh):
    short = f"{again:9.1f}" if again > 10 else f"{again:9.2f}"
    print(f"epoch = {e:<3d} loss = {old:<11.4f} {short} {new:9.2f}")
assert torch.allclose(replay, torch.tensor(printed), rtol=1e-6, atol=1e-4)
print(f"B² / 7 = {B**2 / 7:.4f}, {replay[-1]:.4f}")
fig, ax = plt.subplots()
ax.semilogy(epochs, replay, "-", label="되살린 실행")
ax.semilogy(epochs, printed, "o", mfc="none", label="자료의 21줄")
ax.semilogy(epochs, fresh, "--", label="새 실행")
ax.set(title="기억하는 노트북", xlabel="에폭", ylabel="비용 (점², 로그 눈금)")
ax.legend()
fig.set_label("점 21개를 지나 바닥에서 멈추는 곡선과, 위에서 계속 내려가는 곡선.")
plt.show()

# %%
# 21줄이 모두 맞습니다. 바닥도 계산으로 나옵니다. 정답은 :math:`200x`인데 편향이 ``B``에 굳어 있으면
# 가중치(weight)를 가장 잘 골라도 비용이 :math:`B^2/7` = 0.1423만큼 남습니다.
#
# .. _stale-notebook-cause:
#
# 원인: 옵티마이저가 쥔 것과 식이 쓰는 것 견주기
# ----------------------------------------------
# 같은 객체인지 ``is``(또는 ``id``)로 따지고, 매개변수(parameter)를 하나씩 흔들어 비용이 변하는지
# 봅니다. 마지막으로, 다시 시작한 노트북에서 뒤 셀만 실행해 봅니다.

held = optimizer.param_groups[0]["params"]
print("B is held:", any(B is p for p in held), " b.grad:", b.grad)
with torch.no_grad():
    for name, parameter in zip("Wb", held):
        before = cost()
        parameter += 1
        print(f"{name} + 1: {cost() - before:.2f}")
        parameter -= 1
frozen = (4 * W + globals().pop("B")).item()  # B 없이 다시 시작한 셈
try:
    run_loop(1)
except NameError as error:
    print(f"NameError: {error}")

# %%
# ``b``에는 그래디언트(gradient)가 없고, ``b``를 흔들어도 비용이 그대로입니다. "다시 시작하고 모두
# 실행"은 절반만 잡습니다. 첫 비용이 185869.3으로 바뀌니 ``W``의 걸음은 드러나지만, 앞 셀이 ``B``를
# 또 만들어 오류는 나지 않습니다. 자료의 셀 번호가 20에서 27로 건너뛴 것도 숨은 실행의 단서입니다.
#
# .. _stale-notebook-four-hours:
#
# 네 시간이면 몇 점인지 답하기
# ----------------------------
# 자료의 글은 500번, 학습률(learning rate) 0.001이라 하고 코드는 200번, 0.01을 씁니다. 출력은
# 200에서 끝납니다. 학습률은 열 에폭(epoch) 동안 비용이 줄어든 비율로 가려냅니다.

ratios = {lr: round((1 - 28 / 3 * lr) ** 20, 4) for lr in (0.01, 0.001)}
print(f"{printed[1] / printed[0]:.4f}", ratios)
print(f"B {frozen:.2f}  b {fit.predict(4 * X[:1]).item():.2f}  200x {200 * 4}")

# %%
# 출력은 코드의 것입니다. 네 시간이면 규칙대로 800점인데 굳은 실행은 799.29점, 새 실행은 765.48점을
# 냅니다. 틀린 쪽이 더 가까운 까닭은 0.998이 마침 참값 0에 가깝고, 새 실행은 아직 덜 내려가서입니다.
#
# .. _stale-notebook-cure:
#
# 처방: 함수 안에서 모듈을 새로 만들기
# ------------------------------------
# 모듈(module)은 식과 매개변수를 함께 지닙니다. 매개변수와 옵티마이저를 같은 셀에서, 되도록 같은
# 함수에서 새로 만들면 남은 변수가 낄 틈이 없습니다.


def train(epochs):
    model = LinearRegressionModel(1)
    torch.nn.utils.vector_to_parameters(torch.zeros(2), model.parameters())
    sgd = torch.optim.SGD(model.parameters(), lr=0.01)
    return train_module(model, X, Y, optimizer=sgd, epochs=epochs)


for run in (train(201), train(201), train(2001)):
    print(f"{len(run.history)}: {run.model(4 * X[:1]).item():.1f}")
assert abs(run.model(4 * X[:1]) - 800) < 0.5

# %%
# 두 번 실행해도 같고 2001번이면 800에 다가갑니다. 다음 쪽은 :ref:`seeds-and-dtypes`입니다.
