"""
.. _lost-gradients:

사라진 그래디언트 찾기
======================

반복문은 도는데 비용(cost)이 오르내리기만 하거나 꿈쩍도 하지 않을 때가 있습니다.
그래디언트(gradient)가 쌓였거나, 남의 매개변수(parameter)로 갔거나, 갈 곳이 없는 것입니다.
반복문을 일부러 망가뜨리고, 어디에나 쓸 수 있는 점검표로 원인을 찾아 고칩니다.
"""

# %%
# .. _lost-gradients-checklist:
#
# 점검표 만들기
# -------------
# 매개변수마다 묻습니다. 잎 텐서(leaf tensor)인가, 미분한다고 표시했는가, 갱신에 쓴 ``.grad``가 새로
# 구한 그래디언트(new)와 같은가, 값이 바뀌었는가.

import warnings

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.datasets import load_doubling
from torch import nn

x, y = load_doubling().X, load_doubling().y  # 둘 다 형태 (3, 1)


def check(named, predict, update, *arguments):
    before = [p.detach().clone() for p in named.values()]
    cost = (predict(x) - y).square().mean()  # 형태 ()
    news = torch.autograd.grad(cost, list(named.values()))
    update(*arguments)
    print("name    is_leaf requires_grad    |new|   |grad| changed")
    for (name, p), new, old in zip(named.items(), news, before):
        grad = p.grad if p.is_leaf else None
        size = "None" if grad is None else f"{grad.norm():.2f}"
        print(f"{name:7} {p.is_leaf!s:7} {p.requires_grad!s:13}", end=" ")
        print(f"{new.norm():8.2f} {size:>8} {not torch.equal(p, old)}")


def new_model(**options):
    model = nn.Linear(1, 1)
    model.load_state_dict({"weight": torch.zeros(1, 1), "bias": torch.zeros(1)})
    return model, torch.optim.SGD(model.parameters(), lr=0.01, **options)


def update(model, optimizer, clear=True):
    cost = nn.functional.mse_loss(model(x), y)  # 형태 ()
    if clear:
        optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    return cost.item()


model, optimizer = new_model()
check(dict(model.named_parameters()), model, update, model, optimizer)

# %%
# 건강한 반복문입니다. ``False``가 없고 두 크기가 같습니다. 이제 ``zero_grad()``를 빠뜨려 보고,
# 옵티마이저(optimizer)는 그대로 둔 채 모델만 새로 만들어 봅니다. 노트북에서 모델을 만드는 칸만
# 다시 실행하면 이렇게 됩니다.

runs = {
    "정상": (*new_model(), True),
    "zero_grad() 없음": (*new_model(), False),
    "모멘텀 1.0": (*new_model(momentum=1.0), True),
    "남의 매개변수": (new_model()[0], optimizer, True),
}
costs = {name: [update(*run) for _ in range(60)] for name, run in runs.items()}
fig, ax = plt.subplots()
for (name, cost), style in zip(costs.items(), ("-", "--", ".", ":")):
    ax.plot(cost, style, label=name)
    print(f"{cost[0]:.2f}  {min(cost):5.2f}  {max(cost[1:]):5.2f}  {name}")
ax.set(title="망가진 반복문의 비용", xlabel="에폭", ylabel="비용", ylim=(-1, 26))
ax.legend(loc="upper center", ncols=2)
fig.set_label(
    "에폭에 따른 비용. 정상은 0 가까이 내려가 머문다. zero_grad()를 빠뜨리면 출발점 높이와 "
    "0 사이를 오르내리고, 모멘텀 1.0의 점이 그 위에 놓인다. 남의 매개변수는 수평선이다."
)
plt.show()
assert torch.allclose(*map(torch.tensor, list(costs.values())[1:3]), atol=1e-3)

# %%
# 첫 비용, 가장 작은 비용, 둘째 에폭부터 가장 큰 비용입니다. ``zero_grad()``가 없으면 출발점보다
# 높은 곳까지 되돌아옵니다. 쌓인 합이 계수 1인 모멘텀(:ref:`momentum`)의 속도와 같아서, 마찰 없는
# 진자처럼 멈추지 않습니다. 아픈 둘을 점검표에 올립니다.

for model, *rest in (runs["zero_grad() 없음"], runs["남의 매개변수"]):
    check(dict(model.named_parameters()), model, update, model, *rest)

# %%
# 첫 표는 두 크기가 달라, 옛 그래디언트가 섞였습니다. ``zero_grad()``를 부르면
# 낫습니다(:ref:`optimizer`). 둘째 표는 값까지 그대로입니다. 옵티마이저가 맡은 텐서가 모델의
# 바로 그 텐서인지 ``is``로 견줍니다.

cured = torch.optim.SGD(model.parameters(), lr=0.1)
for opt in (optimizer, cured):
    held = opt.param_groups[0]["params"]
    print([p is q for p, q in zip(model.parameters(), held)], held[0].grad is None)

# %%
# 옛 옵티마이저는 다른 텐서를 맡았고, 그 ``.grad``는 ``None``입니다. 모델을 만든 다음에 옵티마이저를
# 만들면 낫습니다. 모델에 등록하지 않은 텐서도 움직이지 않습니다(:ref:`module-class`).
#
# .. _lost-gradients-leaf:
#
# 잎이 아닌 매개변수 고치기
# -------------------------
# 작은 값에서 출발하려고 0.1을 곱하면 ``w``는 곱셈의 결과가 되고, 그래디언트는 ``start``로 갑니다.

start = torch.randn(1, 1, generator=torch.Generator().manual_seed(0))  # 형태 (1, 1)
w = start.requires_grad_() * 0.1  # 형태 (1, 1)
check({"w": w}, lambda x: x @ w, lambda: (x @ w - y).square().mean().backward())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    assert w.grad is None
print("UserWarning:", str(caught[0].message).split(". ")[0])
leaf = w.detach().requires_grad_()  # 형태 (1, 1)
for mistake in (lambda: torch.optim.SGD([w]), lambda: leaf.sub_(1)):
    try:
        mistake()
    except (ValueError, RuntimeError) as error:
        print(f"{type(error).__name__}: {error}")
print([t.is_leaf for t in (leaf, start.to("cpu"), start.double(), leaf - 1)])

# %%
# ``torch.no_grad()`` 없이 제자리에서 갱신하면 둘째 오류가 나고, ``leaf - 1``처럼 새 텐서를 만들면
# 말없이 잎을 잃습니다(:ref:`autograd-update`). ``to()``도 바꿀 것이 있으면 그렇습니다. 떼어 내고
# 다시 표시한 ``leaf``는 잎입니다. 끝으로 고친 옵티마이저로 학습해 참값 2와 견줍니다.

for _ in range(1000):
    update(model, cured)
print(f"w {model.weight.item():.3f}")
assert abs(model.weight.item() - 2) < 1e-4

# %%
# 다 나았습니다. 노트북의 칸을 다시 실행하다 얻는 병은 :ref:`stale-notebook`에서 더 봅니다.
