"""How posts go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SenderOptions:
    """How posts go out.

    Attributes:
        per_minute: at most so many requests to one channel.
        quarantine: how long an uncertain post is left alone, so that a late
            commit on Telegram's side has come to an end.
        expire: what could not be sent for so long is given up; None: never.
    """

    per_minute: float = 20
    quarantine: timedelta = timedelta(seconds=90)
    expire: timedelta | None = timedelta(hours=24)
