"""The command that tries a source as it is configured, and finds another way if that fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import typer

from bot.cli.named import Name, named_source
from bot.cli.options import AsJson, ConfigFile, open_settings, print_json
from bot.cli.proposals import plain_values, show
from bot.proposing import declaration, declare_anew
from bot.slices import client_options, source_of
from bot.store import Store
from config import Settings, SourceSettings
from config.blocks import source_block
from scrapers import Client, ScrapeError, preview_address
from scrapers.discovery.discover import Proposal, try_source
from scrapers.health import Condition, Usual, diagnose


@dataclass(frozen=True, slots=True)
class _Trial:
    """What came of trying a source.

    Attributes:
        shown: what it shows as it is configured; None: ``error`` says why it cannot be read.
        changed: why its layout is believed to have changed, or empty.
        anew: the keys of a source that reads the new layout, if any was found.
    """

    shown: Proposal | None
    error: ScrapeError | None
    changed: str
    anew: dict[str, Any] | None


def test(
    context: typer.Context, name: Name, config: ConfigFile = None, as_json: AsJson = False
) -> None:
    """Read three articles of a source as it is configured; nothing is recorded or posted.

    If the layout of its page has changed, shows how it could be read now.
    """
    settings = open_settings(context, config)
    said = named_source(settings, name)
    trial = asyncio.run(_tried(settings, said))
    if as_json:
        print_json(_as_json(trial, said))
    else:
        _show(trial)
    if trial.error is not None:
        raise trial.error


async def _tried(settings: Settings, said: SourceSettings) -> _Trial:
    shown, error = None, None
    async with Client(client_options(settings)) as client:
        try:
            shown = await try_source(client, source_of(said))
        except ScrapeError as failure:
            error, changed = failure, _change(failure, said)
        else:
            changed = await _known_change(settings, said)
        anew = await declare_anew(said, client) if changed else None
    return _Trial(shown, error, changed, anew)


def _change(error: ScrapeError, said: SourceSettings) -> str:
    """Return what an error says of a change of the layout: nothing, if it speaks of another."""
    diagnosis = diagnose(error, Usual(), url=preview_address(said.url) or said.url)
    return diagnosis.detail if diagnosis.condition is Condition.LAYOUT_CHANGED else ""


async def _known_change(settings: Settings, said: SourceSettings) -> str:
    """Return what its runs have said of a change of the layout that one look does not show."""
    async with await Store.open(settings.store_url) as store:
        states = await store.sources.states([said.name])
    changed = (one for one in states if one.health.standing is Condition.LAYOUT_CHANGED)
    return next((one.health.detail for one in changed), "")


def _show(trial: _Trial) -> None:
    if trial.shown is not None:
        show(trial.shown)
    if not trial.changed:
        return
    if trial.shown is not None:
        typer.echo(f"\nIts layout seems to have changed: {trial.changed}.")
    if trial.anew is None:
        typer.echo("No way to read it as it is now was found.")
    else:
        typer.echo(f"It could be read like this:\n\n{source_block(trial.anew)}")


def _as_json(trial: _Trial, said: SourceSettings) -> dict[str, Any]:
    source = declaration(source_of(said))
    if trial.shown is not None:
        return {**plain_values(trial.shown, source), "proposal": trial.anew}
    nothing: dict[str, Any] = {"found": None, "links": [], "articles": []}
    return {"source": source, **nothing, "failures": [str(trial.error)], "proposal": trial.anew}
