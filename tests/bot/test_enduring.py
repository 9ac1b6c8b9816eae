"""A database that is busy for a while, as in a backup, ends nothing that goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sqlalchemy import event
from telegram import Update
from telegram.ext import CommandHandler

import bot.enduring
from bot.app import open_app
from bot.clock import utc_now
from bot.enduring import endure
from bot.model import PostState
from bot.preview import PreviewChannel
from bot.sending import Sender
from bot.store import Store
from bot.telegram import Application, TelegramChannel, poll
from tests.bot.conftest import Heard, SetClock
from tests.bot.sending.samples import OPTIONS, state_of, titles
from tests.bot.test_adopting import story
from tests.bot.test_first_run import settings_for
from tests.emulator import Chat, Emulator, Hold
from tests.hurried import engine_of
from tests.newsserver import NewsServer
from tests.store.samples import CHANNEL, item, queued


@pytest.fixture(autouse=True)
def impatient(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits long for a busy database."""
    event.listen(engine_of(store), "connect", _give_up_soon)
    monkeypatch.setattr(bot.enduring, "FIRST_PAUSE", 0.05)


def _give_up_soon(connection: Any, _entry: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 20")
    cursor.close()


@contextmanager
def busy(folder: Path) -> Iterator[None]:
    """Let another program write in the database, and go on writing."""
    connection = sqlite3.connect(folder / "newsieve.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.close()


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel(CHANNEL)


@pytest.fixture
def sender(
    application: Application, store: Store, clock: SetClock, channel: Chat, telegram: Emulator
) -> Sender:
    scratch = telegram.add_group("scratch")
    target = TelegramChannel(application.bot, CHANNEL, scratch_chat=str(scratch.id))
    return Sender(target, store, OPTIONS, now=clock)


async def test_a_sender_goes_on_when_the_database_is_there_again(
    store: Store, sender: Sender, channel: Chat, heard: Heard, tmp_path: Path
) -> None:
    post = await queued(store, 1)
    stop = asyncio.Event()
    with busy(tmp_path):
        running = asyncio.create_task(endure(sender.run, stop))
        await heard.wait_for("store_busy")
        assert titles(channel) == []
    await heard.wait_for("post_sent")
    stop.set()
    await running
    assert await state_of(store, post) is PostState.SENT


async def test_a_post_whose_arrival_could_not_be_recorded_is_looked_for_and_not_sent_again(
    store: Store,
    sender: Sender,
    telegram: Emulator,
    channel: Chat,
    clock: SetClock,
    heard: Heard,
    tmp_path: Path,
) -> None:
    await queued(store, 1)
    await sender.drain()
    post, slow = await queued(store, 2), Hold()
    telegram.inject("sendMessage", slow)
    stop = asyncio.Event()
    running = asyncio.create_task(endure(sender.run, stop))
    await slow.reached.wait()
    with busy(tmp_path):
        slow.release()
        await heard.wait_for("store_busy")
    await heard.wait_for("post_interrupted")
    clock.advance(seconds=91)
    sender.wake()
    await heard.wait_for("post_found")
    stop.set()
    await running
    assert await state_of(store, post) is PostState.SENT
    assert titles(channel) == [item(1).title, item(2).title]


async def test_a_command_that_found_the_database_busy_is_done_later(
    store: Store, application: Application, telegram: Emulator, heard: Heard, tmp_path: Path
) -> None:
    async def expire(update: Update, _context: Any) -> None:
        await store.premoderation.set([CHANNEL])
        assert update.message is not None
        await update.message.reply_text("done")

    application.add_handler(CommandHandler("expire", expire))
    user, stop = telegram.add_user(7001, "Operator"), asyncio.Event()
    with busy(tmp_path):
        user.say("/expire")
        polling = asyncio.create_task(poll(application, stop))
        await heard.wait_for("store_busy")
    await telegram.wait_for_message(user.chat, containing="done")
    stop.set()
    await polling


async def test_a_source_that_found_the_database_busy_is_read_soon_again(
    store: Store, tmp_path: Path
) -> None:
    async with NewsServer() as news:
        settings = settings_for(news.publish("/feed.xml", []), tmp_path)
        channel = await PreviewChannel.open(store, Console(quiet=True))
        async with open_app(settings, store, [channel]) as app:
            await app.once()
            news.publish("/feed.xml", [story(1)])
            with busy(tmp_path):
                due = await app.run_source("Вести")
            assert 0 < (due - utc_now()).total_seconds() <= 60
            await app.run_source("Вести")
    assert await store.ledger.entry(1) is not None
