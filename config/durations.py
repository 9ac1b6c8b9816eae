"""Durations as people write them: ``90s``, ``15m``, ``6h``, ``3d``, ``2w``, ``1h30m``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_PART = r"(\d+(?:\.\d+)?)([wdhms])"
_WHOLE = re.compile(rf"(?:{_PART})+")


def parse_duration(text: object) -> timedelta:
    """Return the duration that ``text`` names; a timedelta is handed back as it is.

    Raises:
        ValueError: if ``text`` is not a duration, or too long for the calendar.
    """
    if isinstance(text, timedelta):
        return text
    written = str(text).replace(" ", "").lower()
    if not isinstance(text, str) or not _WHOLE.fullmatch(written):
        raise ValueError(f"{text!r} is not a duration: write it like '90s', '15m', '6h' or '3d'")
    try:
        return sum(
            (timedelta(**{_UNITS[unit]: float(n)}) for n, unit in re.findall(_PART, written)),
            start=timedelta(),
        )
    except OverflowError:
        raise ValueError(f"{text!r} is too long") from None


def format_duration(duration: timedelta) -> str:
    """Return ``duration`` in the written form, largest unit first: ``1h30m``."""
    left, parts = duration, []
    for unit, name in _UNITS.items():
        count, rest = divmod(left, timedelta(**{name: 1}))
        if unit == "s" and rest:
            parts.append(f"{left.total_seconds():g}s")
        elif count:
            parts.append(f"{count}{unit}")
        left = rest
    return "".join(parts) or "0s"


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
