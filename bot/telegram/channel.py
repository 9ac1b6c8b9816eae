"""A channel in Telegram."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import Enum, auto

import httpx
from telegram import Bot, LinkPreviewOptions, MessageOriginChannel
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, TelegramError

from bot.channel import Message
from bot.errors import CannotProbe, Refused
from bot.render import REMOVED_NOTICE, plain_text
from bot.telegram.failures import translate

logger = logging.getLogger(__name__)

MISSING_RUN = 20
"""After so many ids without a message behind the last known one, the channel has ended."""

MOST_PROBES = 300
"""So many ids are looked at before a person is asked instead."""

BLIND_RUN = 50
"""So many ids before the highest known one are looked at when no earlier one is known."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_NO_SUCH_POST = ("message to edit not found", "message_id_invalid")


class _Look(Enum):
    """What forwarding one message id showed."""

    IT = auto()
    ANOTHER = auto()
    HIDDEN = auto()
    NOTHING = auto()


class TelegramChannel:
    """An output chat in Telegram, in which the bot may post, edit and delete."""

    def __init__(self, bot: Bot, chat: str, *, scratch_chat: str | None = None) -> None:
        self.chat = chat
        self._bot = bot
        self._scratch_chat = scratch_chat

    async def send(self, message: Message) -> int:
        """Post ``message`` and return its message id; errors as in Channel.send.

        A picture that Telegram refuses is left out.
        """
        try:
            return await self._post(message)
        except Refused:
            if message.image is None:
                raise
            return await self._post(replace(message, image=None))

    async def _post(self, message: Message) -> int:
        with translated():
            sent = await self._bot.send_message(
                chat_key(self.chat),
                message.html,
                parse_mode=ParseMode.HTML,
                link_preview_options=_preview(message),
            )
        return sent.message_id

    async def remove(self, message_id: int) -> None:
        """Delete the post, or say in its place that it was removed if Telegram keeps it."""
        try:
            await self._delete(message_id)
        except Refused:
            await self._edit(message_id, REMOVED_NOTICE, NO_PREVIEW)

    async def _delete(self, message_id: int) -> None:
        with translated():
            try:
                await self._bot.delete_message(chat_key(self.chat), message_id)
            except BadRequest as error:
                if not _says(error, "message to delete not found"):
                    raise

    async def restore(self, message_id: int, message: Message) -> bool:
        """Write ``message`` over the notice that it was removed; False if Telegram deleted it.

        A picture that Telegram refuses is left out; errors as in Channel.restore.
        """
        try:
            return await self._edit(message_id, message.html, _preview(message))
        except Refused:
            if message.image is None:
                raise
            return await self._edit(message_id, message.html, NO_PREVIEW)

    async def _edit(self, message_id: int, html: str, preview: LinkPreviewOptions) -> bool:
        """Let a post show ``html``; False if there is no such post."""
        with translated():
            try:
                await self._bot.edit_message_text(
                    html,
                    chat_key(self.chat),
                    message_id,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=preview,
                )
            except BadRequest as error:
                if _says(error, *_NO_SUCH_POST):
                    return False
                if not _says(error, "message is not modified"):
                    raise
        return True

    async def find(
        self, message: Message, *, floor_id: int | None, ceiling_id: int | None = None
    ) -> int | None:
        """Look for ``message`` by forwarding what follows ``floor_id`` to the scratch chat.

        Raises:
            CannotProbe: there is no scratch chat, no id to begin with, too much to
                look at, or the channel does not let its posts be forwarded.
            PostError: the attempt failed; may be tried again.
        """
        if self._scratch_chat is None:
            raise CannotProbe("telegram.scratch_chat is not set")
        start = floor_id if floor_id is not None else _blind_start(ceiling_id)
        with translated():
            seen = await self._bot.get_chat(chat_key(self.chat))
        if seen.has_protected_content:
            raise CannotProbe("the channel does not let its posts be forwarded")
        found = await self._search(message, start, ceiling_id or start)
        if found is None and floor_id is None:
            raise CannotProbe("no earlier post of this channel is known")
        return found

    async def _search(self, message: Message, floor_id: int, ceiling_id: int) -> int | None:
        message_id, last_known, hidden = floor_id, max(floor_id, ceiling_id), 0
        while message_id < last_known + MISSING_RUN:
            if message_id == floor_id + MOST_PROBES:
                raise CannotProbe(f"not among the {MOST_PROBES} messages after {floor_id}")
            message_id += 1
            look = await self._look(message, message_id)
            if look is _Look.IT:
                return message_id
            last_known = last_known if look is _Look.NOTHING else max(last_known, message_id)
            hidden += look is _Look.HIDDEN
        if hidden:
            raise CannotProbe(f"{hidden} messages after {floor_id} cannot be looked at")
        return None

    async def _look(self, message: Message, message_id: int) -> _Look:
        try:
            with translated():
                copy = await self._bot.forward_message(
                    chat_key(self._scratch_chat or ""),
                    chat_key(self.chat),
                    message_id,
                    disable_notification=True,
                )
        except Refused as error:
            return _Look.NOTHING if "not found" in str(error) else _Look.HIDDEN
        await self._discard(copy)
        return _Look.IT if _is_copy_of(copy, message, message_id) else _Look.ANOTHER

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


def chat_key(chat: str) -> int | str:
    """Return ``chat`` as the Bot API takes it: a number, or an @name."""
    return int(chat) if chat.lstrip("-").isdecimal() else chat


@contextmanager
def translated() -> Iterator[None]:
    """Raise errors of the Bot API as PostError."""
    try:
        yield
    except TelegramError as error:
        raise translate(error) from error


def _says(error: BadRequest, *texts: str) -> bool:
    return any(text in error.message.lower() for text in texts)


def _blind_start(ceiling_id: int | None) -> int:
    if ceiling_id is None:
        raise CannotProbe("no post of this channel is known")
    return max(ceiling_id - BLIND_RUN, 0)


def _preview(message: Message) -> LinkPreviewOptions:
    if message.image is None:
        return NO_PREVIEW
    return LinkPreviewOptions(url=message.image, prefer_large_media=True, show_above_text=True)


def _is_copy_of(copy: TelegramMessage, message: Message, message_id: int) -> bool:
    origin = copy.forward_origin
    if not isinstance(origin, MessageOriginChannel) or origin.message_id != message_id:
        return False
    links = {_canonical(entity.url) for entity in copy.entities if entity.url}
    # Telegram leaves out a link it does not like; the words are still ours then.
    return _canonical(message.url) in links or copy.text == plain_text(message.html)


def _canonical(url: str) -> str:
    """Return ``url`` in the form Telegram may have rewritten it to: punycode, a slash added."""
    try:
        return str(httpx.URL(url)).rstrip("/")
    except httpx.InvalidURL:
        return url.rstrip("/")
