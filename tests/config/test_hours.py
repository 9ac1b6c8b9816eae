from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from config import ConfigError, load_settings
from config.hours import DayHours, parse_hours


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("23:00-07:00", time(23), time(7)),
        (" 9:30 – 18:45 ", time(9, 30), time(18, 45)),
        ("22:00-00:00", time(22), time(0)),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, start: time, end: time) -> None:
    assert parse_hours(written) == DayHours(start, end)


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("23:00-07:00", ["23:00", "23:59", "00:00", "06:59"], ["07:00", "12:00", "22:59"]),
        ("13:00-15:00", ["13:00", "14:59"], ["12:59", "15:00", "00:00"]),
        ("22:00-00:00", ["22:00", "23:59"], ["00:00", "21:59"]),
    ],
)
def test_hours_may_go_over_midnight(written: str, inside: list[str], outside: list[str]) -> None:
    hours = parse_hours(written)
    assert isinstance(hours, DayHours)
    assert all(hours.covers(time.fromisoformat(at)) for at in inside)
    assert not any(hours.covers(time.fromisoformat(at)) for at in outside)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('silent = "night"', "channel[1].silent: 'night' are no hours of the day"),
        ('silent = "23:00-24:00"', "channel[1].silent: '23:00-24:00': no clock shows such a time"),
        ('silent = "07:00-7:00"', "channel[1].silent: '07:00-7:00' ends when it begins"),
        ("per_minute = 0", "channel[1].per_minute: "),
        ("per_minute = 61", "channel[1].per_minute: "),
    ],
)
def test_a_mistake_in_the_manners_of_a_channel_is_told_by_its_key(
    tmp_path: Path, said: str, told: str
) -> None:
    path = tmp_path / "newsieve.toml"
    path.write_text(f'[[channel]]\nchat = "@good"\n{said}\n', encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_settings(path)
    (problem,) = raised.value.problems
    assert problem.startswith(told)
