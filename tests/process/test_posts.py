"""What readers see: the form of posts, by the template of their channel."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from email.utils import format_datetime

import pytest

from tests.emulator import Chat, Emulator, User
from tests.emulator.photos import PNG
from tests.newsserver import Answer, NewsServer, Story, empty, huge, page, status
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN, LIBRARY, MARKET

pytestmark = pytest.mark.process

SCHOOL = Story(
    "shkola",
    "Новая школа приняла первых учеников",
    "В светлых классах сегодня начались уроки, а вечером родителей ждёт праздничный концерт.",
)
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


async def test_a_template_that_cannot_be_used_stops_no_channel_and_the_operators_are_told(
    home: Home, news: NewsServer, channel: Chat, operator: User
) -> None:
    give_template(home, "<b>{{ title }}</b>")
    home.settings["telegram"]["language"] = "ru"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    passed = await home.do("once")
    assert passed.code == 0
    assert "the built-in one is: a post has no link to its item" in passed.log
    assert [post.text.partition("\n")[0] for post in channel.visible] == [BRIDGE.title]
    (told,) = [message for message in operator.chat.from_bot if "Шаблон" in message.text]
    assert told.text.startswith(
        "Шаблон канала @good_news не годится, публикации выходят в обычном виде: "
        "в посте нет ссылки на новость: пишите <a href="
    )


async def test_check_tells_of_a_template_that_cannot_be_used(home: Home, news: NewsServer) -> None:
    give_template(home, "{{ titel }}")
    home.add_source("Вести", news.publish("/feed.xml", []))
    checked = await home.do("check")
    assert checked.code == 2
    assert "channel[1].template: line 1: UndefinedError: 'titel' is undefined" in checked.out


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
        "line 1: ZeroDivisionError: division by zero"
    )
    assert sorted(post.text.partition("\n")[0] for post in channel.visible) == sorted(
        [BRIDGE.title, GARDEN.title]
    )
    assert sum("template" in message.text for message in operator.chat.from_bot) == 1


def publish_pictured(news: NewsServer, pictures: Mapping[Story, Answer]) -> str:
    """Serve a feed of stories with their pictures; return its address."""
    items = [
        f"<item><title>{story.title}</title><link>{news.address(f'/{story.slug}')}</link>"
        f"<pubDate>{format_datetime(story.published)}</pubDate>"
        f"<description>{story.text}</description>"
        f'<enclosure url="{news.serve(f"/{story.slug}.png", picture)}" type="image/png"/></item>'
        for story, picture in pictures.items()
    ]
    feed = f'<rss version="2.0"><channel><title>Вести</title>{"".join(items)}</channel></rss>'
    return news.serve("/feed.xml", page(feed, "application/rss+xml"))


@pytest.mark.parametrize("images", [True, False])
async def test_a_source_whose_pictures_are_wanted_has_them_in_its_posts(
    home: Home, news: NewsServer, channel: Chat, images: bool
) -> None:
    feed = publish_pictured(news, {BRIDGE: page(PNG, "image/png")})
    home.add_source("Вести", feed, images=images)
    assert (await home.do("once")).code == 0
    (post,) = channel.visible
    assert post.photo == (PNG if images else None)
    assert post.links == [news.address("/most")]


async def test_a_picture_that_cannot_be_had_or_shown_costs_no_post(
    home: Home, news: NewsServer, channel: Chat
) -> None:
    too_wide = PNG[:16] + struct.pack(">II", 9_000, 1_001)
    pictures = {
        BRIDGE: huge(),
        GARDEN: empty(),
        LIBRARY: page("<html>картинки нет</html>", "image/png"),
        MARKET: page(too_wide, "image/png"),
        SCHOOL: status(404),
    }
    home.add_source("Вести", publish_pictured(news, pictures), images=True)
    done = await home.do("once")
    assert (done.code, "Traceback" in done.log) == (0, False)
    assert {link for post in channel.visible for link in post.links} == {
        news.address(f"/{story.slug}") for story in pictures
    }
    assert not any(post.photo for post in channel.visible)
    assert len(done.records_of("picture_left_out")) == 4
    (simplified,) = done.records_of("post_simplified")
    assert "Photo_invalid_dimensions" in simplified["message"]


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
    (home.folder / "own.html.j2").write_text(f"{OWN}{'ы' * 5000}", encoding="utf-8")
    assert "own.html.j2: a post is longer than 4096 characters even without its text" in (
        await home.do("template", "own.html.j2")
    ).complaint(2)
    assert "no channel '@other'" in (await home.do("template", "--channel", "@other")).complaint(2)
