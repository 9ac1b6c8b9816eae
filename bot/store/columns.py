"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from enum import Enum
from typing import TypeVar

from sqlalchemy import DateTime, Dialect, Float, Integer, String, Text, TypeDecorator
from sqlalchemy import Enum as EnumColumn

from bot.model import Truth

E = TypeVar("E", bound=Enum)


class Moment(TypeDecorator[datetime]):
    """A moment: aware going in, aware UTC coming out; SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` in UTC; a naive one is a mistake of the caller."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} names no zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return ``value`` as aware UTC."""
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc)


class Span(TypeDecorator[timedelta]):
    """A length of time, stored in seconds."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: timedelta | None, dialect: Dialect) -> float | None:
        """Return the seconds of ``value``."""
        return None if value is None else value.total_seconds()

    def process_result_value(self, value: float | None, dialect: Dialect) -> timedelta | None:
        """Return the length of so many seconds."""
        return None if value is None else timedelta(seconds=value)


class ZonedMoment(TypeDecorator[datetime]):
    """A moment that keeps the offset it was written with.

    Kept as ISO 8601 text: no database keeps the offset of its own time type, and
    sources give dates (year 1) that leave the calendar when moved to UTC.
    """

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Return the text for ``value``."""
        return value.isoformat() if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Return the moment that the text names."""
        return datetime.fromisoformat(value) if value else None


class PlainText(TypeDecorator[str]):
    """Text from anywhere: what no database takes (NUL, half a surrogate pair) is left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return ``value`` as text that can be encoded."""
        if value is None:
            return None
        return value.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class TruthColumn(TypeDecorator[Truth]):
    """A label's value, stored as the number it has in the training data."""

    impl = Integer
    cache_ok = True

    def process_result_value(self, value: int | None, dialect: Dialect) -> Truth | None:
        """Return the truth for the number."""
        return None if value is None else Truth(value)


def choice(kind: type[E]) -> EnumColumn:
    """Return a column type that stores the values of ``kind`` as short text."""
    # A native enum or a check would need a migration for each new member.
    return EnumColumn(
        kind, native_enum=False, length=16, values_callable=lambda kind: [m.value for m in kind]
    )
