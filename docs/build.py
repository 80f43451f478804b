"""Build the book: `python docs/build.py [ko] [en]`, both languages side by side by default.

Each language has a source tree of its own under docs/_build/source, with the layout of the
repository and all scripts in that language; Sphinx builds it from there.
"""

import argparse
import hashlib
import importlib
import os
import pkgutil
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
BUILD = DOCS / "_build"
LANGUAGES = ("ko", "en")
SHOWN = ("torch", "numpy", "matplotlib", "scikit-learn", "scipy", "statsmodels")
TOOLS = (*SHOWN, "sphinx", "sphinx-gallery", "myst-nb", "furo", "mypy")

sys.path.insert(0, str(DOCS / "_ext"))

from catalogues import read_translations  # noqa: E402
from localization import localize_header, localize_notebook, localize_script  # noqa: E402
from site_root import write_root  # noqa: E402


def write_tree(language: str, name: str | None = None) -> Path:
    """Bring the source tree of a language up to date, and return its docs folder.

    The tree is called like the language, if no name is given.

    Files that would be the same are left alone, so that every cache stays valid. A tree that was
    made with another library, configuration or version of a tool, or from a file that is gone, is
    thrown away first: the caches of Sphinx-Gallery and MyST-NB know nothing of those.
    """
    name = name or language
    tree = BUILD / "source" / name
    stamp, listing = tree / "made-with", tree / "files"
    made_with = fingerprint()
    catalogue = read_translations(DOCS / "locale", language)
    wanted = {p.relative_to(ROOT).as_posix(): localized(p, catalogue) for p in source_files()}
    wanted |= wheel()
    old = listing.read_text().splitlines() if listing.exists() else []
    if not stamp.exists() or stamp.read_text() != made_with or set(old) - set(wanted):
        for folder in (tree, BUILD / "doctrees" / name, BUILD / "html" / name):
            shutil.rmtree(folder, ignore_errors=True)
    for relative, content in wanted.items():
        target = tree / relative
        if not target.exists() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    listing.write_text("\n".join(wanted))
    stamp.write_text(made_with)
    return tree / "docs"


def localized(path: Path, catalogue: Mapping[str, str]) -> bytes:
    """Return the content of a file with its scripts, whole or in cells, translated."""
    kinds = {".py": localize_script, ".rst": localize_header, ".md": localize_notebook}
    in_gallery = ROOT / "gallery" in path.parents
    if path.suffix not in kinds or (path.suffix == ".md") == in_gallery or path.match("docs/_*/**"):
        return path.read_bytes()
    return kinds[path.suffix](path.read_text("utf-8"), catalogue).encode()


def wheel() -> dict[str, bytes]:
    """Return the library as readers install it, by its path in a source tree."""
    with tempfile.TemporaryDirectory() as folder:
        (built,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
        return {f"wheels/{Path(built).name}": Path(built).read_bytes()}


def source_files() -> list[Path]:
    """Return the files of docs and gallery that a language build needs."""
    return [
        path
        for folder in (DOCS, ROOT / "gallery")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and _belongs(path.relative_to(ROOT))
    ]


def _belongs(path: Path) -> bool:
    built = ("_build", "__pycache__")
    return not any(part in built or part.startswith(".") for part in path.parts)


def fingerprint() -> str:
    """Return a hash of what pages depend on besides their own source."""
    digest = hashlib.sha256(platform.python_version().encode())
    for tool in TOOLS:
        digest.update(f"{tool} {version(tool)}".encode())
    files = [*(ROOT / "linreg_tutorial").rglob("*.py"), *(DOCS / "_ext").glob("*.py")]
    files += [*DOCS.glob("*.py"), DOCS / "docutils.conf", *DOCS.glob("locale/*/*/sphinx.po")]
    files += [*DOCS.glob("_ipython/**/*.py"), DOCS / "redirects.toml"]
    for path in sorted(files):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def import_library() -> None:
    """Import each module of the library: one that raises must fail the build, cached or not."""
    package = importlib.import_module("linreg_tutorial")
    for module in pkgutil.iter_modules(package.__path__, "linreg_tutorial."):
        importlib.import_module(module.name)


def sphinx_environment(language: str, docs: Path) -> dict[str, str]:
    """Return the environment of a build: its language, one thread, the style of notebooks."""
    return {
        **os.environ,
        "DOCS_LANGUAGE": language,
        "OMP_NUM_THREADS": "1",
        "IPYTHONDIR": str(docs / "_ipython"),
        "PYTHONPATH": os.pathsep.join([str(docs / "_ext"), os.environ.get("PYTHONPATH", "")]),
    }


def build(languages: list[str]) -> int:
    """Build the languages side by side and return the number of those that failed."""
    import_library()
    running = []
    for language in languages:
        docs = write_tree(language)
        command = [sys.executable, "-m", "sphinx", "-n", "-W", "--keep-going", "-q", "-b", "html"]
        command += ["-d", str(BUILD / "doctrees" / language)]
        command += [str(docs), str(BUILD / "html" / language)]
        running.append(subprocess.Popen(command, env=sphinx_environment(language, docs)))
    failed = sum(process.wait() != 0 for process in running)
    write_root(DOCS / "_root", BUILD / "html", os.environ.get("DOCS_BASE_URL", ""))
    return failed


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("languages", nargs="*", default="all", choices=[*LANGUAGES, "all"])
    parser.add_argument("--tree-only", action="store_true", help="write the source trees, no more")
    arguments = parser.parse_args()
    languages = list(LANGUAGES) if "all" in arguments.languages else arguments.languages
    if arguments.tree_only:
        for language in languages:
            write_tree(language)
    elif build(languages):
        sys.exit("the build failed; the first warning or error above says where")
    else:
        print(f"open {(BUILD / 'html' / 'index.html').relative_to(ROOT)}")


if __name__ == "__main__":
    main()
