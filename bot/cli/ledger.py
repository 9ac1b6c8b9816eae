"""The command that carries the ledger out: ledger export."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, TextIO

import typer

from bot.cli.options import ConfigFile, open_settings
from bot.clock import utc_now
from bot.errors import BotError
from bot.ledger_file import Delimiter, Format, Writer, open_writer
from bot.pages import drafted
from bot.slices import zone_of
from bot.store import Store
from config import Settings
from config.durations import parse_duration


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="Every verdict with its reason.", no_args_is_help=True)
    # With one command alone the group would be taken for it.
    group.callback()(_ledger)
    group.command("export")(export)
    app.add_typer(group, name="ledger")


def _ledger() -> None:
    """Every verdict with its reason."""


def export(
    context: typer.Context,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DATE|7d",
            help="From that day on, as 2024-03-09, or so long ago, as 7d; left out: all.",
        ),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="Left out: what FILE ends in, or else jsonl."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Left out or '-': standard output."),
    ] = None,
    delimiter: Annotated[
        Delimiter | None,
        typer.Option(
            help="Of CSV; left out: a comma. With a semicolon all is as the Russian Excel has it."
        ),
    ] = None,
    texts: Annotated[
        bool, typer.Option("--texts", help="Write the texts of the items as well.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Write the ledger: each item with its verdict, label and posts.

    JSON lines hold all as it is. CSV is for spreadsheets: what one could take for a formula
    gets an apostrophe before it. Both are UTF-8; days begin in the first channel's timezone.
    """
    settings = open_settings(context, config)
    zone = zone_of(settings)
    begin = None if since is None else moment_of(since, utc_now(), zone)
    out = None if str(out) == "-" else out
    form = form or _form_of(out)
    if delimiter is not None and form is not Format.CSV:
        raise typer.BadParameter("only CSV has one", param_hint="'--delimiter'")
    try:
        with _opened(out) as file:
            writer = open_writer(
                file, form, texts=texts, delimiter=delimiter or Delimiter.COMMA, zone=zone
            )
            written = asyncio.run(_export(settings, begin, writer))
    except BrokenPipeError:
        raise
    except OSError as error:
        raise BotError(f"{out or 'standard output'}: {error.strerror or error}") from None
    if out is not None:
        typer.echo(f"{written} lines of the ledger written to {out}")


def moment_of(said: str, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment that ``said`` names: a day, a moment, or how long before ``now``.

    Raises:
        typer.BadParameter: if it names none.
    """
    try:
        named = datetime.fromisoformat(said)
    except ValueError:
        return _ago(said, now)
    try:
        return (named if named.tzinfo else named.replace(tzinfo=zone)).astimezone(now.tzinfo)
    except OverflowError:
        raise _no_moment(said) from None


def _ago(said: str, now: datetime) -> datetime:
    try:
        ago: timedelta = parse_duration(said)
        return now - ago
    except (ValueError, OverflowError):
        raise _no_moment(said) from None


def _no_moment(said: str) -> typer.BadParameter:
    told = f"{said!r} is neither a day, as 2024-03-09, nor a duration, as 7d"
    return typer.BadParameter(told, param_hint="'--since'")


def _form_of(out: Path | None) -> Format:
    return Format.CSV if out is not None and out.suffix.lower() == ".csv" else Format.JSONL


@contextmanager
def _opened(out: Path | None) -> Iterator[TextIO]:
    if out is not None:
        with drafted(out, newline="") as file:
            yield file
        return
    # Rows of CSV end as its standard says, whatever the system does to lines.
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as file:
        yield file


async def _export(settings: Settings, since: datetime | None, writer: Writer) -> int:
    written = 0
    async with await Store.open(settings.store_url) as store:
        async for batch in store.export.lines(since=since, before=utc_now()):
            writer.write(batch)
            written += len(batch)
    return written
