from __future__ import annotations

import pytest

from bot.duplicates import fingerprint
from bot.routing import Routing
from config import ChannelSettings, Settings, SourceSettings
from scrapers import Item

SETTINGS = Settings(
    source=(
        SourceSettings(name="газета", url="https://a.example", tags=("местные",)),
        SourceSettings(name="портал", url="https://b.example"),
    ),
    channel=(
        ChannelSettings(chat="@all"),
        ChannelSettings(chat="@local", sources=("местные",)),
        ChannelSettings(chat="@portal", sources=("портал",)),
        ChannelSettings(chat="@none", sources=()),
    ),
)


@pytest.mark.parametrize(
    ("sources", "chats"),
    [
        (["газета"], ["@all", "@local"]),
        (["портал"], ["@all", "@portal"]),
        (["портал", "газета"], ["@all", "@local", "@portal"]),
        (["снятый с настроек"], ["@all"]),
    ],
)
def test_an_item_goes_to_the_channels_that_carry_one_of_its_sources(
    sources: list[str], chats: list[str]
) -> None:
    assert Routing.from_settings(SETTINGS).chats(sources) == chats


def item(title: str, text: str) -> Item:
    return Item("газета", "https://a.example/1", title, text)


def test_case_punctuation_spacing_and_yo_do_not_make_another_text() -> None:
    one = item("В городе — новый мост!", "Его ещё вчера\nоткрыли для машин.")
    other = item("в городе новый мост", "Его еще вчера открыли,  для машин")
    assert fingerprint(one) == fingerprint(other)


def test_another_word_makes_another_text() -> None:
    assert fingerprint(item("Новый мост", "открыт")) != fingerprint(item("Новый мост", "закрыт"))


def test_where_the_title_ends_does_not_matter() -> None:
    assert fingerprint(item("Новый мост", "открыт")) == fingerprint(item("", "Новый мост открыт"))
