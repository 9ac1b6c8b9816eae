"""The whole way once: sample sites ─▶ the real pipeline with the real model ─▶ preview channel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource
from rich.console import Console

from bot.app import open_app
from bot.clock import utc_now
from bot.demo.server import serving
from bot.demo.sites import SITES, URALS, BrokenSite, Site
from bot.preview import SHOWN, PreviewChannel, View, write_page
from bot.render import Style
from bot.store import Store
from config import PREVIEW, Settings
from config.settings import (
    ChannelSettings,
    HttpSettings,
    PreviewSettings,
    ScheduleSettings,
    SourceSettings,
    StoreSettings,
)

_NOTE = "These news sites are invented; their links led somewhere only while the demo ran."


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo did.

    Attributes:
        posted: title and score of each post, in the order of the channel.
        rejected: title, reason and score of each rejection, the first one first.
        failures: name of each source that failed, and why.
        page: the preview page.
    """

    posted: list[tuple[str, float]]
    rejected: list[tuple[str, str, float]]
    failures: list[tuple[str, str]]
    page: Path

    def as_json(self) -> dict[str, Any]:
        """Return the result as plain values."""
        return {
            "posted": [{"title": title, "score": score} for title, score in self.posted],
            "rejected": [
                {"title": title, "reason": reason, "score": score}
                for title, reason, score in self.rejected
            ],
            "failures": [{"source": name, "reason": reason} for name, reason in self.failures],
            "page": str(self.page),
        }


async def run_demo(page: Path, *, console: Console | None) -> DemoResult:
    """Serve the sample sites, run once over them, and write the preview page.

    Needs no network, no token and no settings, and leaves nothing but the page.

    Args:
        page: where to write it.
        console: where to print the posts; None prints nothing.

    Raises:
        ModelError: if the bundled model cannot be used.
        PageError: if the page cannot be written.
        OSError: if no port is free.
    """
    with tempfile.TemporaryDirectory(prefix="newsieve-demo-") as folder, served(SITES) as sources:
        settings = demo_settings(sources, Path(folder), page)
        async with await Store.open(settings.store_url) as store:
            channel = await PreviewChannel.open(store, console or Console(quiet=True))
            async with open_app(settings, store, [channel]) as app:
                await app.once()
            await write_page(
                store, settings.preview.page, View(style=Style(zone=URALS), note=_NOTE)
            )
            return await _result(store, settings.preview.page)


@contextmanager
def served(sites: Sequence[Site | BrokenSite]) -> Iterator[list[SourceSettings]]:
    """Serve each site for the length of the block; yield the settings of their sources."""
    now = utc_now()
    with ExitStack() as stack:
        sources = []
        for site in sites:
            server = stack.enter_context(serving())
            server.answers = site.answers(server.root, now)
            sources.append(site.source(server.root))
        yield sources


class _OwnSettings(Settings):
    """Settings that the environment has no say in."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What the demo says is all there is."""
        return (init_settings,)


def demo_settings(sources: Sequence[SourceSettings], folder: Path, page: Path) -> Settings:
    """Return the settings of the demo: its sources, and one channel that is a page."""
    # The first run takes all that is not stale, as if the sources had long been known.
    age = timedelta(days=3)
    return _OwnSettings(
        store=StoreSettings(url=SecretStr(f"sqlite:///{folder}/demo.db")),
        schedule=ScheduleSettings(first_run_age=age, max_age=age),
        http=HttpSettings(allow_private_hosts=True, host_delay=timedelta()),
        preview=PreviewSettings(page=page.absolute()),
        channel=(ChannelSettings(chat=PREVIEW, timezone=URALS),),
        source=tuple(sources),
    )


async def _result(store: Store, page: Path) -> DemoResult:
    posted = reversed(await store.ledger.posted(SHOWN))
    rejected = reversed(await store.ledger.rejections(SHOWN))
    return DemoResult(
        posted=[(entry.recorded.item.title, entry.verdict.score) for entry in posted],
        rejected=[
            (entry.recorded.item.title, entry.verdict.reason.value, entry.verdict.score)
            for entry in rejected
        ],
        failures=[(s.name, s.error) for s in await store.sources.states() if s.error],
        page=page,
    )
