"""The Retry-After header."""

from __future__ import annotations

from datetime import datetime, timezone

from scrapers.text.dates import internet_date


def retry_after(header: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds that ``header`` asks to wait, or None if it names none."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:10])
    moment = internet_date(text)
    if moment is None:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, (moment - (now or datetime.now(timezone.utc))).total_seconds())
