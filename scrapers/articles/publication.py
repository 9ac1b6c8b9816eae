"""When an article was published, among all the moments that its page shows.

What is stated for machines comes first, then what stands near the headline, then the
address. They support each other: the page shows a clock where the metadata have only
a day, and the address tells which of two days is meant.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo

from scrapers.articles.datelines import CLOSE, Dateline, datelines
from scrapers.articles.heading import Headline
from scrapers.articles.layout import Box, Layout
from scrapers.articles.metadata import Metadata, stated_moment
from scrapers.articles.naming import Role
from scrapers.text.dates import parse_date

_MOST_MARKED = 40
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d\d?[./-]\d\d\b")
_RELATIVE = re.compile(r"сегодня|вчера|назад|today|yesterday|ago\b", re.IGNORECASE)
_IN_ADDRESS = re.compile(
    r"(?<![\d])(?P<year>(?:19|20)\d\d)(?P<gap>[/._-]?)(?P<month>0[1-9]|1[0-2])(?P=gap)"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?<!\d)(?P<day2>0[1-9]|[12]\d|3[01])[._-](?P<month2>0[1-9]|1[0-2])[._-](?P<year2>20\d\d)(?!\d)"
    r"|/(?P<year3>20\d\d)/(?P<month3>0?[1-9]|1[0-2])/(?P<day3>0?[1-9]|[12]\d|3[01])(?=/)"
)
_MONTH_IN_ADDRESS = re.compile(r"/(20\d\d)[/-](0?[1-9]|1[0-2])/")
# Six digits may as well be a number: they are a day only above the number of an article.
_SHORT_IN_ADDRESS = re.compile(r"/(\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])/\d")
_CLOCK = re.compile(r"\d:\d\d")
# A moment of the metadata farther from the day in the address than this is of something else.
_NEAR = timedelta(days=3)
_FARTHEST_ZONE = timedelta(hours=14)
# The clock of Moscow is that of most sites; then the zones of Russia, then all others.
_HOURS_AHEAD = (3, *range(2, 15), 1, *range(-1, -13, -1))
# Between the moment at which a page is made and that at which it is read.
_MADE_AND_READ = timedelta(minutes=5)
_HOUR = timedelta(hours=1)
# Two days on two sides of midnight.
_BESIDE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where on a page its date may be told."""

    layout: Layout
    headline: Headline
    metadata: Metadata
    addresses: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """A moment as readers see it near the headline, or behind the text.

    Attributes:
        moment: when it is.
        text: how it is written.
        stated: the same for machines, None if not told.
        is_close: whether it stands where dates of articles stand.
    """

    moment: datetime
    text: str
    stated: datetime | None
    is_close: bool


def find_published(evidence: Evidence, zone: tzinfo | None) -> datetime | None:
    """Return when the article was published, or None if nothing tells.

    Args:
        evidence: the page.
        zone: the zone of dates that name none; None means UTC.
    """
    addressed = _addressed(evidence.addresses)
    seen = _seen(evidence, zone, addressed)
    for text in _stated(evidence):
        moment = parse_date(text, zone=zone)
        if moment is None or _is_viewing(moment, text, seen):
            continue
        if addressed is None or abs(moment.date() - addressed) <= _NEAR:
            return _refined(moment, text, seen, zone)
    if seen:
        return seen.stated or _completed(evidence, seen, addressed)
    for text in evidence.metadata.page_dates():
        if moment := parse_date(text, zone=zone):
            return moment
    if addressed := addressed or _briefly_addressed(evidence.addresses):
        return datetime(*addressed.timetuple()[:3], tzinfo=zone or timezone.utc)
    return None


def _completed(evidence: Evidence, seen: _Seen, addressed: date | None) -> datetime:
    """Return the moment that readers see, in the year that the addresses tell."""
    if _names_year(seen.text) or _RELATIVE.search(seen.text):
        return seen.moment
    # Pictures are kept by day or by month.
    if known := addressed or _addressed(evidence.metadata.images()):
        return _with_year(seen.moment, seen.text, known)
    for month in filter(None, map(_MONTH_IN_ADDRESS.search, evidence.addresses)):
        if seen.moment.month == int(month[2]):
            return _in_year(seen.moment, date(int(month[1]), int(month[2]), 1))
    return seen.moment


def _is_viewing(moment: datetime, text: str, seen: _Seen | None) -> bool:
    """Say whether a stated moment is that at which the page was made, in whatever zone.

    So it looks if it is the present one, while readers are shown another, earlier day.
    """
    ago = datetime.now(timezone.utc) - moment
    if not _CLOCK.search(text) or abs(ago) > _FARTHEST_ZONE or seen is None or not seen.is_close:
        return False
    return ago % _HOUR <= _MADE_AND_READ and moment.date() - seen.moment.date() > timedelta(days=1)


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


def _briefly_addressed(addresses: Iterable[str]) -> date | None:
    """Return the day that is the folder of a numbered article, as six digits, or None."""
    matches = filter(None, map(_SHORT_IN_ADDRESS.search, addresses))
    days = (parse_date(f"20{match[1]}-{match[2]}-{match[3]}") for match in matches)
    return next((day.date() for day in days if day), None)


def _seen(evidence: Evidence, zone: tzinfo | None, addressed: date | None) -> _Seen | None:
    """Return the likeliest moment that readers see."""
    for line in datelines(evidence.layout, evidence.headline, evidence.text):
        seen = _read(line, zone)
        if seen and (
            addressed is None
            or not _names_year(seen.text)
            or abs(seen.moment.date() - addressed) <= _NEAR
        ):
            return seen
    return None


def _read(line: Dateline, zone: tzinfo | None) -> _Seen | None:
    moment = parse_date(line.text, zone=zone)
    stated = parse_date(line.stated, zone=zone)
    close = line.distance < CLOSE
    if stated is None:
        return _Seen(moment, line.text, None, close) if moment else None
    if moment is None:
        return _Seen(stated, line.stated, None, close)
    seen = _Seen(moment, line.text, None, close)
    return _Seen(moment, line.text, _refined(stated, line.stated, seen, zone), close)


def _names_year(text: str) -> bool:
    return _YEAR.search(text) is not None


def _refined(moment: datetime, text: str, seen: _Seen | None, zone: tzinfo | None) -> datetime:
    """Return the stated moment with what readers see of it: a time of day, the site's zone."""
    if seen is None or _RELATIVE.search(seen.text):
        return moment if zone is None else moment.astimezone(zone)
    shown = _with_year(seen.moment, seen.text, moment.date())
    if not _CLOCK.search(text):
        return shown if shown.date() == moment.date() else moment
    if zone is not None:
        return moment.astimezone(zone)
    if not _CLOCK.search(seen.text):
        return _in_zone_of_day(moment, shown.date())
    return _in_zone_of_site(moment, shown)


def _in_zone_of_day(moment: datetime, day: date) -> datetime:
    """Return ``moment`` in a zone in which it is on ``day``, if it is in UTC and the day beside."""
    if moment.utcoffset() != timedelta() or abs(moment.date() - day) != timedelta(days=1):
        return moment
    zones = (timezone(timedelta(hours=hours)) for hours in _HOURS_AHEAD)
    local = (moment.astimezone(zone) for zone in zones)
    return next((there for there in local if there.date() == day), moment)


def _in_zone_of_site(moment: datetime, seen: datetime) -> datetime:
    """Return ``moment`` in the zone in which it reads as readers see it, if it is in UTC."""
    wall = moment.replace(tzinfo=None)
    ahead = seen.replace(tzinfo=None) - wall.replace(second=0, microsecond=0)
    quarters = ahead.total_seconds() % 1800 == 0
    if moment.utcoffset() != timedelta() or not quarters or abs(ahead) > _FARTHEST_ZONE:
        return moment
    return moment.astimezone(timezone(ahead))


def _with_year(moment: datetime, text: str, known: date | None) -> datetime:
    """Return ``moment`` in the year of ``known`` if its text names none and the day is about it."""
    if known is None or _names_year(text) or _RELATIVE.search(text):
        return moment
    there = _in_year(moment, known)
    return there if abs(there.date() - known) <= _BESIDE else moment


def _in_year(moment: datetime, known: date) -> datetime:
    """Return the same day of the year nearest to ``known``."""
    years = [known.year + more for more in (-1, 0, 1)]
    if (moment.month, moment.day) == (2, 29):
        years = [year for year in years if isleap(year)]
    there = [moment.replace(year=year) for year in years]
    return min(there, key=lambda one: abs(one.date() - known), default=moment)
