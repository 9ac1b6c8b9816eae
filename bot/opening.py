"""What is looked up once, when newsieve begins to work."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from bot.app import App
from bot.arrivals import Recognised, left_behind, recognise
from bot.assembly import Service
from bot.decide import blind_spot
from bot.errors import NotSent, PostError
from bot.identity import named_twice
from bot.lookout import Lookout
from bot.slices import telegram_chats
from bot.telegram import (
    Application,
    Standing,
    chat_title,
    standing,
)
from config import PREVIEW, ConfigError

logger = logging.getLogger(__name__)


async def check_band(app: App) -> None:
    """Warn of a review band beside the threshold.

    Raises:
        StoreError: if the database fails.
    """
    unseen = blind_spot(await app.rules())
    if unseen:
        logger.warning("%s", unseen, extra={"action": "band_aside"})


async def name_feeds(app: App, telegram: Application) -> None:
    """Let the RSS files bear the titles of their channels, as far as Telegram tells them."""
    for chat, feed in app.outlets.by_chat():
        if chat == PREVIEW:
            continue
        try:
            title = await chat_title(telegram.bot, chat)
        except PostError as error:
            told = "the title of %s is not known: %s"
            logger.warning(told, chat, error, extra={"action": "title_unknown"})
        else:
            if title:
                feed.name(title)


async def check_channels(service: Service, telegram: Application) -> None:
    """Find out at the start what would otherwise be found out post by post.

    A channel the bot cannot post in stops no other; its posts wait.

    Raises:
        ConfigError: if it can post in none, which the operators are told, or two are one and the
            same.
    """
    settings, store = service.app.settings, service.app.store
    standings = await _standings(telegram, telegram_chats(settings))
    found = {chat: one.told for chat, one in standings.items() if one.told is not None}
    if twice := named_twice(found):
        raise ConfigError(twice)
    problems = _problems(standings)
    if problems and len(problems) == len(settings.channel):
        await _tell_of_closed(service, telegram, standings)
        await _tell_now(service)
        raise ConfigError([f"channel.chat: {chat}: {why}" for chat, why in problems.items()])
    # Where the bot may not post, somebody else may have taken the name.
    ours = {chat: told for chat, told in found.items() if chat not in problems}
    recognised = await recognise(settings, store, telegram, ours)
    _pin(service, telegram, recognised)
    for chat, why in (await left_behind(settings, store)).items():
        logger.warning("%s is %s", chat, why, extra={"action": "channel_dropped", "chat": chat})
    await _tell_of_closed(service, telegram, standings)


def _pin(service: Service, telegram: Application, recognised: Recognised) -> None:
    """Let each channel be the chat that it is; one that nobody knows is looked at when it is used.

    So is, while newsieve runs, one that does not let the bot in any more.
    """
    note = service.office.notes.add if service.office else _unheard
    for told in recognised.notes:
        note(told)
    lookout = Lookout(lambda: service.app.settings, service.app.store, telegram, note)
    senders = {sender.chat: sender for sender in service.app.outlets.senders}
    for channel in service.channels:
        sender = senders[channel.chat]
        sender.look = partial(lookout.look, channel)
        if channel.chat in recognised.numbers:
            channel.pin(recognised.numbers[channel.chat])
        else:
            sender.door.in_doubt = True


def _unheard(_note: str) -> None:
    """Tell nobody."""


async def _tell_of_closed(
    service: Service, telegram: Application, standings: Mapping[str, Standing]
) -> None:
    """Log which chats are shut, and tell the operators what they do not know of that."""
    settings, problems = service.app.settings, _problems(standings)
    office = settings.operator_chat
    closed = _problems(await _standings(telegram, [office] if office else []))
    for chat, why in {**problems, **closed}.items():
        logger.error("cannot post: %s: %s", chat, why, extra={"action": "channel_closed"})
    if service.office is not None:
        doors, chats = service.office.doors, telegram_chats(settings)
        shut = await doors.look_round(chats, problems, asked=standings.keys())
        service.app.outlets.know_shut(shut)


async def _tell_now(service: Service) -> None:
    """Tell the operators what would be told soon, if newsieve went on."""
    if service.office is not None:
        # What did not arrive stands in the log, and is told by the next who begins.
        with suppress(NotSent):
            await service.office.notes.tell()


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
