"""Show one language in the browser, rebuilt on every change: `python docs/live.py [ko|en]`."""

import argparse
import subprocess
import sys

from build import BUILD, DOCS, LANGUAGES, ROOT, sphinx_environment, write_tree


def main() -> None:
    """Serve the language at port 8000 until interrupted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", nargs="?", default="ko", choices=LANGUAGES)
    parser.add_argument("--port", default="8000")
    arguments = parser.parse_args()
    docs = write_tree(arguments.language)
    rewrite = f'"{sys.executable}" "{DOCS / "build.py"}" --tree-only {arguments.language}'
    command = [sys.executable, "-m", "sphinx_autobuild", "--port", arguments.port]
    command += ["--pre-build", rewrite, "--ignore", str(BUILD)]
    for folder in (DOCS, ROOT / "gallery", ROOT / "linreg_tutorial"):
        command += ["--watch", str(folder)]
    command += ["-d", str(BUILD / "doctrees" / arguments.language)]
    command += [str(docs), str(BUILD / "html" / arguments.language)]
    environment = sphinx_environment(arguments.language, docs)
    sys.exit(subprocess.run(command, env=environment, check=False).returncode)


if __name__ == "__main__":
    main()
