r"""
.. _seeds-and-dtypes:

시드와 자료형을 바로잡기
========================

오류 없이 조용히 틀리는 세 가지를 봅니다. 난수를 고정하지 못하는 시드(seed), 소수점 아래를 버리는
정수 텐서(tensor), 유효 숫자가 모자란 ``float32``입니다. 원인은 저마다 한 줄로 드러납니다.
"""

# %%
# .. _seeds-and-dtypes-seed:
#
# 시드가 난수를 고정하는지 확인하기
# ---------------------------------
# 바탕이 된 자료 하나는 ``torch.cuda.manual_seed(1)``을 네 번 부르고 모델을 CPU에 만듭니다. 그런데
# ``nn.Linear(1, 1)``의 첫 비용(cost)이 한 번은 26.632116, 한 번은 33.495914입니다. 다른 자료는
# ``torch.manual_seed(1)``을 부릅니다. 부르기 전과 후에 CPU 난수의 상태가 같은지 봅니다.

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional as F

draws = []
print("Epoch 0 Cost:", 26.632116, 33.495914)
with torch.random.fork_rng():  # 끝나면 전역 난수의 상태를 되돌린다
    torch.manual_seed(0)
    for seed in (torch.cuda.manual_seed, torch.manual_seed):
        before = torch.get_rng_state()
        seed(1)
        print(seed.__module__, torch.equal(before, torch.get_rng_state()))
    for extra in (0, 1):  # 앞에서 누가 난수를 뽑았는지
        torch.manual_seed(1)
        generator = torch.Generator().manual_seed(1)
        torch.rand(extra)
        weight = nn.Linear(1, 1).weight.item()
        draws.append(torch.rand(1, generator=generator))  # 형태 (1,)
        print(f"global {weight:7.4f}  Generator {draws[-1].item():.4f}")
assert draws[0] == draws[1]

# %%
# ``torch.cuda``의 시드는 CPU의 상태를 바꾸지 않습니다(``True``). 그래서 자료의 두 비용이 다릅니다.
# ``torch.manual_seed``는 듣지만, 앞에서 난수를 하나만 더 뽑아도 다음 값이 바뀝니다. 따로 둔 난수
# 생성기(random number generator) :class:`torch.Generator`는 그래도 같은 값을 냅니다.
#
# .. _seeds-and-dtypes-integers:
#
# 정수 텐서가 막는 것과 버리는 것
# -------------------------------
# ``torch.tensor([1, 2, 3])``의 자료형(dtype)은 ``int64``입니다. 무엇이 막히고 잘리는지 봅니다.

x = torch.tensor([1, 2, 3]).unsqueeze(1)  # 형태 (3, 1)
y = 2 * x  # 형태 (3, 1)
attempts = {
    "nn.Linear": lambda: nn.Linear(1, 1)(x),
    "F.mse_loss": lambda: F.mse_loss(x, y),
    "requires_grad": lambda: torch.tensor([0], requires_grad=True),
    "x -= 0.5": lambda: x.sub_(0.5),
}
for name, attempt in attempts.items():
    try:
        attempt()
    except RuntimeError as error:
        print(f"{name}:\n    {error}")
stored = torch.zeros_like(x)  # 형태 (3, 1)
stored[:] = 1.9 * x
for prediction in (1.9 * x, stored):
    cost = F.mse_loss(prediction.float(), y.float())  # 형태 ()
    print(prediction.flatten(), f"Cost: {cost:.4f}")

# %%
# 오류를 낸 네 가지는 고치기 쉽습니다. 위험한 것은 ``stored``입니다. 1.9, 3.8, 5.7이 1, 3, 5로 잘려
# 비용이 0.0467에서 1.0000으로 뛰었습니다. 반면 ``1.9 * x``는 저절로 실수가 됩니다. 처방은
# ``1.0``처럼 소수점을 찍거나, 데이터를 만들자마자 ``.float()``를 부르는 것입니다.
#
# .. _seeds-and-dtypes-digits:
#
# 큰 수에서 잃어버린 자리 찾기
# ----------------------------
# ``float32``의 간격은 값의 천만분의 1쯤이라 :math:`2^{24}`에 1을 더해도 그대로입니다.
# 기울기(slope)가 0.5인 직선을 교과서의 식으로 구합니다.
#
# .. math::
#
#    w = \frac{n \sum x_i y_i - \sum x_i \sum y_i}{n \sum x_i^2 - \left( \sum x_i \right)^2}
#
# 특성(feature)은 연도, 연도의 제곱, 날짜 번호, 초 단위 시각입니다. 답은 ``float32``, ``float64``,
# 그리고 ``float64``에서 평균을 뺀 다음의 ``float32`` 순으로 적습니다.


def slope(x, y):
    n, sx, sy = len(x), sum(x), sum(y)
    return (n * sum(x * y) - sx * sy) / (n * sum(x * x) - sx * sx)


assert torch.tensor(2.0**24) + 1 == 2**24
print(f"eps {torch.finfo(torch.float32).eps:.1e}")
steps = torch.arange(20).double()  # 형태 (20,)
years = 2001 + steps  # 형태 (20,)
for x in (years, years**2, 730_000 + steps, 1_700_000_000 + steps):
    y = (x - x[0]) / 2  # 형태 (20,)
    single, double = slope(x.float(), y.float()), slope(x, y)
    centred = slope((x - x.mean()).float(), y.float())
    print(f"{x[0]:12.0f}  {single:7.4f}  {double:7.4f}  {centred:.4f}")
    assert abs(centred - 0.5) < 1e-5

# %%
# 식의 분모는 거의 같은 두 큰 수의 차입니다. ``float32``는 연도에서 이미 일곱 자리 가운데 세 자리만
# 맞고, 날짜 번호에서는 답을 모두 잃습니다. 초 단위 시각에서는 ``float64``도 틀립니다. 평균을 먼저
# 빼면 ``float32``로도 맞습니다. 다만 시각을 ``float32``에 담은 뒤라면 간격이 128초라서 늦습니다.
#
# .. _seeds-and-dtypes-descent:
#
# 경사 하강법으로 견주기
# ----------------------
# 이번에는 경사 하강법(gradient descent)입니다. 학습률(learning rate)은 발산하지 않게 골랐습니다.

fig, ax = plt.subplots()
for label, style, x, lr in (
    ("float32", "-", years.float(), 1e-7),
    ("float64", "o", years, 1e-7),
    ("평균을 뺀 float32", "--", (years - years.mean()).float(), 1e-2),
):
    w, b, y, costs = 0.0, 0.0, ((years - 2001) / 2).to(x.dtype), []
    for _ in range(401):
        residual = w * x + b - y  # 형태 (20,)
        costs.append(residual.square().mean().item())
        w, b = w - lr * 2 * (residual * x).mean(), b - lr * 2 * residual.mean()
    ax.semilogy(costs, style, label=label, markevery=25, mfc="none")
    print(f"w {w:.4f}  Cost: {costs[-1]:.2f}  {label}")
ax.set(title="연도를 그대로, 평균을 빼고", xlabel="에폭", ylabel="비용 (로그 눈금)")
ax.legend()
fig.set_label("그대로 쓴 두 곡선은 겹쳐서 멈추고, 평균을 뺀 곡선은 계속 내려간다.")
plt.show()
assert abs(w - 0.5) < 1e-4

# %%
# 골짜기가 길쭉해서 ``float64``도 제자리에 머뭅니다. 평균을 빼면 ``float32``로도 참값 0.5에
# 닿습니다. 자릿수보다 중심이 먼저입니다. 반복 없이 한 번에 푸는 법은 :ref:`closed-form`에서 봅니다.
