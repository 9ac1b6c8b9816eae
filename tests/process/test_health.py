"""Operators are told once when a source breaks, and once when it works again."""

from __future__ import annotations

import re

import pytest

from tests.emulator import Emulator, Message, User
from tests.newsserver import NewsServer, in_turn, listing_page, page, status
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET

pytestmark = pytest.mark.process

NEWS = [BRIDGE, GARDEN, LIBRARY]
ANOTHER_LAYOUT = listing_page(NEWS).replace('class="news"', 'class="teaser"')


@pytest.fixture
def address(home: Home, news: NewsServer) -> str:
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    url = news.publish_listing("/news", NEWS)
    home.add_source("Вести", url, link=".news a", kind="listing")
    return url


async def told(telegram: Emulator, operator: User, words: str, *, after: int = 0) -> Message:
    return await telegram.wait_for_message(operator.chat, after=after, containing=words)


def alerts(operator: User) -> list[str]:
    texts = [message.text for message in operator.chat.from_bot]
    return [text for text in texts if "gives no news" in text or "works again" in text]


async def runs(news: NewsServer, count: int) -> None:
    """Return after so many more runs over the source."""
    await news.wait_for_request("/news", count=len(news.requests_of("/news")) + count)


async def test_a_site_that_changes_goes_away_and_comes_back_is_told_of_once_each_time(
    home: Home, news: NewsServer, telegram: Emulator, operator: User, address: str
) -> None:
    newsieve = await home.start("run")
    await runs(news, 2)

    news.serve("/news", page(ANOTHER_LAYOUT))
    changed = await told(telegram, operator, "layout changed")
    assert ".news a" in changed.text
    assert "Last good run" in changed.text
    await runs(news, 1)
    news.publish_listing("/news", [MARKET, *NEWS])
    again = await told(telegram, operator, "works again", after=changed.id)

    news.serve("/news", status(404))
    gone = await told(telegram, operator, "gone", after=again.id)
    # What is not recorded as told would be told again.
    await newsieve.wait_for_log('"alerts_told"', count=3)
    await runs(news, 1)
    await newsieve.kill()
    await home.start("run")
    await runs(news, 1)
    news.publish_listing("/news", [MARKET, *NEWS])
    await told(telegram, operator, "works again", after=gone.id)
    await runs(news, 2)

    assert [re.split(r" since|\. ", text)[0] for text in alerts(operator)] == [
        "Вести gives no news: layout changed",
        "Вести works again",
        "Вести gives no news: gone",
        "Вести works again",
    ]


async def test_what_broke_while_telegram_was_away_is_told_when_it_is_back(
    home: Home, news: NewsServer, telegram: Emulator, operator: User, address: str
) -> None:
    newsieve = await home.start("run")
    await runs(news, 1)
    async with telegram.offline():
        news.serve("/news", status(500))
        await newsieve.wait_for_log('"alert_failed"')
        assert alerts(operator) == []

    await told(telegram, operator, "unreachable")
    await runs(news, 1)
    assert len(alerts(operator)) == 1


async def test_from_cron_too_it_is_told_once(
    home: Home, news: NewsServer, operator: User, address: str
) -> None:
    news.serve("/news", status(410))
    for _ in range(3):
        ended = await home.do("once")
        home.change("UPDATE sources SET due_at = '2020-01-01 00:00:00'")  # as if time had passed
    (told,) = alerts(operator)
    assert "gone" in told
    assert not ended.records_of("source_broke")

    news.publish_listing("/news", NEWS)
    await home.do("once")
    assert "works again" in alerts(operator)[-1]
    assert len(alerts(operator)) == 2


async def test_a_run_that_failed_once_is_no_alert(
    home: Home, news: NewsServer, telegram: Emulator, operator: User, address: str
) -> None:
    newsieve = await home.start("run")
    await runs(news, 1)
    news.serve("/news", in_turn(status(503), page(listing_page(NEWS))))
    await newsieve.wait_for_log('"source_failed"')
    await runs(news, 2)
    assert alerts(operator) == []


async def test_operators_see_how_the_sources_are_doing(
    home: Home, news: NewsServer, telegram: Emulator, operator: User, address: str
) -> None:
    home.add_source("Радио", news.serve("/radio", status(410)))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"source_fetched"')
    await told(telegram, operator, "Радио gives no news")
    reply = await operator.ask("/sources")
    opening, first, second = reply.text.splitlines()
    assert opening == "2 sources, 1 broken"
    assert first.startswith("• Радио: gone since")
    assert "never read" in first
    assert second.startswith("• Вести: fine")
    assert "last good run" in second
    assert "Радио" not in (await operator.ask("/sources вести")).text
