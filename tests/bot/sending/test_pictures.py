"""The pictures that posts go out with, and hosts that have none to give."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.channel import Message
from bot.clock import utc_now
from bot.outlets import Operators, Outlets
from bot.pictures import REST, SLOW, Pictures
from bot.store import Store
from bot.styles import styles_of
from bot.telegram import Application, TelegramChannel
from config import ChannelSettings, Settings, SourceSettings
from scrapers import Client, ClientOptions
from tests.bot.sending.samples import accepted
from tests.emulator import Chat
from tests.emulator.photos import PNG
from tests.newsserver import NewsServer, hang, page, status
from tests.store.samples import CHANNEL


@pytest.fixture
async def news() -> AsyncIterator[NewsServer]:
    async with NewsServer() as server:
        yield server


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    options = ClientOptions(allow_private_hosts=True, host_delay=0)
    async with Client(options) as opened:
        yield opened


def showing(image: str) -> Message:
    return Message("<b>Мост</b>", "https://gazeta.example/1", image=image, caption="<b>Мост</b>")


class Stopwatch:
    """A clock that the test sets, in seconds."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


async def test_a_host_whose_picture_never_comes_is_left_alone(
    news: NewsServer, client: Client
) -> None:
    pictures = Pictures(client, patience=0.3)
    slow = news.serve("/slow.png", hang(PNG))
    assert (await pictures.illustrate(showing(slow), "gazeta")).photo is None
    other = news.serve("/other.png", page(PNG, "image/png"))
    assert (await pictures.illustrate(showing(other), "gazeta")).photo is None
    assert news.requests_of("/other.png") == []


async def test_a_host_that_keeps_a_post_waiting_for_nothing_is_left_alone_for_a_while(
    news: NewsServer, client: Client
) -> None:
    watch = Stopwatch()

    async def fail_late(request: web.Request) -> web.StreamResponse:
        watch.at += SLOW
        return await status(404)(request)

    pictures = Pictures(client, clock=watch)
    slow = news.serve("/slow.png", fail_late)
    others = [news.serve(f"/{number}.png", page(PNG, "image/png")) for number in (1, 2)]
    assert (await pictures.illustrate(showing(slow), "gazeta")).photo is None
    assert (await pictures.illustrate(showing(others[0]), "gazeta")).photo is None
    assert news.requests_of("/1.png") == []
    watch.at += REST
    assert (await pictures.illustrate(showing(others[1]), "gazeta")).photo == PNG


async def test_a_picture_that_is_not_there_keeps_no_other_from_being_shown(
    news: NewsServer, client: Client
) -> None:
    pictures = Pictures(client)
    missing = news.serve("/missing.png", status(404))
    there = news.serve("/there.png", page(PNG, "image/png"))
    assert (await pictures.illustrate(showing(missing), "gazeta")).photo is None
    assert (await pictures.illustrate(showing(there), "gazeta")).photo == PNG


async def test_a_picture_is_fetched_with_the_certificates_of_its_source(
    application: Application,
    store: Store,
    client: Client,
    news: NewsServer,
    channel: Chat,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    own = tmp_path / "own.pem"
    own.write_text("no certificate")
    source = SourceSettings(name="gazeta", url="https://gazeta.example/", ca_file=own)
    settings = Settings(channel=(ChannelSettings(chat=CHANNEL, per_minute=60),))
    channels = [TelegramChannel(application.bot, CHANNEL)]
    outlets = Outlets(settings, store, client, channels, Operators())
    for number, sources in enumerate(((), (source,)), 1):
        outlets.adopt(settings.model_copy(update={"source": sources}), styles_of(settings))
        image = news.serve(f"/{number}.png", page(PNG, "image/png"))
        await accepted(store, number, at=utc_now(), image=image, text="слово " * 400)
        await outlets.senders[0].drain()
    assert [message.photo for message in channel.visible] == [PNG, None]
    assert "cannot be read as certificates" in caplog.text
