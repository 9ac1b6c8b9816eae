"""When an article was published, among all the moments that its page shows.

What is stated for machines comes first, then what stands near the headline, then the
address. They support each other: the page shows a clock where the metadata have only
a day, and the address tells which of two days is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout, Line
from scrapers.articles.metadata import Metadata, stated_moment
from scrapers.articles.naming import Role
from scrapers.text.dates import parse_date

# A longer line is prose that may mention a date, not the date of the page.
_DATE_LINE = 100
# How many lines above and below the headline its date is looked for.
_ABOVE = 10
_BELOW = 14
_MOST_MARKED = 40
_PERHAPS_DATE = re.compile(r"\d|сегодня|вчера|назад|today|yesterday", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"\b(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье)\b", re.IGNORECASE
)
_CHANGED = re.compile(r"обновл|измен[её]н|отредактир|updated|modified|редакция от", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"опубликован|публикаци|размещен|добавлен|создан|posted|published|вышл[оа]", re.IGNORECASE
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d\d?[./-]\d\d\b")
_RELATIVE = re.compile(r"сегодня|вчера|назад|today|yesterday|ago\b", re.IGNORECASE)
_IN_ADDRESS = re.compile(
    r"(?<![\d])(?P<year>(?:19|20)\d\d)(?P<gap>[/._-]?)(?P<month>0[1-9]|1[0-2])(?P=gap)"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<day2>0[1-9]|[12]\d|3[01])[._-](?P<month2>0[1-9]|1[0-2])[._-](?P<year2>20\d\d)(?!\d)"
    r"|/(?P<year3>20\d\d)/(?P<month3>0?[1-9]|1[0-2])/(?P<day3>0?[1-9]|[12]\d|3[01])(?=/)"
)
_CLOCK = re.compile(r"\d:\d\d")
# A moment of the metadata farther from the day in the address than this is of something else.
_NEAR = timedelta(days=3)
_FARTHEST_ZONE = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where on a page its date may be told."""

    layout: Layout
    headline: Headline
    metadata: Metadata
    addresses: tuple[str, ...]


def find_published(evidence: Evidence, zone: tzinfo | None) -> datetime | None:
    """Return when the article was published, or None if nothing tells.

    Args:
        evidence: the page.
        zone: the zone of dates that name none; None means UTC.
    """
    addressed = _addressed(evidence.addresses)
    shown = _shown(evidence, zone, addressed)
    for text in _stated(evidence):
        moment = parse_date(text, zone=zone)
        if moment and (addressed is None or abs(moment.date() - addressed) <= _NEAR):
            return _refined(moment, text, shown, zone)
    if shown:
        # Pictures are kept by day or by month.
        return _with_year(*shown, addressed or _addressed(evidence.metadata.images()))
    for text in evidence.metadata.page_dates():
        if moment := parse_date(text, zone=zone):
            return moment
    if addressed:
        return datetime(*addressed.timetuple()[:3], tzinfo=zone or timezone.utc)
    return None


def _stated(evidence: Evidence) -> Iterator[str]:
    yield from evidence.metadata.dates()
    marked = [box for box in evidence.layout.boxes if _is_marked(box)][:_MOST_MARKED]
    here = evidence.headline.first or 0
    for box in sorted(marked, key=lambda box: abs(box.first - here)):
        yield stated_moment(box.element)


def _is_marked(box: Box) -> bool:
    if box.role is not Role.BYLINE:
        return False
    prop = (box.element.get("itemprop") or "").lower()
    return prop == "datepublished" or (box.tag == "time" and box.element.get("pubdate") is not None)


def _addressed(addresses: Iterable[str]) -> date | None:
    """Return the day that is part of an address, or None."""
    for address in addresses:
        for match in _IN_ADDRESS.finditer(address):
            parts = {
                key.rstrip("23"): int(text)
                for key, text in match.groupdict().items()
                if text and key != "gap"
            }
            try:
                return date(parts["year"], parts["month"], parts["day"])
            except ValueError:
                continue
    return None


def _shown(
    evidence: Evidence, zone: tzinfo | None, addressed: date | None
) -> tuple[datetime, str] | None:
    """Return the moment that readers see near the headline, and how it is written."""
    for _, text in sorted(_lines(evidence), key=lambda pair: pair[0]):
        moment = parse_date(text, zone=zone)
        if moment and (
            addressed is None
            or _YEAR.search(text) is None
            or abs(moment.date() - addressed) <= _NEAR
        ):
            return moment, text
    return None


def _lines(evidence: Evidence) -> Iterator[tuple[float, str]]:
    """Yield the lines that may be the date of the article, with how unlikely that is."""
    layout, headline = evidence.layout, evidence.headline
    first, last = headline.first, headline.last
    if first is None or last is None:
        return
    for number in range(max(0, first - _ABOVE), first):
        yield from _judged(layout.lines[number], first - number)
    for number in range(last, min(len(layout.lines), last + _BELOW)):
        # Above before below.
        yield from _judged(layout.lines[number], number - last + 1.5)
    for line in layout.lines[last + _BELOW :]:
        if line.box.tag == "time" or _PUBLISHED.search(line.text[:_DATE_LINE]):
            yield from _judged(line, 50)


def _judged(line: Line, distance: float) -> Iterator[tuple[float, str]]:
    text = line.text
    if len(text) > _DATE_LINE or not _PERHAPS_DATE.search(text) or _CHANGED.search(text):
        return
    if line.box.role is Role.BYLINE or _PUBLISHED.search(text):
        distance -= 2.5
    if _WEEKDAY.search(text):
        # The day on which the page is shown stands on top of many.
        distance += 6
    if line.is_link:
        distance += 3
    stated = line.box.element.get("datetime") if line.box.tag == "time" else None
    yield distance, stated or text


def _refined(
    moment: datetime, text: str, shown: tuple[datetime, str] | None, zone: tzinfo | None
) -> datetime:
    """Return the stated moment with what readers see of it: a time of day, the site's zone."""
    if shown is None or _RELATIVE.search(shown[1]) or not _CLOCK.search(shown[1]):
        return moment if zone is None else moment.astimezone(zone)
    seen = _with_year(*shown, moment.date())
    if not _CLOCK.search(text):
        return seen if seen.date() == moment.date() else moment
    if zone is not None:
        return moment.astimezone(zone)
    return _in_zone_of_site(moment, seen)


def _in_zone_of_site(moment: datetime, seen: datetime) -> datetime:
    """Return ``moment`` in the zone in which it reads as readers see it, if it is in UTC."""
    wall = moment.replace(tzinfo=None)
    ahead = seen.replace(tzinfo=None) - wall.replace(second=0, microsecond=0)
    quarters = ahead.total_seconds() % 1800 == 0
    if moment.utcoffset() != timedelta() or not quarters or abs(ahead) > _FARTHEST_ZONE:
        return moment
    return moment.astimezone(timezone(ahead))


def _with_year(moment: datetime, text: str, known: date | None) -> datetime:
    """Return ``moment`` in the year of ``known`` if its text names none and the day is the same."""
    if known is None or _YEAR.search(text) or _RELATIVE.search(text):
        return moment
    if (moment.month, moment.day) != (known.month, known.day):
        return moment
    return moment.replace(year=known.year)
