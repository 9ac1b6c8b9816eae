"""The ratios as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bot.bench.figures import Figure, Ratio
from bot.bench.rivals import installed
from bot.bench.table import times
from bot.errors import BotError


def expect_matplotlib() -> None:
    """See that charts can be drawn.

    Raises:
        BotError: if they cannot.
    """
    if not installed("matplotlib"):
        raise BotError("a chart needs matplotlib: pip install 'newsieve[bench]'")


def draw(figures: Sequence[Figure], path: Path) -> None:
    """Write a bar chart of the ratios to ``path``, as a PNG or whatever its name ends in.

    Raises:
        BotError: without matplotlib, or if the file cannot be written.
    """
    expect_matplotlib()
    from matplotlib.figure import Figure as Picture  # noqa: PLC0415

    ratios = [figure for figure in reversed(figures) if isinstance(figure, Ratio)]
    picture = Picture(figsize=(9, 1 + 0.6 * len(ratios)), layout="constrained")
    axes = picture.add_subplot()
    lengths = [ratio.value - 1 for ratio in ratios]
    bars = axes.barh([_label(ratio) for ratio in ratios], lengths, left=1)
    axes.bar_label(bars, [f"{times(ratio.value)} ×" for ratio in ratios], padding=4)
    for place, ratio in enumerate(ratios):
        if ratio.least is not None:
            axes.plot([ratio.least] * 2, [place - 0.4, place + 0.4], color="black")
    axes.set_xscale("log")
    axes.margins(x=0.2)
    axes.set_xlabel("times faster than the other way; the line is the aim")
    try:
        picture.savefig(path)
    except (OSError, ValueError) as error:  # ValueError: an ending that it does not know
        raise BotError(f"{path}: {error}") from None


def _label(ratio: Ratio) -> str:
    return f"{ratio.subject}\n{ratio.way}"
