"""Operators say why an item is bad, and see what all of them did."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process


async def test_a_reason_is_given_by_argument_and_by_button_and_undone_with_the_label(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [GARDEN, BRIDGE]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel, count=2)

    assert "(ad)" in (await operator.ask("/bad 1 ad")).text
    answer = await operator.ask("/bad 2")
    assert "duplicate" in await operator.press(answer, "Duplicate").answered()
    await telegram.world.pulse.until(lambda: not channel.visible, "both posts to go")
    await operator.ask("/undo 1")
    await telegram.wait_for_post(channel)

    await newsieve.kill()
    given = "SELECT item_id, objection FROM labels WHERE undone_at IS NULL"
    assert home.query(given) == [(2, "duplicate")]


async def test_the_log_tells_what_operators_did_page_by_page(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.start("run")
    await telegram.wait_for_post(channel)
    await operator.ask("/bad 1 ad")
    await operator.ask("/undo")

    page = await operator.ask("/log 1")
    assert "Оператор · undo (#1)" in page.text
    await operator.press(page, "Older").answered()

    await telegram.world.pulse.until(lambda: "bad 1 ad" in page.text, "the older page")
    assert "undo" not in page.text
