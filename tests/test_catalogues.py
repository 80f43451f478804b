"""The catalogues: complete, and in step with what they translate."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_catalogue_is_complete():
    """Nothing is untranslated, fuzzy or obsolete; `nox -s translate` says what to do if it is."""
    command = [sys.executable, ROOT / "docs" / "translate.py", "--check"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_compiled_catalogue_is_committed():
    """Templates and compiled catalogues are made by the build, in its own folder."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not [name for name in tracked.stdout.split() if name.endswith((".mo", ".pot"))]
