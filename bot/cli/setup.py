"""The commands around the settings and the schema: init, check, migrate."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.check import Finding, check_all
from bot.cli.options import AsJson, ConfigFile, console, open_settings, print_json
from bot.errors import BotError
from bot.store import migrate as migrate_store
from config import Settings
from config.shown import shown
from config.starter import write_starter


def register(app: typer.Typer) -> None:
    """Add the commands of this module to ``app``."""
    app.command()(init)
    app.command()(check)
    app.command()(migrate)


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where to write them.")] = Path(),
) -> None:
    """Write the settings to start from."""
    try:
        written = write_starter(folder)
    except FileExistsError as error:
        raise BotError(f"{error.filename} is there already; nothing was written") from None
    except OSError as error:
        raise BotError(f"{error.filename}: {error.strerror}") from None
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo("Next: put your sources into sources.toml, then try `newsieve check`.")


def check(context: typer.Context, config: ConfigFile = None, as_json: AsJson = False) -> None:
    """Validate the settings and try what they name.

    Shows them with secrets hidden, then tries the store, the model, each source,
    the token and each chat. Ends with 2 if the settings are wrong, with 1 if
    something they name does not work.
    """
    settings = open_settings(context, config)
    findings = asyncio.run(check_all(settings))
    if as_json:
        told = [
            {"what": f.what, "ok": f.ok, "warning": f.warning, "detail": f.detail} for f in findings
        ]
        print_json({"settings": shown(settings), "checks": told})
    else:
        _print_check(settings, findings)
    if any(finding.wrong_settings for finding in findings):
        raise typer.Exit(2)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def migrate(context: typer.Context, config: ConfigFile = None) -> None:
    """Bring the database to the newest schema."""
    settings = open_settings(context, config)
    before, after = migrate_store(settings.store_url)
    if before == after:
        typer.echo(f"the schema is up to date ({after})")
    else:
        typer.echo(f"the schema went from {before or 'nothing'} to {after}")


def _print_check(settings: Settings, findings: list[Finding]) -> None:
    out = console()
    table = Table("setting", "value", title="Settings")
    for section, value in shown(settings).items():
        if isinstance(value, dict):
            for key, inner in value.items():
                table.add_row(f"{section}.{key}", escape(str(inner)))
        else:
            table.add_row(section, f"{len(value)} configured")
    out.print(table)
    for finding in findings:
        mark = _mark(finding)
        out.print(f"{mark} {escape(finding.what)}: ", end="")
        out.print(finding.detail, markup=False, soft_wrap=True)


def _mark(finding: Finding) -> str:
    if finding.warning:
        return "[yellow]warns[/]"
    return "[green]ok[/]   " if finding.ok else "[red]fails[/]"
