"""What outlives a newsieve that is killed, and the count of what has arrived."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import chain
from pathlib import Path

from aiohttp import web
from sqlalchemy import select

from bot.commands import Request
from bot.model import Post, PostState, Reason
from bot.store import Store
from bot.store.engine import parse_url, sqlite_path
from bot.store.records import post_of
from bot.store.schema import posts
from bot.whereabouts import is_stranded
from tests.emulator import Chat, Emulator, Fault, Message
from tests.emulator.faults import Work
from tests.store.samples import ANNA, item, record, reprinted, verdict
from tests.storm.hasty import HastyStore
from tests.storm.life import Life
from tests.storm.scene import OFFICE, Scene
from tests.storm.shift import Shift, serve

TICK = timedelta(seconds=100)
_PRESSED = 1_000_000
"""The number of the first update that is a pressed button."""


class Newsroom:
    """All that outlives a newsieve: the database, Telegram, the operators, the clock.

    Attributes:
        hand: the store, as others reach it than the newsieve that is killed.
        setting: of the newsieve that begins next.
        meant: what is to be seen.
        rested: when nothing was left to do in a channel since the scene began.
        life: of the newsieve at work.
        is_deaf: what operators ask of a newsieve that is killed over it never arrives again.
    """

    def __init__(self, telegram: Emulator, address: str, hand: Store, scene: Scene) -> None:
        self.telegram = telegram
        self.hand = hand
        self.now = scene.now
        self.setting = scene.setting
        self.meant = deepcopy(scene.meant)
        self.rested: dict[str, datetime] = {}
        self.is_deaf = False
        self.life = Life()
        self._address = address
        self._shift: Shift | None = None
        self._office = telegram.world.chat(OFFICE)
        self._updates = list(scene.updates)
        self._settled = {card.id for card in self._office.from_bot}
        self._errands: list[asyncio.Future[web.StreamResponse]] = []

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
            yield cls(telegram, f"sqlite:///{path}", hand, scene)

    def scene(self, database: Path) -> Scene:
        """Keep how things stand now: nothing is at work."""
        with closing(sqlite3.connect(self._file())) as now:
            now.execute("VACUUM INTO ?", (str(database),))
        chats, meant = deepcopy((self.telegram.world.chats, self.meant))
        return Scene(database, self.setting, chats, self.now, meant, tuple(self._updates))

    def digest(self) -> str:
        """Return what tells how things stand from all else: what happens next rests on it alone."""
        with closing(sqlite3.connect(self._file())) as now:
            now.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        chats = self.telegram.world.chats.values()
        messages = [
            (one.id, one.text, one.links, one.deleted)
            for chat in chats
            for one in chat.messages.values()
        ]
        settled = sorted(self._settled)
        known = (self.telegram.faults_left, self.now, self._updates, settled, self.meant)
        return sha256(self._file().read_bytes() + repr((messages, known)).encode()).hexdigest()

    def _file(self) -> Path:
        return sqlite_path(parse_url(self._address))

    def channel(self, chat: str) -> Chat:
        """Return one of the channels."""
        return self.telegram.world.chat(chat)

    # What the pipeline and the operators do.

    async def judge(self, number: int, reason: Reason, *, image: str | None = None) -> None:
        """Let the pipeline judge an item."""
        (item_id,) = await record(self.hand, item(number, image=image))
        assert item_id == number
        is_accepted, chats = reason is Reason.GOOD, self.setting.chats
        at_once = frozenset(chats) - self.setting.premoderated if is_accepted else frozenset()
        self.meant.see(number, at_once)
        its = verdict(reason)
        assert await self.hand.ledger.record_verdict(item_id, its, chats, at=self.now)

    async def reprint(self, number: int, first: int) -> None:
        """Let another source bring the text of an accepted item."""
        assert await reprinted(self.hand, first, number) == number
        self.meant.reprints[number] = first
        self.meant.is_told_again = True

    def withhold_unseen(self, chat: str) -> None:
        """Let what is not seen in a channel by now wait for an operator's word."""
        for number, chats in self.meant.chats.items():
            url = item(number).url
            if all(url not in message.links for message in self.channel(chat).visible):
                self.meant.chats[number] = chats - {chat}

    def say(self, command: str, number: int) -> None:
        """Let an operator write a command, of which newsieve hears as soon as it listens."""
        self._updates.append(self._told(command, number))

    async def do(self, command: str, number: int) -> None:
        """Let an operator's command be done at once, newsieve being at work or not."""
        await serve(self.hand, self.setting, [self._told(command, number)], self._clock)

    def while_asked(self, happening: Callable[[Newsroom], Awaitable[None]]) -> Fault:
        """Return what lets something happen while newsieve waits for Telegram."""

        async def happens_first(work: Work) -> web.StreamResponse:
            await happening(self)
            return await work()

        async def fault(_request: web.Request, work: Work) -> web.StreamResponse:
            self._errands.append(asyncio.ensure_future(happens_first(work)))
            return await self._errands[-1]

        return fault

    def _told(self, command: str, number: int) -> Request:
        self._mean(command, number)
        self.meant.commands += 1
        return Request(self.meant.commands, ANNA, ANNA.id, command, (str(number),))

    def _mean(self, command: str, number: int) -> None:
        if command == "undo":
            self.meant.undo(number)
        elif self.meant.reprints.pop(number, None) is None:
            seen = self.setting.chats if command == "good" else ()
            self.meant.label(number, frozenset(seen))

    # What newsieve does.

    async def start(self, life: Life) -> bool:
        """Start a newsieve; tell whether it lives."""
        self.life = life
        life.asked = lambda: len(self.telegram.calls)
        self._shift = Shift(self.setting, self._address, self.telegram, life, self._clock)
        return await self._shift.begin()

    async def rest(self) -> bool:
        """Let it work, and time pass, until nothing is to be done; tell whether it lives."""
        for _ in range(30):
            if not await self._work():
                return False
            if await self._is_done():
                return True
            await self._let_time_pass()
        raise AssertionError(f"no rest: {await self._waiting()}")

    async def clear_away(self) -> None:
        """Take everything from a newsieve that was killed, or end one that lives."""
        assert self._shift is not None
        await self._shift.clear_away()
        # What it had asked Telegram for may be under way still.
        await asyncio.gather(*self._errands)

    async def count_up(self) -> None:
        """Compare the channels with what is meant: every item once, and nothing else.

        Each names the other sources with its text.
        """
        for chat in self.setting.chats:
            self._count_up(chat)
        for post in await self._posts():
            self._check(post, is_meant=post.chat in self.meant.chats[post.item_id])

    async def _posts(self) -> list[Post]:
        async with self.hand.posts.database.reading() as connection:
            return [post_of(row) for row in (await connection.execute(select(posts))).mappings()]

    async def _work(self) -> bool:
        assert self._shift is not None
        if not await self._shift.answer(self._updates):
            # What was not heard to its end is told again.
            return False
        self._updates.clear()
        return await self._shift.drain() and await self._press(self._shift)

    async def _press(self, shift: Shift) -> bool:
        """Look into the channels, and press the buttons of what asks; tell whether it lives."""
        answers = {card.id: await self._truth(card) for card in self._questions()}
        if self.is_deaf:
            self._settled |= set(answers)
        removed = [await self._remove(post) for post in await self._waiting() if is_stranded(post)]
        lives = await shift.answer([*answers.values(), *removed])
        if lives:
            self._settled |= set(answers)
        return lives

    def _questions(self) -> list[Message]:
        new = (card for card in self._office.from_bot if card.id not in self._settled)
        return [card for card in new if any("posted:" in data for data in card.buttons.values())]

    async def _truth(self, card: Message) -> Request:
        posted, again = card.buttons.values()
        command, *numbers = posted.split(":")
        post = await self.hand.posts.get(int(numbers[0]))
        assert post is not None
        if self._seen_as(post) is None:
            command = again.split(":")[0]
        return _pressed(card.id, command, *numbers)

    async def _remove(self, post: Post) -> Request:
        """Remove by hand what only people can."""
        message = self._seen_as(post)
        if message is not None:
            self.telegram.delete_by_hand(message)
        return _pressed(0, "gone", str(post.id))

    def _seen_as(self, post: Post) -> Message | None:
        url, visible = item(post.item_id).url, self.channel(post.chat).visible
        return next((message for message in visible if url in message.links), None)

    async def _let_time_pass(self) -> None:
        """Let the clock go on to when something is due."""
        due = [await self.hand.posts.next_moment(chat) for chat in self.setting.chats]
        self.now = max(self.now + TICK, min(filter(None, due), default=self.now))

    async def _is_done(self) -> bool:
        # What is to be edited later counts as well, if anything is.
        later, again = self.now + timedelta(hours=1), self.meant.is_told_again
        for chat in self.setting.chats:
            waits = await self.hand.posts.pending(chat)
            if not waits and not (again and await self.hand.mentions.due(chat, now=later)):
                self.rested.setdefault(chat, self.now)
            else:
                self.rested.pop(chat, None)
        return len(self.rested) == len(self.setting.chats)

    async def _waiting(self) -> list[Post]:
        waiting = [await self.hand.posts.pending(chat) for chat in self.setting.chats]
        return list(chain.from_iterable(waiting))

    def _clock(self) -> datetime:
        return self.now

    # How it is counted.

    def _count_up(self, chat: str) -> None:
        messages, meant = self.channel(chat).messages.values(), self.meant
        wanted = [self._links(number) for number, chats in meant.chats.items() if chat in chats]
        seen = [tuple(one.links) for one in messages if one.links and not one.deleted]
        assert Counter(seen) == Counter(wanted)
        ever = {one.links[0] for one in messages if one.links}
        assert ever <= {item(number).url for number, where in meant.cleared if where == chat}

    def _check(self, post: Post, *, is_meant: bool) -> None:
        assert post.wanted is is_meant
        if not is_meant:
            assert post.state in (PostState.QUEUED, PostState.REMOVED), post
            return
        assert post.state is PostState.SENT, post
        if post.message_id is not None:
            message = self.channel(post.chat).messages[post.message_id]
            assert tuple(message.links) == self._links(post.item_id)

    def _links(self, number: int) -> tuple[str, ...]:
        again = [other for other, first in self.meant.reprints.items() if first == number]
        return tuple(item(one).url for one in (number, *again))


def _pressed(number: int, command: str, *arguments: str) -> Request:
    return Request(_PRESSED + number, ANNA, ANNA.id, command, arguments)
