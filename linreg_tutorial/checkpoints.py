"""Save a training run and take it up again; nothing here knows how a run is trained."""

import copy
import io
import os
import secrets
import zipfile
from contextlib import suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from linreg_tutorial._checks import check_count, check_generator

__all__ = ["CheckpointError", "load_checkpoint", "save_checkpoint"]

_FORMAT, _VERSION = "linreg_tutorial checkpoint", 1
_FIELDS = {
    "epoch": int,
    "model": dict,
    "optimizer": str,
    "optimizer_parameters": list,
    "optimizer_state": dict,
    "generator": Tensor | None,
}


class CheckpointError(RuntimeError):
    """A file is not a whole checkpoint, or belongs to another model, optimizer or generator."""


def save_checkpoint(
    path: str | PathLike[str],
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    epoch: int,
    generator: torch.Generator | None = None,
) -> None:
    """Write down all that a run needs to go on as if it had never stopped.

    Until the new file is whole and on disk, the previous one stays in its place.

    Parameters
    ----------
    path : str or path-like
        The file; one that exists is replaced.
    model : torch.nn.Module
        Its state dict is saved: parameters and buffers.
    optimizer : torch.optim.Optimizer
        Its state dict is saved: options such as the learning rate, and momentum and the like.
    epoch : int
        Number of epochs done, 0 or more.
    generator : torch.Generator, optional
        The generator that shuffles the mini-batches. The global one is not saved.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or the optimizer holds a parameter of another model.
    FileNotFoundError
        If the folder does not exist.
    OSError
        If the file cannot be written.
    CheckpointError
        If the model or the optimizer holds what cannot be read back safely.

    Notes
    -----
    The bytes go to a temporary file in the same folder, then to disk (`fsync`), and only then
    take the name of the checkpoint (`os.replace`), which the system does as a whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> model = nn.Linear(1, 1)
    >>> sgd = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(f"{folder}/run.pt", model, sgd, epoch=10)
    ...     load_checkpoint(f"{folder}/run.pt", model, sgd)
    10
    """
    content = {
        "format": _FORMAT,
        "version": _VERSION,
        "epoch": check_count("epoch", epoch, least=0),
        "optimizer_parameters": _parameter_names(model, optimizer),
        "model": model.state_dict(),
        "optimizer": type(optimizer).__name__,
        "optimizer_state": optimizer.state_dict(),
        "generator": None if generator is None else check_generator(generator).get_state(),
    }
    file = Path(path).resolve()
    if not file.parent.is_dir():
        raise FileNotFoundError(f"the folder {file.parent} does not exist; make it first")
    buffer = io.BytesIO()
    try:
        torch.save(content, buffer)
        torch.load(io.BytesIO(buffer.getbuffer()), map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(
            "model and optimizer must hold nothing but tensors, numbers and text to be saved; "
            "turn a NumPy number such as the lr into a float"
        ) from error
    _replace(file, buffer.getbuffer())


def load_checkpoint(
    path: str | PathLike[str],
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    *,
    generator: torch.Generator | None = None,
) -> int:
    """Bring model, optimizer and generator back to where :func:`save_checkpoint` found them.

    Either all of them are brought back, or none is changed.

    Parameters
    ----------
    path : str or path-like
        The file. It is read as data only: no code in it is run.
    model : torch.nn.Module
        Built as it was for the run, on any device.
    optimizer : torch.optim.Optimizer
        Of the same class, made from the same parameters in the same order. Its options become
        those of the checkpoint.
    generator : torch.Generator, optional
        Needed if, and only if, one was saved; its own seed does not matter.

    Returns
    -------
    int
        Number of epochs done when it was saved.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, or the optimizer holds a parameter of another model.
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is cut short, damaged or no checkpoint, holds code, or does not fit the
        model, the optimizer or the generator.
    """
    names = _parameter_names(model, optimizer)
    if generator is not None:
        check_generator(generator)
    saved = _read(path)
    problem = (
        _model_problem(saved["model"], model.state_dict())
        or _optimizer_problem(saved, optimizer, names)
        or _generator_problem(saved["generator"], generator)
    )
    if problem is not None:
        raise CheckpointError(f"{fspath(path)} {problem}")
    before = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    try:
        _restore(model, optimizer, saved["model"], saved["optimizer_state"])
    except Exception as error:
        _restore(model, optimizer, *before)
        raise CheckpointError(
            f"{fspath(path)} does not fit this model and optimizer; build both as they were saved"
        ) from error
    if generator is not None:
        generator.set_state(saved["generator"])
    return int(saved["epoch"])


def _parameter_names(model: Any, optimizer: Any) -> list[list[str]]:
    """Return, for each parameter group, what the model calls its parameters."""
    if not isinstance(model, nn.Module):
        raise TypeError(f"model must be a torch.nn.Module, got {type(model).__name__}")
    if not isinstance(optimizer, torch.optim.Optimizer):
        raise TypeError(
            f"optimizer must be an instance of torch.optim.Optimizer, got {optimizer!r}"
        )
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    groups = [group["params"] for group in optimizer.param_groups]
    if not all(id(parameter) in names for group in groups for parameter in group):
        raise ValueError(
            "optimizer holds a parameter that model does not; make it from this model's"
        )
    return [[names[id(parameter)] for parameter in group] for group in groups]


def _replace(file: Path, content: memoryview) -> None:
    """Put the content in the place of the file, whole or not at all, also if power fails."""
    temporary = file.with_name(f".{file.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    if os.name != "nt":  # Windows opens no folders
        with suppress(OSError):  # some network folders refuse; the file itself is in place
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _read(path: str | PathLike[str]) -> dict[str, Any]:
    """Return the content of a checkpoint, or say why the file is none."""
    raw = Path(path).read_bytes()
    if not raw.startswith(b"PK"):  # torch.save writes a zip archive
        raise CheckpointError(f"{fspath(path)} is not a checkpoint; pass one of save_checkpoint's")
    if not _is_whole(raw):
        raise CheckpointError(f"{fspath(path)} is cut short or damaged; use an earlier checkpoint")
    try:
        saved = torch.load(io.BytesIO(raw), map_location="cpu", weights_only=True)
    except Exception as error:
        raise CheckpointError(
            f"{fspath(path)} holds more than data, or no data, and was not read; pass a "
            "checkpoint of save_checkpoint"
        ) from error
    if not isinstance(saved, dict) or saved.get("format") != _FORMAT:
        raise CheckpointError(
            f"{fspath(path)} was not written by save_checkpoint; read it with torch.load(..., "
            "weights_only=True)"
        )
    if saved.get("version") != _VERSION:
        raise CheckpointError(
            f"{fspath(path)} has format version {saved.get('version')}, not {_VERSION}; use the "
            "version of linreg_tutorial that wrote it"
        )
    for field, kind in _FIELDS.items():
        if field not in saved or not isinstance(saved[field], kind):
            raise CheckpointError(f"{fspath(path)} lacks the {field}; use an earlier checkpoint")
    return saved


def _is_whole(raw: bytes) -> bool:
    """Compare the check sums of an archive, which `torch.load` does not look at."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            return archive.testzip() is None
    except Exception:
        return False


def _model_problem(saved: dict[str, Any], current: dict[str, Any]) -> str | None:
    """Say how the saved state of a model differs from this model, if it does."""
    for name in [*current, *saved]:
        if name not in saved or name not in current:
            there, absent = ("model", "checkpoint") if name in current else ("checkpoint", "model")
            return (
                f"does not fit: the {there} has {name!r}, the {absent} does not; build the model "
                "as it was saved"
            )
    for name, value in current.items():
        here, there = _kind(value), _kind(saved[name])
        if here != there:
            return (
                f"does not fit: {name!r} is {here} in the model but {there} in the checkpoint; "
                "build the model as it was saved"
            )
    return None


def _kind(value: Any) -> str:
    if isinstance(value, Tensor):
        return f"{value.dtype} of shape {tuple(value.shape)}"
    return type(value).__name__


def _optimizer_problem(
    saved: dict[str, Any], optimizer: torch.optim.Optimizer, names: list[list[str]]
) -> str | None:
    """Say how the saved optimizer differs from this one, if it does."""
    name = type(optimizer).__name__
    if saved["optimizer"] != name:
        return f"is of {saved['optimizer']}, but optimizer is {name}; pass one of that class"
    if saved["optimizer_parameters"] != names:
        return (
            f"is of an optimizer of {saved['optimizer_parameters']}, but this one holds {names}; "
            "make it from the same parameters in the same order"
        )
    return None


def _generator_problem(saved: Tensor | None, generator: torch.Generator | None) -> str | None:
    """Say why the saved state is none of this generator, if so; the generator is left alone."""
    if saved is None:
        if generator is None:
            return None
        return "holds no generator's state; leave generator out, or save with generator=..."
    if generator is None:
        return "holds a generator's state; pass generator=torch.Generator() to go on with it"
    try:
        torch.Generator(generator.device).set_state(saved)
    except (RuntimeError, TypeError):
        return f"holds the state of another kind of generator than one on {generator.device}"
    return None


def _restore(model: nn.Module, optimizer: torch.optim.Optimizer, weights: Any, state: Any) -> None:
    """Load both states, and see to it that no option of the optimizer gets lost."""
    options = optimizer.param_groups[0].keys() & optimizer.defaults.keys()
    model.load_state_dict(weights)
    optimizer.load_state_dict(state)
    for group in optimizer.param_groups:
        if not options <= group.keys():
            raise KeyError(*(options - group.keys()))
