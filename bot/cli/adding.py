"""The commands that change the list of sources or try one: source add, test, remove."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from rich.markup import escape
from rich.table import Table

from bot.cli.options import AsJson, ConfigFile, Options, console, open_settings, print_json
from bot.proposing import declaration, free_name, taken
from bot.slices import client_options, source_of
from config import ConfigError, Settings, SourceSettings
from config.blocks import BESIDE, add_source, remove_source, source_block, without_source
from config.problems import cross_problems, describe_problems
from scrapers import Client, Item, preview_address
from scrapers.discovery.discover import Proposal, propose, try_source

_FIRST_WORDS = 140

Name = Annotated[str, typer.Argument(metavar="NAME", help="The source's name in the settings.")]


def register(group: typer.Typer) -> None:
    """Add the commands of this module to the group ``source``."""
    group.command("add")(add)
    group.command("test")(test)
    group.command("remove")(remove)


def add(
    context: typer.Context,
    url: Annotated[
        str, typer.Argument(help="A front page, a section, a feed, or a Telegram channel.")
    ],
    name: Annotated[
        str | None, typer.Option(help="What to call it; left out: as the site calls itself.")
    ] = None,
    timezone: Annotated[
        str | None, typer.Option(metavar="ZONE", help="Of dates that name none: Europe/Moscow.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before writing.")] = False,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Find out how to read the news at an address, and add it to the sources.

    Looks for a feed, a news sitemap, or the links to the articles, reads three of
    them, shows what came out, and asks before it writes to sources.toml.
    With --json it writes only if --yes is given, too.
    """
    settings = open_settings(context, config)
    path = _settings_file(context, config)
    url, zone = _address(url), _zone(timezone)
    _refuse(settings, url, name)
    proposal = asyncio.run(_proposed(settings, url, name, zone))
    _refuse(settings, proposal.source.url, None)
    called = name or free_name(settings.source, proposal.source.name)
    proposal = replace(proposal, source=replace(proposal.source, name=called))
    values = declaration(proposal.source)
    _check(values)
    if not as_json:
        _show(proposal)
        typer.echo(f"\n{source_block(values)}")
    written = add_source(path, values) if yes or (not as_json and _wanted(path)) else None
    if as_json:
        print_json({**_as_json(proposal, values), "written": written})
    elif written is not None:
        typer.echo(f"added to {written}")
    else:
        typer.echo("nothing was written")


def test(
    context: typer.Context, name: Name, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Read three articles of a source as it is configured; nothing is recorded or posted."""
    settings = open_settings(context, config)
    source = source_of(_named(settings, name))
    proposal = asyncio.run(_tried(settings, name))
    if as_json:
        print_json(_as_json(proposal, declaration(source)))
    else:
        _show(proposal)


def remove(context: typer.Context, name: Name, config: ConfigFile = None) -> None:
    """Take a source out of the settings; what is known of its news stays."""
    settings = open_settings(context, config)
    _named(settings, name)
    path = _settings_file(context, config)
    if problems := cross_problems(without_source(path, name)):
        raise ConfigError([f"{problem}; {name!r} stays" for problem in problems])
    typer.echo(f"removed {name} from {remove_source(path, name)}")


async def _proposed(
    settings: Settings, url: str, name: str | None, zone: ZoneInfo | None
) -> Proposal:
    async with Client(client_options(settings)) as client:
        return await propose(client, url, name=name, timezone=zone)


async def _tried(settings: Settings, name: str) -> Proposal:
    async with Client(client_options(settings)) as client:
        return await try_source(client, source_of(_named(settings, name)))


def _settings_file(context: typer.Context, given: Path | None) -> Path:
    options: Options = context.obj
    path = options.settings_file(given)
    if path is None:
        reason = f"there is no newsieve.toml here that a {BESIDE} could stand beside"
        raise ConfigError([f"source: {reason}; `newsieve init` writes both"])
    return path


def _address(url: str) -> str:
    """Return an address as people write it, whole."""
    if channel := preview_address(url):
        return channel.replace("/s/", "/")
    return url if "://" in url else f"https://{url}"


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError([f"--timezone: {name!r} is no time zone like 'Europe/Moscow'"]) from None


def _refuse(settings: Settings, url: str, name: str | None) -> None:
    """Raises ConfigError: a source has this name or this address already."""
    if said := taken(settings.source, url):
        raise ConfigError([f"source: {said.name!r} has this address already: {said.url}"])
    if any(said.name == name for said in settings.source):
        raise ConfigError([f"source: one is named {name!r} already"])


def _check(values: dict[str, Any]) -> None:
    try:
        SourceSettings(**values)
    except ValidationError as error:
        raise ConfigError(
            [f"source.{problem}" for problem in describe_problems(error, SourceSettings)]
        ) from None


def _named(settings: Settings, name: str) -> SourceSettings:
    for said in settings.source:
        if said.name == name:
            return said
    raise ConfigError([f"source: none is named {name!r}; `newsieve source list` shows them"])


def _wanted(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError(["nobody is there to ask, nothing was written; --yes writes at once"])
    return typer.confirm(f"Add it to {path.with_name(BESIDE)}?")


def _show(proposal: Proposal) -> None:
    source = proposal.source
    kind = source.kind.value if source.kind else "detected"
    typer.echo(f"{source.name}: {kind} at {source.url} ({proposal.found})")
    table = Table("title", "date", "first words")
    for item in proposal.samples:
        table.add_row(escape(item.title), _date(item), escape(_first_words(item)))
    out = console()
    out.print(table)
    typer.echo(f"{len(proposal.links)} articles are shown there now.")
    for failure in proposal.failures:
        out.print(f"not read: {failure}", markup=False, soft_wrap=True)


def _first_words(item: Item) -> str:
    line = " ".join(item.text.split())
    return line if len(line) <= _FIRST_WORDS else line[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"


def _date(item: Item) -> str:
    return item.published.strftime("%Y-%m-%d %H:%M %z") if item.published else "unknown"


def _as_json(proposal: Proposal, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "source": values,
        "found": proposal.found,
        "links": proposal.links,
        "articles": _articles(proposal.samples),
        "failures": [str(failure) for failure in proposal.failures],
    }


def _articles(items: Sequence[Item]) -> list[dict[str, Any]]:
    return [
        {
            "url": item.url,
            "title": item.title,
            "published": item.published.isoformat() if item.published else None,
            "text": item.text,
        }
        for item in items
    ]
