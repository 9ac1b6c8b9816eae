"""The commands that look at sources: source list, preview; the others are in `adding`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, Any

import typer
from rich.markup import escape

from bot.addresses import first_answer, meant_addresses
from bot.cli import adding, trying
from bot.cli.options import AsJson, ConfigFile, console, open_settings, print_json
from bot.cli.source_table import source_table
from bot.clock import utc_now
from bot.commands.conditions import words_of
from bot.health import Health
from bot.look import Look, look_at
from bot.model import Paused, SourceState
from bot.store import Store
from config import Settings
from config.durations import format_duration


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="The sources and how they are doing.", no_args_is_help=True)
    group.command("list")(list_sources)
    adding.register(group)
    group.command("test")(trying.test)
    app.add_typer(group, name="source")
    app.command()(preview)


def list_sources(
    context: typer.Context, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """List the sources and how they are doing."""
    settings = open_settings(context, config)
    states, paused = asyncio.run(_known(settings))
    rows = [
        {**_row(settings, source.name, states), "paused": source.name in paused}
        for source in settings.source
    ]
    if as_json:
        print_json([_plain(row) for row in rows])
    else:
        console().print(source_table(rows, utc_now()))


def preview(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a feed, a listing or an article.")],
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what would become of an address.

    A feed, a listing or an article: its items, their words as the network reads
    them, their scores, the verdicts and why. Nothing is recorded or posted.
    """
    settings = open_settings(context, config, needed=False)
    addresses = meant_addresses(url)
    looks = asyncio.run(first_answer(addresses, partial(look_at, settings=settings)))
    if as_json:
        print_json([asdict(look) for look in looks])
        return
    for look in looks:
        _print_look(look)


async def _known(settings: Settings) -> tuple[dict[str, SourceState], set[str]]:
    """Return the states of the sources by name, and the names of those that are paused."""
    async with await Store.open(settings.store_url) as store:
        states = await store.sources.states([source.name for source in settings.source])
        paused = await store.pauses.all(Paused.SOURCE)
    return {state.name: state for state in states}, set(paused)


def _row(settings: Settings, name: str, states: dict[str, SourceState]) -> dict[str, Any]:
    source = next(source for source in settings.source if source.name == name)
    state = states.get(name)
    health = state.health if state else Health()
    return {
        "name": name,
        "url": source.url,
        "kind": source.kind or "detected",
        "health": words_of(health),
        "condition": health.standing.value,
        "since": None if health.standing.is_sound else health.since,
        "detail": health.detail,
        "last_good_at": health.good_at,
        "last_news_at": health.news_at,
        "usual": round(health.usual.shown) if health.usual.runs else None,
        "every": source.every or (state.interval if state else None) or settings.schedule.every,
        "last_success_at": state.last_success_at if state else None,
        "due_at": state.due_at if state else None,
        "failures": state.failures if state else 0,
        "error": state.error if state else "",
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in row.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, timedelta):
        return format_duration(timedelta(seconds=round(value.total_seconds())))
    return value


def _print_look(look: Look) -> None:
    out = console()
    out.rule(escape(look.title or look.url), align="left")
    out.print(look.url, markup=False, soft_wrap=True)
    told = [f"published {look.published or 'unknown'}", f"score {look.score:.3f}"]
    told.append(f"{look.verdict}: {look.reason}{f' ({look.detail})' if look.detail else ''}")
    out.print(" · ".join(told), markup=False)
    out.print(look.text[:600], markup=False)
    out.print("lemmas: " + " ".join(look.lemmas[:60]), markup=False, style="dim")
