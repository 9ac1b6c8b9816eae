"""The commands that change the list of sources: source add, remove."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError

from bot.cli.addresses import first_answer, meant_addresses
from bot.cli.named import Name, named_source
from bot.cli.options import AsJson, ConfigFile, Options, open_settings, print_json
from bot.cli.proposals import plain_values, show
from bot.proposing import declaration, free_name, taken
from bot.slices import client_options
from config import ConfigError, Settings, SourceSettings
from config.blocks import BESIDE, add_source, remove_source, source_block, without_source
from config.problems import cross_problems, describe_problems
from scrapers import Client
from scrapers.discovery.discover import Proposal, propose


def register(group: typer.Typer) -> None:
    """Add the commands of this module to the group ``source``."""
    group.command("add")(add)
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
    addresses, zone = meant_addresses(url), _zone(timezone)
    _refuse(settings, addresses, name)
    proposal = asyncio.run(_proposed(settings, addresses, name, zone))
    _refuse(settings, [proposal.source.url], None)
    called = name or free_name(settings.source, proposal.source.name)
    proposal = replace(proposal, source=replace(proposal.source, name=called))
    values = declaration(proposal.source)
    _check(values)
    if not as_json:
        show(proposal)
        typer.echo(f"\n{source_block(values)}")
    written = add_source(path, values) if yes or (not as_json and _wanted(path)) else None
    if as_json:
        print_json({**plain_values(proposal, values), "written": written})
    elif written is not None:
        typer.echo(f"added to {written}")
    else:
        typer.echo("nothing was written")


def remove(context: typer.Context, name: Name, config: ConfigFile = None) -> None:
    """Take a source out of the settings; what is known of its news stays."""
    settings = open_settings(context, config)
    named_source(settings, name)
    path = _settings_file(context, config)
    if problems := cross_problems(without_source(path, name)):
        raise ConfigError([f"{problem}; {name!r} stays" for problem in problems])
    typer.echo(f"removed {name} from {remove_source(path, name)}")


async def _proposed(
    settings: Settings, addresses: Sequence[str], name: str | None, zone: ZoneInfo | None
) -> Proposal:
    async with Client(client_options(settings)) as client:
        ask = partial(propose, client, name=name, timezone=zone)
        return await first_answer(addresses, ask)


def _settings_file(context: typer.Context, given: Path | None) -> Path:
    options: Options = context.obj
    path = options.settings_file(given)
    if path is None:
        reason = f"there is no newsieve.toml here that a {BESIDE} could stand beside"
        raise ConfigError([f"source: {reason}; `newsieve init` writes both"])
    return path


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError([f"--timezone: {name!r} is no time zone like 'Europe/Moscow'"]) from None


def _refuse(settings: Settings, addresses: Sequence[str], name: str | None) -> None:
    """Raises ConfigError: a source has this name or one of these addresses already."""
    for address in addresses:
        if said := taken(settings.source, address):
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


def _wanted(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError(["nobody is there to ask, nothing was written; --yes writes at once"])
    return typer.confirm(f"Add it to {path.with_name(BESIDE)}?")
