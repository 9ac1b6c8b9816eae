"""An App that works by other settings from one moment to the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.app import App, open_app
from bot.clock import utc_now
from bot.language import speaking
from bot.model import Reason
from bot.outlets import Operators
from bot.pipeline import BATCH
from bot.preview import PreviewChannel
from bot.reloading import Reloader
from bot.store import Store
from config import PREVIEW, ChannelSettings, Settings, SourceSettings
from tests.bot.conftest import Heard
from tests.bot.test_first_run import settings_for
from tests.newsserver import NewsServer, Story

HOUR = timedelta(hours=1)
WORDS = ("карусель", "пекарня", "оркестр", "аптека", "трамвай", "каток", "фонтан", "ферма")


def story(number: int, *, worry: str = "", age: timedelta = timedelta()) -> Story:
    word = WORDS[number % len(WORDS)]
    text = f"Новая {word} номер {number} заработала, {word} ждёт гостей {worry} с самого утра."
    at = datetime.now(timezone.utc) - age
    return Story(f"s{number}", f"{word.capitalize()} открылась в районе {number}", text, at)


@pytest.fixture
async def news() -> AsyncIterator[NewsServer]:
    async with NewsServer() as server:
        yield server


@pytest.fixture
async def app(store: Store, tmp_path: Path, news: NewsServer) -> AsyncIterator[App]:
    """An App that has read its only source, which was empty, once."""
    settings = settings_for(news.publish("/feed.xml", []), tmp_path)
    channel = await PreviewChannel.open(store, Console(quiet=True))
    async with open_app(settings, store, [channel]) as opened:
        news.publish("/feed.xml", [story(0, age=20 * HOUR)])
        await opened.once()
        yield opened


async def test_each_rule_counts_for_what_is_judged_next(
    app: App, store: Store, news: NewsServer
) -> None:
    in_doubt = {"worry": "сомнение"}
    table: list[tuple[dict[str, dict[str, Any]], dict[str, Any], Reason]] = [
        ({}, in_doubt, Reason.GOOD),
        ({"classifier": {"threshold": 0.4}}, in_doubt, Reason.BAD),
        ({"classifier": {"review_band": (0.4, 0.6)}}, in_doubt, Reason.UNSURE),
        ({"filter": {"min_words": 99}}, {}, Reason.SHORT),
        ({"filter": {"cyrillic_share": 0.99}}, {"worry": "PLAIN ENGLISH"}, Reason.LANGUAGE),
        ({"schedule": {"max_age": HOUR}}, {"age": 2 * HOUR}, Reason.STALE),
        ({"schedule": {"max_age": 3 * HOUR}}, {"age": 2 * HOUR}, Reason.GOOD),
    ]
    usual = app.settings
    for number, (changed, told, reason) in enumerate(table, 1):
        await app.adopt(changed_by(usual, changed))
        news.publish("/feed.xml", [story(number, **told)])
        await app.run_source("Вести")
        entry = await store.ledger.entry(number + 1)
        assert entry is not None
        assert entry.verdict.reason is reason, (changed, entry.verdict)


def changed_by(settings: Settings, changed: dict[str, dict[str, Any]]) -> Settings:
    update = {
        name: getattr(settings, name).model_copy(update=keys) for name, keys in changed.items()
    }
    return settings.model_copy(update=update)


async def test_a_channel_carries_what_it_is_told_to_from_now_on(
    app: App, store: Store, news: NewsServer
) -> None:
    usual = app.settings
    nothing = ChannelSettings(chat=PREVIEW, sources=())
    await app.adopt(usual.model_copy(update={"channel": (nothing,)}))
    news.publish("/feed.xml", [story(1)])
    await app.run_source("Вести")
    await app.adopt(usual)
    news.publish("/feed.xml", [story(2)])
    await app.run_source("Вести")
    entries = [await store.ledger.entry(item_id) for item_id in (2, 3)]
    assert [[post.chat for post in entry.posts] for entry in entries if entry] == [[], [PREVIEW]]


async def test_what_is_being_judged_is_judged_to_its_end_by_the_old_rules(
    app: App, store: Store, news: NewsServer, heard: Heard
) -> None:
    stories = [story(number) for number in range(1, BATCH + 10)]
    news.publish("/feed.xml", stories)

    async def judged() -> int:
        return sum((await store.ledger.counts(utc_now() - HOUR)).values())

    before = await judged()
    run = asyncio.create_task(app.run_source("Вести"))
    # Told of the first of them before the last ones are looked at, which are another batch.
    await heard.wait_for("item_accepted")
    await app.adopt(changed_by(app.settings, {"filter": {"min_words": 99}}))
    await run
    assert await judged() == before + len(stories)
    assert Reason.SHORT not in await store.ledger.counts(utc_now() - HOUR)


async def test_a_schedule_follows_the_sources(app: App, store: Store, news: NewsServer) -> None:
    hourly = SourceSettings(name="Вести", url=news.address("/feed.xml"), every=HOUR)
    radio = SourceSettings(name="Радио", url=news.publish("/radio.xml", [story(7)]), every=HOUR)
    await app.adopt(app.settings.model_copy(update={"source": (hourly,)}))
    stop = asyncio.Event()
    running = asyncio.create_task(app.keep_schedule(stop))
    try:
        await news.wait_for_request("/feed.xml", count=2)
        often = hourly.model_copy(update={"every": timedelta(seconds=0.1)})
        await app.adopt(app.settings.model_copy(update={"source": (radio, often)}))
        await news.wait_for_request("/radio.xml")
        await news.wait_for_request("/feed.xml", count=5)
        moved = often.model_copy(update={"url": news.publish("/moved.xml", [story(8)])})
        await app.adopt(app.settings.model_copy(update={"source": (moved,)}))
        await news.wait_for_request("/moved.xml", count=2)
        assert len(news.requests_of("/radio.xml")) == 1
    finally:
        stop.set()
        await running


async def test_two_readings_at_once_are_one_after_the_other(app: App) -> None:
    usual = app.settings
    written = iter((changed_by(usual, {"filter": {"min_words": 7}}), usual))
    reloader = Reloader(usual, lambda: next(written), app.adopt)
    told = await asyncio.gather(reloader.reload(), reloader.reload())
    assert [found.keys for found in told] == [("filter.min_words",)] * 2
    assert app.settings == usual


async def test_a_template_that_says_something_else_is_told(app: App, tmp_path: Path) -> None:
    page = tmp_path / "post.html"
    page.write_text('<a href="{{ url }}">{{ title }}</a>', encoding="utf-8")
    channel = ChannelSettings(chat=PREVIEW, template=page)
    settings = app.settings.model_copy(update={"channel": (channel,)})
    assert await app.adopt(settings) == ["channel preview: template"]
    assert await app.adopt(settings) == []
    page.write_text('★ <a href="{{ url }}">{{ title }}</a>', encoding="utf-8")
    assert await app.adopt(settings) == ["channel preview: template"]


async def test_why_a_template_fails_is_told_in_the_language_spoken(
    store: Store, tmp_path: Path, news: NewsServer
) -> None:
    page = tmp_path / "post.html"
    flood = "{% if 'районе' in title %}{{ 'ы' * 5000 }}{% endif %}"
    page.write_text(f'<a href="{{{{ url }}}}">{{{{ title or source }}}}</a>{flood}', "utf-8")
    usual = settings_for(news.publish("/feed.xml", [story(0)]), tmp_path)
    said = (ChannelSettings(chat=PREVIEW, template=page),)
    channel = await PreviewChannel.open(store, Console(quiet=True))
    notes: dict[str, str] = {}
    with speaking("ru"):
        settings = usual.model_copy(update={"channel": said})
        operators = Operators(remind=notes.__setitem__)
        async with open_app(settings, store, [channel], operators=operators) as opened:
            await opened.once()
    (told,) = notes.values()
    assert told.endswith("пост даже без текста длиннее 4096 знаков")
