"""
.. _device-and-compile:

장치를 옮기고 컴파일해도 같은 답 얻기
=====================================

텐서(tensor)와 모델은 CPU나 GPU 같은 장치(device)에 놓입니다. 이 페이지의 코드는 GPU가 있으면
GPU에서, 없으면 CPU에서 학습합니다. 장치를 옮길 때 틀리기 쉬운 곳부터 보고, ``torch.compile``이
함수에서 무엇을 꺼내 가는지 들여다봅니다. 어느 쪽도 답은 바꾸지 않습니다.
"""

# %%
# .. _device-and-compile-move:
#
# 옮겨지는 것과 남는 것
# ---------------------
# ``"meta"``는 형태(shape)만 있고 숫자는 없는 장치입니다. 어느 컴퓨터에나 있어 연습하기 좋습니다.
# 옵티마이저(optimizer)를 먼저 만들고, 텐서와 모델에 ``.to("meta")``를 부릅니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import make_line
from linreg_tutorial.solvers import solve_least_squares

data = make_line(5, generator=torch.Generator().manual_seed(29))
x, y = data.X, data.y  # 둘 다 형태 (5, 1)
model = torch.nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
x.to("meta")
model.to("meta")
held = optimizer.param_groups[0]["params"][0]  # 형태 (1, 1)
print(f"x {x.device}, model {model.weight.device}, optimizer {held.device}")
for attempt in (lambda: model(x), lambda: model(x.to("meta")).mean().item()):
    try:
        attempt()
    except RuntimeError as error:
        print(error)

# %%
# 모델은 그 자리에서 옮겨졌지만 텐서는 그대로입니다. ``x = x.to(...)``처럼 돌려받아야 합니다.
# 옵티마이저는 옛 가중치(weight)를 쥐고 있어 모델을 갱신하지 못합니다. CPU와 GPU 사이에서는 가중치가
# 따라가더라도 쌓아 둔 모멘텀(momentum)이 남습니다. 옵티마이저는 **모델을 옮긴 뒤에** 만듭니다.
# 첫 오류는 장치가 섞였다는 뜻입니다. CPU와 GPU가 섞이면 보통 ``Expected all tensors to be on the
# same device``로 시작합니다. 둘째 오류는 ``.item()``에 진짜 숫자가 있어야 한다는 뜻입니다.
#
# .. _device-and-compile-train:
#
# 어느 장치에서나 학습하기
# ------------------------
# 파이썬은 GPU에 일을 시켜 놓고 먼저 나아가지만, ``.item()``을 만나면 숫자가 나올 때까지 기다립니다.
# 그래서 비용(cost)은 장치에 모았다가 끝에 한 번 ``.cpu()``로 가져옵니다. 난수 생성기(random number
# generator)도 한 장치에 속하므로, 데이터는 CPU에서 뽑아 옮겨야 어디서나 같습니다.

found = torch.accelerator.is_available()
device = torch.accelerator.current_accelerator() if found else torch.device("cpu")
X, Y = x.to(device), y.to(device)  # 둘 다 형태 (5, 1)


def cost(w, b, x, y):
    return (w * x + b - y).square().mean()


def train(cost):
    model = torch.nn.Linear(1, 1).to(device)
    for parameter in model.parameters():
        torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.3)
    costs = torch.zeros(201, device=device)  # 형태 (201,)
    for epoch in range(201):
        now = cost(model.weight, model.bias, X, Y)  # 형태 ()
        optimizer.zero_grad()
        now.backward()
        optimizer.step()
        costs[epoch] = now.detach()
    return model, costs.cpu()


model, costs = train(cost)
print(torch.Generator().device, f"Cost: {costs[0]:.4f} -> {costs[200]:.4f}")

# %%
# 생성기는 ``cpu``에 속합니다. 비용은 어느 장치에서나 같은 만큼 줄어듭니다.
#
# .. _device-and-compile-graph:
#
# 컴파일러가 보는 그래프
# ----------------------
# ``torch.compile``은 함수를 처음 부를 때 연산을 그래프로 모아 백엔드(backend)에 넘깁니다. 백엔드는
# 그래프를 받아, 대신 실행할 함수를 돌려줍니다. ``look``은 그래프를 적어 두고 그대로 실행합니다.

graphs = []


def look(gm, inputs):
    graphs.append(gm.graph)
    return gm.forward


compiled = torch.compile(cost, backend=look)
compiled_model, compiled_costs = train(compiled)
assert torch.allclose(compiled_costs, costs, rtol=0, atol=1e-5 * costs[0].item())
operations = [node for node in graphs[0].nodes if node.op.startswith("call")]
print(len(graphs), *operations)

fig, ax = plt.subplots(figsize=(5.2, 2.4))
place, arrow = {}, {"arrowstyle": "->", "color": "C7", "shrinkB": 21}
for column, node in enumerate(operations):
    place[node] = (column, 0)
    for source, height in zip(node.all_input_nodes, (1, -1)):
        place.setdefault(source, (column - 0.5, height))
        ax.annotate("", place[node], place[source], arrowprops=arrow)
for node, at in place.items():
    box = {"boxstyle": "round" if node in operations else "circle", "fc": "w"}
    name = node.name.strip("_").removeprefix("l_")  # l_w_는 w
    ax.text(*at, name, ha="center", va="center", bbox=box)
ax.set(title="비용 함수의 그래프", xlim=(-0.8, 4.5), ylim=(-1.5, 1.5))
ax.axis("off")
fig.set_label(
    "mul, add, sub, square, mean이 차례로 이어진다. w와 x, b, y가 앞의 세 상자로 들어간다."
)
plt.show()

# %%
# 201번 불렀지만 컴파일은 한 번(``1``)이고 비용은 같습니다. 기본 백엔드 ``inductor``는 다섯 연산을
# 새 코드 하나로 합칩니다. CPU에서는 C++ 컴파일러가 있어야 하고, 첫 호출에 몇 초 넘게 걸립니다. 점이
# 다섯 개뿐이면 GPU에 연산을 맡기는 시간이 계산하는 시간보다 길어 CPU가 낫습니다.
#
# 점의 수를 바꿔 부르며 그래프를 세고, 두 모델을 닫힌 해(closed-form solution)에 견줍니다.

for n in (5, 4, 3, 1, 2):
    compiled(compiled_model.weight, compiled_model.bias, X[:n], Y[:n])
    print(f"n = {n}  graphs {len(graphs)}")
exact = solve_least_squares(x, y)
for result in (model, compiled_model, exact):
    print(f"w {result.weight.item():.3f}  b {result.bias.item():.3f}")
    assert abs(result.weight.item() - exact.weight.item()) < 1e-4

# %%
# 4에서 다시 컴파일하며 점의 수를 변수로 두어 3과 2는 그냥 지나갑니다. 1은 따로 컴파일합니다.
# 마지막 세 줄은 같습니다. 다음 :ref:`lines-to-classes`에서는 직선으로 분류를 합니다.
