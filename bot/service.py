"""newsieve as a process: with its lock, its database and its account in Telegram.

run_once      one pass, for cron
run_forever   until SIGINT or SIGTERM
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rich.console import Console
from telegram.constants import ParseMode

from bot.app import App, Operators, Pass, open_app
from bot.channel import Channel
from bot.commands import Alerts, Cards, Desk, Menus, add_handlers
from bot.commands.notes import Notes
from bot.commands.texts import escape
from bot.errors import PostError
from bot.explaining import Explainer
from bot.language import gettext as _
from bot.language import speaking
from bot.preview import PreviewChannel
from bot.rehearsal import Rehearsal
from bot.retold import retold
from bot.sending import recover
from bot.signals import stopping_on_signals
from bot.slices import account_of, premoderated, sender_options, zone_of
from bot.store import Store, hold
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
from bot.telegram.calls import chat_key, translated
from bot.telegram.faces import Faces
from bot.trainer import Trainer
from config import PREVIEW, ConfigError, Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Service:
    """An App with the account it speaks through.

    Attributes:
        telegram: None if there is no token.
        cards: None if there is no chat to show them in.
        alerts: as above.
        trainer: retrains the model.
    """

    app: App
    telegram: Application | None
    cards: Cards | None
    alerts: Alerts | None
    notes: Notes | None
    trainer: Trainer


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
                add_handlers(telegram, _desk(service, telegram))
                await answer_waiting(telegram)
            done = await service.app.once(stop, send=reached)
            await service.trainer.work_off(stop)
            if reached and not stop.is_set():
                await _show_operators(service, stop)
    if stop.is_set():
        raise KeyboardInterrupt
    return done


async def run_forever(settings: Settings, console: Console | None) -> None:
    """Run bot and schedule until SIGINT or SIGTERM; a second signal ends at once.

    Sources are fetched and judged also while Telegram is out of reach.

    Raises:
        ConfigError: if the token or every channel is not usable.
        StoreError, ModelError: if the database or the model is not.
        Exception: whatever nobody foresaw; all that was queued stays in the store.
    """
    stop = asyncio.Event()
    with stopping_on_signals(stop):
        async with _open_service(settings, console) as service:
            app, telegram = service.app, service.telegram
            works = [sender.run(stop) for sender in app.senders if sender.chat == PREVIEW]
            if telegram is not None:
                works.append(_speak(service, telegram, stop))
            works += [app.keep_schedule(stop), service.trainer.run(stop)]
            works += [feed.run(stop) for feed in app.feeds]
            logger.info("running: %s", app.summary(), extra={"action": "started"})
            await _side_by_side(works, stop)
            # What the senders ended last.
            await app.refresh_feeds()
            logger.info("stopped", extra={"action": "stopped"})


async def _speak(service: Service, telegram: Application, stop: asyncio.Event) -> None:
    """Sign in, then let senders, cards and commands run side by side until ``stop`` is set."""
    if await sign_in_patiently(telegram, stop) is None:
        return
    await _check_channels(service, telegram)
    menus = _menus(service.app.settings, telegram)
    add_handlers(telegram, _desk(service, telegram), menus)
    await menus.publish()
    works = [sender.run(stop) for sender in service.app.senders if sender.chat != PREVIEW]
    works.append(poll(telegram, stop))
    if service.cards is not None:
        works.append(service.cards.run(stop))
    if service.alerts is not None:
        works.append(service.alerts.run(stop))
    if service.notes is not None:
        works.append(service.notes.run(stop))
    await _side_by_side(works, stop)


async def _side_by_side(works: Sequence[Coroutine[Any, Any, None]], stop: asyncio.Event) -> None:
    """Run works that end when ``stop`` is set; the end of any one of them sets it.

    Raises:
        Exception: the first failure, once all others have ended.
    """

    async def until_the_end(work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            stop.set()

    outcomes = await asyncio.gather(*map(until_the_end, works), return_exceptions=True)
    for outcome in outcomes:
        if outcome is not None:
            raise outcome


@asynccontextmanager
async def _open_service(settings: Settings, console: Console | None) -> AsyncIterator[Service]:
    account = account_of(settings)
    with hold(settings.store_url), speaking(settings.telegram.language):
        async with await Store.open(settings.store_url) as store:
            await recover(store, sender_options(settings))
            await store.premoderation.set(premoderated(settings))
            telegram = build_application(account) if account else None
            cards, alerts = _cards(settings, store, telegram), _alerts(settings, store, telegram)
            channels = await _channels(settings, store, telegram, console or Console(quiet=True))
            notes = _notes(settings, telegram)
            operators = _operators(cards, alerts, notes)
            try:
                async with open_app(settings, store, channels, operators=operators) as app:
                    if alerts is not None:
                        alerts.propose = app.propose
                    tell = None if telegram is None else partial(_tell, telegram)
                    trainer = Trainer(settings, store, app.model, tell)
                    yield Service(app, telegram, cards, alerts, notes, trainer)
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


def _cards(settings: Settings, store: Store, telegram: Application | None) -> Cards | None:
    chat = settings.operator_chat
    return Cards(telegram.bot, chat, store) if telegram is not None and chat else None


def _alerts(settings: Settings, store: Store, telegram: Application | None) -> Alerts | None:
    chat = settings.operator_chat
    return Alerts(telegram.bot, chat, store) if telegram is not None and chat else None


def _notes(settings: Settings, telegram: Application | None) -> Notes | None:
    chat = settings.operator_chat
    return Notes(telegram.bot, chat) if telegram is not None and chat else None


def _operators(cards: Cards | None, alerts: Alerts | None, notes: Notes | None) -> Operators:
    asked = Operators(ask=cards.ask, judged=cards.wake) if cards else Operators()
    asked = replace(asked, note=notes.add) if notes else asked
    return replace(asked, alerted=alerts.wake) if alerts else asked


def _desk(service: Service, telegram: Application) -> Desk:
    app = service.app
    return Desk(
        app.store,
        frozenset(app.settings.telegram.operators),
        app.routing,
        _wake(service),
        trainer=service.trainer,
        rehearsal=Rehearsal(lambda: app.settings, app.store, app.model, app.in_force),
        explainer=Explainer(lambda: app.settings, app.store),
        zone=zone_of(app.settings),
        fetch=app.fetch_soon,
        faces=Faces(telegram.bot, _telegram_chats(app.settings)).shown,
    )


def _wake(service: Service) -> Callable[[], None]:
    """Return what tells that an operator decided: posts may be due, and there is room for cards."""

    def wake() -> None:
        service.app.wake_senders()
        if service.cards is not None:
            service.cards.wake()

    return wake


def _menus(settings: Settings, telegram: Application) -> Menus:
    office = (settings.operator_chat,) if settings.operator_chat else ()
    return Menus(telegram.bot, (*settings.telegram.operators, *office))


def _telegram_chats(settings: Settings) -> list[str]:
    return [said.chat for said in settings.channel if said.chat != PREVIEW]


async def _tell(telegram: Application, chat: str, told: str) -> None:
    """Write to a chat; what it is told stands in the log and the store as well."""
    try:
        with translated():
            await telegram.bot.send_message(chat_key(chat), told, parse_mode=ParseMode.HTML)
    except PostError as error:
        logger.warning("%s was not told: %s", chat, error, extra={"action": "not_told"})


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
    problems = await _problems_of(telegram, _telegram_chats(settings))
    if problems and len(problems) == len(settings.channel):
        raise ConfigError([f"channel.chat: {chat}: {why}" for chat, why in problems.items()])
    office = settings.operator_chat
    closed = await _problems_of(telegram, [office] if office else [])
    for chat, why in (problems | closed).items():
        logger.error("cannot post: %s: %s", chat, why, extra={"action": "channel_closed"})
    if problems and office and not closed:
        told = [f"• {chat}: {retold(why)}" for chat, why in problems.items()]
        await _tell(telegram, office, escape("\n".join([_("I cannot post:"), *told])))


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


async def _show_operators(service: Service, stop: asyncio.Event) -> None:
    if service.notes is not None:
        await service.notes.tell()
    try:
        if service.alerts is not None:
            await service.alerts.tell(stop)
    except PostError as error:
        logger.warning("no alert told: %s", error, extra={"action": "alert_failed"})
    try:
        if service.cards is not None:
            await service.cards.show_reviews()
    except PostError as error:
        logger.warning("no card shown: %s", error, extra={"action": "card_failed"})
