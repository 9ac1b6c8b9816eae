"""What a source is to be called in the settings, and how one could be read from now on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from bot.slices import source_of
from config import SourceSettings
from config.blocks import source_block
from config.durations import format_duration
from scrapers import (
    Blocked,
    Client,
    Kind,
    ScrapeError,
    Selectors,
    Source,
    canonical_url,
    preview_address,
)
from scrapers.discovery.discover import propose_listing

logger = logging.getLogger(__name__)

PATIENCE = 90.0
"""Seconds that finding out how a source could be read may take."""


def declaration(source: Source) -> dict[str, Any]:
    """Return the keys of a ``[[source]]`` block that declares ``source``; the usual is left out."""
    said = {
        "name": source.name,
        "url": source.url,
        "kind": source.kind.value if source.kind else None,
        "timezone": str(source.timezone) if source.timezone else None,
        **_selectors(source.selectors),
    }
    return {key: value for key, value in said.items() if value}


def whole_declaration(said: SourceSettings) -> dict[str, Any]:
    """Return the keys of a ``[[source]]`` block that declares what is declared already."""
    return {**_kept(said), **_told(_selectors(source_of(said).selectors))}


def taken(sources: Iterable[SourceSettings], url: str) -> SourceSettings | None:
    """Return the source that has the address ``url`` already, however it is written."""
    wanted = _identity(url)
    return next((said for said in sources if _identity(said.url) == wanted), None)


def free_name(sources: Iterable[SourceSettings], name: str) -> str:
    """Return ``name``, with a number behind it if it is another source's."""
    names = {said.name for said in sources}
    numbered = (f"{name[:90]} {number}" for number in range(2, len(names) + 3))
    return next(one for one in (name, *numbered) if one not in names)


async def propose_anew(said: SourceSettings, client: Client) -> str | None:
    """Return what `declare_anew` does, as a ``[[source]]`` block to copy."""
    values = await declare_anew(said, client)
    return None if values is None else source_block(values)


async def declare_anew(said: SourceSettings, client: Client) -> dict[str, Any] | None:
    """Return the keys of a source that read a listing whose layout has changed.

    None means that it is no listing, or that no way was found in time.
    """
    source = source_of(said)
    if source.kind not in (None, Kind.LISTING):
        return None
    try:
        proposal = await asyncio.wait_for(propose_listing(client, source), PATIENCE)
    except (ScrapeError, asyncio.TimeoutError) as error:
        reason = str(error) or f"nothing found within {PATIENCE:g} s"
        logger.info(
            "no proposal for %s: %s", said.name, reason, extra={"action": "nothing_proposed"}
        )
        return None
    return {**_kept(said), **_told(_selectors(proposal.source.selectors))}


def _identity(url: str) -> str:
    try:
        return canonical_url(preview_address(url) or url)
    except Blocked:
        # On t.me, but not of a public channel: it is like no other address.
        return url


def _selectors(selectors: Selectors) -> dict[str, str | None]:
    return {
        "link": selectors.link,
        "title": selectors.title,
        "text": selectors.text,
        "published": selectors.published,
        "image": selectors.image,
    }


def _kept(said: SourceSettings) -> dict[str, Any]:
    """Return what a source says of itself apart from selectors."""
    return _told(
        {
            "name": said.name,
            "url": said.url,
            "kind": said.kind,
            "tags": list(said.tags),
            "every": format_duration(said.every) if said.every else None,
            "timezone": str(said.timezone) if said.timezone else None,
            "ca_file": str(said.ca_file) if said.ca_file else None,
            "images": said.images,
        }
    )


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value}
