"""Operators ask why something was decided, and look for what they remember."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer, Story
from tests.process.home import Home, Newsieve
from tests.process.stories import BRIDGE, FLOOD, ROAD

pytestmark = pytest.mark.process


async def running(home: Home, news: NewsServer, *stories: Story) -> Newsieve:
    """Start newsieve on a feed with these stories, the first one with id 1; return when judged."""
    home.add_source("Вести", news.publish("/feed.xml", list(reversed(stories))))
    newsieve = await home.start("run")
    await newsieve.wait_for_log("item_", count=len(stories))
    return newsieve


async def test_why_tells_score_threshold_model_words_label_and_post(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE, FLOOD)
    # It is seen before newsieve knows that it is.
    await newsieve.wait_for_log("post_sent")
    rejected = await operator.ask("/why 2")
    assert FLOOD.title in rejected.text
    assert "bad. Score 1.00, threshold 0.50, model " in rejected.text
    assert "Towards bad: беда +18.00" in rejected.text
    assert "add up to the score" in rejected.text
    assert "no label" in rejected.text
    assert list(rejected.buttons) == ["Good", "Bad"]
    accepted = await operator.ask("/why #1")
    assert "No word moves its score." in accepted.text
    assert "posted in @good_news" in accepted.text


async def test_why_is_asked_in_reply_to_a_post_and_leads_on_to_a_label(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    await newsieve.wait_for_log("post_sent")
    (post,) = channel.visible
    told = await operator.ask("/why", reply_to=operator.forward(post))
    assert BRIDGE.title in told.text
    await operator.press(told, "Bad").answered()
    await telegram.wait_until_deleted(post)


async def test_why_names_what_a_duplicate_repeats_with_a_link(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, BRIDGE, replace(BRIDGE, slug="most-snova"))
    told = await operator.ask("/why 2")
    assert "duplicate of item 1" in told.text
    assert f"The same text:\n• #1 · {BRIDGE.title} (Вести)" in told.text
    assert news.address(f"/{BRIDGE.slug}") in told.links


async def test_a_card_for_review_answers_why_and_can_still_be_decided(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    await running(home, news, ROAD)
    card = await telegram.wait_for_message(operator.chat, containing=ROAD.title)
    await operator.press(card, "why").answered()
    told = await telegram.wait_for_message(operator.chat, after=card.id)
    assert "Towards bad: сомнение +4.50" in told.text
    assert list(told.buttons) == ["Good", "Bad", "Skip"]
    assert list(card.buttons) == ["Good", "Bad", "Skip", "Why?"]
    await operator.press(card, "good").answered()
    assert ROAD.title in (await telegram.wait_for_post(channel)).text


async def test_find_tells_what_became_of_the_news_with_these_words(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await running(home, news, BRIDGE, FLOOD)
    found = (await operator.ask("/find мосту")).text
    assert f"#1 · 0.01 · good · {BRIDGE.title}" in found
    assert FLOOD.title not in found
    assert FLOOD.title in (await operator.ask("/find нижние улицы")).text
    assert "Nothing was found" in (await operator.ask("/find 100%' OR 1=1 --")).text
    for said in ("/find", "/find %", "/find " + "слово " * 600):
        assert (await operator.ask(said)).text


async def test_rejections_and_posts_are_turned_page_by_page(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    again = replace(FLOOD, slug="beda-2", title="И у реки беда")
    newsieve = await running(home, news, BRIDGE, FLOOD, again)
    await newsieve.wait_for_log("post_sent")
    page = await operator.ask("/rejected Вести 1")
    assert "#3" in page.text
    await operator.press(page, "Older").answered()
    await telegram.wait_until_edited(page)
    assert "#2" in page.text
    assert "#3" not in page.text
    assert list(page.buttons) == ["Newest"]
    told = (await operator.ask("/rejected stale")).text
    assert told == "Nothing was rejected for the reason “stale” yet."
    assert BRIDGE.title in (await operator.ask("/last 1")).text
