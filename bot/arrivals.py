"""Channels are recognised at the start, and what is kept of them follows."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import ChannelClosed, PostError, Refused
from bot.identity import (
    Change,
    Moved,
    Replaced,
    Told,
    changes_of,
    dropped,
    left_groups,
    presumed,
)
from bot.language import gettext as _
from bot.slices import premoderated, telegram_chats
from bot.store import Store
from bot.telegram import Application, successor
from config import PREVIEW, Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The channels as they are recognised.

    Attributes:
        numbers: of those that the settings name, where known.
        notes: for the operators.
    """

    numbers: Mapping[str, int]
    notes: Sequence[str] = ()


async def recognise_offline(settings: Settings, store: Store) -> None:
    """Let the posts of channels follow that are written otherwise, by what is known of them."""
    now = await _now(settings, store, {})
    await _follow(settings, store, now)


async def recognise(
    settings: Settings, store: Store, telegram: Application, told: Mapping[str, Told]
) -> Recognised:
    """Let the posts of channels follow that are written otherwise; return which ones they are.

    Args:
        settings: which name the channels.
        store: on which no sender of theirs works yet.
        telegram: the account.
        told: which chats they are, where Telegram has told that the bot may post there.
    """
    now = await _now(settings, store, told)
    became: dict[int, int] = {}
    for group in left_groups(await store.chats.known(), now):
        became |= await _successor(telegram, group)
    changes = await _follow(settings, store, now, became)
    notes = [_note(one) for one in changes if isinstance(one, Replaced)]
    return Recognised({chat: one.id for chat, one in now.items()}, notes)


async def left_behind(settings: Settings, store: Store) -> dict[str, str]:
    """Return the channels with posts that the settings no longer name, each with a warning."""
    chats = [one.chat for one in settings.channel]
    told: dict[str, str] = {}
    for chat in dropped(await store.chats.known(), chats):
        waiting = len(await store.posts.pending(chat))
        # The page of the preview is read on this machine only.
        if chat != PREVIEW and (waiting or await store.ledger.posted(1, chat=chat)):
            told[chat] = (
                "no longer in the settings: what was posted there stays until it is removed by "
                f"hand; posts that wait for something there: {waiting}"
            )
    return told


async def _now(settings: Settings, store: Store, told: Mapping[str, Told]) -> dict[str, Told]:
    """Return which chats the settings name: as told, or else as they must be."""
    known = await store.chats.known()
    chats = telegram_chats(settings)
    now = {chat: told[chat] if chat in told else presumed(chat, known) for chat in chats}
    return {chat: one for chat, one in now.items() if one is not None}


async def _follow(
    settings: Settings,
    store: Store,
    now: Mapping[str, Told],
    became: Mapping[int, int] | None = None,
) -> Sequence[Change]:
    changes = changes_of(await store.chats.known(), now, became)
    await store.chats.follow(changes, now)
    for change in changes:
        _log(change)
    if changes:
        # What has come to a premoderated channel waits there, too.
        await store.premoderation.set(premoderated(settings))
    return changes


async def _successor(telegram: Application, group: int) -> dict[int, int]:
    try:
        now = await successor(telegram.bot, group)
    except (ChannelClosed, Refused):
        # The bot is no longer in it, and will not be told.
        return {}
    except PostError as error:
        told = "%s could not be checked: %s"
        logger.warning(told, group, error, extra={"action": "check_failed"})
        return {}
    return {} if now is None else {group: now}


def _log(change: Change) -> None:
    if isinstance(change, Moved):
        told = "%s is written %s now: its posts follow"
        if change.anew:
            told = "%s became the supergroup %s: earlier messages can be removed by hand only"
        extra = {"action": "channel_moved", "chat": change.after}
        logger.info(told, change.before, change.after, extra=extra)
    else:
        told = "%s is another channel than before: what was posted in the former one, %d, is left"
        extra = {"action": "channel_replaced", "chat": change.chat}
        logger.warning(told, change.chat, change.former, extra=extra)


def _note(change: Replaced) -> str:
    told = _(
        "{chat} is another channel now. What I posted in the former one is left as it is there, "
        "and not posted again by itself: /good with an id does that. What waits goes out in "
        "the new one."
    )
    return told.format(chat=change.chat)
