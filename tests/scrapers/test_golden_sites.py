"""Whole sites of tests/golden/sites, each run over as a source that is an address and no more.

`site.json` says what is served at which address, what the run is to find, and in `links` what
the site is to be understood to show. Articles without a page there count as seen before.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from scrapers import (
    Client,
    ClientOptions,
    Item,
    Run,
    ScrapeError,
    Selectors,
    Source,
    canonical_url,
    fetch,
)

SITES = sorted((Path(__file__).parents[1] / "golden" / "sites").iterdir())
NO_DELAY = ClientOptions(host_delay=0)


class GoldenSite:
    """A site as its folder describes it; ``shown`` is what it was understood to link to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.told = json.loads((folder / "site.json").read_text(encoding="utf-8"))
        self.zone = ZoneInfo(self.told["source"].get("timezone", "UTC"))
        self.shown: list[str] = []

    @property
    def source(self) -> Source:
        told = self.told["source"]
        return Source(
            name=told["name"],
            url=told["url"],
            selectors=Selectors(**told.get("selectors", {})),
            timezone=self.zone if "timezone" in told else None,
            images=told.get("images", False),
        )

    async def run(self) -> Run:
        async with Client(NO_DELAY, transport=httpx.MockTransport(self._answer)) as client:
            return await fetch(self.source, client, unseen=self._unseen)

    def expected(self, now: datetime) -> list[dict[str, Any]]:
        return [
            {**item, "published": self._moment(item["published"], now)}
            for item in self.told["items"]
        ]

    def _answer(self, request: httpx.Request) -> httpx.Response:
        page = self.told["pages"].get(str(request.url))
        if page is None:
            return httpx.Response(404)
        body = (self._folder / page["file"]).read_bytes()
        headers = {"Content-Type": page["content_type"]}
        return httpx.Response(200, stream=httpx.ByteStream(body), headers=headers)

    async def _unseen(self, addresses: Sequence[str]) -> Collection[str]:
        self.shown += addresses
        served = {canonical_url(address) for address in self.told["pages"]}
        return [address for address in addresses if address in served]

    def _moment(self, told: str | None, now: datetime) -> str | None:
        """Return when it was; "yesterday 14:05" is a time of the site's own day."""
        day, _, clock = (told or "").partition(" ")
        if day not in ("today", "yesterday"):
            return told
        date = now.astimezone(self.zone).date() - timedelta(days=day == "yesterday")
        moment = datetime.combine(date, time.fromisoformat(clock), self.zone)
        return moment.isoformat()


def as_json(item: Item) -> dict[str, Any]:
    told = {**asdict(item), "published": item.published.isoformat() if item.published else None}
    if item.link is None:
        del told["link"]
    return told


@pytest.mark.parametrize("folder", SITES, ids=lambda folder: folder.name)
async def test_an_invented_site_gives_its_items(folder: Path) -> None:
    site = GoldenSite(folder)
    began = datetime.now(timezone.utc)

    try:
        run = await site.run()
    except ScrapeError as error:
        assert type(error).__name__ == site.told.get("error"), error
        return

    assert "error" not in site.told
    assert run.kind is not None
    assert run.kind.value == site.told["kind"]
    assert [type(failure).__name__ for failure in run.failures] == site.told.get("failures", [])
    assert site.shown == [canonical_url(link) for link in site.told.get("links", [])]
    # Midnight may have come meanwhile.
    either = (site.expected(began), site.expected(datetime.now(timezone.utc)))
    assert [as_json(item) for item in run.items] in either
