"""Photos in the emulator, seen through python-telegram-bot."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from tests.emulator import Chat, Emulator
from tests.emulator.photos import CAPTION_LIMIT, PNG


@pytest.fixture
async def bot() -> AsyncIterator[tuple[Bot, Chat, Emulator]]:
    async with Emulator() as telegram:
        request = HTTPXRequest(httpx_kwargs={"trust_env": False, "verify": False})
        async with Bot(telegram.token, f"{telegram.url}/bot", request=request) as bot:
            yield bot, telegram.add_channel("@good_news"), telegram


async def test_a_photo_is_seen_with_its_caption(bot: tuple[Bot, Chat, Emulator]) -> None:
    sender, channel, _ = bot
    sent = await sender.send_photo(
        "@good_news", PNG, caption="<b>Мост</b>", parse_mode=ParseMode.HTML
    )
    (message,) = channel.visible
    assert (message.photo, message.text) == (PNG, "Мост")
    assert (sent.caption, sent.text, sent.photo[0].width) == ("Мост", None, 800)


@pytest.mark.parametrize(
    ("photo", "words"),
    [
        (b"GIF89a", "image_process_failed"),
        (PNG[:16] + struct.pack(">II", 9_000, 1_001), "photo_invalid_dimensions"),
    ],
)
async def test_what_is_no_photo_is_refused(
    bot: tuple[Bot, Chat, Emulator], photo: bytes, words: str
) -> None:
    sender, channel, _ = bot
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await sender.send_photo("@good_news", photo)
    assert channel.visible == []


async def test_a_caption_is_limited(bot: tuple[Bot, Chat, Emulator]) -> None:
    sender, _, _ = bot
    await sender.send_photo("@good_news", PNG, caption="я" * CAPTION_LIMIT)
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await sender.send_photo("@good_news", PNG, caption="я" * (CAPTION_LIMIT + 1))


async def test_a_caption_is_edited_as_a_caption_and_a_text_as_a_text(
    bot: tuple[Bot, Chat, Emulator],
) -> None:
    sender, channel, _ = bot
    photo = await sender.send_photo("@good_news", PNG, caption="Мост")
    text = await sender.send_message("@good_news", "Сад")
    with pytest.raises(BadRequest, match=r"(?i)there is no text in the message to edit"):
        await sender.edit_message_text("Снято", "@good_news", photo.message_id)
    with pytest.raises(BadRequest, match=r"(?i)there is no caption in the message to edit"):
        await sender.edit_message_caption("@good_news", text.message_id, caption="Снято")
    await sender.edit_message_caption("@good_news", photo.message_id, caption="Снято")
    assert [(post.text, post.photo) for post in channel.visible] == [("Снято", PNG), ("Сад", None)]
