"""What a new source shows was there before; only what is young enough of it is news."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from bot.app import open_app
from bot.preview import PreviewChannel
from bot.store import Store
from config import PREVIEW, Settings
from config.settings import (
    ChannelSettings,
    ClassifierSettings,
    HttpSettings,
    PreviewSettings,
    SourceSettings,
    StoreSettings,
)
from tests.newsserver import NewsServer, Story
from tests.process.model import write_model

Publish = Callable[[NewsServer, str, Iterable[Story]], str]

HOUR = timedelta(hours=1)


def story(number: int, title: str, age: timedelta) -> Story:
    text = f"Об этом рассказали жители, пришло {number} человек, всем понравилось."
    return Story(f"news/{number}-2026.html", title, text, datetime.now(timezone.utc) - age)


def settings_for(url: str, folder: Path) -> Settings:
    return Settings(
        store=StoreSettings(url=SecretStr(f"sqlite:///{folder}/newsieve.db")),
        classifier=ClassifierSettings(model=write_model(folder / "model.json")),
        http=HttpSettings(allow_private_hosts=True, host_delay=timedelta()),
        preview=PreviewSettings(page=folder / "preview.html"),
        channel=(ChannelSettings(chat=PREVIEW),),
        source=(SourceSettings(name="Вести", url=url, every=timedelta()),),
    )


async def reasons_after(settings: Settings, store: Store) -> dict[str, str]:
    """Make one pass; return the reason of each verdict by the first word of its title."""
    channel = await PreviewChannel.open(store, Console(quiet=True))
    async with open_app(settings, store, [channel]) as app:
        await app.once()
    entries = [*await store.ledger.rejections(20), *await store.ledger.posted(20)]
    return {entry.recorded.item.title.split()[0]: entry.verdict.reason.value for entry in entries}


@pytest.mark.parametrize(
    ("publish", "path"),
    [
        (NewsServer.publish, "/feed.xml"),
        (NewsServer.publish_listing, "/news"),
        (NewsServer.publish_sitemap, "/sitemap.xml"),
        (NewsServer.publish_channel, "/s/rayon"),
    ],
    ids=["feed", "listing", "sitemap", "telegram"],
)
async def test_on_the_first_run_six_hours_are_news_and_later_all_that_is_not_stale(
    publish: Publish, path: str, tmp_path: Path
) -> None:
    there = [
        story(1004, "Библиотека получила тысячу новых книг", 1 * HOUR),
        story(1003, "Мост через реку открыли утром", 5 * HOUR),
        story(1002, "Яблони посадили ученики сельской школы", 7 * HOUR),
        story(1001, "Ярмарка прошла на центральной площади", 90 * HOUR),
    ]
    later = [
        story(1005, "Карусель заработала в городском парке", 7 * HOUR),
        story(1006, "Катер спустили на воду весной", 90 * HOUR),
    ]
    async with NewsServer() as news:
        settings = settings_for(publish(news, path, there), tmp_path)
        async with await Store.open(settings.store_url) as store:
            assert await reasons_after(settings, store) == {
                "Библиотека": "good",
                "Мост": "good",
                "Яблони": "seeded",
                "Ярмарка": "seeded",
            }
            publish(news, path, [*there, *later])
            after = await reasons_after(settings, store)
    assert {title: after[title] for title in ("Карусель", "Катер")} == {
        "Карусель": "good",
        "Катер": "stale",
    }
    assert len(after) == 6
