"""The table of `source list`: readable at 80 columns, with nothing cut off.

Addresses and reasons are longer than any column: each has a line of its own below its source.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from config.durations import format_duration
from scrapers.health import Condition

_HEADINGS = ("source", "health", "good run", "news", "shows", "every")
_UNITS = (("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1)))
_FEW_MINUTES = timedelta(minutes=10)


def source_table(rows: Sequence[Mapping[str, Any]], now: datetime) -> Group:
    """Return some lines for each source.

    Args:
        rows: what is known of each: its name, url, kind, health, condition, detail, usual, every
            and whether it is paused, and the moments since, last_good_at and last_news_at,
            aware or None.
        now: an aware moment; all others are told by how long ago they were.
    """
    lines: list[RenderableType] = [_line(_HEADINGS, "bold")]
    for row in rows:
        lines += _source_lines(row, now)
    return Group(*lines)


def _source_lines(row: Mapping[str, Any], now: datetime) -> Iterator[RenderableType]:
    style = "red" if Condition(row["condition"]).is_broken else ""
    since = f" ({_ago(row['since'], now)})" if row["since"] else ""
    yield _line(
        (
            row["name"],
            f"{'paused; ' if row['paused'] else ''}{row['health']}{since}",
            _ago(row["last_good_at"], now),
            _ago(row["last_news_at"], now),
            "" if row["usual"] is None else str(row["usual"]),
            _whole(row["every"]),
        ),
        style,
    )
    for told in filter(None, (f"{row['kind']} at {row['url']}", row["detail"])):
        yield Padding(Text(told, style or "dim", overflow="fold"), (0, 0, 0, 2))


def _line(cells: Sequence[str], style: str) -> Table:
    """Return a line whose columns stand below those of every other."""
    line = Table.grid(expand=True, padding=(0, 2, 0, 0))
    for width in (None, None, 9, 9, 5, 6):
        line.add_column(overflow="fold", width=width, ratio=None if width else 1)
    line.add_row(*(Text(cell) for cell in cells), style=style)
    return line


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{_rough(now - moment)} ago" if now - moment >= _UNITS[-1][1] else "just now"


def _rough(time: timedelta) -> str:
    return next((f"{time // unit}{name}" for name, unit in _UNITS if time >= unit), "0m")


def _whole(interval: timedelta) -> str:
    """Return an interval, without the seconds that say nothing beside minutes."""
    unit = timedelta(minutes=1) if interval >= _FEW_MINUTES else timedelta(seconds=1)
    return format_duration(round(interval / unit) * unit)
