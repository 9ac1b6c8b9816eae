"""A newsieve at work: all that is gone when its process is killed."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.channel import Message
from bot.commands import Cards, Desk, Request, answer
from bot.commands.answer import BUTTONS, COMMANDS
from bot.routing import Routing
from bot.sending import Appearance, Sender, SenderOptions, recover
from bot.store import Store
from bot.telegram import TelegramChannel
from tests.emulator import Emulator
from tests.emulator.photos import PNG
from tests.store.samples import ANNA
from tests.storm.hasty import HastyStore
from tests.storm.life import Life
from tests.storm.scene import OFFICE, SCRATCH, Setting

OPTIONS = SenderOptions(per_minute=inf, quarantine=timedelta(seconds=90))
_LAST_REQUESTS = 40
"""Turns of the event loop in which a server takes what was sent to it before."""


class Shift:
    """Its store, its bot, a sender for each channel, and the desk that the operators ask.

    Attributes:
        life: how long it lasts.
    """

    def __init__(
        self,
        setting: Setting,
        address: str,
        telegram: Emulator,
        life: Life,
        now: Callable[[], datetime],
    ) -> None:
        self.life = life
        self._setting = setting
        self._hasty = HastyStore(address, life)
        self._telegram = telegram
        self._now = now
        self._store: Store | None = None
        self._request: HTTPXRequest | None = None
        self._senders: list[Sender] = []

    async def begin(self) -> bool:
        """Put it together, and find out what another has left; tell whether it lives."""
        return await self.life.live(self._begin())

    async def drain(self) -> bool:
        """Let the senders do what is due, side by side; tell whether they live."""
        return await self.life.live(*(sender.drain() for sender in self._senders))

    async def answer(self, requests: Sequence[Request]) -> bool:
        """Do what operators have asked for, in turn; tell whether it lives."""
        assert self._store is not None
        return await self.life.live(serve(self._store, self._setting, requests, self._now))

    async def clear_away(self) -> None:
        """Take everything from it that was killed, or end it if it lives."""
        for _ in range(_LAST_REQUESTS):
            await asyncio.sleep(0)
        asked = len(self._telegram.calls)
        if self._store is not None:
            await self._hasty.cut()
        await self.life.bury()
        gc.collect()
        if self._request is not None:
            await self._request.shutdown()
        assert len(self._telegram.calls) == asked, "a dead process has asked for something"

    async def _begin(self) -> None:
        self._store = store = await self._hasty.__aenter__()
        # Without TLS, which loopback does not need, no certificates are read.
        self._request = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})
        bot = Bot(
            self._telegram.token,
            f"{self._telegram.url}/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        await store.premoderation.set(self._setting.premoderated)
        await recover(store, OPTIONS, now=self._now)
        self._senders = [self._sender(bot, chat, store) for chat in self._setting.chats]

    def _sender(self, bot: Bot, chat: str, store: Store) -> Sender:
        channel = TelegramChannel(bot, chat, scratch_chat=self._scratch_chat())
        looks, cards = Appearance(illustrate=_illustrate), Cards(bot, OFFICE, store)
        return Sender(channel, store, OPTIONS, appearance=looks, ask=cards.ask, now=self._now)

    def _scratch_chat(self) -> str | None:
        if not self._setting.has_scratch_chat:
            return None
        groups = self._telegram.world.chats.values()
        return str(next(chat.id for chat in groups if chat.title == SCRATCH))


async def serve(
    store: Store, setting: Setting, requests: Sequence[Request], now: Callable[[], datetime]
) -> None:
    """Do what operators have asked for, as the bot does when it is told of it."""
    routing = Routing({}, dict.fromkeys(setting.chats))
    desk = Desk(store, frozenset({ANNA.id}), routing, wake=lambda: None, now=now)
    for request in requests:
        await answer(desk, request, {**BUTTONS, **COMMANDS})


async def _illustrate(message: Message, _source: str) -> Message:
    if message.image is None:
        return message
    # It comes from elsewhere, and the sender may be killed while it waits.
    await asyncio.sleep(0)
    return replace(message, photo=PNG, caption=message.html)
