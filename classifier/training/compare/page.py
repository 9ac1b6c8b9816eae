"""The comparison as one page that needs no other file and runs no script."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from classifier.training.compare.figures import (
    duration,
    of_slice,
    plain,
    share,
    short_size,
    slices_of,
)
from classifier.training.compare.mistakes import Confusion, Mistake, confusion, false_alarms, misses
from classifier.training.compare.outcome import THRESHOLD, Comparison, Result
from classifier.training.ranking import Curve, precision_recall
from classifier.training.report import OVERALL, Numbers

_MISTAKES = 5
_HIGHLIGHTED = 5
_SIZE = (320, 240)
"""Width and height of a curve's picture, in its own units."""
_TEXT = 280
"""Characters of a text that are shown."""


@dataclass(frozen=True, slots=True)
class _Card:
    """What the page shows of one candidate."""

    result: Result
    path: str
    place: int
    confusion: Confusion
    false_alarms: list[Mistake]
    misses: list[Mistake]


def render(comparison: Comparison) -> str:
    """Return the page."""
    cards = _cards(comparison)
    ranked = sorted(cards, key=lambda card: card.place)
    columns = ("f1", "precision", "recall", "auc", "average_precision")
    return _page().render(
        comparison=comparison,
        threshold=THRESHOLD,
        cards=cards,
        ranked=ranked,
        highlighted=ranked[:_HIGHLIGHTED],
        others=ranked[_HIGHLIGHTED:],
        slices=slices_of(comparison),
        best={name: _best(comparison, name) for name in columns},
        base=sum(row.label for row in comparison.held_out) / len(comparison.held_out),
        size=_SIZE,
        along=_scale(comparison),
    )


def draw_curve(curve: Curve) -> str:
    """Return the points of a curve, recall to the right and precision upwards, for an SVG path."""
    width, height = _SIZE
    points = np.column_stack([curve.recall * width, (1 - curve.precision) * height])
    kept = np.append(np.any(np.diff(points, axis=0) != 0, axis=1), True)
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points[kept])


def _cards(comparison: Comparison) -> list[_Card]:
    rows = comparison.held_out
    labels = np.array([row.label for row in rows], dtype=np.float64)
    places = _places(comparison)
    return [
        _Card(
            result=result,
            path=draw_curve(precision_recall(labels, result.scores)),
            place=place,
            confusion=confusion(rows, result.scores),
            false_alarms=false_alarms(rows, result.scores, _MISTAKES),
            misses=misses(rows, result.scores, _MISTAKES),
        )
        for result, place in zip(comparison.results, places, strict=True)
    ]


def _places(comparison: Comparison) -> list[int]:
    """Return for each candidate how many have a higher average precision, or came first with it."""
    precisions: Numbers = np.array(
        [_value(result, "average_precision") for result in comparison.results]
    )
    order = np.argsort(-precisions, kind="stable")
    places = np.empty(len(order), dtype=int)
    places[order] = np.arange(len(order))
    return [int(place) for place in places]


def _scale(comparison: Comparison) -> Callable[[float], float]:
    """Return where an F1 lies, in percent, on a scale that every interval fits on."""
    ends = [end for result in comparison.results for end in result.f1_between]
    low, high = math.floor(min(ends) * 10) / 10, math.ceil(max(ends) * 10) / 10
    return lambda value: 100 * (value - low) / (high - low or 1)


def _best(comparison: Comparison, measure: str) -> float:
    return max(_value(result, measure) for result in comparison.results)


def _value(result: Result, measure: str) -> float:
    whole = result.slices[OVERALL]
    found = getattr(whole if hasattr(whole, measure) else whole.called, measure)
    return -1.0 if found is None else float(found)


def _cut(text: str) -> str:
    return plain(text, _TEXT)


@cache
def _page() -> Template:
    """Compiled when a page is first asked for: other commands start without it."""
    environment = Environment(
        loader=PackageLoader("classifier.training.compare"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(cut=_cut, share=share, size=short_size, seconds=duration)
    environment.globals.update(of_slice=of_slice, value=_value)
    return environment.get_template("compare.html.j2")
