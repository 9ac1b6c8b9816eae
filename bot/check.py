"""Whether what the settings name is really there: the model, the sources, the account."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.arrivals import left_behind
from bot.current import load, look_up_if_stored
from bot.decide import blind_spot
from bot.errors import PostError, StoreError
from bot.identity import named_twice
from bot.in_force import rules_if_stored
from bot.pages import no_place_for
from bot.slices import account_of, client_options, plans_of, telegram_chats
from bot.store import Store
from bot.styles import styles_of
from bot.telegram import (
    Application,
    build_application,
    removal_problem,
    sign_in,
    sign_out,
    standing,
)
from classifier import Classifier, ModelError
from config import ConfigError, Settings, require_runnable
from scrapers import Client, ScrapeError, Source, fetch

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried, and what came of it in one line.

    Attributes:
        what: what was tried.
        ok: it works.
        detail: for people.
        wrong_settings: it is the settings that are wrong.
        warning: it works, but hardly as it is meant.
    """

    what: str
    ok: bool
    detail: str
    wrong_settings: bool = False
    warning: bool = False


async def check_all(settings: Settings) -> list[Finding]:
    """Try the store, the model, each source, the token and each chat; post nothing.

    A store that is not there yet is made.
    """
    return [
        *_check_settings(settings),
        *_check_feeds(settings),
        *await _check_store(settings),
        *await _check_model(settings),
        *await _check_sources(settings),
        *await _check_telegram(settings),
    ]


def _check_settings(settings: Settings) -> list[Finding]:
    try:
        require_runnable(settings)
        styles_of(settings)
    except ConfigError as error:
        return [
            Finding("settings", False, problem, wrong_settings=True) for problem in error.problems
        ]
    return [Finding("settings", True, "complete")]


def _check_feeds(settings: Settings) -> list[Finding]:
    return [
        Finding(f"feed of {said.chat}", problem is None, problem or "can be written")
        for said in settings.channel
        if said.feed is not None
        for problem in (no_place_for(said.feed),)
    ]


async def _check_store(settings: Settings) -> list[Finding]:
    try:
        async with await Store.open(settings.store_url) as store:
            left = await left_behind(settings, store)
    except StoreError as error:
        return [Finding("store", False, str(error))]
    warnings = [Finding(f"chat {chat}", True, told, warning=True) for chat, told in left.items()]
    return [Finding("store", True, "can be used"), *warnings]


async def _check_model(settings: Settings) -> list[Finding]:
    try:
        in_use = await look_up_if_stored(settings)
        classifier = Classifier(await asyncio.to_thread(load, in_use, settings))
        rules = await rules_if_stored(settings, classifier.threshold)
    except (ModelError, StoreError) as error:
        return [Finding("model", False, str(error))]
    told = f"{classifier.model}, threshold {classifier.threshold:g}"
    if in_use.stored is not None:
        told += f"; {in_use.stored.origin.value}, in place of {in_use.stored.replaced}"
    unseen = blind_spot(rules)
    warnings = [Finding("review_band", True, unseen, warning=True)] if unseen else []
    return [Finding("model", True, told), *warnings]


async def _check_sources(settings: Settings) -> list[Finding]:
    places = asyncio.Semaphore(_AT_ONCE)
    async with Client(client_options(settings)) as client:

        async def check(source: Source) -> Finding:
            async with places:
                return await _check_source(source, client)

        return await asyncio.gather(*(check(plan.source) for plan in plans_of(settings)))


async def _check_source(source: Source, client: Client) -> Finding:
    what = f"source {source.name}"
    try:
        run = await fetch(source, client, unseen=_first)
    except ScrapeError as error:
        return Finding(what, False, error.reason)
    if not run.items:
        return Finding(what, False, run.failures[0].reason if run.failures else "no items")
    return Finding(what, True, f"reads well; its first item: {run.items[0].title or '(no title)'}")


async def _first(addresses: Sequence[str]) -> Collection[str]:
    """Of a listing one article is enough to see whether it can be read."""
    return addresses[:1]


async def _check_telegram(settings: Settings) -> list[Finding]:
    account = account_of(settings)
    if account is None:
        return []
    telegram = build_application(account)
    try:
        name = await sign_in(telegram)
        return [
            Finding("token", True, f"belongs to {name}"),
            *await _check_chats(telegram, settings),
        ]
    except ConfigError:
        return [Finding("token", False, "Telegram does not accept it", wrong_settings=True)]
    except PostError as error:
        return [Finding("telegram", False, f"cannot be reached: {error}")]
    finally:
        await sign_out(telegram)


async def _check_chats(telegram: Application, settings: Settings) -> list[Finding]:
    channels = telegram_chats(settings)
    shown = (settings.operator_chat, settings.telegram.scratch_chat)
    chats = [*channels, *(chat for chat in shown if chat)]
    found = [(chat, await standing(telegram.bot, chat)) for chat in chats]
    told = {chat: one.told for chat, one in found if chat in channels and one.told}
    return [
        *(Finding("settings", False, twice, wrong_settings=True) for twice in named_twice(told)),
        *[
            _chat_finding(chat, one.problem or await removal_problem(telegram.bot, chat))
            for chat, one in found
        ],
    ]


def _chat_finding(chat: str, problem: str | None) -> Finding:
    return Finding(f"chat {chat}", problem is None, problem or "the bot can post there")
