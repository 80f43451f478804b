"""Compare what a source printed with what the book computes, and say how far they agree."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

Numbers = Sequence[float]
Entry = dict[str, Any]

# by source, in the order of the file; its first lines say what an entry holds
SOURCES: dict[str, list[Entry]] = tomllib.loads(
    Path(__file__).parents[1].joinpath("sources.toml").read_text("utf-8")
)
VERDICTS = {entry["id"]: entry for entry in SOURCES.pop("verdict")}
ENTRIES = {entry["id"]: entry for entry in chain.from_iterable(SOURCES.values())}

# a number of its own: not the 0 of AddmmBackward0, but the exponent of 1.5e+05
_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.(\d*))?(?:e([+-]\d+))?(?!\w)")


@dataclass(frozen=True)
class Book:
    """What the book computes for one entry: its numbers in the order of the printed ones.

    Parameters
    ----------
    values : sequence of float
        In full precision.
    text : str, optional
        What PyTorch prints today; its words are compared too.
    rounding : sequence of float, optional
        What the rounding of float32 may change in each value.
    low, high : sequence of float, optional
        The least and the greatest values that the rounding of the printed start allows.
    recovered : bool
        Whether the run begins at a start that the source did not print in full.
    """

    values: Numbers
    text: str | None = None
    rounding: Numbers | None = None
    low: Numbers | None = None
    high: Numbers | None = None
    recovered: bool = False


def printed(text: str) -> Book:
    """Return what PyTorch prints as the book's result: its numbers and its words."""
    return Book(numbers(text), text)


def numbers(text: str) -> list[float]:
    """Return the numbers in a text."""
    return [float(match[0]) for match in _NUMBER.finditer(text)]


def verdict(text: str | None, found: Book | bool | str) -> str:
    """Return the best verdict that holds for a printed text, or for a statement if it is None."""
    if isinstance(found, str):
        return found
    if isinstance(found, bool):
        return ("right" if text is None else "random") if found else "wrong"
    assert text is not None, "a statement is right or wrong"
    wanted, half, got = numbers(text), _half_units(text), found.values
    if len(wanted) != len(got):
        return "wrong"
    zeros = [0.0] * len(got)
    if _between(wanted, got, got, half):
        if found.text is not None and _words(found.text) != _words(text):
            return "changed"
        return "recovered" if found.recovered else "exact"
    slack = [h + r for h, r in zip(half, found.rounding or zeros, strict=True)]
    if found.low and found.high:
        return "start" if _between(wanted, found.low, found.high, slack) else "wrong"
    return "float32" if _between(wanted, got, got, slack) else "wrong"


def disagreement(entry: Entry, found: Book | bool | str | None) -> str | None:
    """Return a sentence if an entry's verdict is not the one that follows from what was found."""
    claimed = entry["verdict"]
    if found is None:
        if "printed" not in entry and claimed in ("right", "wrong"):
            return None
        return f"sources.toml: nothing is computed for {entry['id']}; write its evidence"
    follows = verdict(entry.get("printed"), found)
    if claimed == follows:
        return None
    return (
        f"sources.toml calls {entry['id']} {claimed!r}, but what the book computes makes it "
        f"{follows!r}; mend the entry or the evidence"
    )


def in_the_form_of(text: str, values: Numbers) -> str:
    """Return a printed text with the book's values for its numbers, in as many digits."""
    rest = iter(values)

    def replace(match: re.Match[str]) -> str:
        decimals, exponent = match[1], match[2]
        if decimals is None:
            return f"{next(rest):.0f}"
        point = "" if decimals else "."
        return f"{next(rest):.{len(decimals)}{'e' if exponent else 'f'}}{point}"

    return _NUMBER.sub(replace, text)


def equal_lines(text: str, values: Numbers) -> list[bool]:
    """Say of each printed line whether the book's values agree with it to the last digit."""
    equal, done = [], 0
    for line in text.splitlines():
        wanted = numbers(line)
        got = values[done : done + len(wanted)]
        done += len(wanted)
        equal.append(_between(wanted, got, got, _half_units(line)))
    return equal


def farthest(text: str, values: Numbers) -> float:
    """Return the largest difference from a printed number, in per cent of it."""
    pairs = zip(numbers(text), values, strict=True)
    return max(100 * abs(got / wanted - 1) for wanted, got in pairs if wanted)


def _half_units(text: str) -> list[float]:
    """Return half a unit of the last digit of each number; a little more, for ties."""
    return [
        0.5000001 * 10.0 ** (int(match[2] or 0) - len(match[1] or ""))
        for match in _NUMBER.finditer(text)
    ]


def _between(wanted: Numbers, low: Numbers, high: Numbers, slack: Numbers) -> bool:
    return all(a - s <= w <= b + s for w, a, b, s in zip(wanted, low, high, slack, strict=True))


def _words(text: str) -> str:
    return " ".join(_NUMBER.sub("#", text).split())
