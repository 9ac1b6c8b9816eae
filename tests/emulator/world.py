"""What Telegram remembers: chats, their messages, and the updates the bot has not confirmed."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.emulator import photos
from tests.emulator.markup import Entity
from tests.pulse import Pulse

Json = dict[str, Any]

UPDATES_SENT_ONLY_WHEN_ASKED = {"chat_member", "message_reaction", "message_reaction_count"}


class ApiError(Exception):
    """A call is refused with an HTTP status, Telegram's words, and sometimes parameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        self.status = status
        self.description = description
        self.parameters = parameters
        super().__init__(description)


@dataclass(eq=False)
class Message:
    """A message in a chat, as it is now.

    Attributes:
        sender: the user who wrote it, or the channel's own description for a post.
        markup: what the bot sent, before it was parsed; empty for people's messages.
        by_bot: whether our bot wrote it.
        photo: the picture above the text, which is a caption then.
    """

    id: int
    chat: Chat
    text: str
    entities: list[Entity]
    sender: Json
    markup: str = ""
    by_bot: bool = False
    date: int = field(default_factory=lambda: int(time.time()))
    edit_date: int | None = None
    deleted: bool = False
    keyboard: Json | None = None
    preview: Json | None = None
    extra: Json = field(default_factory=dict)
    silent: bool = False
    photo: bytes | None = None

    @property
    def links(self) -> list[str]:
        """Addresses a reader can open from the text, as Telegram keeps them."""
        units = self.text.encode("utf-16-le")
        return [
            entity.url
            or units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode("utf-16-le")
            for entity in self.entities
            if entity.type in ("text_link", "url")
        ]

    @property
    def buttons(self) -> dict[str, str]:
        """Caption → callback data of the buttons below it."""
        rows = (self.keyboard or {}).get("inline_keyboard", [])
        return {button["text"]: button.get("callback_data", "") for row in rows for button in row}

    def as_json(self, *, nested: bool = False) -> Json:
        """Return the message as the Bot API writes it; ``nested``: without what it replies to."""
        written: Json = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.as_json(),
            "text": self.text,
            "entities": [entity.as_json() for entity in self.entities],
            "edit_date": self.edit_date,
            "reply_markup": self.keyboard,
            "link_preview_options": self.preview,
            **self.extra,
        }
        written["sender_chat" if self.chat.type == "channel" else "from"] = self.sender
        if self.photo is not None:
            written["caption"] = written.pop("text")
            written["caption_entities"] = written.pop("entities")
            written["photo"] = photos.described(self.photo)
        if nested:
            written.pop("reply_to_message", None)
            written.pop("external_reply", None)
        return {key: value for key, value in written.items() if value not in (None, [])}


@dataclass(eq=False)
class Chat:
    """A channel, a group or the private chat of one user with the bot.

    Attributes:
        status: what the bot is there: ``administrator``, ``member``, ``left`` or ``kicked``;
            in a private chat also ``blocked``, ``deactivated`` (the account was deleted) or
            ``new`` (the user never pressed Start).
        can_post, can_edit, can_delete: its rights as an administrator.
        protected: content may not be forwarded.
        takes_photos: members may send photos.
        linked: the discussion group of a channel, where its posts appear too.
        migrated_to: the supergroup this group has become.
    """

    id: int
    type: str
    title: str
    username: str | None = None
    status: str = "administrator"
    can_post: bool = True
    can_edit: bool = True
    can_delete: bool = True
    protected: bool = False
    takes_photos: bool = True
    linked: Chat | None = None
    migrated_to: int | None = None
    last_id: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    @property
    def visible(self) -> list[Message]:
        """Messages a reader of the chat sees, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]

    @property
    def from_bot(self) -> list[Message]:
        """Visible messages our bot wrote, oldest first."""
        return [message for message in self.visible if message.by_bot]

    def as_json(self) -> Json:
        """Return the chat as the Bot API writes it inside a message."""
        name = "first_name" if self.type == "private" else "title"
        written = {"id": self.id, "type": self.type, name: self.title, "username": self.username}
        return {key: value for key, value in written.items() if value is not None}


class World:
    """All chats and the queue of updates; every change beats ``pulse``."""

    def __init__(self, bot: Json) -> None:
        self.bot = bot
        self.pulse = Pulse()
        self.chats: dict[int, Chat] = {}
        self.updates: list[Json] = []
        self.confirmed: list[Json] = []
        self.menus: dict[tuple[int | None, str], dict[str, str]] = {}
        self.queries: dict[str, Json | None] = {}
        self._last_update = 1000

    def chat(self, key: str | int) -> Chat:
        """Return the chat with this id or @name.

        Raises:
            ApiError: if the bot knows no such chat.
        """
        text = str(key)
        for chat in self.chats.values():
            named = chat.username and text.lower() == f"@{chat.username}".lower()
            if named or text == str(chat.id):
                return chat
        raise ApiError(400, "Bad Request: chat not found")

    def find(self, chat: Chat, message_id: object, purpose: str) -> Message:
        """Return a visible message; ``purpose`` goes into the error's words."""
        message = chat.messages.get(int(str(message_id or 0)))
        if message is None or message.deleted:
            raise ApiError(400, f"Bad Request: message to {purpose} not found")
        return message

    def add(self, message: Message) -> Message:
        """Put a message made with ``next_message`` into its chat, and its copy where posts go."""
        message.chat.messages[message.id] = message
        if message.chat.linked is not None:
            self._forward_automatically(message, message.chat.linked)
        self.pulse.beat()
        return message

    def next_message(
        self, chat: Chat, text: str, entities: list[Entity], sender: Json, **rest: Any
    ) -> Message:
        """Return a message with the next id of ``chat``, not yet in it."""
        chat.last_id += 1
        return Message(chat.last_id, chat, text, entities, sender, **rest)

    def push(self, kind: str, content: Mapping[str, Any]) -> Json:
        """Queue an update for the bot and return it."""
        self._last_update += 1
        update = {"update_id": self._last_update, kind: json.loads(json.dumps(content))}
        self.updates.append(update)
        self.pulse.beat()
        return update

    def confirm(self, offset: int) -> None:
        """Forget the updates before ``offset``; a negative one keeps only the last ones."""
        first = offset
        if offset < 0:
            newest = [update["update_id"] for update in self.updates][offset:]
            first = newest[0] if newest else 0
        self.confirmed += [update for update in self.updates if update["update_id"] < first]
        self.updates = [update for update in self.updates if update["update_id"] >= first]
        self.pulse.beat()

    def waiting(self, limit: int, kinds: list[str] | None) -> list[Json]:
        """Return the oldest unconfirmed updates of the kinds the bot asked for."""

        def asked_for(update: Json) -> bool:
            kind = next(key for key in update if key != "update_id")
            return kind in kinds if kinds else kind not in UPDATES_SENT_ONLY_WHEN_ASKED

        return [update for update in self.updates if asked_for(update)][:limit]

    def _forward_automatically(self, post: Message, group: Chat) -> None:
        copy = self.next_message(group, post.text, post.entities, self.channel_bot())
        copy.extra = {
            "sender_chat": post.chat.as_json(),
            "is_automatic_forward": True,
            "forward_origin": origin_of(post),
        }
        group.messages[copy.id] = copy
        self.push("message", copy.as_json())

    @staticmethod
    def channel_bot() -> Json:
        """Return the user Telegram names as the author of automatic forwards."""
        return {"id": 777000, "is_bot": False, "first_name": "Telegram"}


def origin_of(message: Message) -> Json:
    """Return where a forwarded copy of ``message`` says it came from."""
    if "forward_origin" in message.extra:
        return dict(message.extra["forward_origin"])
    if message.chat.type == "channel":
        return {
            "type": "channel",
            "date": message.date,
            "chat": message.chat.as_json(),
            "message_id": message.id,
        }
    return {"type": "user", "date": message.date, "sender_user": message.sender}
