"""
.. _data-as-tensors:

데이터를 텐서에 담기
====================

다섯 사람의 키와 몸무게를 Python 리스트에서 NumPy 배열로, 다시 텐서(tensor)로 옮깁니다. 그때마다
형태(shape)와 자료형(dtype)이 어떻게 달라지는지 봅니다. 이 책에서 특성(feature)은 언제나 형태
``(n, d)``, 정답(target)은 형태 ``(n, 1)``입니다. 행 하나가 한 사람이고, 열 하나가 특성 하나입니다.
"""

# %%
# .. _data-as-tensors-lists:
#
# 리스트를 열로 세우기
# --------------------
# ``torch.tensor``는 리스트에 든 수를 보고 자료형을 정합니다. 정수만 있으면 ``int64``, 소수가
# 있으면 ``float32``입니다. 계산은 ``float32``로 하므로 키는 ``float()``로 바꿉니다.
# ``unsqueeze(1)``은 길이가 1인 축을 더해서, 한 줄로 누운 수들을 열로 세웁니다.

import matplotlib.pyplot as plt
import numpy as np
import torch
from linreg_tutorial.datasets import load_height_weight

heights = [166, 176, 171, 173, 169]  # 단위 cm
weights = [58.7, 75.7, 62.1, 70.4, 60.1]  # 단위 kg
height, weight = torch.tensor(heights), torch.tensor(weights)  # 둘 다 형태 (5,)
X, y = height.float().unsqueeze(1), weight.unsqueeze(1)  # 둘 다 형태 (5, 1)
for name, tensor in {"height": height, "weight": weight, "X": X, "y": y}.items():
    print(f"{name:6} {tuple(tensor.shape)!s:6} {tensor.dtype}")
assert (y - weight).shape == (5, 5)

# %%
# 특성이 하나뿐이어도 ``X``는 ``(5, 1)``, 곧 ``(n, d)``입니다. 축을 맞추지 않고 ``(n, 1)``에서
# ``(n,)``을 빼면 오류도 없이 ``(n, n)``이 나오는데, 그 위험은
# :ref:`broadcasting`에서 다룹니다.

# %%
# .. _data-as-tensors-numpy:
#
# NumPy와 주고받기
# ----------------
# 배열을 텐서로 옮길 때 ``torch.tensor``는 수를 복사하고, ``torch.from_numpy``는 배열과 메모리를
# 함께 씁니다. ``numpy()``는 텐서를 배열로 되돌립니다. 처음 배열의 첫 수를 고쳐 봅니다.

array = np.array(weights)  # 형태 (5,)
copied, shared = torch.tensor(array), torch.from_numpy(array)  # 둘 다 형태 (5,)
back = shared.numpy()  # 형태 (5,)
array[0] = 100
print(f"copied {copied[0]:.1f} shared {shared[0]:.1f} back {back[0]:.1f}")

# %%
# 복사한 텐서만 그대로입니다. 나머지 둘은 같은 메모리를 보고 있으므로 따라 바뀌었습니다.
#
# NumPy는 소수를 ``float64``로 담고, 텐서는 그 자료형을 물려받습니다. ``float32``로 바꾸면 자릿수의
# 절반쯤을 버립니다. 58.7 kg이 얼마나 달라지는지 재어 봅니다.

single = copied.float()  # 형태 (5,)
for tensor in (copied, single):
    print(f"{tensor.dtype} {tensor[0].item():.12f} kg")
print(f"{(single[0].item() - copied[0].item()) * 1e6:.2f} mg")

# %%
# 차이가 1 mg도 되지 않습니다. 몸무게를 그렇게까지 정확히 재지는 않으니 ``float32``면 충분합니다.

# %%
# .. _data-as-tensors-axes:
#
# 축의 순서 읽기
# --------------
# 두 배열을 나란히 놓아 표로 만들 때는 축의 순서를 봐야 합니다. 이 책의 바탕이 된 자료 하나는
# ``np.dstack``을 쓰는데, 이 함수는 셋째 축을 따라 쌓습니다.

print("np.dstack:      ", np.dstack([heights, weights]).shape)
print("np.column_stack:", np.column_stack([heights, weights]).shape)
print("torch.stack:    ", tuple(torch.stack([height, weight], dim=1).shape))

# %%
# ``np.dstack``의 결과는 맨 앞 축의 길이가 사람 수인 5가 아니라 1입니다. 필요한 형태는 ``(n, d)``로,
# 여기서는 ``(5, 2)``입니다. ``np.column_stack``이나 ``torch.stack``이 그렇게 쌓습니다.
#
# 다른 자료는 형태 ``(3, 1)``인 텐서를 두고 PyTorch는 기본적으로 NCHW라고 합니다. 그러나 NCHW는
# **이미지 묶음**에 있는 네 축의 순서입니다. N은 이미지의 수, C는 색 채널(channel)의 수, H는
# 높이(height), W는 너비(width)입니다.

column = torch.tensor([[1.0], [2.0], [3.0]])  # 형태 (3, 1)
images = torch.zeros(8, 3, 24, 32)  # 형태 (8, 3, 24, 32)
print("(n, d)", tuple(column.shape), " NCHW", tuple(images.shape))

# %%
# 표에는 축이 둘뿐입니다. ``(3, 1)``은 ``(n, d)``이고, 세 행과 특성 하나로 읽습니다.

# %%
# .. _data-as-tensors-scatter:
#
# 산점도로 보기
# -------------
# 한 사람을 점 하나로 찍은 그림을 산점도(scatter plot)라고 합니다. 산포도라고 쓴 자료도 있지만,
# 산포도(dispersion)는 그림이 아니라 값들이 흩어진 정도입니다.

fig, ax = plt.subplots()
ax.scatter(X, y)
ax.set(title="다섯 사람의 키와 몸무게", xlabel="키 (cm)", ylabel="몸무게 (kg)")
fig.set_label("키와 몸무게의 산점도. 다섯 점이 오른쪽으로 갈수록 높아진다.")
plt.show()
assert torch.equal(height.argsort(), weight.argsort())

# %%
# 키 순서로 세우나 몸무게 순서로 세우나 차례가 같습니다. 키가 큰 사람이 더 무겁습니다.

# %%
# .. _data-as-tensors-check:
#
# 평균을 0으로 옮기고 견주기
# --------------------------
# 키와 몸무게에서 각각 평균을 뺍니다. 처음의 두 텐서는 같은 데이터를 돌려주는 함수
# :func:`~linreg_tutorial.datasets.load_height_weight`와 견주어 봅니다.

X_centred, y_centred = X - X.mean(), y - y.mean()  # 둘 다 형태 (5, 1)
print(f"{X.mean().item():.1f} cm {X_centred.flatten()}")
print(f"{y.mean().item():.1f} kg {y_centred.flatten()}")
assert X_centred.mean().abs() < 1e-5
assert y_centred.mean().abs() < 1e-5

data = load_height_weight()
assert torch.equal(X, data.X)
assert torch.equal(y, data.y)

# %%
# 첫째 사람은 평균 171.0 cm보다 5 cm 작고, 평균 65.4 kg보다 6.7 kg 가볍습니다. 옮긴 데이터의 평균은
# 0이고, 손으로 만든 텐서는 라이브러리의 데이터와 똑같습니다. 다음은 :ref:`autograd`입니다. 텐서로
# 한 계산을 PyTorch가 미분합니다.
