"""Serve a folder as a host of pages would, and start a browser to read it.

As a program: say in one line what to do if none starts.
"""

import shutil
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

NO_CHROMIUM = "no Chromium starts here: install one, or run `playwright install`"


class QuietHandler(SimpleHTTPRequestHandler):
    """Serve files over connections that stay open, and write no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """Say nothing."""


class QuietServer(ThreadingHTTPServer):
    """Mind no browser that leaves a page before all of it has come."""

    def handle_error(self, request, client_address):
        """Say nothing."""


@contextmanager
def serve(folder):
    """Serve a folder, and give its address."""
    with QuietServer(("127.0.0.1", 0), partial(QuietHandler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def chromium_path(playwright):
    """Return where the browser of the machine is, or the one that Playwright installs."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    return path or playwright.chromium.executable_path


def start(playwright):
    """Start that browser, or exit with what to do."""
    from playwright.sync_api import Error  # only the sessions that need a browser have it

    try:
        path = chromium_path(playwright)
        return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    except Error:
        sys.exit(NO_CHROMIUM)


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        start(playwright).close()
