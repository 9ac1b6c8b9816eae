"""A channel, a chat to look in, operators who are asked, and a sender."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.errors import NotSent
from bot.model import Entry, Post
from bot.sending import Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel
from tests.bot.conftest import SetClock
from tests.bot.sending.samples import OPTIONS
from tests.emulator import (
    Chat,
    Emulator,
)
from tests.store.samples import CHANNEL


@dataclass
class Questions:
    """Operators who are asked whether a post is there."""

    asked: list[int] = field(default_factory=list)
    trouble: NotSent | None = None

    async def __call__(self, post: Post, _entry: Entry) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.asked.append(post.id)


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel(CHANNEL)


@pytest.fixture
def scratch(telegram: Emulator) -> Chat:
    return telegram.add_group("scratch")


@pytest.fixture
def questions() -> Questions:
    return Questions()


@pytest.fixture
def sender(
    application: Application,
    store: Store,
    clock: SetClock,
    channel: Chat,
    scratch: Chat,
    questions: Questions,
) -> Sender:
    """A sender that can look for its posts by way of a scratch chat."""
    target = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(scratch.id))
    return Sender(target, store, OPTIONS, ask=questions, now=clock)


@pytest.fixture
def blind_sender(
    application: Application, store: Store, clock: SetClock, channel: Chat, questions: Questions
) -> Sender:
    """A sender without a scratch chat."""
    target = TelegramChannel(application.bot, CHANNEL)
    return Sender(target, store, OPTIONS, ask=questions, now=clock)


@pytest.fixture
async def hurried_bot(telegram: Emulator) -> AsyncIterator[Bot]:
    """A bot that soon gives up waiting for an answer."""
    request = HTTPXRequest(read_timeout=0.2, httpx_kwargs={"trust_env": False, "verify": False})
    yield Bot(telegram.token, f"{telegram.url}/bot", request=request)
    await request.shutdown()
