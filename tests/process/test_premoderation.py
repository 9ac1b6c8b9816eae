"""Nothing reaches a premoderated channel before an operator's tap."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process


async def test_a_premoderated_channel_waits_for_a_tap_and_a_skipped_item_stays_out(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["channel"][0]["premoderate"] = True
    home.add_source("Вести", news.publish("/feed.xml", [GARDEN, BRIDGE]))
    newsieve = await home.start("run")
    bridge = await telegram.wait_for_message(operator.chat, containing=BRIDGE.title)
    garden = await telegram.wait_for_message(operator.chat, containing=GARDEN.title)
    assert channel.visible == []

    assert "skipped" in await operator.press(garden, "skip").answered()
    await operator.press(bridge, "good").answered()

    assert BRIDGE.title in (await telegram.wait_for_post(channel)).text
    assert len(channel.visible) == 1
    await newsieve.kill()
    assert home.query("SELECT item_id FROM skips") == [(2,)]


async def test_what_was_posted_elsewhere_has_its_card_as_soon_as_a_source_of_the_channel_shows_it(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    culture, office = telegram.add_channel("@culture"), telegram.add_group("office")
    home.settings["telegram"]["operator_chat"] = office.id
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    home.settings["channel"] = [
        {"chat": "@good_news", "sources": ["Вести"]},
        {"chat": "@culture", "sources": ["Афиша"], "premoderate": True},
    ]
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.add_source("Афиша", news.publish("/culture.xml", []))
    await home.start("run")
    await telegram.wait_for_post(channel)
    news.publish("/culture.xml", [BRIDGE])
    card = await telegram.wait_for_message(office, containing=BRIDGE.title)
    assert card.text.startswith("To be posted in @culture")

    await operator.press(card, "good").answered()
    await telegram.wait_for_post(culture)
    await operator.ask("/undo")
    again = await telegram.wait_for_message(office, containing=BRIDGE.title, after=card.id)
    assert again.text.startswith("To be posted in @culture")
    assert culture.visible == []


async def test_premoderation_needs_somebody_to_ask(home: Home, news: NewsServer) -> None:
    home.settings["telegram"] = {}
    home.settings["channel"] = [{"chat": "preview", "premoderate": True}]
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    ended = await home.do("once")
    assert "channel.premoderate: needs a token and telegram.operators to ask" in ended.complaint(2)
