from __future__ import annotations

from datetime import timedelta

import pytest

from config.durations import format_duration, parse_duration


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2s", timedelta(seconds=2)),
        ("15m", timedelta(minutes=15)),
        ("1.5h", timedelta(minutes=90)),
        ("1h30m", timedelta(minutes=90)),
        (" 3 D ", timedelta(days=3)),
        ("2w", timedelta(days=14)),
        ("0s", timedelta()),
        ("36500d", timedelta(days=36500)),
    ],
)
def test_a_duration_is_read_as_people_write_it(written: str, meant: timedelta) -> None:
    assert parse_duration(written) == meant


@pytest.mark.parametrize(
    "written", ["", "15", "m", "-5m", "5 parsecs", 15, None, True, "9" * 30 + "w"]
)
def test_what_is_no_duration_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"duration|long"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["2s", "15m", "1h30m", "3d", "1w2d", "0s", "0.5s", "1m2.5s"])
def test_a_duration_is_written_back_as_it_was_read(written: str) -> None:
    assert format_duration(parse_duration(written)) == written
