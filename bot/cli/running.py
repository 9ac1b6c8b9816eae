"""The commands that do the work: run, once, demo."""

from __future__ import annotations

import asyncio
import gc
import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.cli.options import (
    AsJson,
    ConfigFile,
    LogJson,
    console,
    open_log,
    open_settings,
    print_json,
    sourcebook,
)
from bot.demo import DemoResult, run_demo
from bot.passes import Pass
from bot.service import run_forever, run_once
from config import require_runnable


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command()(run)
    app.command()(once)
    app.command()(demo)


def run(context: typer.Context, config: ConfigFile = None, log_json: LogJson = False) -> None:
    """Run bot and schedule until Ctrl-C or SIGTERM; SIGHUP has the settings read again."""
    settings = open_settings(context, config, log_json=log_json)
    require_runnable(settings)
    # What is loaded stays to the end: to look through all of it for garbage would keep the event
    # loop from its work for up to 80 ms each time.
    gc.freeze()
    asyncio.run(run_forever(settings, console(), sourcebook(context, config)))


def once(
    context: typer.Context,
    config: ConfigFile = None,
    log_json: LogJson = False,
    as_json: AsJson = False,
) -> None:
    """Make one pass, for cron.

    Fetches the sources that are due, judges what is new, sends what is queued,
    and ends: with 1 if every source that was due failed.
    """
    settings = open_settings(context, config, log_json=log_json)
    require_runnable(settings)
    book = sourcebook(context, config)
    done = asyncio.run(run_once(settings, None if as_json else console(), book))
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
    """Show newsieve at work on invented news sites.

    The whole way once, with the real model, into the preview channel: no
    network, no token.
    """
    # What happens is printed: the log would only say it again.
    open_log(context, level=logging.ERROR)
    shown = None if as_json else console()
    result = asyncio.run(run_demo(page, console=shown))
    if as_json:
        print_json(result.as_json())
    else:
        _print_demo(result)


def _summary(done: Pass) -> str:
    sources = f"{len(done.runs)} sources due, {done.failed} failed"
    shown = sum(run.shown or 0 for run in done.runs)
    found = sum(run.found for run in done.runs)
    new = sum(run.new for run in done.runs)
    reasons = ", ".join(f"{count} {reason.value}" for reason, count in done.counts.items())
    seen = f"{shown} shown, {found} items, {new} new"
    verdicts = f"{done.judged} judged{f' ({reasons})' if reasons else ''}"
    return f"{sources} · {seen} · {verdicts} · {done.posted} posted"


def _print_demo(result: DemoResult) -> None:
    out = console()
    table = Table("", "title", "reason", "score", title="What became of the items")
    for title, score in result.posted:
        table.add_row("posted", escape(title), "good", f"{score:.2f}", style="green")
    for title, reason, score in result.rejected:
        table.add_row("rejected", escape(title), reason, f"{score:.2f}")
    out.print(table)
    for source, reason in result.failures:
        out.print(f"source failed: {source}: {reason}", style="yellow", markup=False)
    told = f"The channel, with the rejections beside it: {result.page}"
    out.print(told, soft_wrap=True, markup=False)
