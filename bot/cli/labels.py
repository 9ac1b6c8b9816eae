"""The commands that carry labels in and out: labels import, labels export, labels review."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.options import AsJson, ConfigFile, open_settings, print_json
from bot.cli.review import review
from bot.errors import BotError
from bot.labelled import Format, in_order, read_numbered, write_labelled
from bot.pages import drafted
from bot.repeats import Numbered, Repeat, find_repeats, repeat_lines, store_lines
from bot.store import Imported, LabelledText, Store
from config import Settings


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    group = typer.Typer(help="Labelled texts: in, out, and made.", no_args_is_help=True)
    group.command("import")(import_labels)
    group.command("export")(export_labels)
    group.command()(review)
    app.add_typer(group, name="labels")


def import_labels(
    context: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            help="JSON lines, or CSV with a header: text, label; '-' is standard input."
        ),
    ],
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Import nothing if a text is labelled both good and bad."),
    ] = False,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Read labelled texts into the store.

    A label is good, bad, 0 or 1; a text that is known takes the label that comes now.
    Texts that come twice, nearly twice or with both labels are told with their
    lines; of two labels the last one counts. So are texts that the store knows
    with the other label: the file's counts before one imported earlier, an
    operator's before both.
    """
    settings = open_settings(context, config)
    rows = read_numbered(Path("/dev/stdin") if str(file) == "-" else file)
    repeats = find_repeats(rows)
    if strict and repeats.contradictions:
        raise BotError(f"{file}: {_refusal(repeats.contradictions)}")
    imported = asyncio.run(_import(settings, [row for _, row in rows]))
    changed, overruled = (_lines(rows, found) for found in (imported.changed, imported.overruled))
    counts = {"added": imported.added, "known": imported.known}
    if as_json:
        print_json({**counts, "changed": changed, "overruled": overruled, **asdict(repeats)})
        return
    typer.echo(f"{imported.added} labels imported, {imported.known} were known")
    for line in [*store_lines(changed, overruled), *repeat_lines(repeats)]:
        typer.echo(line)


def export_labels(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="Left out or '-': standard output.")
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Write CSV; a FILE that ends in .csv means it too.")
    ] = False,
    config: ConfigFile = None,
) -> None:
    """Write every label in the store.

    The operators' labels and the imported ones, in a form that `labels import` reads.
    """
    settings = open_settings(context, config)
    rows = in_order(asyncio.run(_export(settings)))
    file = None if str(file) == "-" else file
    named_csv = file is not None and file.suffix.lower() == ".csv"
    form = Format.CSV if as_csv or named_csv else Format.JSONL
    if file is None:
        write_labelled(rows, sys.stdout, form)
        return
    try:
        with drafted(file, newline="") as target:
            write_labelled(rows, target, form)
    except OSError as error:
        raise BotError(f"{file}: {error.strerror or error}") from None
    typer.echo(f"{len(rows)} labels written to {file}")


def _refusal(contradictions: Sequence[Repeat]) -> str:
    first = contradictions[0]
    texts = "one text is" if len(contradictions) == 1 else f"{len(contradictions)} texts are"
    lines = f"line {first.good[0]} says good and line {first.bad[0]} bad"
    return f"{texts} labelled both ways ({lines}); nothing was imported"


async def _import(settings: Settings, rows: list[LabelledText]) -> Imported:
    async with await Store.open(settings.store_url) as store:
        return await store.labels.import_(rows)


async def _export(settings: Settings) -> list[LabelledText]:
    async with await Store.open(settings.store_url) as store:
        return list(await store.labels.export())


def _lines(rows: Sequence[Numbered], texts: Sequence[LabelledText]) -> list[int]:
    """Return the line of each of ``texts``; the last one, as that is the one that counts."""
    line_of = {(row.title, row.text): line for line, row in rows}
    return sorted(line_of[row.title, row.text] for row in texts)
