"""A channel in Telegram."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from telegram import Bot, InputMediaPhoto, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channel import Message, Span
from bot.errors import CannotProbe, ChannelClosed, Refused
from bot.render import (
    CAPTION_LIMIT,
    LIMIT,
    REMOVED_NOTICE,
    is_web_address,
)
from bot.telegram.blank import blank_picture
from bot.telegram.calls import chat_key, translated
from bot.telegram.failures import reason_of
from bot.telegram.search import Search
from bot.telegram.wordings import as_plain_text

logger = logging.getLogger(__name__)

T = TypeVar("T")

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

_PICTURE_STAYS = "its words are struck out, its picture stays: {reason}"
_NO_SUCH_POST = ("message to edit not found", "message_id_invalid")
_MARKUP_TROUBLE = ("can't parse", "entit")
_PREVIEW_TROUBLE = ("webpage", "link preview", "http url", "url_invalid")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A post in one of the forms that are tried: ever simpler ones, as Telegram refuses them.

    Attributes:
        caption: what stands below a picture in place of ``text``.
        photo: None: without a picture, but with what ``preview`` says.
        silent: without a sound.
    """

    text: str
    caption: str
    preview: LinkPreviewOptions
    parse_mode: str | None = ParseMode.HTML
    photo: bytes | None = None
    silent: bool = False


class _PictureRefusedError(Refused):
    """A post was not edited for its picture's sake: without one it may be."""


class TelegramChannel:
    """An output chat in Telegram, in which the bot may post, edit and delete."""

    def __init__(self, bot: Bot, chat: str, *, scratch_chat: str | None = None) -> None:
        self.chat = chat
        self._bot = bot
        self._scratch_chat = scratch_chat
        self._mean(chat)

    def pin(self, number: int) -> None:
        """Mean the chat of this number from now on, whoever bears its name."""
        self._mean(str(number))

    def _mean(self, chat: str) -> None:
        scratch = self._scratch_chat
        self._key = chat_key(chat)
        self._search = None if scratch is None else Search(self._bot, chat, scratch)

    async def send(self, message: Message) -> int:
        """Post ``message`` and return its message id; errors as in Channel.send.

        A picture that Telegram refuses is left out; if it refuses the markup, the post goes
        out as plain text with its address.
        """
        return await _in_its_simplest_form(message, self._post)

    async def _post(self, draft: _Draft) -> int:
        if draft.photo is not None:
            return await self._post_photo(draft, draft.photo)
        with translated():
            sent = await self._bot.send_message(
                self._key,
                draft.text,
                parse_mode=draft.parse_mode,
                link_preview_options=draft.preview,
                disable_notification=draft.silent,
            )
        return sent.message_id

    async def _post_photo(self, draft: _Draft, photo: bytes) -> int:
        try:
            with translated():
                sent = await self._bot.send_photo(
                    self._key,
                    photo,
                    caption=draft.caption,
                    parse_mode=draft.parse_mode,
                    disable_notification=draft.silent,
                )
        except ChannelClosed as error:
            # It may be closed to photos alone: whether it is to all, a text will tell.
            raise Refused(str(error)) from error
        return sent.message_id

    async def remove(self, message_id: int) -> bool:
        """Delete the post; if Telegram keeps it, say in it that it was removed: False.

        A blank picture takes the place of its own; Refused if that stays to be seen.
        """
        try:
            await self._delete(message_id)
        except Refused:
            return not await self._strike_out(message_id)
        return True

    async def _strike_out(self, message_id: int) -> bool:
        """Leave nothing of a post but a notice; False if there is no such post."""
        notice = _Draft(REMOVED_NOTICE, REMOVED_NOTICE, NO_PREVIEW)
        try:
            return await self._edit(message_id, replace(notice, photo=blank_picture()))
        except _PictureRefusedError as error:
            if not await self._edit(message_id, notice):
                return False
            raise Refused(_PICTURE_STAYS.format(reason=error)) from error

    async def _delete(self, message_id: int) -> None:
        with translated():
            try:
                await self._bot.delete_message(self._key, message_id)
            except BadRequest as error:
                if not _says(error.message, "message to delete not found"):
                    raise

    async def rewrite(self, message_id: int, message: Message) -> bool:
        """Write ``message`` over what stands there; False if that was deleted.

        Simplified as in ``send``; errors as in Channel.rewrite.
        """
        return await _in_its_simplest_form(message, lambda draft: self._edit(message_id, draft))

    async def _edit(self, message_id: int, draft: _Draft) -> bool:
        """Let a post show ``draft``; False if there is no such post.

        A post with a picture keeps that unless ``draft`` has another; one without gets none.
        """
        with translated():
            try:
                await self._write_over(message_id, draft)
            except BadRequest as error:
                if _says(error.message, *_NO_SUCH_POST):
                    return False
                if not _says(error.message, "message is not modified"):
                    raise
        return True

    async def _write_over(self, message_id: int, draft: _Draft) -> None:
        try:
            await self._bot.edit_message_text(
                draft.text,
                self._key,
                message_id,
                parse_mode=draft.parse_mode,
                link_preview_options=draft.preview,
            )
        except BadRequest as error:
            if not _says(error.message, "no text in the message"):
                raise
            await self._write_below(message_id, draft)

    async def _write_below(self, message_id: int, draft: _Draft) -> None:
        if draft.photo is None:
            await self._bot.edit_message_caption(
                self._key, message_id, caption=draft.caption, parse_mode=draft.parse_mode
            )
            return
        media = InputMediaPhoto(draft.photo, caption=draft.caption, parse_mode=draft.parse_mode)
        try:
            await self._bot.edit_message_media(media, self._key, message_id)
        except BadRequest as error:
            if _says(error.message, "message is not modified", *_NO_SUCH_POST):
                raise
            raise _PictureRefusedError(reason_of(error)) from error

    async def find(self, message: Message, span: Span) -> int | None:
        """Look for ``message`` by forwarding what is in ``span`` to the scratch chat.

        Raises:
            CannotProbe: there is no scratch chat, or what Search.find says.
            PostError: the attempt failed; may be tried again.
        """
        if self._search is None:
            raise CannotProbe("telegram.scratch_chat is not set")
        return await self._search.find(message, span)


async def _in_its_simplest_form(message: Message, do: Callable[[_Draft], Awaitable[T]]) -> T:
    """Return what ``do`` gives for the first form of ``message`` that is not refused."""
    caption, preview = message.caption or message.html, _preview(message)
    text = _Draft(message.html, caption, preview, silent=message.silent)
    draft = text if message.caption is None else replace(text, photo=message.photo)
    while True:
        try:
            return await do(draft)
        except Refused as error:
            simpler = _simpler(draft, message, str(error))
            if simpler is None:
                raise
            logger.warning(
                "%s is shown in a simpler form: %s",
                message.url,
                error,
                extra={"action": "post_simplified"},
            )
            draft = simpler


def _simpler(draft: _Draft, message: Message, reason: str) -> _Draft | None:
    """Return the next form to try; None if there is none that could help."""
    if draft.photo is not None:
        return replace(draft, photo=None)
    if _says(reason, *_MARKUP_TROUBLE):
        text, caption = as_plain_text(message, LIMIT), as_plain_text(message, CAPTION_LIMIT)
        unmarked = replace(draft, text=text, caption=caption, parse_mode=None)
        return unmarked if draft.parse_mode else None
    if draft.preview is not NO_PREVIEW and _says(reason, *_PREVIEW_TROUBLE):
        return replace(draft, preview=NO_PREVIEW)
    return None


def _preview(message: Message) -> LinkPreviewOptions:
    """Return the page's own picture and words, large, below the post."""
    if not is_web_address(message.url):
        return NO_PREVIEW
    return LinkPreviewOptions(url=message.url, prefer_large_media=True)


def _says(reason: str, *texts: str) -> bool:
    return any(text in reason.lower() for text in texts)
