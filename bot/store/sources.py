"""Sources: what is remembered of each between its runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.health import Checkup, Health
from bot.model import RecordedItem, SourceState
from bot.store.engine import insert
from bot.store.health import begin_anew, healths, keep_checkup
from bot.store.items import add_items, keep_dead
from bot.store.labelling import accepted, queue_posts
from bot.store.records import one_line, recorded_items, select_in
from bot.store.repository import Repository, unbroken
from bot.store.schema import sources
from scrapers import Item

MOST_SEEDING_RUNS = 10
"""A listing that never comes to an end is taken for seen after so many runs."""

DEAD_FOR = timedelta(days=1)
"""How long a page that gave nothing is not fetched again."""


class Sources(Repository):
    """The state of the configured sources."""

    @unbroken
    async def ensure(
        self,
        addresses: Mapping[str, str],
        *,
        at: datetime,
        readings: Mapping[str, str] | None = None,
    ) -> None:
        """See that each name has a state; a new one is due at once.

        Args:
            addresses: name → configured address. A name with another address than
                before is a new source: nothing that was remembered holds for it.
            at: now.
            readings: name → a digest of how it is read. Who has just corrected that
                is not kept waiting until the pause after the failures is over.
        """
        readings = readings or {}
        async with self._database.writing() as connection:
            await _ensure(connection, list(addresses), at)
            query = select(sources.c.name, sources.c.url, sources.c.reading)
            for row in await select_in(connection, query, sources.c.name, addresses):
                name = row["name"]
                told = {"url": addresses[name], "reading": readings.get(name, row["reading"])}
                changed = {key for key, value in told.items() if row[key] != value}
                corrected = {key for key in changed if row[key] is not None}
                if changed:
                    here = sources.c.name == name
                    values = {**told, **_forgotten(corrected, at)}
                    await connection.execute(update(sources).where(here).values(values))
                if "url" in corrected:
                    await begin_anew(connection, name)

    @unbroken
    async def states(self, names: Sequence[str] | None = None) -> list[SourceState]:
        """Return the states of the sources of these names (None: of all), by name."""
        query = select(sources)
        async with self._database.reading() as connection:
            if names is None:
                rows = list((await connection.execute(query)).mappings())
            else:
                rows = await select_in(connection, query, sources.c.name, set(names))
            found = await healths(connection, [row["name"] for row in rows])
        states = [SourceState(**row, health=found.get(row["name"], Health())) for row in rows]
        return sorted(states, key=lambda state: state.name)

    @unbroken
    async def record_run(  # noqa: PLR0913  (one run has that many sides)
        self,
        name: str,
        items: Sequence[Item],
        *,
        at: datetime,
        due_at: datetime,
        etag: str | None = None,
        last_modified: str | None = None,
        dead: Sequence[str] = (),
        complete: bool = True,
        chats: Sequence[str] = (),
        interval: timedelta | None = None,
        checkup: Checkup | None = None,
        url: str | None = None,
    ) -> list[RecordedItem]:
        """Record a run that succeeded, with all it found; return the items that are new.

        ``dead`` are the canonical addresses of pages that gave nothing and will
        not soon: they are left alone for DEAD_FOR.

        What the first such run finds was there before anyone asked for it: those
        items are marked as seeding. A run that is not complete has left something
        there, so the next one counts as the first too, up to MOST_SEEDING_RUNS.

        An item that was accepted before this source showed it is queued for
        ``chats``, the channels that carry this source.

        ``interval`` is how often it is fetched from now on, ``checkup`` what the run says of
        its health; None leaves what is known.

        ``url`` is the address that was read, as configured. If the source has another one by
        now, nothing is recorded: that is a new source, of which this tells nothing.
        """
        async with self._database.writing() as connection:
            await _ensure(connection, [name], at)
            this = sources.c.name == name
            known = select(sources.c.seeded, sources.c.runs, sources.c.url)
            query = known.where(this).with_for_update()
            seeded, runs, address = (await connection.execute(query)).one()
            if url is not None and address not in (None, url):
                return []
            await keep_dead(connection, dead, at=at, until=at + DEAD_FOR)
            new, sighted = await add_items(connection, name, items, at=at, seeding=not seeded)
            for item_id in await accepted(connection, set(sighted) - set(new)):
                await queue_posts(connection, item_id, chats, wanted=True, at=at)
            await connection.execute(
                update(sources)
                .where(this)
                .values(
                    due_at=due_at,
                    last_run_at=at,
                    last_success_at=at,
                    runs=sources.c.runs + 1,
                    seeded=seeded or complete or runs + 1 >= MOST_SEEDING_RUNS,
                    failures=0,
                    error="",
                    etag=etag,
                    last_modified=last_modified,
                    **({} if interval is None else {"interval": interval}),
                )
            )
            if checkup is not None:
                await keep_checkup(connection, name, checkup)
            return await recorded_items(connection, new)

    @unbroken
    async def record_failure(
        self,
        name: str,
        error: str,
        *,
        at: datetime,
        due_at: datetime,
        checkup: Checkup | None = None,
        url: str | None = None,
    ) -> None:
        """Record a run that failed, when to try again, and what it says of the source.

        ``url`` is the address that was tried; see ``record_run``.
        """
        async with self._database.writing() as connection:
            await _ensure(connection, [name], at)
            same = true() if url is None else func.coalesce(sources.c.url, url) == url
            done = await connection.execute(
                update(sources)
                .where(sources.c.name == name, same)
                .values(
                    due_at=due_at,
                    last_run_at=at,
                    failures=sources.c.failures + 1,
                    error=one_line(error),
                )
            )
            if checkup is not None and done.rowcount == 1:
                await keep_checkup(connection, name, checkup)


_ANOTHER_WAY: dict[str, Any] = {"failures": 0, "error": "", "etag": None, "last_modified": None}

_ANEW: dict[str, Any] = {
    **_ANOTHER_WAY,
    "runs": 0,
    "seeded": False,
    "last_success_at": None,
    "interval": None,
}


def _forgotten(corrected: Collection[str], at: datetime) -> dict[str, Any]:
    """Return what no longer holds of a source that the settings now tell otherwise."""
    if not corrected:
        return {}
    return {**(_ANEW if "url" in corrected else _ANOTHER_WAY), "due_at": at}


async def _ensure(connection: AsyncConnection, names: Sequence[str], at: datetime) -> None:
    rows = [{"name": name, "added_at": at, "due_at": at} for name in names]
    if rows:
        statement = insert(connection, sources).on_conflict_do_nothing(index_elements=["name"])
        await connection.execute(statement, rows)
