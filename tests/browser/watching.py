"""What goes wrong in a page while it is open."""


def watch(page, home):
    """Return a list that grows with what goes wrong in a page of the site at `home`."""
    problems = []

    def note(what, wrong=True):
        if wrong:
            problems.append(what)

    page.on("request", lambda r: note(f"asks {r.url}", not r.url.startswith((home, "data:"))))
    page.on("response", lambda r: note(f"{r.status} {r.url}", r.status >= 400))
    # what has not come when the next page is opened is broken off
    page.on(
        "requestfailed",
        lambda r: note(f"misses {r.url}", r.failure not in (None, "net::ERR_ABORTED")),
    )
    complaints = ("warning", "error")  # Furo logs each change of the theme
    page.on("console", lambda m: note(f"console: {m.text}", m.type in complaints))
    page.on("pageerror", lambda error: note(f"error: {error}"))
    return problems
