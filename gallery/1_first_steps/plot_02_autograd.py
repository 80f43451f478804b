r"""
.. _autograd:

미분을 PyTorch에 맡기기
=======================

경사 하강법에는 비용의 그래디언트(gradient)가 필요합니다. 식이 길어지면 손으로 미분하기가
번거롭고 틀리기도 쉽습니다. PyTorch는 계산하는 동안 그 과정을 그래프로 기록해 두었다가, 그래프를
거꾸로 따라가며 미분합니다. 이것이 자동 미분(automatic differentiation)입니다. 식 하나로 그래프를
그리고, 그래디언트를 구하고, 그래디언트가 쌓이는 함정도 밟아 봅니다.
"""

# %%
# .. _autograd-graph:
#
# 계산을 그래프로 기록하기
# ------------------------
# ``requires_grad=True``는 이 텐서로 미분하겠다는 표시입니다. 표시한 텐서로 계산하면 결과에
# ``grad_fn``이 붙습니다. 그 결과를 만든 연산입니다.

import matplotlib.pyplot as plt
import torch
from linreg_tutorial.plots import draw_graph

w = torch.tensor(2.0, requires_grad=True)  # 형태 ()
y = w**2  # 형태 ()
z = 2 * y + 5  # 형태 ()
print(z)

# %%
# 마지막 연산은 덧셈입니다. 연산은 바로 앞의 연산을 알고 있어서, 거슬러 올라가면 계산
# 그래프(computational graph)가 드러납니다.

fig, ax = plt.subplots(figsize=(5.2, 1.5))
draw_graph(ax, z, {"w": w})
ax.set_title("z = 2w² + 5의 계산 그래프")
fig.set_label(
    "z의 계산 그래프. 값이 2인 각진 상자 w에서 출발한 화살표가 둥근 상자 "
    "Pow, Mul, Add를 차례로 지난다."
)
plt.show()

# %%
# 각진 상자는 연산의 결과가 아니라 직접 만든 텐서, 곧 잎 텐서(leaf tensor)입니다. 둥근 상자는
# 차례로 제곱, 2 곱하기, 5 더하기입니다. 2와 5로는 미분하지 않으므로 상자가 없습니다.
#
# .. _autograd-backward:
#
# 그래프를 거꾸로 따라가기
# ------------------------
# ``backward()``는 그래프를 오른쪽 끝에서 왼쪽으로 지나며 연쇄 법칙(chain rule)대로 미분을
# 곱합니다. 이 과정이 역전파(backward pass)입니다. 답은 잎 텐서의 ``grad``에 담깁니다.
#
# .. math::
#
#    \frac{dz}{dw} = \frac{dz}{dy} \cdot \frac{dy}{dw} = 2 \cdot 2w = 4w

print("backward() 전:", w.grad)
z.backward()
print("backward() 뒤:", w.grad)
assert w.grad == 4 * w == 8

# %%
# 비어 있던 ``grad``에 8이 담겼습니다. :math:`w = 2`일 때 :math:`4w`의 값입니다. 한 번 더 부르면
# 어떻게 될까요?

try:
    z.backward()
except RuntimeError as error:
    print(str(error).split(". ")[0])

# %%
# ``backward()``는 미분에 쓰려고 그래프에 담아 둔 값을 다 쓰면 지웁니다. 그래서 빈 그래프에 두
# 번째로 부르면 오류가 납니다. 또 미분하려면 ``y``와 ``z``를 다시 계산해서 새 그래프를 만듭니다.
#
# .. _autograd-accumulate:
#
# 쌓이는 그래디언트 비우기
# ------------------------
# 이번에는 :math:`z = 2w`를 새로 계산해서 ``backward()``를 부르는 일을 스물한 번 되풀이합니다.
# 그래디언트는 언제나 2여야 합니다.

w = torch.tensor(2.0, requires_grad=True)  # 형태 ()
accumulated = []
for _ in range(21):
    z = 2 * w
    z.backward()
    accumulated.append(int(w.grad))
print(*accumulated)
assert accumulated == [2 * n for n in range(1, 22)]

# %%
# 2로 시작해 42까지 늘었습니다. ``backward()``는 ``grad``를 새 값으로 바꾸지 않고 거기에 더합니다.
# 그러니 갱신할 때마다 비워야 합니다. 비우는 방법은 세 가지입니다.

w.grad.zero_()
print("w.grad.zero_()       :", w.grad)
w.grad = None
print("w.grad = None        :", w.grad)
(2 * w).backward()
assert w.grad == 2
torch.optim.SGD([w], lr=0.1).zero_grad()
print("optimizer.zero_grad():", w.grad)

# %%
# ``zero_()``는 0을 써넣고, 나머지 둘은 처음처럼 ``None``으로 되돌립니다. ``zero_grad()``는
# 옵티마이저(optimizer)가 맡은 매개변수를 한꺼번에 비웁니다.
#
# .. _autograd-parameters:
#
# 미분할 텐서 고르기
# ------------------
# 학습하며 옮길 것은 매개변수(parameter)이지 데이터가 아닙니다. 그래서 ``requires_grad``는
# 매개변수에만 켭니다. 데이터 ``x``의 행마다 매개변수 ``a``와 내적해서 모두 더한 값을 ``o``라고
# 하면, ``o``를 ``a``로 미분한 값은 ``x``의 열마다 구한 합입니다.

generator = torch.Generator().manual_seed(0)
x = torch.randn(100, 3, generator=generator)  # 형태 (100, 3)
a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)  # 형태 (3,)
y = torch.mv(x, a)  # 형태 (100,)
o = y.sum()  # 형태 ()
o.backward()
print("a.grad  ", a.grad)
print("x.sum(0)", x.sum(0))
assert torch.allclose(a.grad, x.sum(0), atol=1e-4)
for name, tensor in {"x": x, "a": a, "o": o}.items():
    print(f"{name}: requires_grad={tensor.requires_grad}, is_leaf={tensor.is_leaf}")
assert x.grad is None

# %%
# ``a.grad``는 열의 합과 같습니다. ``x``와 ``a``는 둘 다 잎 텐서이지만 ``grad``는 표시한 ``a``에만
# 담깁니다. 데이터에도 ``requires_grad``를 켠다는 설명이 있지만, 켜지 않아도 매개변수의
# 그래디언트는 나옵니다. ``o``의 ``requires_grad``는 ``a``로 계산했으므로 저절로 ``True``가 됩니다.
#
# .. _autograd-off:
#
# 기록을 끄거나 떼어 내기
# -----------------------
# 매개변수를 갱신하거나 예측만 할 때에는 그래프가 필요 없습니다. ``torch.no_grad()``는 그 안의
# 계산을 기록하지 않습니다. ``detach()``는 이미 있는 텐서를 그래프에서 떼어 내어 돌려줍니다.

with torch.no_grad():
    unrecorded = 2 * w**2 + 5  # 형태 ()
print("no_grad:", unrecorded, unrecorded.grad_fn)
detached = w.detach()  # 형태 ()
detached += 1
print("detach: ", detached, w)
assert detached.data_ptr() == w.data_ptr()

# %%
# ``no_grad`` 안의 결과에는 ``grad_fn``이 없습니다. ``detach()``는 값을 복사하지 않고 메모리를 함께
# 씁니다. 그래서 떼어 낸 텐서에 1을 더하자 ``w``도 3이 되었습니다.
#
# .. _autograd-check:
#
# 공식에 견주기
# -------------
# 처음 식을 일곱 곳에서 한꺼번에 미분해서 공식 :math:`4w`와 견줍니다.

w = torch.arange(-3.0, 4.0, requires_grad=True)  # 형태 (7,)
(2 * w**2 + 5).sum().backward()
print("w:     ", w.tolist())
print("w.grad:", w.grad.tolist())
assert torch.equal(w.grad, 4 * w)

# %%
# 일곱 곳에서 모두 네 배입니다. 이제 그래디언트를 믿고 맡길 수 있습니다.
# :ref:`다음 쪽 <one-step>`에서는 그래디언트를 따라 한 걸음 내려갑니다.
