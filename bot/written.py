"""Numbers and days as the language that is spoken writes them."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_interval
from babel.numbers import format_decimal, format_percent

from bot.language import spoken
from classifier.training.intervals import Between


def number(value: int) -> str:
    """Return a count: "1,240", "1 240"."""
    return format_decimal(value, locale=spoken())


def score(value: float) -> str:
    """Return a score with two digits: "0.50", "0,50"."""
    return format_decimal(value, "0.00", locale=spoken())


def share(value: float) -> str:
    """Return a share in percent with one digit: "97.8%", "97,8 %"."""
    return format_percent(value, _percent(), locale=spoken())


def between(ends: Between) -> str:
    """Return two shares in percent: "95.9–98.8%"."""
    low, high = (format_decimal(100 * end, "0.#", locale=spoken()) for end in ends)
    return f"{low}–{high}{_percent().removeprefix('0.#')}"


def period(first: date, last: date) -> str:
    """Return days as people say them: "3–9 March", "9 March 2024"."""
    if first == last:
        told = format_date(first, "long", locale=spoken())
    else:
        told = format_interval(first, last, "yMMMMd", locale=spoken())
    # From one edition of the locales to the next its spaces differ.
    return " ".join(told.split())


def day(moment: datetime) -> str:
    """Return a moment's day in short: "9 Mar"."""
    return str(format_date(moment.date(), "d MMM", locale=spoken()))


def _percent() -> str:
    # With the space that Russian has before the sign, which breaks no line.
    return "0.#\N{NO-BREAK SPACE}%" if spoken() == "ru" else "0.#%"
