"""A look at an address: what would become of what is there, without recording anything."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.clock import utc_now
from bot.current import open_current
from bot.decide import Case, Rules, decide
from bot.in_force import rules_if_stored
from bot.model import RecordedItem
from bot.slices import client_options, source_of
from classifier import Classifier, compose
from config import Settings
from scrapers import (
    Client,
    Item,
    Page,
    Source,
    detect_kind,
    extract_article,
    fetch,
    preview_address,
)
from scrapers import Kind as SourceKind

_ARTICLE_WORDS = 40
"""A page whose main text has at least so many words is an article, not a listing."""


@dataclass(frozen=True, slots=True)
class Look:
    """What would become of one item."""

    url: str
    title: str
    text: str
    published: str | None
    lemmas: list[str]
    score: float
    threshold: float
    model: str
    verdict: str
    reason: str
    detail: str


async def look_at(url: str, settings: Settings) -> list[Look]:
    """Return what would become of the article, or of each item of the feed or listing, at ``url``.

    A source of the settings with that address is read as declared there.

    Raises:
        ScrapeError: if nothing can be read there.
        ModelError: if the model cannot be used.
        StoreError: if there is a database that fails.
    """
    classifier = await open_current(settings)
    rules = await rules_if_stored(settings, classifier.threshold)
    async with Client(client_options(settings)) as client:
        items = await _items_at(url, settings, client)
    return await asyncio.to_thread(_look, items, classifier, rules)


async def _items_at(url: str, settings: Settings, client: Client) -> Sequence[Item]:
    declared = [source_of(said) for said in settings.source if said.url == url]
    if not declared:
        page = await client.get(preview_address(url) or url)
        article = await asyncio.to_thread(_article, page)
        if article is not None:
            return [article]
    source = declared[0] if declared else Source(urlsplit(url).hostname or url, url)
    run = await fetch(source, client, unseen=_all)
    return run.items


def _article(page: Page) -> Item | None:
    if detect_kind(page.body, page.content_type, url=page.url) is not SourceKind.LISTING:
        return None
    item = extract_article(page.body, page.url, page.content_type)
    return item if len(item.text.split()) >= _ARTICLE_WORDS else None


async def _all(addresses: Sequence[str]) -> Collection[str]:
    return addresses


def _look(items: Sequence[Item], classifier: Classifier, rules: Rules) -> list[Look]:
    texts = [compose(item.title, item.text) for item in items]
    scores = classifier.score(texts)
    now = utc_now()
    looks = []
    for item, text, score in zip(items, texts, scores, strict=True):
        recorded = RecordedItem(0, item, now, seeding=False, sources=(item.source,))
        phrase = rules.phrases.find(text)
        verdict = decide(Case(recorded, score, None, now, phrase), rules)
        looks.append(
            Look(
                url=item.url,
                title=item.title,
                text=item.text,
                published=item.published.isoformat() if item.published else None,
                lemmas=classifier.lemmas(text),
                score=round(score.value, 6),
                threshold=rules.threshold,
                model=score.model,
                verdict=verdict.decision.value,
                reason=verdict.reason.value,
                detail=verdict.detail,
            )
        )
    return looks
