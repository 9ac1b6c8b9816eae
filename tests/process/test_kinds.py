"""A source is an address: what is there, is found out."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from tests.emulator import Chat
from tests.newsserver import NewsServer, Story
from tests.process.home import Home
from tests.process.stories import BRIDGE, FLOOD, OLD

pytestmark = pytest.mark.process

# A listing without selectors is understood by the addresses of its articles.
STORIES = [replace(story, slug=f"news/{story.slug}-1001.html") for story in (BRIDGE, FLOOD, OLD)]

Publish = Callable[[NewsServer, str, Iterable[Story]], str]


@pytest.mark.parametrize(
    ("publish", "path", "link"),
    [
        (NewsServer.publish, "/feed.xml", None),
        (NewsServer.publish_listing, "/news", None),
        (NewsServer.publish_sitemap, "/sitemap.xml", None),
        (NewsServer.publish_channel, "/s/rayon", "https://t.me/rayon/1"),
    ],
    ids=["feed", "listing", "sitemap", "telegram"],
)
async def test_an_address_is_all_that_a_source_needs(
    home: Home, news: NewsServer, channel: Chat, publish: Publish, path: str, link: str | None
) -> None:
    home.add_source("Вести", publish(news, path, STORIES))

    ended = await home.do("once")

    assert ended.code == 0, ended.log
    (post,) = channel.visible
    assert post.text.startswith(f"{BRIDGE.title}\n\n{BRIDGE.text}")
    assert (link or news.address(f"/{STORIES[0].slug}")) in post.links
    reasons = [reason for (reason,) in home.query("SELECT reason FROM verdicts ORDER BY reason")]
    assert reasons == ["bad", "good", "seeded"]


async def test_a_look_at_a_channel_shows_its_posts(home: Home, news: NewsServer) -> None:
    address = news.publish_channel("/s/rayon", STORIES)

    looks = json.loads((await home.do("preview", address, "--json")).out)

    assert [look["title"] for look in looks] == [OLD.title, FLOOD.title, BRIDGE.title]
    assert looks[-1]["url"] == "https://t.me/rayon/1"
