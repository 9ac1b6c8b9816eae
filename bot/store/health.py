"""How the sources are doing, inside someone's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from sqlalchemy import (
    Column,
    Float,
    ForeignKey,
    Integer,
    RowMapping,
    Table,
    delete,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.health import Checkup, Health
from bot.store.columns import Moment, PlainText, choice
from bot.store.engine import insert
from bot.store.records import one_line, select_in
from bot.store.schema import metadata
from scrapers.health import Condition, Usual

health = Table(
    "health",
    metadata,
    Column("source", ForeignKey("sources.name"), primary_key=True),
    Column("condition", choice(Condition), nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("streak", Integer, nullable=False),
    Column("since", Moment),
    Column("standing", choice(Condition), nullable=False),
    Column("good_at", Moment),
    Column("news_at", Moment),
    # What its runs have shown so far.
    Column("runs", Integer, nullable=False),
    Column("shown", Float, nullable=False),
    Column("articles", Integer, nullable=False),
    Column("titles", Float, nullable=False),
    Column("texts", Float, nullable=False),
    Column("barren", Integer, nullable=False),
)

# What the operators are told of sources; those without told_at wait for it.
alerts = Table(
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", PlainText, nullable=False, index=True),
    Column("before", choice(Condition), nullable=False),
    Column("condition", choice(Condition), nullable=False),
    Column("detail", PlainText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("good_at", Moment),
    Column("at", Moment, nullable=False),
    # None: nobody has looked for one; empty: there is none.
    Column("proposal", PlainText),
    Column("sending_at", Moment),
    Column("told_at", Moment),
)

_USUAL = tuple(field.name for field in fields(Usual))
_OWN = tuple(field.name for field in fields(Health) if field.name != "usual")


async def healths(connection: AsyncConnection, names: Iterable[str]) -> dict[str, Health]:
    """Return the health of those of these sources that have run."""
    rows = await select_in(connection, select(health), health.c.source, names)
    return {row["source"]: _health(row) for row in rows}


async def keep_checkup(connection: AsyncConnection, name: str, checkup: Checkup) -> None:
    """Record what a run changed, and queue the alert if there is one."""
    row = asdict(checkup.health)
    row |= {"source": name, "detail": one_line(row["detail"]), **row.pop("usual")}
    statement = insert(connection, health).values(row)
    renewed = {column: statement.excluded[column] for column in row if column != "source"}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["source"], set_=renewed)
    )
    if checkup.alert is not None:
        told = asdict(checkup.alert)
        told["detail"] = one_line(told["detail"])
        await connection.execute(insert(connection, alerts).values(told))


async def begin_anew(connection: AsyncConnection, name: str) -> None:
    """Forget what a source has shown; that it is broken holds until a run says otherwise.

    Whoever was told that it is broken is told, too, when it works at its new address.
    """
    known = (await healths(connection, [name])).get(name)
    here = health.c.source == name
    if known is None or not known.standing.is_broken:
        await connection.execute(delete(health).where(here))
        return
    kept = Health(known.standing, known.detail, 0, known.since, known.standing)
    row = asdict(kept)
    row |= row.pop("usual")
    await connection.execute(update(health).where(here).values(row))


def _health(row: RowMapping) -> Health:
    usual = Usual(**{name: row[name] for name in _USUAL})
    return Health(**{name: row[name] for name in _OWN}, usual=usual)
