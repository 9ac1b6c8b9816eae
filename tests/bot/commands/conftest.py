"""Operators, strangers and a bot that listens to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.commands import Cards, Desk, add_handlers
from bot.routing import Routing
from bot.sending import Sender, SenderOptions
from bot.store import Store
from bot.telegram import Application, TelegramChannel, poll
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    User,
)
from tests.store.samples import (
    CHANNEL,
)

ROUTING = Routing(tags={"gazeta": frozenset({"gazeta"})}, wanted={CHANNEL: None})
OPTIONS = SenderOptions(per_minute=60_000, quarantine=timedelta(seconds=90))


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel(CHANNEL)


@pytest.fixture
def operator(telegram: Emulator) -> User:
    return telegram.add_user(7001, "operator <one>")


@pytest.fixture
def stranger(telegram: Emulator) -> User:
    return telegram.add_user(7999, "stranger")


@pytest.fixture
def office(telegram: Emulator) -> Chat:
    """The operators' chat."""
    return telegram.add_group("office")


@pytest.fixture
def cards(application: Application, store: Store, office: Chat) -> Cards:
    return Cards(application.bot, str(office.id), store, pace=0)


@pytest.fixture
def sender(
    application: Application, store: Store, channel: Chat, cards: Cards, clock: SetClock
) -> Sender:
    target = TelegramChannel(application.bot, CHANNEL)
    return Sender(target, store, OPTIONS, ask=cards.ask, now=clock)


@pytest.fixture
def desk(store: Store, operator: User, sender: Sender, clock: SetClock) -> Desk:
    return Desk(store, frozenset({operator.id}), ROUTING, sender.wake, clock)


@pytest.fixture
async def bot(application: Application, desk: Desk, sender: Sender) -> AsyncIterator[None]:
    """The bot at work: it listens to updates, and sends and removes posts."""
    add_handlers(application, desk)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(poll(application, stop)), asyncio.create_task(sender.run(stop))]
    # What a test puts into the store is not sent before something wakes the sender.
    await sender.resting.wait()
    yield
    stop.set()
    await asyncio.gather(*tasks)
