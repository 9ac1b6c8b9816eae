"""Sources that were proposed to operators, for as long as somebody may press a button below one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from bot.model import Operator
from bot.store.chosen import proposals
from bot.store.engine import insert
from bot.store.repository import Repository, unbroken


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A source that could be in the settings.

    Attributes:
        declaration: the keys of its ``[[source]]`` block.
        operator: who asked for it.
        added_at: when it was added; None: never.
    """

    id: int
    declaration: Mapping[str, Any]
    operator: Operator
    added_at: datetime | None


class Proposals(Repository):
    """What was proposed; it can be added as long as the database is there."""

    @unbroken
    async def keep(
        self, declaration: Mapping[str, Any], operator: Operator, *, at: datetime
    ) -> int:
        """Keep a proposal and return its id."""
        row = {
            "declaration": json.dumps(dict(declaration)),
            "operator_id": operator.id,
            "operator_name": operator.name,
            "at": at,
        }
        async with self._database.writing() as connection:
            statement = insert(connection, proposals).values(row).returning(proposals.c.id)
            return int((await connection.execute(statement)).scalar_one())

    @unbroken
    async def get(self, proposal_id: int) -> StoredProposal | None:
        """Return the proposal of that id, or None."""
        query = select(proposals).where(proposals.c.id == proposal_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            return None
        operator = Operator(row["operator_id"], row["operator_name"])
        return StoredProposal(row["id"], json.loads(row["declaration"]), operator, row["added_at"])

    @unbroken
    async def record_added(self, proposal_id: int, *, at: datetime) -> None:
        """Record that it was added to the settings."""
        done = update(proposals).where(proposals.c.id == proposal_id).values(added_at=at)
        async with self._database.writing() as connection:
            await connection.execute(done)
