"""How the channels are doing: what rests, what waits for an operator's word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.commands.desk import Desk
from bot.commands.texts import escape, moment, name_of
from bot.language import gettext as _
from bot.language import ngettext
from bot.model import Paused
from bot.store.pauses import Pause


@dataclass(frozen=True, slots=True)
class Channels:
    """How the channels are now.

    Attributes:
        paused: those that rest, and since when.
        premoderated: those to which nothing goes before an operator says so.
        waiting: how many posts wait for that, by channel.
        expire: what could not be posted for so long is given up; None: nothing is.
    """

    paused: Mapping[str, Pause]
    premoderated: frozenset[str]
    waiting: Mapping[str, int]
    expire: timedelta | None


async def channels_of(desk: Desk) -> Channels:
    """Look up how the channels are now."""
    return Channels(
        paused=await desk.store.pauses.all(Paused.CHANNEL),
        premoderated=await desk.store.premoderation.chats(),
        waiting=await desk.store.premoderation.waiting(),
        expire=desk.expire,
    )


def channel_line(chat: str, channels: Channels) -> str:
    """Return in a line of HTML whether a channel rests, and what goes out there otherwise."""
    if chat in channels.paused:
        return _pause_line(chat, channels.paused[chat], channels.expire)
    if chat not in channels.premoderated:
        return _("{chat}: what is accepted is posted.").format(chat=escape(chat))
    told = _("{chat}: nothing is posted before you say that it is good.")
    return " ".join(filter(None, [told.format(chat=escape(chat)), waiting_words(chat, channels)]))


def waiting_words(chat: str, channels: Channels) -> str:
    """Return how much waits for an operator's word; empty if nothing does."""
    count = channels.waiting.get(chat, 0)
    told = ngettext("{count} waits for your word.", "{count} wait for your word.", count)
    return told.format(count=count) if count else ""


def _pause_line(chat: str, pause: Pause, expire: timedelta | None) -> str:
    told = _(
        "{chat}: paused by {operator}, {moment}. Nothing is posted, and what is labelled bad is "
        "still removed."
    )
    who, at = escape(name_of(pause.operator)), moment(pause.at)
    line = told.format(chat=escape(chat), operator=who, moment=at)
    if expire is None:
        return line
    lost = _("What waits for more than {hours} h is given up: it is not posted any more.")
    return f"{line} {lost.format(hours=f'{expire / timedelta(hours=1):g}')}"
