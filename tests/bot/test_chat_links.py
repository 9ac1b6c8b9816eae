"""Where chats and their messages are in the web."""

from __future__ import annotations

import pytest

from bot.chat_links import post_link
from bot.model import Post, PostState
from tests.store.samples import NOW


@pytest.mark.parametrize(
    ("chat", "message_id", "address"),
    [
        ("@good_news", 7, "https://t.me/good_news/7"),
        ("-1001234567890", 7, "https://t.me/c/1234567890/7"),
        ("@good_news", None, "https://t.me/good_news"),
        ("-12345", 7, ""),
    ],
)
def test_a_post_has_an_address_if_its_channel_has_one(
    chat: str, message_id: int | None, address: str
) -> None:
    post = Post(1, 1, chat, PostState.SENT, True, NOW, message_id=message_id)
    assert post_link(post) == address
