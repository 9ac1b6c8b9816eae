"""Figures as tables in the terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rich.table import Table

from bot.bench.figures import Amount, Figure, Ratio

_BAR = 20
_LONGEST = 10_000
"""The ratio whose bar is full."""


def tables(figures: Sequence[Figure]) -> list[Table]:
    """Return a table of the ratios, each with a bar, and one of the amounts."""
    ratios = Table("", "the other way", "newsieve", "the other", "faster", "aim", "")
    for ratio in (figure for figure in figures if isinstance(figure, Ratio)):
        ratios.add_row(*_ratio_cells(ratio), style=_style(ratio))
    amounts = Table("", "newsieve", "aim")
    for amount in (figure for figure in figures if isinstance(figure, Amount)):
        found = f"{amount.found:.3g} {amount.unit}"
        amounts.add_row(amount.subject, found, _aim(amount), style=_style(amount))
    return [ratios, amounts]


def _ratio_cells(ratio: Ratio) -> tuple[str, ...]:
    return (
        ratio.subject,
        ratio.way,
        duration(ratio.ours),
        duration(ratio.theirs),
        f"{times(ratio.value)} ×",
        "" if ratio.least is None else f"{times(ratio.least)} ×",
        "█" * _bar(ratio.value),
    )


def _aim(amount: Amount) -> str:
    limits = (("at least", amount.least), ("at most", amount.most))
    return ", ".join(f"{word} {it:.3g} {amount.unit}" for word, it in limits if it is not None)


def duration(seconds: float) -> str:
    """Return a duration as people read it: 3 digits and the unit that fits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def times(ratio: float) -> str:
    """Return a ratio with as many digits as it deserves."""
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _bar(ratio: float) -> int:
    """The logarithm: a full bar is 10,000, none is as slow as the other way, or slower."""
    share = math.log(max(ratio, 1)) / math.log(_LONGEST)
    return round(_BAR * min(share, 1))


def _style(figure: Figure) -> str | None:
    return "red" if figure.met is False else None
