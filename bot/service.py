"""newsieve as a process: with its lock, its database and its account in Telegram.

run_once      one pass, for cron
run_forever   until SIGINT or SIGTERM
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from bot.app import App, open_app
from bot.arrivals import recognise, recognise_offline
from bot.channel import Channel
from bot.commands.reload import outcome_of
from bot.commands.texts import escape
from bot.enduring import endure
from bot.errors import PostError
from bot.identity import named_twice
from bot.language import Voice, speaking
from bot.language import gettext as _
from bot.office import Office, tell
from bot.opening import check_band, name_feeds
from bot.passes import Pass
from bot.preview import PreviewChannel
from bot.reception import Reception
from bot.reloading import Reloader
from bot.render import plain_text
from bot.retold import retold
from bot.sending import recover
from bot.signals import hearing_hangups, stopping_on_signals
from bot.slices import account_of, premoderated, sender_options, telegram_chats, zone_of
from bot.sourcebook import Sourcebook
from bot.store import Lock, Store, hold
from bot.telegram import (
    Application,
    Standing,
    TelegramChannel,
    answer_waiting,
    build_application,
    poll,
    sign_in,
    sign_in_patiently,
    sign_out,
    standing,
)
from bot.trainer import Trainer
from bot.waiting import side_by_side, wait_for_any
from config import PREVIEW, ConfigError, Settings

logger = logging.getLogger(__name__)

LOCK_LOOKED_AT = 60.0
"""Seconds between two looks whether the database's lock is still held."""


@dataclass(frozen=True, slots=True)
class Service:
    """An App with the account it speaks through.

    Attributes:
        telegram: None if there is no token.
        channels: those that are chats in Telegram.
        office: None if there is no chat of operators.
        trainer: retrains the model.
        book: the settings files.
        reloader: reads them again; None: they are read once.
        lock: keeps other processes away from the database.
    """

    app: App
    telegram: Application | None
    channels: Sequence[TelegramChannel]
    office: Office | None
    trainer: Trainer
    book: Sourcebook | None
    reloader: Reloader | None
    lock: Lock


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
        async with _open_service(settings, console, book) as service:
            telegram = service.telegram
            reached = telegram is None or await _sign_in(telegram)
            reception = None
            if telegram is not None and reached:
                await _check_channels(service, telegram)
                await name_feeds(service.app, telegram)
                reception = _reception(service, telegram)
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
        async with _open_service(settings, console, book, again=True) as service:
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
    await _check_channels(service, telegram)
    reception = _reception(service, telegram)
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
        works.append(office.notes.run(stop))
    await side_by_side(works, stop)


@asynccontextmanager
async def _open_service(
    settings: Settings, console: Console | None, book: Sourcebook | None, *, again: bool = False
) -> AsyncIterator[Service]:
    account = account_of(settings)
    language, zone = settings.telegram.language, zone_of(settings)
    with hold(settings.store_url) as lock, speaking(language, zone) as voice:
        async with await Store.open(settings.store_url) as store:
            await recognise_offline(settings, store)
            await recover(store, sender_options(settings))
            await store.premoderation.set(premoderated(settings))
            telegram = build_application(account) if account else None
            office = Office.of(settings, store, telegram)
            channels = await _channels(settings, store, telegram, console or Console(quiet=True))
            operators = office.operators() if office else None
            try:
                async with open_app(settings, store, channels, operators=operators) as app:
                    if office is not None:
                        office.alerts.propose = app.propose
                    told = None if telegram is None else partial(tell, telegram)
                    trainer = Trainer(settings, store, app.model, told)
                    reloader = None
                    if book is not None and again:
                        reloader = Reloader(settings, book.read, app.adopt)
                        reloader.listeners += [trainer.adopt, partial(_speak_as, voice)]
                    chats = [one for one in channels if isinstance(one, TelegramChannel)]
                    yield Service(app, telegram, chats, office, trainer, book, reloader, lock)
            finally:
                if telegram is not None:
                    await sign_out(telegram)


def _speak_as(voice: Voice, settings: Settings) -> None:
    voice.speak(settings.telegram.language)
    voice.zone = zone_of(settings)


async def _channels(
    settings: Settings, store: Store, telegram: Application | None, console: Console
) -> list[Channel]:
    channels: list[Channel] = []
    for said in settings.channel:
        if said.chat == PREVIEW:
            channels.append(await PreviewChannel.open(store, console))
        elif telegram is not None:
            scratch = settings.telegram.scratch_chat
            channels.append(TelegramChannel(telegram.bot, said.chat, scratch_chat=scratch))
    return channels


def _reception(service: Service, telegram: Application) -> Reception:
    app, office, reloader = service.app, service.office, service.reloader

    def decided() -> None:
        app.wake_senders()
        if office is not None:
            # There may be room for more of them.
            office.cards.wake()

    reload = reloader.reload if reloader else None
    reception = Reception(
        app, telegram, service.trainer, decided=decided, book=service.book, reload=reload
    )
    if reloader is not None:
        reloader.listeners.append(reception.adopt)
    return reception


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


async def _check_channels(service: Service, telegram: Application) -> None:
    """Find out at the start what would otherwise be found out post by post.

    A channel the bot cannot post in stops no other; its posts wait.

    Raises:
        ConfigError: if it can post in none, or two are one and the same.
    """
    settings, store = service.app.settings, service.app.store
    standings = await _standings(telegram, telegram_chats(settings))
    found = {chat: one.told for chat, one in standings.items() if one.told is not None}
    if twice := named_twice(found):
        raise ConfigError(twice)
    problems = _problems(standings)
    if problems and len(problems) == len(settings.channel):
        raise ConfigError([f"channel.chat: {chat}: {why}" for chat, why in problems.items()])
    # Where the bot may not post, somebody else may have taken the name.
    ours = {chat: told for chat, told in found.items() if chat not in problems}
    recognised = await recognise(settings, store, telegram, ours)
    for channel in service.channels:
        if channel.chat in recognised.numbers:
            channel.pin(recognised.numbers[channel.chat])
    if service.office is not None:
        for note in recognised.notes:
            service.office.notes.add(note)
    await _tell_of_closed(service, telegram, problems)


async def _tell_of_closed(
    service: Service, telegram: Application, problems: Mapping[str, str]
) -> None:
    office = service.app.settings.operator_chat
    closed = _problems(await _standings(telegram, [office] if office else []))
    for chat, why in {**problems, **closed}.items():
        logger.error("cannot post: %s: %s", chat, why, extra={"action": "channel_closed"})
    if problems and office and not closed:
        told = [f"• {chat}: {retold(why)}" for chat, why in problems.items()]
        await tell(telegram, office, escape("\n".join([_("I cannot post:"), *told])))
        service.app.outlets.know_shut(problems)


def _problems(standings: Mapping[str, Standing]) -> dict[str, str]:
    return {chat: one.problem for chat, one in standings.items() if one.problem is not None}


async def _standings(telegram: Application, chats: Sequence[str]) -> dict[str, Standing]:
    """Return by chat how the bot stands with it; one that nobody can ask about is left out."""
    standings: dict[str, Standing] = {}
    for chat in chats:
        try:
            standings[chat] = await standing(telegram.bot, chat)
        except PostError as error:
            told = "%s could not be checked: %s"
            logger.warning(told, chat, error, extra={"action": "check_failed"})
    return standings
