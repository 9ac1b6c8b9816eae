"""A sender that is killed and started anew, its operators, and the count of what arrived."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channel import Message
from bot.model import Entry, Post, PostState, Reason, Truth
from bot.sending import Appearance, Sender, SenderOptions, recover
from bot.store import Store
from bot.store.engine import Database
from bot.telegram import TelegramChannel
from tests.emulator import Chat, Emulator, Fault
from tests.emulator.photos import PNG
from tests.hurried import engine_of, hurry
from tests.store.samples import ANNA, CHANNEL, NOW, item, post_of, record, reprinted, verdict
from tests.storm.life import Life

OPTIONS = SenderOptions(per_minute=inf, quarantine=timedelta(seconds=90))
_LAST_REQUESTS = 40
"""Turns of the event loop in which a server takes what was sent to it before."""


class HastyStore:
    """A store on a file that does not wait for the disk, and can be cut off from it.

    Args:
        address: of the database, whose schema is there.
        life: is told of each commit.
    """

    def __init__(self, address: str, life: Life | None = None) -> None:
        self._store = Store(Database(address))
        self._life = life
        self._connections: list[Any] = []
        self._listeners = {"connect": self._connected, "commit": self._committing}

    async def __aenter__(self) -> Store:
        hurry(self._store)
        for name, listener in self._listeners.items():
            event.listen(engine_of(self._store), name, listener)
        return self._store

    async def __aexit__(self, *_error: object) -> None:
        self._leave()
        await self._store.close()

    async def cut(self) -> None:
        """Close all connections once what they were told is done, as the kernel would."""
        self._leave()
        engine_of(self._store).dispose(close=False)
        for connection in self._connections:
            await connection.close()

    def _leave(self) -> None:
        for name, listener in self._listeners.items():
            event.remove(engine_of(self._store), name, listener)

    def _connected(self, connection: Any, _entry: object) -> None:
        self._connections.append(connection.driver_connection)

    def _committing(self, connection: Connection) -> None:
        if self._life is not None and connection.get_execution_options().get("newsieve_writes"):
            self._life.mark()


@dataclass(frozen=True)
class Scene:
    """How things stand before something happens: kept to begin there again and again."""

    database: Path
    chats: dict[int, Chat]
    now: datetime = NOW + timedelta(hours=1)
    accepted: tuple[int, ...] = ()
    reprints: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def first(cls, database: Path, telegram: Emulator) -> Scene:
        """Return the beginning: an empty database, a channel, and a chat to look in."""
        telegram.add_channel(CHANNEL)
        telegram.add_group("scratch")
        return cls(database, dict(telegram.world.chats))


class Newsroom:
    """All that outlives a sender: the database's file, Telegram, the operators, the clock.

    Attributes:
        accepted: numbers of the items that were accepted.
        reprints: numbers of items of another source, and which of the accepted ones each repeats.
        questions: cards in the operators' chat that are not answered yet.
        life: that of the sender.
    """

    def __init__(self, telegram: Emulator, path: Path, hand: Store, scene: Scene) -> None:
        self.telegram = telegram
        self.hand = hand
        self.now = scene.now
        self.accepted = list(scene.accepted)
        self.reprints = dict(scene.reprints)
        self.questions: list[Post] = []
        self.life = Life()
        self.channel, self.scratch = telegram.world.chats.values()
        self._path = path
        self._sender: Sender | None = None
        self._store: HastyStore | None = None
        self._requests: tuple[HTTPXRequest, ...] = ()

    @classmethod
    @asynccontextmanager
    async def open(cls, telegram: Emulator, path: Path, scene: Scene) -> AsyncIterator[Newsroom]:
        """Begin with a scene, the database in a file at ``path`` that nobody has open."""
        for rest in ("", "-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        shutil.copy(scene.database, path)
        telegram.world.chats = deepcopy(scene.chats)
        telegram.heal()
        # The same file by another address: the operators' connections are not the sender's.
        async with HastyStore(f"sqlite:///{path.parent}/./{path.name}") as hand:
            yield cls(telegram, path, hand, scene)

    def scene(self, database: Path) -> Scene:
        """Keep how things stand now."""
        with closing(sqlite3.connect(self._path)) as now:
            now.execute("VACUUM INTO ?", (str(database),))
        chats = deepcopy(self.telegram.world.chats)
        return Scene(database, chats, self.now, tuple(self.accepted), dict(self.reprints))

    async def accept(self, number: int, *, image: str | None = None) -> None:
        """Let the pipeline accept an item."""
        (item_id,) = await record(self.hand, item(number, image=image))
        assert item_id == number
        self.accepted.append(number)
        assert await self.hand.ledger.record_verdict(
            item_id, verdict(Reason.GOOD), [CHANNEL], at=self.now
        )

    async def reprint(self, number: int, first: int) -> None:
        """Let another source bring the text of an accepted item."""
        assert await reprinted(self.hand, first, number) == number
        self.reprints[number] = first

    async def label_bad(self, number: int) -> None:
        """Let an operator label an item bad."""
        self.reprints.pop(number, None)
        assert await self.hand.labels.add(number, Truth.BAD, ANNA, chats=[CHANNEL], at=self.now)

    async def undo(self) -> None:
        """Let an operator take back the last label."""
        assert await self.hand.labels.undo(ANNA, at=self.now)

    async def start(self, life: Life) -> bool:
        """Start a sender; tell whether it lives."""
        self.life = life
        return await life.live(self._start())

    async def drain(self) -> bool:
        """Let the sender do what is due; tell whether it lives."""
        assert self._sender is not None
        return await self.life.live(self._sender.drain())

    async def clear_away(self) -> None:
        """Take everything from a sender that was killed, or end one that lives."""
        for _ in range(_LAST_REQUESTS):
            await asyncio.sleep(0)
        asked = len(self.telegram.calls)
        if self._store is not None:
            await self._store.cut()
        await self.life.bury()
        for request in self._requests:
            await request.shutdown()
        assert len(self.telegram.calls) == asked, "a dead process has asked for something"

    async def rest(self) -> bool:
        """Drain, answer the operators' questions, and let time pass until nothing is to be done."""
        for _ in range(30):
            if not await self.drain():
                return False
            await self._answer_questions()
            if await self._is_done():
                return True
            self.now += timedelta(seconds=100)
        raise AssertionError(f"no rest: {await self.hand.posts.pending(CHANNEL)}")

    async def count_up(self) -> None:
        """Compare the ledger with the channel: every wanted item once, nothing else.

        Each names the other sources with its text.
        """
        posts = {number: await post_of(self.hand, number) for number in self.accepted}
        links = {number: self._links(number) for number, post in posts.items() if post.wanted}
        seen = Counter(tuple(message.links) for message in self.channel.visible if message.links)
        assert seen == Counter(links.values())
        for number, post in posts.items():
            assert post.state is (PostState.SENT if post.wanted else PostState.REMOVED), post
            if post.wanted and post.message_id is not None:
                message = self.channel.messages[post.message_id]
                assert tuple(message.links) == links[number]

    def _links(self, number: int) -> tuple[str, ...]:
        again = [other for other, first in self.reprints.items() if first == number]
        return tuple(item(one).url for one in (number, *again))

    async def _is_done(self) -> bool:
        # What is to be edited later counts as well.
        later = self.now + timedelta(hours=1)
        waiting = await self.hand.posts.pending(CHANNEL)
        return not waiting and await self.hand.mentions.due(CHANNEL, now=later) is None

    async def _start(self) -> None:
        self._store = HastyStore(f"sqlite:///{self._path}", self.life)
        store = await self._store.__aenter__()
        self._requests = (_request(), _request())
        bot = Bot(
            self.telegram.token,
            f"{self.telegram.url}/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        channel = TelegramChannel(bot, CHANNEL, scratch_chat=str(self.scratch.id))
        await recover(store, OPTIONS, now=self._clock)
        looks = Appearance(illustrate=_illustrate)
        self._sender = Sender(
            channel, store, OPTIONS, appearance=looks, ask=self._ask, now=self._clock
        )

    def _clock(self) -> datetime:
        return self.now

    async def _ask(self, post: Post, _entry: Entry) -> None:
        # It stands in the operators' chat from now on, whatever becomes of who asked.
        self.questions.append(post)

    async def _answer_questions(self) -> None:
        """Look into the channel, and say what is there."""
        for post in self.questions:
            entry = await self.hand.ledger.entry(post.item_id)
            assert entry is not None
            url = entry.recorded.item.url
            answer = (
                self.hand.posts.record_seen
                if any(url in message.links for message in self.channel.visible)
                else self.hand.posts.send_again
            )
            await answer(post.id, attempt=post.sending_at, at=self.now)
        self.questions.clear()


@dataclass(frozen=True)
class Act:
    """Something that happens.

    Attributes:
        happen: what changes in the store or in Telegram.
        faults: what fails then.
        meanwhile: what operators do before a killed sender is started anew, if one is.
    """

    happen: Callable[[Newsroom], Awaitable[None]]
    faults: tuple[tuple[str, Fault], ...] = ()
    meanwhile: Callable[[Newsroom], Awaitable[None]] | None = None


async def play(newsroom: Newsroom, act: Act, *last_steps: int) -> Life:
    """Let a sender do what ``act`` has left to do, which is killed at these steps of its lives.

    Returns the last life, which lasted until everything had come to rest.
    """
    for method, fault in act.faults:
        newsroom.telegram.inject(method, fault)
    fates, meanwhile = iter([*last_steps, None]), act.meanwhile
    while not (await newsroom.start(Life(next(fates))) and await newsroom.rest()):
        await newsroom.clear_away()
        if meanwhile is not None:
            await meanwhile(newsroom)
            meanwhile = None
    await newsroom.clear_away()
    return newsroom.life


async def _illustrate(message: Message, _source: str) -> Message:
    if message.image is None:
        return message
    # It comes from elsewhere, and the sender may be killed while it waits.
    await asyncio.sleep(0)
    return replace(message, photo=PNG, caption=message.html)


def _request() -> HTTPXRequest:
    # Without TLS, which loopback does not need, no certificates are read.
    return HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})
