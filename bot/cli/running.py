"""The commands that do the work: run, once, demo."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot.app import Pass, run_forever, run_once
from bot.cli.options import AsJson, ConfigFile, console, open_log, open_settings, print_json
from bot.demo import DemoResult, run_demo
from config import require_runnable


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command()(run)
    app.command()(once)
    app.command()(demo)


def run(context: typer.Context, config: ConfigFile = None) -> None:
    """Run the bot and its schedule until Ctrl-C or SIGTERM."""
    settings = open_settings(context, config)
    require_runnable(settings)
    asyncio.run(run_forever(settings, console()))


def once(context: typer.Context, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Make one pass over the due sources, send what is queued, and end: for cron.

    Ends with 1 if every source that was due failed.
    """
    settings = open_settings(context, config)
    require_runnable(settings)
    done = asyncio.run(run_once(settings, None if as_json else console()))
    if as_json:
        print_json(done.as_json())
    else:
        console().print(_summary(done))
    if done.all_failed:
        raise typer.Exit(1)


def demo(
    context: typer.Context,
    page: Annotated[
        Path, typer.Option("--page", metavar="FILE", help="Where to write the preview page.")
    ] = Path("newsieve-demo.html"),
    as_json: AsJson = False,
) -> None:
    """Show the whole way once, on invented news sites; no network, no token."""
    open_log(context)
    shown = None if as_json else console()
    result = asyncio.run(run_demo(page, console=shown))
    if as_json:
        print_json(result.as_json())
    else:
        _print_demo(result)


def _summary(done: Pass) -> str:
    sources = f"{len(done.runs)} sources due, {done.failed} failed"
    items = f"{done.found} items, {done.new} new, {done.judged} judged"
    return f"{sources} · {items} · {done.accepted} accepted · {done.posted} posted"


def _print_demo(result: DemoResult) -> None:
    out = console()
    table = Table("", "title", "reason", "score", title="What became of the items")
    for title, score in result.posted:
        table.add_row("posted", title, "good", f"{score:.2f}", style="green")
    for title, reason, score in result.rejected:
        table.add_row("rejected", title, reason, f"{score:.2f}")
    out.print(table)
    for source, reason in result.failures:
        out.print(f"source failed: {source}: {reason}", style="yellow")
    out.print(f"The channel, with the rejections beside it: {result.page}", soft_wrap=True)
