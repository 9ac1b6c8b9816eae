"""newsieve as a process: with its lock, its database and its account in Telegram.

run_once      one pass, for cron
run_forever   until SIGINT or SIGTERM
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from bot.app import App, open_app
from bot.channel import Channel
from bot.commands.reload import outcome_of
from bot.commands.texts import escape
from bot.enduring import endure
from bot.errors import PostError
from bot.language import gettext as _
from bot.language import speaking
from bot.office import Office, tell
from bot.passes import Pass
from bot.preview import PreviewChannel
from bot.reception import Reception
from bot.reloading import Read, Reloader
from bot.render import plain_text
from bot.retold import retold
from bot.sending import recover
from bot.signals import hearing_hangups, stopping_on_signals
from bot.slices import account_of, premoderated, sender_options, telegram_chats
from bot.store import Lock, Store, hold
from bot.telegram import (
    Application,
    TelegramChannel,
    answer_waiting,
    build_application,
    chat_problem,
    poll,
    sign_in,
    sign_in_patiently,
    sign_out,
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
        office: None if there is no chat of operators.
        trainer: retrains the model.
        reloader: reads the settings again; None: they are read once.
        lock: keeps other processes away from the database.
    """

    app: App
    telegram: Application | None
    office: Office | None
    trainer: Trainer
    reloader: Reloader | None
    lock: Lock


async def run_once(settings: Settings, console: Console | None) -> Pass:
    """Make one pass over the due sources and send what is queued.

    Commands that wait are answered first. If Telegram cannot be reached the
    pass is made all the same, and what is to be posted waits in the store.

    Raises:
        ConfigError: if the token or a channel is not usable.
        StoreError, ModelError: if the database or the model is not.
        KeyboardInterrupt: on SIGINT or SIGTERM, once the post on its way has arrived.
    """
    stop = asyncio.Event()
    with stopping_on_signals(stop):
        async with _open_service(settings, console) as service:
            telegram = service.telegram
            reached = telegram is None or await _sign_in(telegram)
            if telegram is not None and reached:
                await _check_channels(service, telegram)
                _reception(service, telegram).open(with_menus=False)
                await answer_waiting(telegram)
            done = await service.app.once(stop, send=reached)
            await service.trainer.work_off(stop)
            if reached and service.office is not None and not stop.is_set():
                await service.office.show(stop)
    if stop.is_set():
        raise KeyboardInterrupt
    return done


async def run_forever(
    settings: Settings, console: Console | None, read: Read | None = None
) -> None:
    """Run bot and schedule until SIGINT or SIGTERM; a second signal ends at once.

    Sources are fetched and judged also while Telegram is out of reach. On SIGHUP the settings
    are read again, by ``read``; if it comes because the terminal was closed, that is the end.

    Raises:
        ConfigError: if the token or every channel is not usable.
        StoreError, ModelError: if the database or the model is not.
        Exception: whatever nobody foresaw; all that was queued stays in the store.
    """
    stop, hangup = asyncio.Event(), asyncio.Event()
    with stopping_on_signals(stop), hearing_hangups(hangup, stop):
        async with _open_service(settings, console, read) as service:
            app, telegram = service.app, service.telegram
            senders = [sender for sender in app.outlets.senders if sender.chat == PREVIEW]
            works = [endure(sender.run, stop) for sender in senders]
            if telegram is not None:
                works.append(_speak(service, telegram, stop))
            works += [app.keep_schedule(stop), endure(service.trainer.run, stop)]
            works.append(endure(partial(_keep, service.lock), stop))
            if service.reloader is not None:
                works.append(endure(partial(_heed, service, service.reloader, hangup), stop))
            works += [endure(feed.run, stop) for feed in app.outlets.feeds]
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
    works.append(poll(telegram, stop))
    if service.office is not None:
        office = service.office
        works += [endure(office.cards.run, stop), endure(office.alerts.run, stop)]
        works.append(office.notes.run(stop))
    await side_by_side(works, stop)


@asynccontextmanager
async def _open_service(
    settings: Settings, console: Console | None, read: Read | None = None
) -> AsyncIterator[Service]:
    account = account_of(settings)
    with hold(settings.store_url) as lock, speaking(settings.telegram.language) as voice:
        async with await Store.open(settings.store_url) as store:
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
                    if read is not None:
                        reloader = Reloader(settings, read, app.adopt)
                        reloader.listeners += [
                            trainer.adopt,
                            lambda now: voice.speak(now.telegram.language),
                        ]
                    yield Service(app, telegram, office, trainer, reloader, lock)
            finally:
                if telegram is not None:
                    await sign_out(telegram)


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
    reception = Reception(app, telegram, service.trainer, decided=decided, reload=reload)
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
        ConfigError: if it can post in none.
    """
    settings = service.app.settings
    problems = await _problems_of(telegram, telegram_chats(settings))
    if problems and len(problems) == len(settings.channel):
        raise ConfigError([f"channel.chat: {chat}: {why}" for chat, why in problems.items()])
    office = settings.operator_chat
    closed = await _problems_of(telegram, [office] if office else [])
    for chat, why in (problems | closed).items():
        logger.error("cannot post: %s: %s", chat, why, extra={"action": "channel_closed"})
    if problems and office and not closed:
        told = [f"• {chat}: {retold(why)}" for chat, why in problems.items()]
        await tell(telegram, office, escape("\n".join([_("I cannot post:"), *told])))
        service.app.outlets.know_shut(problems)


async def _problems_of(telegram: Application, chats: Sequence[str]) -> dict[str, str]:
    """Return by chat why the bot cannot post there; a chat nobody can ask about counts as fine."""
    problems: dict[str, str] = {}
    for chat in chats:
        try:
            problem = await chat_problem(telegram.bot, chat)
        except PostError as error:
            told = "%s could not be checked: %s"
            logger.warning(told, chat, error, extra={"action": "check_failed"})
        else:
            problems |= {chat: problem} if problem else {}
    return problems
