"""A rejection drawn at random comes as a card; what operators say of it is told by /stats."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, FLOOD

pytestmark = pytest.mark.process


async def test_a_drawn_rejection_is_asked_about_once_and_told_in_the_figures(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["review"] = {"audit_share": 1.0}
    home.add_source("Вести", news.publish("/feed.xml", [FLOOD, BRIDGE]))
    newsieve = await home.start("run")
    card = await telegram.wait_for_message(operator.chat, containing=FLOOD.title)
    assert "drawn at random" in card.text
    await operator.press(card, "good").answered()
    await telegram.wait_for_post(channel, count=2)
    await newsieve.wait_for_log('"post_sent"', count=2)
    await newsieve.kill()

    await home.start("run")
    figures = await operator.ask("/stats")

    assert "Good news among the rejected: 100%" in figures.text
    assert "from 1 answer to 1 drawn at random; so 1 to 1 item" in figures.text
    cards = [one for one in operator.chat.from_bot if "drawn at random for you" in one.text]
    assert len(cards) <= 1


async def test_an_audit_needs_somebody_to_ask(home: Home, news: NewsServer) -> None:
    home.settings["telegram"] = {}
    home.settings["channel"] = [{"chat": "preview"}]
    home.settings["review"] = {"audit_share": 0.5}
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    ended = await home.do("once")
    assert "review.audit_share: needs a token and telegram.operators to ask" in ended.complaint(2)
