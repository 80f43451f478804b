r"""
.. _module-class:

모델을 클래스로 쓰기
====================

PyTorch의 모델은 대개 :class:`torch.nn.Module`을 상속한 클래스입니다. ``__init__``에서
계층(layer)을 만들고 ``forward``에 계산을 적습니다. 계층이 하나뿐인 선형 회귀로 이 틀을 익힙니다.
전역 시드(seed)를 1로 정해, 같은 시드를 쓴 한 실습 자료의 숫자를 첫 예측값부터 마지막 로그까지
되살립니다.
"""

# %%
# .. _module-class-define:
#
# 클래스를 정의하고 부르기
# ------------------------
# 데이터는 :math:`y = x` 위의 세 점입니다. 시드를 정하고 나서 모델을 만들면 초깃값도 정해집니다.

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from linreg_tutorial import models
from linreg_tutorial.datasets import load_exam_scores, load_identity
from linreg_tutorial.solvers import solve_least_squares
from linreg_tutorial.trainers import train_module
from torch import nn


class LinearRegressionModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x):
        return self.linear(x)


data = load_identity()
x, y = data.X, data.y  # 둘 다 형태 (3, 1)
torch.manual_seed(1)
first = LinearRegressionModel()
hypothesis = first(x)  # 형태 (3, 1)
cost = F.mse_loss(hypothesis, y)  # 형태 ()
print(hypothesis, cost, sep="\n")
source = torch.tensor([[0.0739], [0.5891], [1.1044]])  # 형태 (3, 1)
assert torch.allclose(hypothesis, source, rtol=0, atol=1e-4)
assert abs(cost.item() - 2.1471) < 1e-4

# %%
# 예측값과 비용이 실습 자료와 같습니다. 그 자료에는 ``AddmmBackward``와 ``MseLossBackward``라고
# 적혀 있지만, 지금의 PyTorch는 이름 끝에 0을 붙입니다. 표기만 바뀌었고 값은 그대로입니다.

# %%
# .. _module-class-train:
#
# 두 번째 모델 학습하기
# ---------------------
# 실습 자료는 시드를 다시 정하지 않고 모델을 하나 더 만들어 학습합니다. 난수 생성기(random number
# generator)는 쓸 때마다 앞으로 나아가므로, 두 번째 모델은 첫 번째와 다른 곳에서 출발합니다.

model = LinearRegressionModel()
untrained = model(x).detach()  # 형태 (3, 1)
assert not torch.equal(untrained, hypothesis)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
costs = []
for epoch in range(1001):
    cost = F.mse_loss(model(x), y)
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    costs.append(cost.item())
    if epoch % 100 == 0:
        W, b = model.linear.weight.item(), model.linear.bias.item()
        print(f"Epoch {epoch:4d}/1000 W: {W:.3f}, b: {b:.3f} Cost: {costs[-1]:.6f}")

# 실습 자료가 출력한 비용을 백만 배 한 값
source = [4630286, 61555, 38037, 23505, 14525, 8975, 5546, 3427, 2118, 1309, 809]
assert all(abs(1e6 * cost - s) < 2 for cost, s in zip(costs[::100], source))

# %%
# 비용이 4.630286에서 0.000809로 줄었습니다. 열한 줄 모두 실습 자료와 끝자리까지 같습니다.
# 학습하기 전과 후의 직선을 데이터에 겹쳐 봅니다.

fig, ax = plt.subplots()
ax.plot(x, y, "o", label="데이터")
ax.plot(x, untrained, "--", label="학습 전")
ax.plot(x, model(x).detach(), label="학습 후")
ax.set(title="학습 전과 후의 직선", xlabel="x", ylabel="y")
ax.legend()
fig.set_label(
    "세 점과 두 직선. 학습 전의 직선은 오른쪽 아래로 기울어 점에서 멀고, "
    "학습 후의 직선은 세 점 가까이를 지난다."
)
plt.show()

# %%
# .. _module-class-call:
#
# 모델을 부르면 일어나는 일
# -------------------------
# ``forward``를 직접 부른 적은 없습니다. ``model(x)``라고 쓰면 파이썬이 모델의 ``__call__``을
# 부르고, ``__call__``은 등록된 훅(hook)과 ``forward``를 실행합니다. ``forward``가 끝나면 실행될
# 훅을 하나 달아 두 가지 호출을 견줍니다.

fired = []
handle = model.register_forward_hook(lambda *_: fired.append("훅"))
called = model(x)
print("model(x):", fired)
fired.clear()
direct = model.forward(x)
print("model.forward(x):", fired)
handle.remove()
assert torch.equal(called, direct)

# %%
# 값은 같지만 훅은 ``model(x)``에서만 실행됩니다. 두 호출이 똑같다고 적은 자료도 있지만, 훅까지
# 실행되도록 늘 ``model(x)``로 부르는 편이 좋습니다. ``forward``는 콜백(callback)도 아닙니다.
# 콜백은 나중에 불러 달라고 건네는 함수이고, 여기서는 훅이 콜백입니다. ``forward``는 상속한
# 클래스가 채워 넣는 메서드입니다.

# %%
# .. _module-class-register:
#
# 대입하면 등록되는 매개변수
# --------------------------
# ``nn.Module``은 속성에 대입되는 값을 살펴 매개변수(parameter)와 모듈(module)을 명부에 올립니다.
# 그 명부를 만드는 것이 ``super().__init__()``입니다. 빠뜨리면 계층을 대입하는 자리에서 오류가
# 납니다.


class Forgetful(nn.Module):
    def __init__(self):
        self.linear = nn.Linear(1, 1)


try:
    Forgetful()
except AttributeError as error:
    print("AttributeError:", error)

# %%
# 매개변수로 오르는 것은 ``nn.Parameter``와, 모듈이 지닌 매개변수뿐입니다. 평범한 텐서도, 파이썬
# 리스트에 담은 계층도 오르지 않습니다. 계층을 여러 개 담을 때는 ``nn.ModuleList``를 씁니다.


class Attributes(nn.Module):
    def __init__(self):
        super().__init__()
        self.plain = torch.zeros(1)  # 형태 (1,)
        self.parameter = nn.Parameter(torch.zeros(1))  # 형태 (1,)
        self.in_list = [nn.Linear(1, 1)]
        self.in_module_list = nn.ModuleList([nn.Linear(1, 1)])


names = [name for name, _ in Attributes().named_parameters()]
print(names)
assert names == ["parameter", "in_module_list.0.weight", "in_module_list.0.bias"]
print(model.state_dict())

# %%
# ``plain``과 ``in_list``는 빠졌습니다. ``parameters()``에 나오지 않으니 옵티마이저(optimizer)가
# 갱신할 수 없습니다. 마지막 줄의 ``state_dict()``는 명부에 오른 이름과 값을 함께 꺼낸 것으로,
# 모델을 저장할 때 씁니다.

# %%
# .. _module-class-general:
#
# 특성이나 정답이 여러 개일 때
# ----------------------------
# :class:`~linreg_tutorial.models.LinearRegressionModel`은 같은 클래스에서 특성과 정답의 수를
# 인자로 받습니다. 특성이 여러 개이면 다중(multiple) 회귀, 정답이 여러 개이면 다변량(multivariate)
# 회귀입니다. ``nn.Linear(3, 1)``을 담은 클래스를 ``MultivariateLinearRegressionModel``이라고
# 부르는 자료도 있는데, 특성만 여러 개이므로 다중 회귀입니다.

scores = load_exam_scores().X  # 형태 (5, 3)
multiple = models.LinearRegressionModel(3)
multivariate = models.LinearRegressionModel(3, out_features=2)
print("다중:", tuple(multiple(scores).shape))
print("다변량:", tuple(multivariate(scores).shape))

# %%
# .. _module-class-check:
#
# 라이브러리와 정답에 견주기
# --------------------------
# 시드를 다시 1로 정하고 라이브러리의 클래스로 모델을 두 개 만듭니다. 그 가운데 두 번째를
# :func:`~linreg_tutorial.trainers.train_module`로 학습합니다.

torch.manual_seed(1)
_, again = models.LinearRegressionModel(1), models.LinearRegressionModel(1)
sgd = torch.optim.SGD(again.parameters(), lr=0.01)
fit = train_module(
    again, x, y, optimizer=sgd, epochs=1001, show_parameters=True, log=print
)
assert torch.allclose(fit.history.cost, torch.tensor(costs), atol=1e-5)

exact = solve_least_squares(x, y)
print(f"닫힌 해 W: {exact.weight.item():.3f}, b: {abs(exact.bias.item()):.3f}")
assert (model.linear.weight - exact.weight).abs().item() < 0.05
assert (model.linear.bias - exact.bias).abs().item() < 0.1

# %%
# 같은 열한 줄이 나왔습니다. 매개변수는 닫힌 해(closed-form solution)에 가까워졌지만 아직 조금 못
# 미칩니다. 이것으로 사다리의 칸을 모두 올랐습니다. :ref:`all-agree`에서 모든 칸이 같은 답을
# 내는지 확인합니다.
