"""All parts of a running newsieve: its lock, its database, its account in Telegram, its App."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from rich.console import Console

from bot.app import App, open_app
from bot.arrivals import recognise_offline
from bot.channel import Channel
from bot.language import Voice, speaking
from bot.office import Office, tell
from bot.preview import PreviewChannel
from bot.reception import Reception
from bot.reloading import Reloader
from bot.sending import recover
from bot.slices import account_of, premoderated, sender_options, zone_of
from bot.sourcebook import Sourcebook
from bot.store import Lock, Store, hold
from bot.telegram import (
    Application,
    TelegramChannel,
    build_application,
    sign_out,
)
from bot.trainer import Trainer
from config import PREVIEW, Settings


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


@asynccontextmanager
async def open_service(
    settings: Settings, console: Console | None, book: Sourcebook | None, *, again: bool = False
) -> AsyncIterator[Service]:
    """Open all parts, and close them again at the end of the block.

    Args:
        settings: what to open.
        console: where posts of the channel ``preview`` are shown; None: nowhere.
        book: the settings files; None: nobody may change them.
        again: the settings are read again from ``book`` when somebody asks for it.

    Raises:
        ConfigError: if the token cannot be one, or the settings cannot be used.
        StoreError, ModelError: if the database or the model cannot be used.
    """
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


def reception_of(service: Service, telegram: Application) -> Reception:
    """Return who answers the operators of a service."""
    app, office, reloader = service.app, service.office, service.reloader

    def answered() -> None:
        if office is not None:
            # There may be room for more of them, or an item that needs a new one. Not before: the
            # answer may be the card.
            office.cards.wake()

    reload = reloader.reload if reloader else None
    reception = Reception(
        app, telegram, service.trainer, answered=answered, book=service.book, reload=reload
    )
    if reloader is not None:
        reloader.listeners.append(reception.adopt)
    return reception
