"""The built site, for the tests that read it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import Phase, settings

ROOT = Path(__file__).parents[1]
collect_ignore = ["bench.py", "lighthouse.py"]  # programs of sessions of their own

# whether a mutant fails is all that `nox -s mutation` asks, not for which least example
settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate])


def pytest_addoption(parser):
    """Add the options of `nox -s downloads` and `nox -s browser`."""
    parser.addoption(
        "--every-download", action="store_true", help="run each, with what the index installs"
    )
    parser.addoption(
        "--every-view", action="store_true", help="let axe see each page in both themes and widths"
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build both languages, once for all processes of a run, and return the folder."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", os.getpid())
    built = tmp_path_factory.getbasetemp().parent / f"site-{run}"
    with FileLock(f"{built}.lock"):
        if not built.exists():
            subprocess.run([sys.executable, ROOT / "docs" / "build.py"], check=True)
            built.touch()
    return ROOT / "docs" / "_build" / "html"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """Return a function that runs a tool in a copy of the project with one short script."""
    copy = tmp_path_factory.mktemp("project")
    ignore = shutil.ignore_patterns(
        "_build", "__pycache__", "theory", "reference", "gallery", "*.md"
    )
    shutil.copytree(ROOT / "docs", copy / "docs", ignore=ignore)
    shutil.copytree(ROOT / "linreg_tutorial", copy / "linreg_tutorial")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    for cache in (ROOT / "docs" / "_build" / "doctrees").glob("*-mypy"):  # half a minute to fill
        shutil.copytree(cache, copy / cache.relative_to(ROOT))
    (copy / "gallery" / "1_part").mkdir(parents=True)
    for name, text in FILES.items():
        (copy / name).write_text(text, "utf-8")

    def run(*arguments, **variables):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    run.root = copy
    return run


FILES = {
    "docs/index.md": "(home)=\n# 책\n\n```{toctree}\ngallery/index\n```\n",
    "gallery/index.rst": ".. _gallery:\n\n목록\n====\n\n.. toctree::\n\n   1_part/index\n",
    "gallery/1_part/GALLERY_HEADER.rst": ".. _part:\n\n부분\n====\n",
    "gallery/1_part/plot_1.py": '''"""
.. _page:

쪽
==

글입니다.
"""

from linreg_tutorial.datasets import load_identity

# 이름을 봅니다
print("이름:", load_identity().name)
''',
}
