"""From the settings to the slice that each part is built with."""

from __future__ import annotations

from datetime import timezone, tzinfo
from pathlib import Path

from bot.collect import Plan
from bot.newsfeed import FeedOptions
from bot.pacing import Pacing
from bot.routing import Routing
from bot.sending import SenderOptions
from bot.telegram import Account
from config import PREVIEW, Settings, SourceSettings
from config.settings import ScheduleSettings
from scrapers import ClientOptions, Kind, Selectors, Source, user_agent


def client_options(settings: Settings) -> ClientOptions:
    """Return how sites are fetched."""
    said = settings.http
    timeout = said.timeout.total_seconds()
    return ClientOptions(
        timeout=timeout,
        deadline=3 * timeout,
        max_bytes=said.max_bytes,
        host_delay=said.host_delay.total_seconds(),
        host_requests=said.host_requests,
        max_requests=said.max_requests,
        max_pause=said.max_pause.total_seconds(),
        robots=said.robots,
        max_crawl_delay=said.max_crawl_delay.total_seconds(),
        allow_private_hosts=said.allow_private_hosts,
        proxy=said.proxy.get_secret_value() if said.proxy else None,
        user_agent=user_agent(said.user_agent_contact),
    )


def sender_options(settings: Settings, chat: str | None = None) -> SenderOptions:
    """Return how posts go out; to ``chat``, if it is given."""
    said = settings.sender
    own = next((channel for channel in settings.channel if channel.chat == chat), None)
    return SenderOptions(
        per_minute=(own and own.per_minute) or said.per_minute,
        quarantine=said.quarantine,
        expire=said.expire or None,
        silent=own.silent if own else None,
        zone=own.timezone if own else timezone.utc,
        also=own.also if own else True,
        sources=Routing.from_settings(settings).carried(own.chat) if own else None,
    )


def plans_of(settings: Settings) -> list[Plan]:
    """Return the sources and how often each is fetched."""
    return [Plan(source_of(said), pacing_of(said, settings.schedule)) for said in settings.source]


def pacing_of(said: SourceSettings, schedule: ScheduleSettings) -> Pacing:
    """Return how often a source is fetched: as it says itself, or else by what it brings."""
    if said.every is not None:
        return Pacing.fixed(said.every)
    return Pacing(
        every=schedule.every,
        fastest=schedule.every / 3 if schedule.fastest is None else schedule.fastest,
        slowest=schedule.every * 8 if schedule.slowest is None else schedule.slowest,
    )


def source_of(said: SourceSettings) -> Source:
    """Return the declaration of one source as the scrapers want it."""
    return Source(
        name=said.name,
        url=said.url,
        kind=Kind(said.kind) if said.kind else None,
        selectors=Selectors(said.link, said.title, said.text, said.published, said.image),
        timezone=said.timezone,
        ca_file=said.ca_file,
        images=said.images,
    )


def ca_files(settings: Settings) -> dict[str, Path]:
    """Return by the names of sources the certificates to trust besides the public ones."""
    return {said.name: said.ca_file for said in settings.source if said.ca_file is not None}


def feed_options(settings: Settings) -> dict[str, FeedOptions]:
    """Return by their chats the channels that are written as RSS files too."""
    length = settings.sender.text_length
    return {
        said.chat: FeedOptions(said.chat, said.feed, length, said.timezone)
        for said in settings.channel
        if said.feed is not None
    }


def premoderated(settings: Settings) -> list[str]:
    """Return the channels to which nothing goes before an operator says so."""
    return [said.chat for said in settings.channel if said.premoderate]


def telegram_chats(settings: Settings) -> list[str]:
    """Return the channels that are chats in Telegram."""
    return [said.chat for said in settings.channel if said.chat != PREVIEW]


def zone_of(settings: Settings) -> tzinfo:
    """Return the zone whose days are counted for the operators: the first channel's."""
    return next((said.timezone for said in settings.channel), timezone.utc)


def account_of(settings: Settings) -> Account | None:
    """Return the bot's account, or None if there is no token.

    Raises:
        ConfigError: if the token's file cannot be read.
    """
    token, proxy = settings.token, settings.telegram.proxy
    if token is None:
        return None
    return Account(token, settings.telegram.base_url, proxy.get_secret_value() if proxy else None)
