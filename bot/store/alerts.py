"""Alerts: what the operators are to be told of sources, until they have been."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update

from bot.health import Alert
from bot.store.health import alerts
from bot.store.repository import Repository, unbroken
from scrapers.health import Condition

_TOLD = tuple(field.name for field in fields(Alert))


@dataclass(frozen=True, slots=True)
class WaitingAlert:
    """An alert that waits to be told.

    Attributes:
        proposal: how the source could be read from now on; None if nobody has looked, empty
            if nothing was found.
        sending_at: when it was last handed to Telegram, and nobody knows whether it arrived.
    """

    id: int
    alert: Alert
    proposal: str | None
    sending_at: datetime | None


class Alerts(Repository):
    """What the operators are told of sources."""

    @unbroken
    async def waiting(self) -> list[WaitingAlert]:
        """Return what has not been told, oldest first."""
        query = select(alerts).where(alerts.c.told_at.is_(None)).order_by(alerts.c.id)
        async with self._database.reading() as connection:
            return [_waiting(row) for row in (await connection.execute(query)).mappings()]

    @unbroken
    async def told_lately(self, source: str, condition: Condition, *, after: datetime) -> int:
        """Return how often since ``after`` there was an alert that ``source`` is so."""
        query = select(func.count()).where(
            alerts.c.source == source, alerts.c.condition == condition, alerts.c.at > after
        )
        async with self._database.reading() as connection:
            return await connection.scalar(query) or 0

    @unbroken
    async def keep_proposal(self, alert_id: int, proposal: str) -> None:
        """Keep what was found for an alert, or that nothing was."""
        change = update(alerts).where(alerts.c.id == alert_id).values(proposal=proposal)
        async with self._database.writing() as connection:
            await connection.execute(change)

    @unbroken
    async def begin_telling(self, ids: Sequence[int], *, at: datetime) -> None:
        """Record that these are handed to Telegram now."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(alerts).where(alerts.c.id.in_(ids)).values(sending_at=at)
            )

    @unbroken
    async def record_told(self, ids: Sequence[int], *, at: datetime) -> None:
        """Record that these were told; nobody is told again."""
        async with self._database.writing() as connection:
            await connection.execute(update(alerts).where(alerts.c.id.in_(ids)).values(told_at=at))

    @unbroken
    async def record_not_told(self, ids: Sequence[int]) -> None:
        """Record that these certainly did not arrive."""
        async with self._database.writing() as connection:
            await connection.execute(
                update(alerts).where(alerts.c.id.in_(ids)).values(sending_at=None)
            )


def _waiting(row: RowMapping) -> WaitingAlert:
    alert = Alert(**{name: row[name] for name in _TOLD})
    return WaitingAlert(row["id"], alert, row["proposal"], row["sending_at"])
