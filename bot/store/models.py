"""Which model is in use, and what became of the attempts to retrain it.

Models are a pile: what is retrained or installed comes on top, a rollback takes the top off. Each
is one row and one transaction, so that whoever looks finds the old one or the new one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.lineage import Origin, StoredModel, Training
from bot.model import Operator
from bot.store.chosen import models, trainings
from bot.store.engine import insert
from bot.store.operators import claim
from bot.store.repository import Repository, unbroken
from bot.store.turns import take_turn

_KEY = 0x6D6F6465  # "mode" in ASCII


@dataclass(frozen=True, slots=True)
class NewModel:
    """A model that is to come into use; see ``StoredModel``."""

    folder: str
    name: str
    fingerprint: str
    start: str
    origin: Origin
    root: int | None
    replaced: str


class Models(Repository):
    """The models that took the place of the one the settings name."""

    @unbroken
    async def active(self, start: str) -> StoredModel | None:
        """Return the model in use; None: the one that the settings name.

        Args:
            start: fingerprint of the one that the settings name.
        """
        async with self._database.reading() as connection:
            return await _top(connection, start)

    @unbroken
    async def get(self, model_id: int) -> StoredModel | None:
        """Return a model that is or was in use, or None if there is none with this id."""
        async with self._database.reading() as connection:
            return await _first(connection, select(models).where(models.c.id == model_id))

    @unbroken
    async def abandoned(self, start: str) -> StoredModel | None:
        """Return the newest model that lies idle since the settings name another start, or None."""
        kept = select(models).where(models.c.start != start, models.c.withdrawn_at.is_(None))
        async with self._database.reading() as connection:
            return await _first(connection, kept.order_by(models.c.id.desc()).limit(1))

    @unbroken
    async def activate(
        self, new: NewModel, operator: Operator, *, at: datetime, before: int | None
    ) -> StoredModel | None:
        """Bring a model into use; None, and nothing changes, if another came in between.

        Args:
            new: the model; its folder is complete.
            operator: who does it.
            at: when.
            before: id of the model that was in use when it was decided; None: the settings' own.
        """
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            top = await _top(connection, new.start)
            if (None if top is None else top.id) != before:
                return None
            statement = insert(connection, models).values(
                **asdict(new), operator_id=operator.id, operator_name=operator.name, activated_at=at
            )
            return _model_of(
                (await connection.execute(statement.returning(models))).mappings().one()
            )

    @unbroken
    async def withdraw(
        self, start: str, operator: Operator, *, at: datetime, update_id: int | None = None
    ) -> StoredModel | None:
        """Take the model in use out of it, and return it; the one before is in use again.

        Returns None if the one that the settings name is in use, or if the command
        of this update was done before.
        """
        async with self._database.writing() as connection:
            await take_turn(connection, _KEY)
            if not await claim(connection, update_id, operator, "model rollback", at):
                return None
            top = await _top(connection, start)
            if top is not None:
                await connection.execute(
                    update(models).where(models.c.id == top.id).values(withdrawn_at=at)
                )
            return top

    @unbroken
    async def record_training(self, training: Training, report: Mapping[str, Any]) -> None:
        """Record what came of an attempt to retrain the model."""
        async with self._database.writing() as connection:
            await connection.execute(
                insert(connection, trainings).values(
                    at=training.at,
                    answer=training.answer,
                    reason=training.reason,
                    model=training.model,
                    report=json.dumps(report, ensure_ascii=False),
                    operator_id=training.operator.id,
                    operator_name=training.operator.name,
                )
            )

    @unbroken
    async def last_training(self) -> Training | None:
        """Return the newest attempt to retrain the model, or None."""
        newest = select(trainings).order_by(trainings.c.id.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(newest)).mappings().first()
        return None if row is None else _training_of(row)


async def _top(connection: AsyncConnection, start: str) -> StoredModel | None:
    kept = select(models).where(models.c.start == start, models.c.withdrawn_at.is_(None))
    return await _first(connection, kept.order_by(models.c.id.desc()).limit(1))


async def _first(connection: AsyncConnection, query: Select[Any]) -> StoredModel | None:
    row = (await connection.execute(query)).mappings().first()
    return None if row is None else _model_of(row)


def _model_of(row: RowMapping) -> StoredModel:
    return StoredModel(
        **{
            field.name: row[field.name] for field in fields(StoredModel) if field.name != "operator"
        },
        operator=Operator(row["operator_id"], row["operator_name"]),
    )


def _training_of(row: RowMapping) -> Training:
    operator = Operator(row["operator_id"], row["operator_name"])
    return Training(row["at"], row["answer"], row["reason"], row["model"], operator)
