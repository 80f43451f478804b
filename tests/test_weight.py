"""What a page weighs: little, on every page, and what is drawn is as it was before it was slim."""

import pytest
from pages import html_files, soup
from weight import MOST_BYTES, MOST_REQUESTS, weigh_files


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_page_is_light(site, language):
    """Without figures, no page takes more than 250 kB and 25 requests on a first visit."""
    heavy = {}
    for path in html_files(site / language):
        weight = weigh_files(path)
        soup.cache_clear()
        if weight.bytes > MOST_BYTES or weight.requests > MOST_REQUESTS:
            heavy[path.relative_to(site).as_posix()] = weight
    assert heavy == {}
