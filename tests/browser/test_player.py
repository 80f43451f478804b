"""Animations in a browser: they play, wait for whoever wants that, and show the end otherwise."""

import pytest

PAGE = "ko/gallery/4_descending_well/plot_16_cost_surface.html"
MOVING = {"reduced_motion": "no-preference"}


def frame(page):
    """Return the number of the frame that is seen, which must be the same in all moving parts."""
    hidden = "g => [...g.children].map(c => c.getAttribute('display') !== 'none').join()"
    [pattern] = set(page.eval_on_selector_all("figure.animation .frames", f"l => l.map({hidden})"))
    seen = [number for number, value in enumerate(pattern.split(",")) if value == "true"]
    assert len(seen) == 1
    return seen[0]


def last(page):
    """Return the number of the last frame."""
    return page.locator("figure.animation .frames").first.evaluate("g => g.children.length") - 1


def test_it_plays_when_it_comes_into_view(visit):
    """It waits for the reader, then plays through once, and asks nothing of the network."""
    page = visit(PAGE, **MOVING)
    assert frame(page) == last(page)
    page.locator("figure.animation").scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('figure.animation input').value === '3'")
    assert frame(page) >= 3
    page.wait_for_function(
        f"document.querySelector('figure.animation input').value == {last(page)}"
    )
    assert page.problems == []


@pytest.mark.parametrize("width", [375, 1280])
def test_it_takes_its_room_before_it_is_drawn(visit, width):
    """The controls stand below the drawing, and nothing moves when the reader comes near."""
    page = visit(PAGE, viewport={"width": width, "height": 800}, **MOVING)
    drawing, figure = "figure.animation .drawing", "figure.animation"
    before = [page.locator(part).bounding_box()["height"] for part in (drawing, figure)]
    page.locator(figure).scroll_into_view_if_needed()
    after = [page.locator(part).bounding_box()["height"] for part in (drawing, figure)]
    assert before == after
    assert after[0] == page.locator(f"{drawing} svg").bounding_box()["height"] < after[1]


@pytest.mark.parametrize("key", ["Space", "Enter"])
def test_it_stops_and_goes_on_by_keyboard(visit, key):
    """The button has the keyboard, says what it does, and the frame stays where it stopped."""
    page = visit(PAGE.replace("ko/", "en/"), **MOVING)
    button = page.locator("figure.animation button")
    button.focus()
    page.wait_for_function("document.querySelector('figure.animation input').value === '2'")
    assert button.inner_text() == "Pause"
    page.keyboard.press(key)
    assert button.inner_text() == "Play"
    stopped = frame(page)
    page.wait_for_timeout(700)
    assert frame(page) == stopped < last(page)
    page.keyboard.press(key)
    page.wait_for_function(f"document.querySelector('figure.animation input').value > {stopped}")
    assert frame(page) > stopped


def test_the_slider_steps_through_by_keyboard(visit):
    """Home and the arrow keys show single frames, and stop the playing."""
    page = visit(PAGE, **MOVING)
    page.locator("figure.animation input").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert frame(page) == 1
    page.wait_for_timeout(700)
    assert frame(page) == 1


def test_less_motion_means_that_it_waits(visit):
    """Who asks the system for less motion sees the last frame, and can still play."""
    page = visit(PAGE)
    page.locator("figure.animation").scroll_into_view_if_needed()
    page.wait_for_timeout(700)
    assert frame(page) == last(page)
    page.locator("figure.animation button").click()
    page.wait_for_function("document.querySelector('figure.animation input').value === '2'")
    assert 2 <= frame(page) < last(page)


def test_without_a_script_there_is_the_last_frame(visit):
    """Without JavaScript the drawing is a still, and there is nothing to press."""
    page = visit(PAGE, java_script_enabled=False)
    figure = page.locator("figure.animation")
    assert not figure.locator("button").is_visible()
    groups = figure.locator(".frames")
    for number in range(groups.count()):
        children = groups.nth(number).locator(":scope > *")
        hidden = [c.get_attribute("display") == "none" for c in children.all()]
        assert hidden == [True] * (len(hidden) - 1) + [False]
