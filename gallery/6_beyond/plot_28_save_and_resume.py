"""
.. _save-and-resume:

학습을 저장했다가 그대로 잇기
=============================

학습을 멈췄다가 이을 때 가중치(weight)만 저장하면 다른 학습이 됩니다. 모멘텀(momentum)의 속도와
미니배치(mini-batch)를 섞는 순서까지 저장해야 멈춘 적이 없는 학습과 마지막 비트까지 같습니다.
"""

# %%
# .. _save-and-resume-state:
#
# 저장할 것 들여다보기
# --------------------
# ``state_dict()``는 이름과 값을 짝지은 딕셔너리입니다. 모멘텀을 실은 옵티마이저(optimizer)로 다섯
# 에폭(epoch)을 배우고 나서 모델과 옵티마이저의 것을 봅니다.

import pickle
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import torch
from linreg_tutorial import checkpoints
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.trainers import train_module
from torch import nn

plane = make_plane(60, generator=torch.Generator().manual_seed(0))
X, y = plane.X, plane.y  # 형태 (60, 2)와 (60, 1)


def new_run():
    model = nn.Linear(2, 1)
    nn.utils.vector_to_parameters(torch.zeros(3), model.parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.002, momentum=0.9)
    return model, optimizer, torch.Generator().manual_seed(1)


def train(model, optimizer, generator, epochs):
    options = {"optimizer": optimizer, "generator": generator, "batch_size": 10}
    return train_module(model, X, y, epochs=epochs, **options).history.cost


run = model, optimizer, generator = new_run()
start = train(*run, 5)  # 형태 (5,)
print(list(model.state_dict()), list(optimizer.state_dict()))
print({n: tuple(v.shape) for n, v in optimizer.state_dict()["state"][0].items()})

# %%
# ``param_groups``는 학습률(learning rate) 같은 설정이고, ``state``는 지금까지 쌓인 속도입니다.
#
# .. _save-and-resume-pickle:
#
# 데이터로만 읽기
# ---------------
# ``torch.save``가 쓰는 피클(pickle)에는 읽을 때 부를 함수를 적어 넣을 수 있습니다. 모델인 척하며
# ``print``를 부르는 파일을 만듭니다. ``weights_only=True``는 텐서와 수, 글자만 받아들입니다.

folder = tempfile.TemporaryDirectory()
path = Path(folder.name) / "run.pt"
torch.save(model.state_dict(), path)
model.load_state_dict(torch.load(path, weights_only=True))


class Trojan:
    def __reduce__(self):  # 되살릴 때 부를 함수와 인자
        return print, ("읽기만 했는데 코드가 실행되었습니다.",)


torch.save(Trojan(), path)
torch.load(path, weights_only=False)
try:
    torch.load(path, weights_only=True)
except pickle.UnpicklingError as error:
    print("weights_only=True:", type(error).__name__)

# %%
# ``False``는 코드를 실행했고 ``True``는 거절했습니다. PyTorch 2.6부터는 ``True``가 기본값입니다.
#
# .. _save-and-resume-forget:
#
# 무엇을 잊으면 달라지는지 보기
# -----------------------------
# 다섯 에폭에서 멈췄다가 새로 만든 모델로 스무 에폭을 잇습니다. 모두 되살린 것, 옵티마이저의 상태를
# 잊은 것, 난수 생성기(random number generator)를 잊은 것을 멈추지 않은 학습과 견줍니다.

whole = train(*new_run(), 25)  # 형태 (25,)
parts = model.state_dict(), optimizer.state_dict(), generator.get_state()
torch.save(parts, path)
fig, axes = plt.subplots(2, sharex=True, figsize=(5.2, 5.6))
axes[0].semilogy(whole, color="0.55", linewidth=6, label="멈추지 않음")
labels = "모두 되살림", "옵티마이저를 잊음", "생성기를 잊음"
for forgotten, (label, style) in enumerate(zip(labels, ("-", "s--", "^:"))):
    saved = torch.load(path, weights_only=True)
    model, optimizer, generator = new_run()
    model.load_state_dict(saved[0])
    if forgotten != 1:
        optimizer.load_state_dict(saved[1])
    if forgotten != 2:
        generator.set_state(saved[2])
    costs = torch.cat([start, train(model, optimizer, generator, 20)])
    axes[0].semilogy(costs, style, markersize=4, label=label)
    axes[1].plot((costs - whole).abs(), style, markersize=4)
    print(f"{(costs - whole).abs().max():.3f}  {label}")
    assert torch.equal(costs, whole) == (forgotten == 0)
axes[0].set(title="다섯 에폭에서 멈췄다 이은 학습", ylabel="비용 (로그 눈금)")
axes[0].legend()
axes[1].set(xlabel="에폭", ylabel="비용의 차이")
fig.set_label("위는 비용, 아래는 차이. 모두 되살린 학습만 내내 차이가 0이다.")
plt.show()

# %%
# 앞의 수는 비용(cost)의 가장 큰 차이입니다. 모두 되살려야 0입니다. 속도를 잊으면 0에서 다시 속도를
# 붙이느라 뒤처지고, 생성기를 잊으면 처음 다섯 에폭의 순서를 되풀이합니다.
#
# .. _save-and-resume-library:
#
# 체크포인트로 잇기
# -----------------
# :func:`~linreg_tutorial.checkpoints.save_checkpoint`는 이 모두를 체크포인트(checkpoint) 하나에
# 담습니다. 임시 파일에 다 쓴 뒤에야 이름을 바꾸므로, 쓰다가 꺼져도 앞의 체크포인트가 남습니다.

model, optimizer, generator = new_run()
checkpoints.save_checkpoint(path, *run[:2], epoch=5, generator=run[2])
done = checkpoints.load_checkpoint(path, model, optimizer, generator=generator)
assert torch.equal(train(model, optimizer, generator, 25 - done), whole[done:])
path.write_bytes(path.read_bytes()[:1000])  # 앞부분만 남은 파일
try:
    checkpoints.load_checkpoint(path, model, optimizer, generator=generator)
except checkpoints.CheckpointError as error:
    print(str(error).replace(str(path), path.name))
folder.cleanup()
print("w:", " ".join(f"{w:.2f}" for w in model.weight[0]))
assert torch.allclose(model.weight, torch.tensor([2.0, 3.0]), rtol=0, atol=0.2)

# %%
# 이은 학습은 멈추지 않은 학습과 비트까지 같고, 참값 2와 3에 다가갔습니다. 잘린 파일은 아무것도
# 바꾸지 않고 거절합니다. 장치를 바꾸어 배우는 법은 :ref:`device-and-compile`에서 봅니다.
