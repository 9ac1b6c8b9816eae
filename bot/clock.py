"""The clock, read at the edges and handed on."""

from __future__ import annotations

from datetime import datetime, timezone


def utc_now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(timezone.utc)
