"""Looking for a post in a channel: the Bot API cannot read, but it can forward."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from enum import Enum, auto
from math import inf

import httpx
from telegram import Bot, MessageEntity, MessageOriginChannel
from telegram import Message as TelegramMessage
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.channel import Message, Span
from bot.errors import CannotProbe, Refused
from bot.telegram.calls import chat_key, translated
from bot.telegram.failures import translate
from bot.telegram.wordings import is_worded_as

logger = logging.getLogger(__name__)

MISSING_RUN = 20
"""After so many ids without a message behind the last known one, the channel has ended."""

MOST_LOOKS = 300
"""So many ids are looked at before a person is asked instead."""

BLIND_RUN = 50
"""So many ids before the first known one are looked at when no earlier one is known."""

_LINKS: list[str | None] = [MessageEntity.TEXT_LINK, MessageEntity.URL]


class _Look(Enum):
    """What forwarding one message id showed."""

    IT = auto()
    ALIKE = auto()
    """It links to the item, and says something else of it: ours in another form, or somebody's."""

    ANOTHER = auto()
    HIDDEN = auto()
    NOTHING = auto()


class Search:
    """Finds posts of one channel by forwarding what is there to a scratch chat."""

    def __init__(self, bot: Bot, chat: str, scratch_chat: str) -> None:
        self._bot = bot
        self._chat = chat_key(chat)
        self._scratch_chat = chat_key(scratch_chat)
        # By the address that was looked for: a search that broke off does not begin anew.
        self._ruled_out: defaultdict[str, set[int]] = defaultdict(set)

    async def find(self, message: Message, span: Span) -> int | None:
        """Return the id of ``message``, or None if it certainly is not in the channel.

        Raises:
            CannotProbe: there is no id to begin with, too much to look at, something that only
                may be it, or the chat is no channel, or one that does not let its posts be
                forwarded.
            PostError: the attempt failed; may be tried again, and goes on where it stopped.
        """
        start = _start_of(span)
        end = inf if span.only_id is None else span.only_id
        with translated():
            seen = await self._bot.get_chat(self._chat)
        if seen.type != ChatType.CHANNEL:
            # What is forwarded from there names its author and no place. A basic group's ids are
            # shared with the bot's other chats, too: those that it lacks show no end.
            raise CannotProbe("only a channel tells where its posts were forwarded from")
        if seen.has_protected_content:
            raise CannotProbe("the channel does not let its posts be forwarded")
        found = await self._search(message, start, frozenset(span.known_ids), end)
        is_blind = span.floor_id is None and span.only_id is None
        if found is None and is_blind and start > 0:
            raise CannotProbe("no earlier post of this channel is known")
        del self._ruled_out[message.url]
        return found

    async def _search(
        self, message: Message, start: int, known: frozenset[int], end: float
    ) -> int | None:
        ruled_out = self._ruled_out[message.url]
        message_id, last, looks = start, max({start, *known}), Counter[_Look]()
        while message_id < min(last + MISSING_RUN, end):
            message_id += 1
            if message_id in known or message_id in ruled_out:
                last = max(last, message_id)
                continue
            if looks.total() == MOST_LOOKS:
                raise CannotProbe(f"not among {MOST_LOOKS} messages after {start}")
            look = await self._look(message, message_id)
            if look is _Look.IT:
                return message_id
            if look is _Look.ANOTHER:
                ruled_out.add(message_id)
            last = last if look is _Look.NOTHING else max(last, message_id)
            looks[look] += 1
        _check_certain(looks, start)
        return None

    async def _look(self, message: Message, message_id: int) -> _Look:
        try:
            with translated():
                copy = await self._bot.forward_message(
                    self._scratch_chat, self._chat, message_id, disable_notification=True
                )
        except Refused as error:
            return _Look.NOTHING if _is_missing(str(error)) else _Look.HIDDEN
        await self._discard(copy)
        return _seen_in(copy, message, message_id)

    async def _discard(self, copy: TelegramMessage) -> None:
        try:
            await self._bot.delete_message(copy.chat_id, copy.message_id)
        except TelegramError as error:
            # A copy left behind in a private chat is untidy and harms nobody.
            logger.warning(
                "a copy stays in the scratch chat: %s",
                translate(error),
                extra={"action": "copy_left", "chat": self._scratch_chat},
            )


def _start_of(span: Span) -> int:
    if span.only_id is not None:
        return span.only_id - 1
    if span.floor_id is not None:
        return span.floor_id
    if not span.known_ids:
        raise CannotProbe("no post of this channel is known")
    return max(span.known_ids[0] - BLIND_RUN, 0)


def _is_missing(reason: str) -> bool:
    return "not found" in reason.lower() or "message_id_invalid" in reason.lower()


def _check_certain(looks: Counter[_Look], start: int) -> None:
    if looks[_Look.ALIKE]:
        raise CannotProbe(f"a message after {start} links to the same page in other words")
    if looks[_Look.HIDDEN]:
        raise CannotProbe(f"{looks[_Look.HIDDEN]} messages after {start} cannot be looked at")


def _seen_in(copy: TelegramMessage, message: Message, message_id: int) -> _Look:
    origin = copy.forward_origin
    if not isinstance(origin, MessageOriginChannel) or origin.message_id != message_id:
        return _Look.ANOTHER
    # Other admins recommend the same page. And Telegram leaves out a link it does not like: the
    # words are still ours then.
    if is_worded_as(copy.text or copy.caption or "", message):
        return _Look.IT
    return _Look.ALIKE if _canonical(message.url) in _links(copy) else _Look.ANOTHER


def _links(copy: TelegramMessage) -> set[str]:
    # A photo without words, for one, has neither.
    found = copy.parse_entities(_LINKS) if copy.text else {}
    found |= copy.parse_caption_entities(_LINKS) if copy.caption else {}
    return {_canonical(entity.url or words) for entity, words in found.items()}


def _canonical(url: str) -> str:
    """Return ``url`` in the form Telegram may have rewritten it to: punycode, a slash added."""
    try:
        return str(httpx.URL(url)).rstrip("/")
    except httpx.InvalidURL:
        return url.rstrip("/")
