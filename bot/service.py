"""newsieve as a process: with its lock, its database and its account in Telegram.

run_once      one pass, for cron
run_forever   until SIGINT or SIGTERM
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from rich.console import Console

from bot.assembly import Service, open_service, reception_of
from bot.commands.reload import outcome_of
from bot.enduring import endure
from bot.errors import PostError
from bot.opening import check_band, check_channels, name_feeds
from bot.passes import Pass
from bot.reloading import Reloader
from bot.render import plain_text
from bot.signals import hearing_hangups, stopping_on_signals
from bot.sourcebook import Sourcebook
from bot.store import Lock
from bot.telegram import (
    Application,
    answer_waiting,
    poll,
    sign_in,
    sign_in_patiently,
)
from bot.waiting import side_by_side, wait_for_any
from config import PREVIEW, Settings

logger = logging.getLogger(__name__)

LOCK_LOOKED_AT = 60.0
"""Seconds between two looks whether the database's lock is still held."""


async def run_once(
    settings: Settings, console: Console | None, book: Sourcebook | None = None
) -> Pass:
    """Make one pass over the due sources and send what is queued.

    Commands that wait are answered first; ``book`` is what they may change. If Telegram cannot
    be reached the pass is made all the same, and what is to be posted waits in the store.

    Raises:
        ConfigError: if the token or a channel is not usable.
        StoreError, ModelError: if the database or the model is not.
        KeyboardInterrupt: on SIGINT or SIGTERM, once the post on its way has arrived.
    """
    stop = asyncio.Event()
    with stopping_on_signals(stop):
        async with open_service(settings, console, book) as service:
            telegram = service.telegram
            reached = telegram is None or await _sign_in(telegram)
            reception = None
            if telegram is not None and reached:
                await check_channels(service, telegram)
                await name_feeds(service.app, telegram)
                reception = reception_of(service, telegram)
                reception.open(with_menus=False)
                await answer_waiting(telegram)
            done = await service.app.once(stop, send=reached)
            await service.trainer.work_off(stop)
            if reception is not None:
                await reception.errands.work_off(stop)
            if reached and service.office is not None and not stop.is_set():
                await service.office.show(stop)
    if stop.is_set():
        raise KeyboardInterrupt
    return done


async def run_forever(settings: Settings, console: Console | None, book: Sourcebook) -> None:
    """Run bot and schedule until SIGINT or SIGTERM; a second signal ends at once.

    Sources are fetched and judged also while Telegram is out of reach. On SIGHUP the settings
    are read again, from ``book``; if it comes because the terminal was closed, that is the end.

    Raises:
        ConfigError: if the token or every channel is not usable.
        StoreError, ModelError: if the database or the model is not.
        Exception: whatever nobody foresaw; all that was queued stays in the store.
    """
    stop, hangup = asyncio.Event(), asyncio.Event()
    with stopping_on_signals(stop), hearing_hangups(hangup, stop):
        async with open_service(settings, console, book, again=True) as service:
            app, telegram = service.app, service.telegram
            await check_band(app)
            senders = [sender for sender in app.outlets.senders if sender.chat == PREVIEW]
            works = [endure(sender.run, stop) for sender in senders]
            if telegram is not None:
                works.append(_speak(service, telegram, stop))
            works += [app.keep_schedule(stop), endure(service.trainer.run, stop)]
            works.append(endure(partial(_keep, service.lock), stop))
            if service.reloader is not None:
                works.append(endure(partial(_heed, service, service.reloader, hangup), stop))
            feeds = app.outlets.by_chat()
            works += [endure(feed.run, stop) for chat, feed in feeds if chat == PREVIEW]
            logger.info("running: %s", app.summary(), extra={"action": "started"})
            await side_by_side(works, stop)
            # What the senders ended last.
            await app.outlets.refresh_feeds()
            logger.info("stopped", extra={"action": "stopped"})


async def _keep(lock: Lock, stop: asyncio.Event) -> None:
    """See until ``stop`` is set that the database is still ours alone; a server may forget it.

    Raises:
        StoreError: if another process has taken it.
    """
    while not stop.is_set():
        await asyncio.to_thread(lock.ensure)
        await wait_for_any(stop, timeout=LOCK_LOOKED_AT)


async def _heed(
    service: Service, reloader: Reloader, hangup: asyncio.Event, stop: asyncio.Event
) -> None:
    """Read the settings again on each SIGHUP, and tell what came of it, until ``stop`` is set."""
    while not stop.is_set():
        await wait_for_any(stop, hangup)
        if not hangup.is_set():
            continue
        hangup.clear()
        told = await outcome_of(reloader.reload)
        if service.office is not None:
            service.office.notes.add(plain_text(told))


async def _speak(service: Service, telegram: Application, stop: asyncio.Event) -> None:
    """Sign in, then let senders, cards and commands run side by side until ``stop`` is set."""
    if await sign_in_patiently(telegram, stop) is None:
        return
    await check_channels(service, telegram)
    reception = reception_of(service, telegram)
    reception.open()
    await reception.menus.publish()
    senders = [sender for sender in service.app.outlets.senders if sender.chat != PREVIEW]
    works = [endure(sender.run, stop) for sender in senders]
    await name_feeds(service.app, telegram)
    # What a channel is called is known from here on; before, nothing in it can have changed.
    feeds = service.app.outlets.by_chat()
    works += [endure(feed.run, stop) for chat, feed in feeds if chat != PREVIEW]
    works += [poll(telegram, stop), endure(reception.errands.run, stop)]
    if service.office is not None:
        office = service.office
        works += [endure(office.cards.run, stop), endure(office.alerts.run, stop)]
        works.append(endure(office.notes.run, stop))
    await side_by_side(works, stop)


async def _sign_in(telegram: Application) -> bool:
    try:
        await sign_in(telegram)
    except PostError as error:
        logger.warning(
            "Telegram cannot be reached, nothing is sent in this pass: %s",
            error,
            extra={"action": "sign_in_failed"},
        )
        return False
    return True
