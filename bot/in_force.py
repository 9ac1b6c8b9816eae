"""The rules in force: what the settings say, and what operators have put above it in chat."""

from __future__ import annotations

import asyncio

from bot.decide import Rules
from bot.rulebook import Rulebook
from bot.rules import PhraseRule
from bot.store import Store
from bot.store.engine import is_sqlite, parse_url, sqlite_path
from config import Settings


class InForce:
    """Looks up in the store which rules are in force; a book of phrases is made once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._book = Rulebook()

    async def rules(self, settings: Settings, model_threshold: float) -> Rules:
        """Return the rules as they are now.

        Args:
            settings: what counts unless operators say otherwise.
            model_threshold: what the model says, for settings that name no threshold.

        Raises:
            StoreError: if the database fails.
        """
        chosen = await self._store.thresholds.current(settings.classifier.threshold)
        return Rules.from_settings(
            settings,
            model_threshold,
            chosen=None if chosen is None else chosen.value,
            phrases=await self._phrases(),
        )

    async def _phrases(self) -> Rulebook:
        rules = tuple(stored.rule for stored in await self._store.rules.in_force())
        if rules != self._book.rules:
            self._book = await book_of(rules)
        return self._book


async def book_of(rules: tuple[PhraseRule, ...]) -> Rulebook:
    """Return a book of ``rules``; it is made in a thread, as 500 rules take a second."""
    return await asyncio.to_thread(Rulebook, rules)


async def rules_if_stored(settings: Settings, model_threshold: float) -> Rules:
    """Return the rules in force; where there is no database yet, the settings say them.

    Raises:
        StoreError: if there is a database that fails.
    """
    address = parse_url(settings.store_url)
    if is_sqlite(address) and not sqlite_path(address).exists():
        return Rules.from_settings(settings, model_threshold)
    async with await Store.open(settings.store_url) as store:
        return await InForce(store).rules(settings, model_threshold)
