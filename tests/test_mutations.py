"""Mistakes that the tests must notice: each is made in a copy of the library.

`nox -s mutation` makes thousands of others, one at a time.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MISTAKES = {
    "a flipped sign in a gradient": (
        "trainers.py",
        "w = w - lr * (2 / n * (X.T @ residual))",
        "w = w + lr * (2 / n * (X.T @ residual))",
        "test_trainers.py",
    ),
    "no factor 2/n": (
        "trainers.py",
        "b = b - lr * (2 / n * residual.sum())",
        "b = b - lr * residual.sum()",
        "test_trainers.py",
    ),
    "two columns of the log swapped": (
        "_run.py",
        'f" W: {weight}, b: {parameters[1].item():.3f}"',
        'f" W: {parameters[1].item():.3f}, b: {weight}"',
        "test_trainers.py",
    ),
    "normal equations instead of QR": (
        "_triangle.py",
        'torch.linalg.qr(torch.cat([T, rows]), mode="r").R',
        "torch.linalg.cholesky(T.T @ T + rows.T @ rows, upper=True)",
        "test_solvers.py",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_tests_notice(mistake, tmp_path):
    """With the mistake in the library, its tests fail."""
    module, right, wrong, tests = MISTAKES[mistake]
    copy = shutil.copytree(ROOT / "linreg_tutorial", tmp_path / "linreg_tutorial")
    source = (copy / module).read_text("utf-8")
    assert source.count(right) == 1
    (copy / module).write_text(source.replace(right, wrong), "utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-q", ROOT / "tests" / tests],
        cwd=tmp_path,  # from where Python imports first
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1, result.stdout
    assert "1 failed" in result.stdout
