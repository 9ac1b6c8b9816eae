"""What could not be fetched or read, told in one line."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from config.durations import format_duration
from scrapers import FetchError, ScrapeError


def failure_line(error: ScrapeError, now: datetime) -> str:
    """Return what went wrong and, if the site asked to wait, when to come back."""
    wait = error.retry_after if isinstance(error, FetchError) else None
    if not wait:
        return str(error)
    left = timedelta(seconds=math.ceil(wait))
    return f"{error}; come back in {format_duration(left)}, after {now + left:%Y-%m-%d %H:%M %Z}"
