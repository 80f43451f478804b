"""Checkpoints: a resumed run is the run, and whatever is no checkpoint is refused untouched."""

import copy
import io
import os
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from linreg_tutorial import checkpoints
from linreg_tutorial.checkpoints import CheckpointError, load_checkpoint, save_checkpoint
from linreg_tutorial.datasets import make_plane
from linreg_tutorial.trainers import train_module

PLANE = make_plane(50, generator=torch.Generator().manual_seed(0))
OPTIMIZERS = {
    "sgd": (torch.optim.SGD, {"lr": 0.02}),
    "momentum": (torch.optim.SGD, {"lr": 0.02, "momentum": 0.9, "nesterov": True}),
    "adam": (torch.optim.Adam, {"lr": 0.1, "amsgrad": True}),
    "adamw": (torch.optim.AdamW, {"lr": torch.tensor(0.1), "weight_decay": 0.1}),
    "adagrad": (torch.optim.Adagrad, {"lr": 0.1}),
    "lbfgs": (torch.optim.LBFGS, {"lr": 0.1, "max_iter": 2}),
}


def new_run(kind="momentum", seed=3, features=2, dtype=torch.float32):
    """Return a model, an optimizer and a generator, the same at each call."""
    model = nn.Linear(features, 1, dtype=dtype)
    nn.utils.vector_to_parameters(torch.zeros(features + 1, dtype=dtype), model.parameters())
    optimizer, options = OPTIMIZERS[kind]
    options = copy.deepcopy(options)
    return model, optimizer(model.parameters(), **options), torch.Generator().manual_seed(seed)


def go_on(run, epochs):
    """Train for some epochs in shuffled mini-batches, and return the costs."""
    model, optimizer, generator = run
    fit = train_module(
        *(model, PLANE.X, PLANE.y),
        optimizer=optimizer,
        epochs=epochs,
        batch_size=8,
        generator=generator,
    )
    return fit.history.cost


def states(run):
    """Return all that a checkpoint holds of a run, as nested lists that can be compared."""

    def plain(value):
        if isinstance(value, torch.Tensor):
            return value.dtype, value.tolist()
        if isinstance(value, dict):
            return {key: plain(part) for key, part in value.items()}
        return [plain(part) for part in value] if isinstance(value, list | tuple) else value

    model, optimizer, generator = run
    return plain([model.state_dict(), optimizer.state_dict(), generator.get_state()])


def save(path, run, epoch=5):
    """Save a run."""
    save_checkpoint(path, run[0], run[1], epoch=epoch, generator=run[2])


def load(path, run):
    """Load a run."""
    return load_checkpoint(path, run[0], run[1], generator=run[2])


@pytest.fixture
def path(tmp_path):
    """Return the path of a checkpoint, after five epochs with momentum."""
    run = new_run()
    go_on(run, 5)
    save(tmp_path / "run.pt", run)
    return tmp_path / "run.pt"


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_resumed_run_is_the_uninterrupted_run_to_the_last_bit(kind, tmp_path):
    """Stopped after 6 of 11 epochs and taken up by new objects, a run ends at the same bits."""
    whole, first, second = new_run(kind), new_run(kind), new_run(kind, seed=99)
    costs = go_on(whole, 11)
    before = go_on(first, 6)
    save(tmp_path / "run.pt", first, epoch=6)
    nn.init.constant_(second[0].weight, 7.0)
    assert load(tmp_path / "run.pt", second) == 6
    assert states(second) == states(first)
    assert torch.equal(torch.cat([before, go_on(second, 5)]), costs)
    assert states(second) == states(whole)


def test_without_a_generator(tmp_path):
    """A run that does not shuffle needs no generator."""
    run, other = new_run("adam"), new_run("adam")
    for model, optimizer, _ in (run, other):
        train_module(model, PLANE.X, PLANE.y, optimizer=optimizer, epochs=3)
    save_checkpoint(str(tmp_path / "run.pt"), *run[:2], epoch=3)
    fresh = new_run("adam")
    assert load_checkpoint(str(tmp_path / "run.pt"), *fresh[:2]) == 3
    assert states(fresh)[:2] == states(other)[:2]


def test_options_of_the_optimizer_come_from_the_checkpoint(path):
    """The learning rate of the run is taken up, not that of the new optimizer."""
    model, optimizer, generator = new_run()
    optimizer.param_groups[0]["lr"] = 5.0
    load(path, (model, optimizer, generator))
    assert optimizer.param_groups[0]["lr"] == 0.02


def test_groups_buffers_and_shared_parameters(tmp_path):
    """Two groups, a buffer and a parameter used twice come back as they were."""

    def build():
        model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2), nn.Linear(2, 2), nn.Linear(2, 1))
        for parameter in model.parameters():
            nn.init.constant_(parameter, 0.1)
        model[2].weight = model[0].weight
        first, *rest = model.parameters()
        groups = [{"params": rest}, {"params": [first], "lr": 0.001}]
        return model, torch.optim.SGD(groups, lr=0.01, momentum=0.5), torch.Generator()

    run, fresh = build(), build()
    go_on(run, 2)
    save(tmp_path / "run.pt", run)
    load(tmp_path / "run.pt", fresh)
    assert states(fresh) == states(run)
    assert fresh[0][2].weight is fresh[0][0].weight


def test_a_scheduler_does_not_stand_in_the_way(tmp_path):
    """What a scheduler notes in the optimizer is saved, and loads into an optimizer without."""
    run = new_run()
    torch.optim.lr_scheduler.StepLR(run[1], 3)
    save(tmp_path / "run.pt", run)
    fresh = new_run()
    load(tmp_path / "run.pt", fresh)
    assert fresh[1].param_groups[0]["initial_lr"] == 0.02


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; run it on one")
@pytest.mark.parametrize(("source", "target"), [("cpu", "cuda"), ("cuda", "cpu")])
def test_from_one_device_to_another(source, target, tmp_path):
    """A checkpoint of one device loads into a model on another."""
    X, y = PLANE.X.to(source), PLANE.y.to(source)
    runs = []
    for device in (source, target):
        model = nn.Linear(2, 1, device=device)
        runs.append((model, torch.optim.Adam(model.parameters(), lr=0.1)))
    train_module(runs[0][0], X, y, optimizer=runs[0][1], epochs=3)
    save_checkpoint(tmp_path / "run.pt", *runs[0], epoch=3)
    assert load_checkpoint(tmp_path / "run.pt", *runs[1]) == 3
    assert torch.equal(runs[1][0].weight.cpu(), runs[0][0].weight.cpu())
    assert runs[1][0].weight.device.type == target
    assert runs[1][1].state[runs[1][0].weight]["exp_avg"].device.type == target


def refused(path, run, message):
    """Check that a load raises, in one line, and changes nothing."""
    before = states(run)
    with pytest.raises(CheckpointError, match=message) as caught:
        load(path, run)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert states(run) == before


@settings(deadline=None, max_examples=50)
@given(part=st.floats(0, 0.999))
def test_a_file_cut_short_is_refused(part, tmp_path_factory):
    """However much of a checkpoint was written, half of it is none."""
    path, run = tmp_path_factory.mktemp("cut") / "run.pt", new_run()
    save(path, run)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    refused(path, run, "not a checkpoint|cut short or damaged")


@settings(deadline=None, max_examples=50)
@given(content=st.binary(max_size=300), zipped=st.booleans())
def test_random_bytes_are_refused(content, zipped, tmp_path_factory):
    """Bytes that no one chose, and archives that hold them, are no checkpoint."""
    path = tmp_path_factory.mktemp("random") / "run.pt"
    path.write_bytes(content)
    if zipped:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", content)
            archive.writestr("archive/version", "3\n")
    refused(path, new_run(), "not a checkpoint|cut short|more than data")


@settings(deadline=None, max_examples=50)
@given(where=st.floats(0, 1), bit=st.integers(0, 7))
def test_a_flipped_bit_changes_nothing_unseen(where, bit, tmp_path_factory):
    """A bit that flips on disk is seen, unless it lies in padding that holds nothing."""
    path, run, fresh = tmp_path_factory.mktemp("bit") / "run.pt", new_run(), new_run()
    go_on(run, 2)
    save(path, run)
    content = bytearray(path.read_bytes())
    content[int(where * (len(content) - 1))] ^= 1 << bit
    path.write_bytes(content)
    before = states(fresh)
    try:
        load(path, fresh)
    except CheckpointError:
        assert states(fresh) == before
    else:
        assert states(fresh) == states(run)


RAN = []


def run_payload():
    """Stand in for the code of an attacker."""
    RAN.append("ran")


class Payload:
    """What a malicious pickle does: name a function to call when it is read."""

    def __reduce__(self):
        return run_payload, ()


@pytest.mark.parametrize("archive", [True, False])
def test_a_pickle_with_code_in_it_is_refused(archive, tmp_path):
    """No code is run, be the file a bare pickle or an archive of torch.save."""
    path = tmp_path / "run.pt"
    if archive:
        torch.save({"format": checkpoints._FORMAT, "model": Payload()}, path)
    else:
        path.write_bytes(pickle.dumps(Payload()))
    refused(path, new_run(), "not a checkpoint|holds more than data")
    assert RAN == []
    if archive:
        torch.load(path, weights_only=False)  # the payload is live, elsewhere
        assert RAN == ["ran"]
        RAN.clear()


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_save_that_fails_keeps_the_previous_checkpoint(step, error, path, monkeypatch):
    """If writing or renaming fails, the old file is whole, and no other is left."""
    before = path.read_bytes()

    def fail(*arguments):
        raise error

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        save(path, new_run(), epoch=9)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


DIE_BEFORE_RENAMING = """
import os, sys, torch
from linreg_tutorial.checkpoints import save_checkpoint
os.replace = lambda *names: os._exit(9)
model = torch.nn.Linear(2, 1)
save_checkpoint(sys.argv[1], model, torch.optim.SGD(model.parameters(), lr=0.1), epoch=9)
"""


def test_a_kill_between_writing_and_renaming_keeps_the_previous_checkpoint(path, tmp_path):
    """A process that dies at the worst moment leaves the old checkpoint, ready to be loaded."""
    killed = subprocess.run([sys.executable, "-c", DIE_BEFORE_RENAMING, path], check=False)
    assert killed.returncode == 9
    assert load(path, new_run()) == 5
    assert len(list(tmp_path.iterdir())) == 2


def test_order_of_writing(path, monkeypatch):
    """The content is on disk before the name changes, and the folder after it."""
    calls = []
    for name in ("fsync", "replace"):
        original = getattr(os, name)
        monkeypatch.setattr(
            os, name, lambda *a, name=name, original=original: calls.append(name) or original(*a)
        )
    save(path, new_run())
    assert calls == ["fsync", "replace"] + ["fsync"] * (os.name != "nt")


def test_a_link_stays_a_link(path, tmp_path):
    """A checkpoint that is reached through a link is replaced where it lies."""
    link = tmp_path / "latest.pt"
    link.symlink_to(path)
    save(link, new_run(), epoch=8)
    assert link.is_symlink()
    assert load(path, new_run()) == 8


def test_missing_files_and_folders(tmp_path):
    """A missing file or folder is said so, as the system says it, and nothing is made."""
    with pytest.raises(FileNotFoundError, match=r"run\.pt"):
        load(tmp_path / "run.pt", new_run())
    with pytest.raises(FileNotFoundError, match=r"folder .*nowhere does not exist; make it"):
        save(tmp_path / "nowhere" / "run.pt", new_run())
    assert list(tmp_path.iterdir()) == []


def with_other(part):
    """Return a run that differs from the saved one in one part."""
    model, _, generator = new_run()
    if part == "shape":
        return new_run(features=3)
    if part == "dtype":
        return new_run(dtype=torch.float64)
    if part == "names":
        model = nn.Sequential(model)
    if part == "missing":
        model = nn.Linear(2, 1, bias=False)
    if part == "class":
        return model, torch.optim.Adam(model.parameters()), generator
    order = list(model.parameters())[:: -1 if part == "order" else 1]
    return model, torch.optim.SGD(order, lr=0.1), generator


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("shape", r"'weight' is torch.float32 of shape \(1, 3\) in the model but .*\(1, 2\)"),
        ("dtype", r"'weight' is torch.float64 .* in the model but torch.float32"),
        ("names", r"the model has '0.weight', the checkpoint does not"),
        ("missing", r"the checkpoint has 'bias', the model does not"),
        ("class", "is of SGD, but optimizer is Adam; pass one of that class"),
        ("order", r"an optimizer of \[\['weight', 'bias'\]\], but this one holds .* same order"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(part, message, path):
    """Another shape, dtype, name, class of optimizer or order of parameters is named."""
    refused(path, with_other(part), message)


def test_generator_given_but_not_saved_and_the_reverse(path, tmp_path):
    """A generator has to be there on both sides or on neither."""
    model, optimizer, _ = run = new_run()
    save_checkpoint(tmp_path / "without.pt", model, optimizer, epoch=1)
    refused(tmp_path / "without.pt", run, "holds no generator's state; leave generator out")
    with pytest.raises(CheckpointError, match=r"pass generator=torch\.Generator\(\) to go on"):
        load_checkpoint(path, model, optimizer)


def change(path, **fields):
    """Write a checkpoint anew with some fields changed, or left out where None is given."""
    content = torch.load(path, weights_only=True)
    content = {k: v for k, v in {**content, **fields}.items() if v is not None}
    torch.save(content, path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"format": "theirs"}, "was not written by save_checkpoint"),
        ({"version": 2}, "format version 2, not 1"),
        ({"epoch": None}, "lacks the epoch"),
        ({"model": [1]}, "lacks the model"),
        ({"optimizer_state": {}}, "does not fit this model and optimizer"),
        ({"optimizer_state": {"state": {}, "param_groups": []}}, "does not fit this model"),
        (
            {"optimizer_state": {"state": {}, "param_groups": [{"params": [0, 1]}]}},
            "does not fit this model and optimizer",
        ),
        ({"generator": torch.zeros(16, dtype=torch.uint8)}, "another kind of generator .* cpu"),
        ({"generator": torch.zeros(5056)}, "another kind of generator than one on cpu"),
    ],
)
def test_a_file_that_lacks_something_is_refused(fields, message, path):
    """A field that is absent or of another kind is named, and nothing is changed."""
    change(path, **fields)
    run = new_run()
    go_on(run, 1)
    refused(path, run, message)


def test_other_files_of_torch_are_refused(path):
    """A bare state dict is a file of torch.save, but no checkpoint."""
    for content in (new_run()[0].state_dict(), torch.zeros(3)):
        torch.save(content, path)
        refused(path, new_run(), "was not written by save_checkpoint")


def test_what_could_not_be_read_back_is_not_saved(path):
    """A NumPy number or a function in the optimizer is refused before the old file goes."""
    before = path.read_bytes()
    for value in (np.float64(0.1), lambda: 0.1):
        run = new_run()
        run[1].param_groups[0]["lr"] = value
        with pytest.raises(CheckpointError, match=r"turn a NumPy number such as the lr"):
            save(path, run)
    assert path.read_bytes() == before


def test_arguments_are_checked_first(tmp_path):
    """A wrong argument is named, and no file is made."""
    (model, optimizer, _), path = new_run(), tmp_path / "run.pt"
    for epoch, error in ((-1, ValueError), (1.0, TypeError), (True, TypeError)):
        with pytest.raises(error, match="epoch must be"):
            save_checkpoint(path, model, optimizer, epoch=epoch)
    with pytest.raises(TypeError, match=r"generator must be a torch\.Generator, got int"):
        save_checkpoint(path, model, optimizer, epoch=0, generator=0)
    with pytest.raises(TypeError, match=r"generator must be a torch\.Generator, got int"):
        load_checkpoint(path, model, optimizer, generator=0)
    with pytest.raises(TypeError, match=r"model must be a torch\.nn\.Module, got OrderedDict"):
        save_checkpoint(path, model.state_dict(), optimizer, epoch=0)
    with pytest.raises(TypeError, match="optimizer must be an instance"):
        save_checkpoint(path, model, torch.optim.SGD, epoch=0)
    with pytest.raises(ValueError, match="optimizer holds a parameter that model does not"):
        save_checkpoint(path, nn.Linear(2, 1), optimizer, epoch=0)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_plain_torch(path):
    """Without the library, torch.load reads the file, with weights_only=True."""
    content = torch.load(io.BytesIO(path.read_bytes()), weights_only=True)
    model = nn.Linear(2, 1)
    model.load_state_dict(content["model"])
    assert content["epoch"] == 5
    assert (content["format"], content["version"]) == ("linreg_tutorial checkpoint", 1)
