"""What readers see: the form of posts, by the template of their channel."""

from __future__ import annotations

import struct
from dataclasses import replace
from email.utils import format_datetime

import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer, page
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 800, 600) + b"\x08\x02"
OWN = '<i>{{ source }}</i>: <a href="{{ url }}">{{ title }}</a>'


def give_template(home: Home, text: str) -> None:
    (home.folder / "post.html.j2").write_text(text, encoding="utf-8")
    home.settings["channel"][0]["template"] = "post.html.j2"


async def test_a_channel_has_posts_of_its_own_form(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    give_template(home, OWN)
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    assert (await home.do("once")).code == 0
    assert [post.text for post in channel.visible] == [f"Вести: {BRIDGE.title}"]


@pytest.mark.parametrize("command", ["once", "run"])
async def test_a_template_without_the_link_is_refused_before_anything_is_done(
    home: Home, news: NewsServer, channel: Chat, command: str
) -> None:
    give_template(home, "<b>{{ title }}</b>")
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    told = (await home.do(command)).complaint(2)
    assert told.startswith("newsieve: channel[1].template: a post has no link to its item")
    assert channel.visible == []


async def test_check_tells_of_a_template_that_cannot_be_used(home: Home, news: NewsServer) -> None:
    give_template(home, "{{ titel }}")
    home.add_source("Вести", news.publish("/feed.xml", []))
    checked = await home.do("check")
    assert checked.code == 2
    assert "channel[1].template: UndefinedError: 'titel' is undefined" in checked.out


async def test_a_template_that_fails_costs_no_post_and_the_operators_are_told_once(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    give_template(home, OWN + "{{ 1 / (title | length // 24 - 1) }}")
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE, GARDEN]))
    await home.start("run")
    await telegram.wait_for_post(channel, count=2)
    told = await telegram.wait_for_message(operator.chat, containing="template")
    assert told.text == (
        "The template of @good_news fails, so posts have the usual form: "
        "ZeroDivisionError: division by zero"
    )
    assert sorted(post.text.partition("\n")[0] for post in channel.visible) == sorted(
        [BRIDGE.title, GARDEN.title]
    )
    assert sum("template" in message.text for message in operator.chat.from_bot) == 1


@pytest.mark.parametrize("images", [True, False])
async def test_a_source_whose_pictures_are_wanted_has_them_in_its_posts(
    home: Home, news: NewsServer, channel: Chat, images: bool
) -> None:
    picture = news.serve("/most.png", page(PNG, "image/png"))
    feed = (
        f'<rss version="2.0"><channel><title>Вести</title><item><title>{BRIDGE.title}</title>'
        f"<pubDate>{format_datetime(BRIDGE.published)}</pubDate>"
        f"<link>{news.address('/most')}</link><description>{BRIDGE.text}</description>"
        f'<enclosure url="{picture}" length="{len(PNG)}" type="image/png"/></item></channel></rss>'
    )
    home.add_source("Вести", news.serve("/feed.xml", page(feed, "application/rss+xml")))
    home.settings["source"][0]["images"] = images
    assert (await home.do("once")).code == 0
    (post,) = channel.visible
    assert post.photo == (PNG if images else None)
    assert post.links == [news.address("/most")]


async def test_a_post_names_the_other_sources_of_its_story_and_follows_the_operators(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    give_template(home, OWN)
    home.settings["channel"].append({"chat": "@usual"})
    usual = telegram.add_channel("@usual")
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.add_source("Радио", news.publish("/radio.xml", []), every="1s")
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"', count=2)

    news.publish("/radio.xml", [replace(BRIDGE, slug="most-po-radio")])
    await newsieve.wait_for_log('"post_edited"')
    (post,) = usual.visible
    assert post.text.endswith("\n\nОб этом также пишут: Радио")
    assert post.links == [news.address("/most"), news.address("/most-po-radio")]

    await operator.ask("/bad 2")
    await newsieve.wait_for_log('"post_edited"', count=2)
    assert post.links == [news.address("/most")]
    # A template that does not look at them gives nothing to edit.
    assert [one.edit_date for one in channel.visible] == [None]


async def test_a_template_is_tried_out_before_it_is_used(home: Home) -> None:
    built_in = await home.do("template", "--built-in")
    (home.folder / "own.html.j2").write_text(built_in.out, encoding="utf-8")
    shown = await home.do("template", "own.html.j2", "--html")
    assert shown.code == 0
    assert shown.out == (await home.do("template", "--channel", "@good_news", "--html")).out
    (home.folder / "own.html.j2").write_text("{{ lead }}", encoding="utf-8")
    assert "own.html.j2: a post has no link" in (
        await home.do("template", "own.html.j2")
    ).complaint(2)
    assert "no channel '@other'" in (await home.do("template", "--channel", "@other")).complaint(2)
