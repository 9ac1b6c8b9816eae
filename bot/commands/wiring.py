"""From updates of python-telegram-bot to requests, and from replies back to the chat."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from telegram import CallbackQuery, Message, MessageEntity, MessageOriginChannel, Update, User
from telegram.constants import ChatType, MessageEntityType, ParseMode
from telegram.error import BadRequest
from telegram.ext import CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot.commands.answer import BUTTONS, COMMANDS, OTHERS, answer
from bot.commands.cards import keyboard
from bot.commands.desk import Desk
from bot.commands.menus import Menus
from bot.commands.request import Reply, Request, Target
from bot.model import Operator
from bot.telegram.account import Application
from bot.telegram.channel import NO_PREVIEW

_DATA = re.compile(r"([a-z]{1,10}):([0-9]{1,9})(?::([0-9]{1,18}))?", re.ASCII)
_LINKS = (MessageEntityType.TEXT_LINK, MessageEntityType.URL)
_PUNCTUATION = ".,;:!?"
# What is before a digit belongs to the number: ".5".
_AROUND = re.compile(rf"^[{_PUNCTUATION}]+(?![0-9])|^[;:!?]+|[{_PUNCTUATION}]+$")

# Forwarded posts are there to be replied to with a command.
_TO_THE_BOT = filters.TEXT & filters.ChatType.PRIVATE & ~filters.FORWARDED

Callback: TypeAlias = "Callable[[Update, Any], Coroutine[Any, Any, None]]"


def add_handlers(application: Application, desk: Desk, menus: Menus | None = None) -> None:
    """Let ``desk`` answer the commands and the buttons that reach ``application``.

    Operators whose chat has no menu yet get it from ``menus``.
    """
    # New messages only: an edited command was done when it was new.
    new = filters.UpdateType.MESSAGE
    application.add_handler(CommandHandler(list(COMMANDS), _on_command(desk, menus), filters=new))
    application.add_handler(MessageHandler(new & _TO_THE_BOT, _on_other(desk)))
    application.add_handler(CallbackQueryHandler(_on_button(desk)))


def _on_command(desk: Desk, menus: Menus | None) -> Callback:
    async def on_command(update: Update, _context: Any) -> None:
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        request = _request_of(update.update_id, message, user)
        reply = await answer(desk, request, COMMANDS)
        # A group is spared the refusals: only who writes to the bot itself is told.
        try:
            if request.operator.id in desk.operators or message.chat.type == ChatType.PRIVATE:
                await _reply(desk, message, reply)
        finally:
            desk.answered()
        if menus is not None and request.operator.id in desk.operators:
            await menus.catch_up(message.chat_id)

    return on_command


def _on_other(desk: Desk) -> Callback:
    async def on_other(update: Update, _context: Any) -> None:
        message, user = update.message, update.effective_user
        if message is None or user is None:
            return
        word, *_ = (message.text or "").split() or [""]
        unknown = word.startswith("/")
        request = Request(
            update_id=update.update_id,
            operator=_operator(user),
            chat_id=message.chat_id,
            command="unknown" if unknown else "talk",
            arguments=(word,) if unknown else (),
            language=user.language_code,
        )
        await _reply(desk, message, await answer(desk, request, OTHERS))

    return on_other


def _on_button(desk: Desk) -> Callback:
    async def on_button(update: Update, _context: Any) -> None:
        query = update.callback_query
        if query is None:
            return
        data = _DATA.fullmatch(query.data or "")
        if data is None or data.group(1) not in BUTTONS:
            # No button of ours carries this; the waiting sign goes away, nothing else happens.
            await _acknowledge(query, "")
            return
        request = Request(
            update_id=update.update_id,
            operator=_operator(query.from_user),
            chat_id=query.message.chat.id if query.message else query.from_user.id,
            command=data.group(1),
            arguments=tuple(filter(None, data.groups()[1:])),
            language=query.from_user.language_code,
        )
        reply = await answer(desk, request, BUTTONS)
        try:
            await _acknowledge(query, reply.brief)
            if request.operator.id in desk.operators and not reply.refused:
                await _show(desk, query, reply)
        finally:
            desk.answered()

    return on_button


def _request_of(update_id: int, message: Message, user: User) -> Request:
    # Where the command ends is for Telegram to say: "/status." and "/bad,12" are commands, too.
    text, length = message.text or "", message.entities[0].length
    words = text[length:].lstrip(_PUNCTUATION).split()
    arguments = (_AROUND.sub("", word) for word in words)
    return Request(
        update_id=update_id,
        operator=_operator(user),
        chat_id=message.chat_id,
        command=text[1:length].partition("@")[0].lower(),
        arguments=tuple(filter(None, arguments)),
        targets=tuple(_targets(message)),
        language=user.language_code,
    )


def _operator(user: User) -> Operator:
    # An account that was deleted has no name any more.
    return Operator(user.id, user.full_name or "")


def _targets(message: Message) -> list[Target]:
    """Return what a message replies to: a card, a forwarded post, a post in the channel itself.

    Posts come as a forward into this chat, as a quotation from the channel, or as
    the automatic forward into the discussion group.
    """
    targets = []
    if message.reply_to_message is not None:
        replied = message.reply_to_message
        targets.append(Target(replied.chat_id, replied.message_id))
        targets += _posts_of(replied.forward_origin, _links_of(replied))
    if message.external_reply is not None:
        targets += _posts_of(message.external_reply.origin)
    return targets


def _posts_of(origin: object, links: tuple[str, ...] = ()) -> list[Target]:
    if not isinstance(origin, MessageOriginChannel):
        return []
    return [Target(origin.chat.id, origin.message_id, origin.chat.username, links)]


def _links_of(message: Message) -> tuple[str, ...]:
    told: dict[MessageEntity, str] = {}
    if message.text:
        told = message.parse_entities(list(_LINKS))
    elif message.caption:
        told = message.parse_caption_entities(list(_LINKS))
    return tuple(entity.url or words for entity, words in told.items())


async def _reply(desk: Desk, message: Message, reply: Reply) -> None:
    sent = await _send(message, reply)
    await _record_card(desk, sent, reply)
    if reply.then is not None:
        reply.then()


async def _record_card(desk: Desk, message: Message, reply: Reply) -> None:
    if reply.item_id is not None:
        await desk.store.operators.record_card(
            message.chat_id, message.message_id, reply.item_id, at=desk.now()
        )


async def _send(message: Message, reply: Reply) -> Message:
    said: dict[str, Any] = {
        "do_quote": True,
        "allow_sending_without_reply": True,
        "reply_markup": keyboard(reply),
    }
    if reply.picture is not None:
        try:
            return await message.reply_photo(
                reply.picture, caption=reply.html, parse_mode=ParseMode.HTML, **said
            )
        except BadRequest as error:
            # A group may take words and no pictures.
            if "not enough rights" not in error.message.lower():
                raise
    return await message.reply_html(reply.html, link_preview_options=NO_PREVIEW, **said)


async def _acknowledge(query: CallbackQuery, text: str) -> None:
    try:
        await query.answer(text)
    except BadRequest as error:
        # Telegram forgets a press after a while; what it asked for is done all the same.
        if "query is too old" not in error.message.lower():
            raise


async def _show(desk: Desk, query: CallbackQuery, reply: Reply) -> None:
    if not isinstance(query.message, Message):
        return
    if reply.beside:
        await _reply(desk, query.message, reply)
    elif await _renew(query, reply):
        await _record_card(desk, query.message, reply)


async def _renew(query: CallbackQuery, reply: Reply) -> bool:
    """Let the card tell what is so now; one that cannot be edited stays as it is: False."""
    try:
        await query.edit_message_text(
            reply.html,
            parse_mode=ParseMode.HTML,
            link_preview_options=NO_PREVIEW,
            reply_markup=keyboard(reply),
        )
    except BadRequest as error:
        if not re.search("not modified|can't be edited|not found", error.message.lower()):
            raise
        return "not modified" in error.message.lower()
    return True
