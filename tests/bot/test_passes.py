"""Passes that somebody else makes, as cron does: what is due in them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bot.app import open_app
from bot.clock import utc_now
from bot.preview import PreviewChannel
from bot.store import Store
from config.settings import ScheduleSettings, SourceSettings
from tests.bot.test_first_run import settings_for, story
from tests.newsserver import NewsServer

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("own", [True, False], ids=["an interval of its own", "schedule.every"])
async def test_what_a_pass_reads_is_due_when_the_next_one_begins(
    store: Store, tmp_path: Path, own: bool
) -> None:
    async with NewsServer() as news:
        url = news.publish("/feed.xml", [story(1, "Мост открыли для пешеходов", HOUR)])
        source = SourceSettings(name="Вести", url=url, every=HOUR if own else None)
        settings = settings_for(url, tmp_path).model_copy(
            update={"source": (source,), "schedule": ScheduleSettings(every=HOUR)}
        )
        channel = await PreviewChannel.open(store, Console(quiet=True))
        began = utc_now()
        async with open_app(settings, store, [channel]) as app:
            done = await app.once()
    [state] = await store.sources.states()
    assert not done.failed
    # Reading took its time, and the next pass begins as long after the beginning of this one.
    assert began + HOUR / 2 < state.due_at < began + HOUR
