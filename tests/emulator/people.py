"""The people who talk to the bot."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tests.emulator.markup import Entity, parse_plain
from tests.emulator.world import Chat, Json, Message, World, origin_of

if TYPE_CHECKING:
    from tests.emulator.server import Emulator

_QUERY_IDS = count(1)


class Query:
    """A pressed button, waiting to be answered."""

    def __init__(self, world: World, key: str) -> None:
        self._world = world
        self._key = key

    @property
    def answer(self) -> Json | None:
        """``text`` and ``alert`` of the bot's answer, or None before it."""
        return self._world.queries[self._key]

    async def answered(self) -> str:
        """Return the text the bot answers with, which may be empty."""
        answer = await self._world.pulse.until(
            lambda: self.answer, f"the answer to the pressed button {self._key}"
        )
        return str(answer["text"])


class User:
    """A person with a private chat with the bot.

    Attributes:
        chat: that private chat.
        language: of their Telegram; None: it does not tell.
    """

    def __init__(self, telegram: Emulator, chat: Chat, language: str | None) -> None:
        self._telegram = telegram
        self.chat = chat
        self.language = language
        self.id = chat.id
        self.name = chat.title

    def as_json(self) -> Json:
        """Return the user as the Bot API writes one."""
        told = {"language_code": self.language} if self.language else {}
        return {"id": self.id, "is_bot": False, "first_name": self.name, **told}

    def say(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
    ) -> Message:
        """Write to the bot, in its private chat or in a group.

        A reply to a message of the same chat is a plain reply, to one of another chat (a post
        in the channel) an external one.
        """
        place = chat or self.chat
        extra: Json = {}
        if reply_to is not None and reply_to.chat is place:
            extra = {"reply_to_message": reply_to.as_json(nested=True)}
        elif reply_to is not None:
            extra = {"external_reply": _external(reply_to)}
        return self._deliver(place, text, extra)

    def edit(self, message: Message, text: str) -> None:
        """Write something else into a message of one's own."""
        message.text, message.entities = parse_plain(text)
        message.edit_date = message.date + 1
        self._telegram.world.push("edited_message", message.as_json())

    def forward(self, message: Message) -> Message:
        """Forward a message from elsewhere into the private chat with the bot."""
        extra = {"forward_origin": origin_of(message)}
        return self._bring(self.chat, message.text, message.entities, extra)

    async def ask(
        self, text: str, *, chat: Chat | None = None, reply_to: Message | None = None
    ) -> Message:
        """Write to the bot and return its next message in that chat."""
        said = self.say(text, chat=chat, reply_to=reply_to)
        return await self._telegram.wait_for_message(said.chat, after=said.id)

    def press(self, message: Message, caption: str) -> Query:
        """Press the button below a message whose caption holds this word, in any case."""
        (data,) = [
            data for written, data in message.buttons.items() if caption.lower() in written.lower()
        ]
        return self.call_back(message, data)

    def call_back(self, message: Message, data: str) -> Query:
        """Send callback data, also such as no button carries."""
        world, key = self._telegram.world, str(next(_QUERY_IDS))
        world.queries[key] = None
        world.push(
            "callback_query",
            {
                "id": key,
                "from": self.as_json(),
                "message": message.as_json(),
                "chat_instance": str(message.chat.id),
                "data": data,
            },
        )
        return Query(world, key)

    def _deliver(self, chat: Chat, text: str, extra: Json) -> Message:
        return self._bring(chat, *parse_plain(text), extra)

    def _bring(self, chat: Chat, text: str, entities: list[Entity], extra: Json) -> Message:
        world = self._telegram.world
        message = world.next_message(chat, text, entities, self.as_json(), extra=extra)
        world.add(message)
        world.push("message", message.as_json())
        return message


def _external(message: Message) -> Json:
    return {
        "origin": origin_of(message),
        "chat": message.chat.as_json(),
        "message_id": message.id,
    }
