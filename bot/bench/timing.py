"""How long something takes this process, by the time that it has the processor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import process_time

Way = Callable[[], object]

_ROUNDS = 7
_SHORTEST = 0.02


def seconds(way: Way) -> float:
    """Return how many seconds ``way`` takes this once."""
    start = process_time()
    way()
    return process_time() - start


def fastest(ways: Mapping[str, Way]) -> dict[str, float]:
    """Return the fewest seconds that each of ``ways`` takes.

    They take turns, so that what else slows the machine down falls on all alike. Short ones run
    many times a turn; each runs once before it is measured.
    """
    repeats = {name: _repeats(way) for name, way in ways.items()}
    found = dict.fromkeys(ways, float("inf"))
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            found[name] = min(found[name], _turn(way, repeats[name]))
    return found


def _repeats(way: Way) -> int:
    way()
    return max(1, round(_SHORTEST / max(seconds(way), 1e-7)))


def _turn(way: Way, repeats: int) -> float:
    start = process_time()
    for _ in range(repeats):
        way()
    return (process_time() - start) / repeats
