"""The scripts: each runs alone, anywhere, in both languages, to the same numbers."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = sorted(p.relative_to(ROOT) for p in (ROOT / "gallery").rglob("plot_*.py"))

SEAM = "-- the script above has ended --"

# draws each figure where the reader would see it, and fails if a glyph is missing
RUN = f"""
import io, runpy, sys
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
from gallery_figures import apply_style, every_glyph
apply_style()
def show():
    with every_glyph():
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()  # begins an animation, which warns if nobody does
            plt.figure(number).savefig(io.BytesIO())
    plt.close("all")
plt.show = show
for script in sys.argv[1:]:
    runpy.run_path(script, run_name="__main__")
    print("{SEAM}")
"""


def run(folder, *scripts):
    """Run scripts in a fresh process with warnings as errors, and return what each printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "docs" / "_ext"), "OMP_NUM_THREADS": "1"}
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", RUN, *scripts],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout.split(SEAM)[:-1]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_script_runs_alone_in_both_languages(script, site, tmp_path):
    """From a foreign folder, both languages print the same numbers, without a warning."""
    scripts = [ROOT / "docs" / "_build" / "source" / language / script for language in ("ko", "en")]
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?")
    numbers = [number.findall(text) for text in run(tmp_path, *scripts)]
    assert sorted(numbers[0]) == sorted(numbers[1])
    assert numbers[0]
    assert list(tmp_path.iterdir()) == []
