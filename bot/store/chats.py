"""Which chats posts are kept under, and what becomes of the posts when a chat is another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Table,
    and_,
    delete,
    literal,
    not_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.identity import Change, Moved, Replaced, Told
from bot.model import Paused, PostState
from bot.store.columns import PlainText
from bot.store.engine import insert
from bot.store.mentions import mentions
from bot.store.repository import Repository, unbroken
from bot.store.revivals import forget_revivals, revivals
from bot.store.schema import metadata, pauses, posts

POSTED_BEFORE = "posted in the channel that had this name before"
PERHAPS_BEFORE = "nobody knows whether it was posted in the channel that had this name before"

# The number of each channel, as Telegram has told it.
chats = Table(
    "chats",
    metadata,
    Column("name", PlainText, primary_key=True),
    Column("id", BigInteger, nullable=False, unique=True),
)

_UNCLEAR = posts.c.state.in_((PostState.UNCERTAIN, PostState.SENDING))
_WAS_THERE = or_(_UNCLEAR, posts.c.state.in_((PostState.SENT, PostState.REMOVED)))
_PAUSES = pauses.c.kind == Paused.CHANNEL


class Chats(Repository):
    """The chats, as the settings write them."""

    @unbroken
    async def known(self) -> dict[str, int | None]:
        """Return the chats under which something is kept, with their numbers where told."""
        numbers = select(chats.c.name, chats.c.id)
        written = select(posts.c.chat).union(select(pauses.c.name).where(_PAUSES))
        async with self._database.reading() as connection:
            names = (await connection.scalars(written)).all()
            told = {row.name: row.id for row in await connection.execute(numbers)}
        return {name: told.get(name) for name in {*names, *told}}

    @unbroken
    async def follow(self, changes: Sequence[Change], told: Mapping[str, Told]) -> None:
        """Let all that is kept under chats follow these changes, and keep their numbers.

        Only before any sender of theirs works, or by the one whose channel it is. Of two posts of
        one item that come together in a channel the earlier one stays, unless readers may see the
        later one.
        """
        async with self._database.writing() as connection:
            await _lock(connection)
            for change in changes:
                if isinstance(change, Replaced):
                    await _part(connection, change)
            moved = [change for change in changes if isinstance(change, Moved)]
            for one in moved:
                await _set_out(connection, one)
            for one in moved:
                await _arrive(connection, _between(one.before), one.after)
            await _keep_numbers(connection, moved, told)


async def _lock(connection: AsyncConnection) -> None:
    """Let nothing be queued meanwhile; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE posts IN SHARE ROW EXCLUSIVE MODE"))


def _between(chat: str) -> str:
    """Return what no chat is called: two of them may have exchanged their names."""
    return f"was {chat}"


async def _part(connection: AsyncConnection, change: Replaced) -> None:
    """Leave what was posted to the channel that it was posted in; what waits stays.

    The channel that bears the name now is not given it by itself.
    """
    former, between = str(change.former), _between(change.chat)
    its = (posts.c.chat == change.chat, _WAS_THERE)
    await connection.execute(update(posts).where(*its).values(chat=between))
    await _keep_out(connection, posts.c.chat == between, change.chat)
    unclear = (posts.c.chat == between, _UNCLEAR)
    await connection.execute(update(posts).where(*unclear).values(**_closed(PERHAPS_BEFORE)))
    await _arrive(connection, between, former)
    # Message ids of the former channel, known before a post that still waits was tried.
    waiting = posts.c.chat == change.chat
    await connection.execute(update(posts).where(waiting).values(message_id=None, floor_id=None))
    await connection.execute(update(chats).where(chats.c.name == change.chat).values(name=former))


async def _keep_out(connection: AsyncConnection, which: ColumnElement[bool], chat: str) -> None:
    """Record these posts for ``chat`` as ones that only an operator's word brings there."""
    kept = [posts.c[name] for name in ("item_id", "wanted", "held", "queued_at", "urgency")]
    for condition, told in ((_UNCLEAR, PERHAPS_BEFORE), (not_(_UNCLEAR), POSTED_BEFORE)):
        row = {"chat": chat, "attempts": 0, **_closed(told)}
        values = [literal(value, posts.c[name].type) for name, value in row.items()]
        rows = select(*kept, *values).where(which, condition)
        names = [*(column.name for column in kept), *row]
        await connection.execute(insert(connection, posts).from_select(names, rows))


def _closed(told: str) -> dict[str, Any]:
    return {"state": PostState.FAILED, "error": told, "not_before": None}


async def _set_out(connection: AsyncConnection, change: Moved) -> None:
    """Take all that is kept under a chat away from it."""
    if change.anew:
        await _lose_sight(connection, posts.c.chat == change.before)
    between = _between(change.before)
    its = posts.c.chat == change.before
    await connection.execute(update(posts).where(its).values(chat=between))
    paused = (_PAUSES, pauses.c.name == change.before)
    await connection.execute(update(pauses).where(*paused).values(name=between))


async def _lose_sight(connection: AsyncConnection, which: ColumnElement[bool]) -> None:
    """Forget message ids; what may be seen of a post that was being brought back, a person knows.

    What was sent is still seen, and only by hand it can be removed.
    """
    coming_back = and_(
        posts.c.state == PostState.REMOVED, posts.c.wanted, posts.c.sending_at.is_not(None)
    )
    await connection.execute(
        update(posts).where(which, coming_back).values(state=PostState.UNCERTAIN)
    )
    await connection.execute(update(posts).where(which).values(message_id=None, floor_id=None))


async def _arrive(connection: AsyncConnection, between: str, chat: str) -> None:
    """Put what was taken away under ``chat``, beside what is kept there already."""
    coming, present = posts.c.chat == between, posts.c.chat == chat
    await _drop(connection, and_(present, not_(_WAS_THERE)), rather=coming)
    await _drop(connection, coming, rather=present)
    await connection.execute(update(posts).where(coming).values(chat=chat))
    is_paused = select(pauses.c.name).where(_PAUSES, pauses.c.name == chat)
    if await connection.scalar(is_paused) is not None:
        await connection.execute(delete(pauses).where(_PAUSES, pauses.c.name == between))
    paused = (_PAUSES, pauses.c.name == between)
    await connection.execute(update(pauses).where(*paused).values(name=chat))


async def _drop(
    connection: AsyncConnection, which: ColumnElement[bool], *, rather: ColumnElement[bool]
) -> None:
    """Delete those of the posts whose items have others."""
    twins = posts.c.item_id.in_(select(posts.c.item_id).where(rather))
    dropped = select(posts.c.id).where(which, twins)
    await connection.execute(delete(mentions).where(mentions.c.post_id.in_(dropped)))
    await forget_revivals(connection, revivals.c.post_id.in_(dropped))
    await connection.execute(delete(posts).where(which, twins))


async def _keep_numbers(
    connection: AsyncConnection, moved: Sequence[Moved], told: Mapping[str, Told]
) -> None:
    names = {*told, *(one.before for one in moved)}
    numbers = {one.id: chat for chat, one in told.items()}
    outdated = or_(chats.c.name.in_(names), chats.c.id.in_(numbers))
    await connection.execute(delete(chats).where(outdated))
    if numbers:
        rows = [{"name": chat, "id": number} for number, chat in numbers.items()]
        await connection.execute(insert(connection, chats), rows)
