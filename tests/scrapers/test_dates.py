from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from scrapers.text.dates import parse_date

URAL = timezone(timedelta(hours=5))
NOW = datetime(2026, 3, 5, 12, 0, tzinfo=timezone.utc)


def read(text: str) -> str | None:
    moment = parse_date(text, zone=URAL, now=NOW)
    return moment.isoformat() if moment else None


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("15 августа 2016, 13:43", "2016-08-15T13:43:00+05:00"),
        ("Опубликовано: 15 авг. 2016 г. в 9:05", "2016-08-15T09:05:00+05:00"),
        ("13:43, 20.07.2021", "2021-07-20T13:43:00+05:00"),
        ("20.07.2021", "2021-07-20T00:00:00+05:00"),
        ("20.07.21 07:15:30", "2021-07-20T07:15:30+05:00"),
        ("04 июня 2025, среда", "2025-06-04T00:00:00+05:00"),
        ("10 октября 2025 10:15 (МСК)", "2025-10-10T10:15:00+03:00"),
        ("18 Nov 2019, 11:34", "2019-11-18T11:34:00+05:00"),
        ("Август 15, 2016 · Общество", "2016-08-15T00:00:00+05:00"),
        ("15Август2016", "2016-08-15T00:00:00+05:00"),
        ("Общество15 августа 2016, 13:43", "2016-08-15T13:43:00+05:00"),
        ("2021-07-20T13:43:00+0300", "2021-07-20T13:43:00+03:00"),
        ("2021-07-20T13:43:00.123Z", "2021-07-20T13:43:00+00:00"),
        ("2021-07-20 13:43", "2021-07-20T13:43:00+05:00"),
        ("Mon, 15 Aug 2016 13:43:00 +0400", "2016-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 2016 13:43:00 GMT", "2016-08-15T13:43:00+00:00"),
        ("Tue, 01 Jan 2002 00:00 MSK", "2002-01-01T00:00:00+03:00"),
    ],
)
def test_dates_of_machines_and_of_people_are_read(written: str, moment: str) -> None:
    assert read(written) == moment


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("сегодня в 17:04", "2026-03-05T17:04:00+05:00"),
        ("Вчера, 09:00", "2026-03-04T09:00:00+05:00"),
        ("5 минут назад", "2026-03-05T16:55:00+05:00"),
        ("час назад", "2026-03-05T16:00:00+05:00"),
        ("3 дня назад", "2026-03-02T17:00:00+05:00"),
        ("2 недели назад", "2026-02-19T17:00:00+05:00"),
        ("Общество, месяц назад", "2026-02-03T17:00:00+05:00"),
    ],
)
def test_relative_dates_are_told_from_now_in_the_zone_of_the_site(
    written: str, moment: str
) -> None:
    assert read(written) == moment


def test_a_date_without_a_year_is_the_last_one() -> None:
    assert read("8 января, 17:46") == "2026-01-08T17:46:00+05:00"
    assert read("8 декабря, 17:46") == "2025-12-08T17:46:00+05:00"


@pytest.mark.parametrize(
    "text",
    [
        *("", "12:30", "5 трамваев", "2 маршрута", "31.02.2021", "тел. 8-900-12-34"),
        *("Месяц назад открыли мост", "Мост открыли 2 недели назад в Дубраве"),
        *("01.01.1905", "2099-01-01", "9999-12-31T23:59-12:00", "0001-01-01T00:00+05:00"),
        "Mon, 99 Foo 2020 10:00",
    ],
)
def test_what_is_no_date_of_news_is_none(text: str) -> None:
    assert read(text) is None


def test_the_zone_is_utc_when_nobody_names_one() -> None:
    assert parse_date("20.07.2021 10:00") == datetime(2021, 7, 20, 10, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("Mon, 15 Aug 05 13:43:00 +0400", "2005-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 05 13:43:00 MSD", "2005-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 2005 13:43:00 YEKT", "2005-08-15T13:43:00+05:00"),
        ("Mon, 15 Aug 2005 13:43:00 (MSK)", "2005-08-15T13:43:00+03:00"),
        ("Mon, 15-Aug-05 13:43:00 GMT", "2005-08-15T13:43:00+00:00"),
        ("Mon,15 Aug 2005 13:43:00 GMT+4", "2005-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 2005 13:43:00 UTC -0330", "2005-08-15T13:43:00-03:30"),
        ("Mon, 15 Aug 2005 13:43:00 +04:00", "2005-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 2005 13:43:00 +400", "2005-08-15T13:43:00+04:00"),
        ("Mon, 15 Aug 2005 13:43:00 -0000", "2005-08-15T13:43:00+00:00"),
        ("Mon, 15 Aug 2005 13:43:00 XYZ", "2005-08-15T13:43:00+05:00"),
        ("Mon, 15 Aug 2005 13:43", "2005-08-15T13:43:00+05:00"),
        ("Пн, 15 авг 2005 13:43:00 +0400", "2005-08-15T13:43:00+04:00"),
    ],
)
def test_dates_of_feeds_are_read_however_they_name_year_and_zone(written: str, moment: str) -> None:
    assert read(written) == moment
