"""The commands that change the list of sources: source add, remove."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.addresses import first_answer, meant_addresses
from bot.cli.named import Name, named_source
from bot.cli.options import AsJson, ConfigFile, open_settings, print_json, sourcebook
from bot.cli.proposals import plain_values, show
from bot.proposing import declaration, free_name
from bot.slices import client_options
from bot.sourcebook import check_declaration, expect_new
from config import ConfigError, Settings
from config.blocks import BESIDE, source_block
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
    settings, book = open_settings(context, config), sourcebook(context, config)
    path = book.writable()
    addresses, zone = meant_addresses(url), _zone(timezone)
    expect_new(settings.source, addresses, name or "")
    proposal = asyncio.run(_proposed(settings, addresses, name, zone))
    expect_new(settings.source, [proposal.source.url])
    called = name or free_name(settings.source, proposal.source.name)
    proposal = replace(proposal, source=replace(proposal.source, name=called))
    values = declaration(proposal.source)
    check_declaration(values)
    if not as_json:
        show(proposal)
        typer.echo(f"\n{source_block(values)}")
    written = book.write(values) if yes or (not as_json and _wanted(path)) else None
    if as_json:
        print_json({**plain_values(proposal, values), "written": written})
    elif written is not None:
        typer.echo(f"added to {written}")
    else:
        typer.echo("nothing was written")


def remove(context: typer.Context, name: Name, config: ConfigFile = None) -> None:
    """Take a source out of the settings; what is known of its news stays."""
    settings, book = open_settings(context, config), sourcebook(context, config)
    named_source(settings, name)
    typer.echo(f"removed {name} from {book.remove(name)}")


async def _proposed(
    settings: Settings, addresses: Sequence[str], name: str | None, zone: ZoneInfo | None
) -> Proposal:
    async with Client(client_options(settings)) as client:
        ask = partial(propose, client, name=name, timezone=zone)
        return await first_answer(addresses, ask)


def _zone(name: str | None) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError([f"--timezone: {name!r} is no time zone like 'Europe/Moscow'"]) from None


def _wanted(path: Path) -> bool:
    if not sys.stdin.isatty():
        raise ConfigError(["nobody is there to ask, nothing was written; --yes writes at once"])
    return typer.confirm(f"Add it to {path.with_name(BESIDE)}?")
