"""How posts go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from config.hours import DayHours


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """How posts go out.

    Attributes:
        per_minute: at most so many requests to one channel.
        quarantine: how long an uncertain post is left alone, so that a late
            commit on Telegram's side has come to an end.
        expire: what could not be sent for so long is given up; None: never.
        silent: hours in which posts make no sound; None: never.
        zone: of these hours.
        also: sent posts are edited to name who else tells their story.
        sources: those that may be named; None: all.
    """

    per_minute: float = 20
    quarantine: timedelta = timedelta(seconds=90)
    expire: timedelta | None = timedelta(hours=24)
    silent: DayHours | None = None
    zone: tzinfo = timezone.utc
    also: bool = True
    sources: frozenset[str] | None = None

    def is_silent(self, now: datetime) -> bool:
        """Tell whether a post that goes out ``now`` makes no sound."""
        return self.silent is not None and self.silent.covers(now.astimezone(self.zone).time())
