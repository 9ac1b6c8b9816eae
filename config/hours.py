"""Hours of the day, written as people write them: ``23:00-07:00``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator

_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class DayHours:
    """Some hours of each day: from ``start`` on and before ``end``, over midnight if need be."""

    start: time
    end: time

    def covers(self, at: time) -> bool:
        """Tell whether ``at``, as a clock there shows it, is among them."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


def parse_hours(value: object) -> object:
    """Return text as the hours it means; what is no text is left as it is.

    Raises:
        ValueError: if it means none.
    """
    if not isinstance(value, str):
        return value
    written = _HOURS.fullmatch(value)
    if written is None:
        raise ValueError(f"{value!r} are no hours of the day: write '23:00-07:00'")
    first, first_minute, last, last_minute = map(int, written.groups())
    try:
        hours = DayHours(time(first, first_minute), time(last, last_minute))
    except ValueError:
        raise ValueError(f"{value!r}: no clock shows such a time") from None
    if hours.start == hours.end:
        raise ValueError(f"{value!r} ends when it begins")
    return hours


Hours = Annotated[DayHours, BeforeValidator(parse_hours)]
