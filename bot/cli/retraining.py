"""The commands that change which model is in use: retrain, model install, model rollback."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.cli.options import AsJson, ConfigFile, open_settings, print_json
from bot.current import load
from bot.errors import BotError
from bot.lineage import StoredModel
from bot.model import Operator
from bot.reports import outcome_lines
from bot.retraining import Outcome, install_model, retrain_model, roll_back
from bot.store import Store
from config import Settings

HERE = Operator(0, "command line")


def register(app: typer.Typer) -> None:
    """Add the command of this module to ``app``; those of the group ``model`` stand there."""
    app.command()(retrain)


def retrain(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Labelled texts to take where the model brings no base data; see `train`.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would come of it.")
    ] = False,
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Let the model in use learn from the labels in the store.

    The newest labels are held out. Only a candidate that is better on them, and
    not worse on the model's reference set, takes its place: at once, in running
    newsieves too. Ends with 0 whatever the answer is: accepted, refused, or too
    few to tell.
    """
    settings = open_settings(context, config)
    with _waiting("training"):
        outcome = asyncio.run(_retrain(settings, data, dry_run=dry_run))
    if as_json:
        print_json({**outcome.report.as_json(), "in_use": _as_json(outcome.stored)})
        return
    for line in outcome_lines(outcome.report, outcome.stored, dry_run=dry_run):
        typer.echo(line)


def install(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A ModelBundle.")],
    as_json: AsJson = False,
    config: ConfigFile = None,
) -> None:
    """Bring a model into use.

    It is copied to where models lie (classifier.models), if it answers as was
    recorded, and takes the place of the one in use: at once, in running
    newsieves too.
    """
    settings = open_settings(context, config)
    stored = asyncio.run(_install(settings, folder))
    if as_json:
        print_json(_as_json(stored))
        return
    typer.echo(f"{stored.name} takes the place of {stored.replaced}")


def rollback(context: typer.Context, as_json: AsJson = False, config: ConfigFile = None) -> None:
    """Go back to the model that was in use before."""
    settings = open_settings(context, config)
    gone, now = asyncio.run(_roll_back(settings))
    if as_json:
        print_json({"withdrawn": gone, "in_use": now})
        return
    typer.echo(f"{gone} is no longer in use; {now} is again")


async def _retrain(settings: Settings, data: Path | None, *, dry_run: bool) -> Outcome:
    async with await Store.open(settings.store_url) as store:
        return await retrain_model(settings, store, HERE, data=data, dry_run=dry_run)


async def _install(settings: Settings, folder: Path) -> StoredModel:
    async with await Store.open(settings.store_url) as store:
        return await install_model(settings, store, folder, HERE)


async def _roll_back(settings: Settings) -> tuple[str, str]:
    """Return the identity of the model that went, and of the one that is in use now."""
    async with await Store.open(settings.store_url) as store:
        gone = await roll_back(settings, store, HERE)
        if gone is None:
            raise BotError("there is no model to go back to: the one of the settings is in use")
        withdrawn, in_use = gone
        now = await asyncio.to_thread(load, in_use, settings)
        return withdrawn.name, now.identity


def _waiting(what: str) -> Any:
    """Show that something goes on, where somebody looks."""
    terminal = Console(stderr=True)
    return terminal.status(what) if terminal.is_terminal else nullcontext()


def _as_json(stored: StoredModel | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    return {
        "model": stored.name,
        "folder": stored.folder,
        "replaced": stored.replaced,
        "origin": stored.origin.value,
        "activated_at": stored.activated_at.isoformat(),
    }
