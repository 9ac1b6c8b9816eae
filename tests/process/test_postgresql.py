"""The same on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, FLOOD

pytestmark = [pytest.mark.process, pytest.mark.database]


async def test_the_whole_way_on_postgresql(
    home: Home,
    news: NewsServer,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    postgres_url: str,
) -> None:
    home.settings["store"]["url"] = postgres_url
    home.add_source("Вести", news.publish("/feed.xml", [FLOOD, BRIDGE]))
    first = await home.start("run", anew=True)
    post = await telegram.wait_for_post(channel)

    complaint = (await home.do("once")).complaint(1)
    assert all(word in complaint for word in ("another newsieve", str(first.pid)))

    await operator.ask("/bad 1")
    await telegram.wait_until_deleted(post)
    await first.kill()
    assert (await home.do("once")).code == 0
    assert channel.visible == []


async def test_a_server_that_is_not_there(home: Home, news: NewsServer) -> None:
    home.settings["store"]["url"] = "postgresql://newsieve:hidden-word@127.0.0.1:9/newsieve"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    complaint = (await home.do("once")).complaint(1)

    assert "127.0.0.1" in complaint
    assert "hidden-word" not in complaint
