"""Dates as news sites write them: for machines, for Russian readers, and relative to today."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "январь января янв січня january jan",
            "февраль февраля фев февр лютого february feb",
            "март марта мар березня march mar",
            "апрель апреля апр квітня april apr",
            "май мая травня may",
            "июнь июня июн червня june jun",
            "июль июля июл липня july jul",
            "август августа авг серпня august aug",
            "сентябрь сентября сен сент вересня september sep sept",
            "октябрь октября окт жовтня october oct",
            "ноябрь ноября ноя нояб листопада november nov",
            "декабрь декабря дек грудня december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_DAYS_AGO = {"сегодня": 0, "today": 0, "вчера": 1, "yesterday": 1, "позавчера": 2}
_MINUTES = {"полчаса": 30, "час": 60, "мин": 1, "часа": 60, "часов": 60, "день": 1440}
_MINUTES |= {"минуту": 1, "минуты": 1, "минут": 1, "дня": 1440, "дней": 1440}
_LONG_MINUTES = {"неделю": 10080, "недели": 10080, "недель": 10080}
_LONG_MINUTES |= {"месяц": 43200, "месяца": 43200, "месяцев": 43200}

_RFC = re.compile(r"(?:[a-z]{3,9},?\s*)?\d{1,2}[\s-]+[a-z]{3,9}[\s-]+\d{2,4}\s+\d{1,2}:\d\d", re.I)
# Hours from Greenwich of the names that Russian feeds end their dates with.
_HOURS = {"EET": 2, "EEST": 3, "MSK": 3, "MSD": 4, "SAMT": 4, "YEKT": 5, "OMST": 6, "NOVT": 7}
_HOURS |= {"KRAT": 7, "IRKT": 8, "YAKT": 9, "VLAT": 10, "MAGT": 11, "PETT": 12}
_OFFSET = re.compile(r"(?:\s|GMT|UTC)\s?([+-])(\d\d?):?(\d\d)?$")
_ZONE = r"(?P<zone>Z\b|UTC|GMT|[+-]\d{2}:?\d{2}|\(?(?:МСК|MSK)\)?)"
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    rf"(?![\d:])\s*{_ZONE}?",
    re.IGNORECASE,
)
_YMD = re.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)")
_DMY = re.compile(
    r"(?<![\d.])(?P<day>\d\d?)(?P<dot>[./-])(?P<month>\d\d?)(?P=dot)(?P<year>\d{4}|\d\d)(?!\d)"
)
_NAMED = re.compile(
    # Where each part is an element of its own, no space may be between.
    r"(?<![\d.:])(?P<day>\d\d?)[\s-]*(?P<name>[а-яіїa-z]{3,})\.?,?(?:[\s-]*(?P<year>\d{4})(?!\d))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"\b(?P<name>[а-яіїa-z]{3,})\.?\s+(?P<day>\d\d?),?\s+(?P<year>\d{4})(?![\d:])", re.IGNORECASE
)
_SPLIT = re.compile(
    r"\d\d?[\s,./]+(?P<name>[а-яіїa-z]{3,})\.?(?:[\s,./]+\d{4})?(?=\s|$)(?:,?\s+\d\d?:\d\d(?!\d))?",
    re.IGNORECASE,
)
_NEAR = re.compile(rf"\b(?P<near>{'|'.join(_DAYS_AGO)})\b", re.IGNORECASE)
_AGO = re.compile(
    rf"\b(?:(?P<count>\d{{1,3}})\s+)?(?P<unit>{'|'.join(_MINUTES)})\b\.?\s+назад", re.IGNORECASE
)
# "Месяц назад" also begins sentences; dates that are so vague stand alone, or behind a mark.
_LONG_AGO = re.compile(
    rf"(?:^|[^\w\s]\s*)(?:(?P<count>\d{{1,2}})\s+)?(?P<unit>{'|'.join(_LONG_MINUTES)})\s+назад"
    r"(?=\s*(?:$|[^\w\s]))",
    re.IGNORECASE,
)
_DAYS = (_YMD, _DMY, _NAMED, _MONTH_FIRST, _NEAR)
_LONGEST = 500
# A time of day belongs to a date when at most this many characters stand between them.
_REACH = 16
_MOSCOW = timezone(timedelta(hours=3))
_FIRST_YEAR = 1990
_AHEAD = timedelta(days=1)


def parse_date(
    text: str, *, zone: tzinfo | None = None, now: datetime | None = None
) -> datetime | None:
    """Return the first date in ``text`` as an aware moment, or None if it names none.

    Understands ISO 8601, the dates of feeds, "15 августа 2016, 13:43", "8 января, 17:46",
    "Май 12, 2023", "20.07.2021", "сегодня в 17:04", "5 минут назад", "2 недели назад".
    A date without a time of day is its midnight in ``zone``. What lies more than a day ahead,
    or before 1990, is taken for a mistake.

    Args:
        text: a line, of which the first 500 characters are read.
        zone: the zone of dates that name none; None means UTC.
        now: an aware moment that relative dates are relative to; None means the present.
    """
    zone = zone or timezone.utc
    now = (now or datetime.now(timezone.utc)).astimezone(zone)
    text = " ".join(text[:_LONGEST].split())
    moment = _feed_date(text, zone) or _ago(text, now) or _day_and_time(text, now, zone)
    if moment is None or moment.year < _FIRST_YEAR or moment > now + _AHEAD:
        return None
    return moment


def split_day(text: str) -> str:
    """Return the date that ``text`` begins with if it has day and month name; else nothing.

    Told so are dates of which each part is an element of its own from lines that are not.
    """
    match = _SPLIT.match(text)
    return match.group() if match and match["name"].lower() in _MONTHS else ""


def internet_date(text: str) -> datetime | None:
    """Return the moment that ``text`` gives in the form of mail, of feeds and of HTTP, or None.

    It is naive if the text names no zone, or one that nobody knows.
    """
    try:
        return parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a zone may be any number
        return None


def _feed_date(text: str, zone: tzinfo) -> datetime | None:
    if not _RFC.match(text):
        return None
    moment = internet_date(_OFFSET.sub(_offset, text))
    if moment is None or moment.tzinfo:
        return moment
    # It names no zone, or one that the standard does not know.
    named = text.rpartition(" ")[2].strip("()").upper()
    if named == "-0000":
        return moment.replace(tzinfo=timezone.utc)
    known = timezone(timedelta(hours=_HOURS[named])) if named in _HOURS else zone
    return moment.replace(tzinfo=known)


def _offset(written: re.Match[str]) -> str:
    sign, hours, minutes = written.groups()
    return f" {sign}{hours:0>2}{minutes or '00'}"


def _ago(text: str, now: datetime) -> datetime | None:
    match = _AGO.search(text) or _LONG_AGO.search(text)
    if not match:
        return None
    count, unit = int(match["count"] or 1), match["unit"].lower()
    moment = now - timedelta(minutes=count * (_MINUTES | _LONG_MINUTES)[unit])
    return moment.replace(second=0, microsecond=0)


def _day_and_time(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    found = _first_day(text, now)
    if found is None:
        return None
    day, start, end = found
    clock = _nearest_time(text, start, end)
    if clock is None:
        return datetime(day.year, day.month, day.day, tzinfo=zone)
    return datetime(
        *(day.year, day.month, day.day),
        *(int(clock["hour"]), int(clock["minute"]), int(clock["second"] or 0)),
        tzinfo=_named_zone(clock["zone"]) or zone,
    )


def _first_day(text: str, now: datetime) -> tuple[date, int, int] | None:
    """Return the first day in ``text`` with the place where it stands."""
    matches = [m for pattern in _DAYS for m in pattern.finditer(text)]
    for match in sorted(matches, key=lambda match: match.start()):
        day = _day(match.groupdict(), now)
        if day is not None:
            return day, match.start(), match.end()
    return None


def _day(parts: dict[str, str | None], now: datetime) -> date | None:
    if near := parts.get("near"):
        return now.date() - timedelta(days=_DAYS_AGO[near.lower()])
    name, year = parts.get("name"), parts["year"]
    month = _MONTHS.get(name.lower()) if name else int(parts["month"] or 0)
    try:
        return _complete(int(parts["day"] or 0), month or 0, year, now)
    except ValueError:
        return None


def _complete(day: int, month: int, year: str | None, now: datetime) -> date:
    """Return the day; without a year it is the last one that is not ahead of now.

    Raises:
        ValueError: there is no such day.
    """
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    this_year = date(now.year, month, day)
    return this_year if this_year <= (now + _AHEAD).date() else date(now.year - 1, month, day)


def _nearest_time(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the time of day that follows the date at ``start``…``end``, or else precedes it."""
    after = [m for m in _TIME.finditer(text, end) if m.start() - end <= _REACH]
    before = [m for m in _TIME.finditer(text, 0, start) if start - m.end() <= _REACH]
    return next(iter(after + before[-1:]), None)


def _named_zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if name[0] not in "+-":
        return _MOSCOW if name.strip("()").upper() in ("МСК", "MSK") else timezone.utc
    sign = -1 if name[0] == "-" else 1
    offset = timedelta(hours=int(name[1:3]), minutes=int(name[-2:]))
    return timezone(sign * offset) if offset < timedelta(days=1) else None
