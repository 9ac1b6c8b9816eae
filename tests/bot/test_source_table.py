"""The table of sources is whole and readable, however wide the terminal is."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rich.console import Console

from bot.cli.source_table import source_table

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
SOUND = {
    "name": "Вестник Заречья",
    "url": "https://vestnik-zarechya.example/news/all/",
    "kind": "listing",
    "health": "fine",
    "condition": "fine",
    "detail": "",
    "since": None,
    "last_good_at": NOW - timedelta(seconds=200),
    "last_news_at": NOW - 50 * HOUR,
    "usual": 12,
    "paused": False,
    "every": timedelta(minutes=22, seconds=13.7),
}
BROKEN = SOUND | {
    "name": "Новости посёлка [бывшего] и окрестностей",
    "url": f"http://novosti.example/cgi-bin/show.php?section={'news' * 40}",
    "kind": "detected",
    "health": "layout changed",
    "condition": "layout_changed",
    "detail": "shows 2 articles; usually at least 12: look at it again, and name another selector",
    "since": NOW - 3 * HOUR,
    "last_good_at": NOW - timedelta(seconds=20),
    "last_news_at": None,
    "every": timedelta(hours=1, minutes=30),
}


def printed(width: int, *rows: dict[str, Any]) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(source_table(rows, NOW))
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 100, 150])
def test_nothing_is_cut_off(width: int) -> None:
    lines = printed(width, SOUND, BROKEN)

    assert max(map(len, lines)) <= width
    whole = "".join("".join(lines).split())
    for row in (SOUND, BROKEN):
        for said in (row["url"], row["detail"]):
            assert "".join(str(said).split()) in whole
    names = " ".join(line[: width // 3 - 7] for line in lines)
    assert all(word in names for word in str(BROKEN["name"]).split())
    assert "…" not in whole


@pytest.mark.parametrize("width", [80, 100, 150])
def test_a_usual_address_stands_whole_on_a_line_below_its_source(width: int) -> None:
    heading, first, second = printed(width, SOUND)
    assert second == f"  listing at {SOUND['url']}"
    for name, cell in {
        "good run": "3m ago",
        "news": "2d ago",
        "shows": "12",
        "every": "22m",
    }.items():
        assert first.index(cell) == heading.index(name)


def test_moments_are_told_by_how_long_ago_they_were() -> None:
    first = " ".join(printed(150, BROKEN)[1].split())
    assert "layout changed (3h ago) just now never 12 1h30m" in first


def test_a_paused_source_is_told_to_be_paused() -> None:
    first = " ".join(printed(150, SOUND | {"paused": True})[1].split())
    assert "Вестник Заречья paused; fine" in first
