"""What a first visit takes, as the browser counts it."""

import pytest
from weight import KINDS, MOST_BYTES, MOST_REQUESTS, weigh_files, weigh_visit


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_first_visit_is_light(chromium, site, served, kind, language):
    """A page of each kind takes at most 250 kB and 25 requests, and no file but those it names."""
    name = f"{language}/{KINDS[kind]}.html"
    with chromium.new_context(color_scheme="light") as context:
        visited = weigh_visit(context.new_page(), f"{served}/{name}")
    assert visited.bytes <= MOST_BYTES
    assert visited.requests <= MOST_REQUESTS
    assert weigh_files(site / name) == visited
