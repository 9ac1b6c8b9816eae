"""Learning curves as a picture: an SVG, written without a library."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import ModelError
from classifier.training.fit import Epoch

LEARNING_CURVES = "learning-curves.svg"

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 24, 48, 56
_LEGEND, _ENTRY = _LEFT + 24, 180
_TICKS, _MOST_NAMED = 5, 20
_LEARNED, _HELD_OUT, _INK, _GRID = "#1f77b4", "#d9541e", "#333333", "#dddddd"


def draw_curves(history: Sequence[Epoch], path: Path) -> None:
    """Write the loss of each epoch, and that on held-out rows if there are any, to ``path``.

    The best epoch on the held-out rows is marked.

    Args:
        history: at least one epoch.
        path: of an SVG; what stands there is replaced.

    Raises:
        ModelError: if it cannot be written.
    """
    try:
        path.write_text(curves_svg(history), encoding="utf-8")
    except OSError as error:
        raise ModelError(error.strerror or str(error), path=path) from error


def curves_svg(history: Sequence[Epoch]) -> str:
    """Return the picture as the text of an SVG."""
    return "\n".join(_elements(history)) + "\n"


def _elements(history: Sequence[Epoch]) -> Iterator[str]:
    learned = [epoch.loss for epoch in history]
    held_out = [epoch.held_out_loss for epoch in history if epoch.held_out_loss is not None]
    plot = _Plot.of(len(history), [*learned, *held_out])
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'width="{_WIDTH}" height="{_HEIGHT}" role="img" aria-label="Learning curves" '
        'font-family="system-ui, sans-serif" font-size="13">'
    )
    yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>'
    yield from plot.axes()
    yield from plot.curve(learned, _LEARNED)
    if held_out:
        yield from plot.curve(held_out, _HELD_OUT)
        yield from plot.best(held_out)
    yield from _legend({"rows learned from": _LEARNED, **_named(held_out)})
    yield "</svg>"


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where an epoch and a loss lie in the picture; the losses reach from ``low`` to ``high``."""

    epochs: int
    ticks: tuple[float, ...]

    @classmethod
    def of(cls, epochs: int, losses: Sequence[float]) -> _Plot:
        return cls(epochs, _ticks(min(losses), max(losses)))

    def x(self, epoch: int) -> float:
        """Epochs count from 1; a single one lies in the middle."""
        share = (epoch - 1) / (self.epochs - 1) if self.epochs > 1 else 0.5
        return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, loss: float) -> float:
        share = (loss - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)

    def axes(self) -> Iterator[str]:
        for tick in self.ticks:
            yield _line(_LEFT, self.y(tick), _WIDTH - _RIGHT, self.y(tick), _GRID)
            yield _text(_LEFT - 8, self.y(tick) + 4, f"{tick:g}", "end")
        step = max(1, round(_round_step(self.epochs / _MOST_NAMED)))
        for epoch in range(step, self.epochs + 1, step):
            yield _text(self.x(epoch), _HEIGHT - _BOTTOM + 20, str(epoch), "middle")
        middle = (_LEFT + _WIDTH - _RIGHT) / 2
        yield _text(middle, _HEIGHT - 12, "epoch", "middle")
        yield _text(_LEFT - 8, _TOP - 20, "loss", "end")

    def curve(self, losses: Sequence[float], colour: str) -> Iterator[str]:
        places = [(self.x(i), self.y(loss)) for i, loss in enumerate(losses, start=1)]
        points = " ".join(f"{x},{y}" for x, y in places)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in places if len(places) <= 40 else ():
            yield f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colour}"/>'

    def best(self, losses: Sequence[float]) -> Iterator[str]:
        """Ring the lowest loss, and name it beside the legend, where no curve is in the way."""
        loss = min(losses)
        epoch = losses.index(loss) + 1
        yield _ring(self.x(epoch), self.y(loss))
        yield _ring(_LEGEND + 2 * _ENTRY + 12, _TOP - 24)
        yield _text(
            _LEGEND + 2 * _ENTRY + 26, _TOP - 20, f"best: {loss:.4f}, epoch {epoch}", "start"
        )


def _named(held_out: Sequence[float]) -> dict[str, str]:
    return {"rows held out": _HELD_OUT} if held_out else {}


def _legend(colours: dict[str, str]) -> Iterator[str]:
    for place, (name, colour) in enumerate(colours.items()):
        x = _LEGEND + _ENTRY * place
        yield _line(x, _TOP - 24, x + 24, _TOP - 24, colour, 3)
        yield _text(x + 32, _TOP - 20, name, "start")


def _ticks(low: float, high: float) -> tuple[float, ...]:
    """Return round numbers, evenly spaced, from below ``low`` to above ``high``."""
    spread = (high - low) or abs(high) or 1.0
    step = _round_step(spread / (_TICKS - 1))
    first, last = math.floor(low / step), math.ceil(high / step)
    return tuple(round(i * step, 12) for i in range(first, max(last, first + 1) + 1))


def _round_step(least: float) -> float:
    """Return 1, 2 or 5 times a power of 10, the smallest that is no less than ``least``."""
    size = 10.0 ** math.floor(math.log10(least))
    return next(step for step in (size, 2 * size, 5 * size, 10 * size) if step >= least)


def _ring(x: float, y: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="6" fill="none" stroke="{_HELD_OUT}" stroke-width="2"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: int = 1) -> str:
    return (
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}">{text}</text>'
