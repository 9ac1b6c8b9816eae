"""What a source shows and how it is read, printed for people and for machines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.cli.failures import failure_line
from bot.cli.options import console
from bot.clock import utc_now
from scrapers import Item, names_day_alone
from scrapers.discovery.discover import Proposal

_FIRST_WORDS = 140


def show(proposal: Proposal) -> None:
    """Print what a source shows, and why it is read like that."""
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
        out.print(f"not read: {failure_line(failure, utc_now())}", markup=False, soft_wrap=True)


def _first_words(item: Item) -> str:
    line = " ".join(item.text.split())
    return line if len(line) <= _FIRST_WORDS else line[:_FIRST_WORDS].rsplit(" ", 1)[0] + "…"


def _date(item: Item) -> str:
    if item.published is None:
        return "unknown"
    form = "%Y-%m-%d" if names_day_alone(item.published) else "%Y-%m-%d %H:%M %z"
    return item.published.strftime(form)


def plain_values(proposal: Proposal, values: dict[str, Any]) -> dict[str, Any]:
    """Return what a source shows as plain values; ``values`` are the keys that declare it."""
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
