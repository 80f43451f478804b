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
