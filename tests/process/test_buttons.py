"""The buttons that turn pages, and those for what is rare: each is pressed while newsieve runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands import find, rules, sources
from tests.emulator import Chat, Emulator, User, drop_after
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.pressing import pressed
from tests.process.stories import BRIDGE, FLOOD, GARDEN, LIBRARY

pytestmark = pytest.mark.process

PAGED = {
    "/last 1": ("Older", "Newest"),
    "/rejected 1": ("Older", "Newest"),
    "/find беда": ("Older", "Newest"),
    "/log 1": ("Older", "Newest"),
    "/rule": ("Older", "Newest"),
    "/sources": ("Next page", "First page"),
}


async def test_every_list_is_turned_to_its_next_page_and_back(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    floods = [
        replace(FLOOD, slug=f"beda-{number}", title=f"Беда номер {number}")
        for number in range(find.LINES + 1)
    ]
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN, *floods]))
    for number in range(sources.PAGE):
        home.add_source(f"Тихий {number}", news.publish(f"/{number}.xml", []))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"', count=2)
    await newsieve.wait_for_log('"item_rejected"', count=len(floods))
    for number in range(rules.PAGE + 1):
        card = await operator.ask(f"/rule add «слово{number}» reject")
        await pressed(telegram, operator, card, "Apply")
    for command, (further, back) in PAGED.items():
        page = await operator.ask(command)
        first = page.text
        assert await pressed(telegram, operator, page, further) != first, command
        assert await pressed(telegram, operator, page, back) == first, command


async def test_an_item_is_kept_from_one_channel_and_let_in_after_all(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    children = telegram.add_channel("@children")
    home.settings["channel"].append({"chat": "@children", "premoderate": True})
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    card = await telegram.wait_for_message(operator.chat, containing=BRIDGE.title)
    told = await pressed(telegram, operator, card, "Not for @children")
    assert "Item 1 is not for @children." in told
    told = await pressed(telegram, operator, card, "For @children after all")
    assert "To be posted in @children, if you say good:" in told
    assert children.visible == []
    await operator.press(card, "Good").answered()
    assert BRIDGE.title in (await telegram.wait_for_post(children)).text
    assert len(channel.visible) == 1


async def test_a_post_whose_message_nobody_knows_is_removed_by_hand(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["telegram"].pop("scratch_chat", None)
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    telegram.inject("sendMessage", drop_after(), when=lambda call: BRIDGE.title in call["text"])
    await home.start("run")
    card = await telegram.wait_for_message(operator.chat, containing=BRIDGE.title)
    await operator.press(card, "It is posted").answered()
    await operator.ask("/bad 1")
    told = await operator.ask("/why 1")
    assert "to be removed from @good_news by hand" in told.text
    telegram.delete_by_hand(channel.visible[0])
    await pressed(telegram, operator, told, "Removed by hand")
    assert home.query("SELECT state, wanted FROM posts") == [("removed", 0)]
    assert "by hand" not in (await operator.ask("/status")).text


async def test_what_readers_have_seen_already_is_posted_again_at_a_second_tap(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    again = replace(LIBRARY, slug="biblioteka-2")
    home.add_source("Вести", news.publish("/feed.xml", [again, LIBRARY]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    await newsieve.wait_for_log('"item_rejected"')
    question = await operator.ask("/good 2")
    assert len(channel.visible) == 1
    answer = await pressed(telegram, operator, question, "Post it all the same")
    assert "Item 2 is labelled good now." in answer
    post = await telegram.wait_for_post(channel, count=2)
    await newsieve.wait_for_log('"post_sent"', count=2)
    assert "no longer labelled good" in await pressed(telegram, operator, question, "Undo")
    await telegram.wait_until_deleted(post)
