"""Rehearsals: what another threshold, rule or model would have changed in the last days."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256

from bot.clock import Clock, utc_now
from bot.current import CurrentModel
from bot.decide import Rules
from bot.foresight import ByContent, Judge, Outlook, as_recorded, foresee
from bot.in_force import InForce, book_of
from bot.rulebook import Rulebook
from bot.rules import PhraseRule
from bot.store import Store
from bot.store.thresholds import ChosenThreshold
from classifier import Classifier
from config import Settings

PERIOD = timedelta(days=7)
MOST_ITEMS = 5000
"""So many items are looked at, the newest ones: to score them anew takes seconds."""

_BASES = 10**12
"""A button carries twelve digits."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides now.

    Attributes:
        settings: the threshold and other rules unless operators say otherwise.
        classifier: the model in use.
        rules: those in force.
        chosen: the threshold that operators chose; None: it is that of settings or model.
    """

    settings: Settings
    classifier: Classifier
    rules: Rules
    chosen: ChosenThreshold | None

    @property
    def base(self) -> float | None:
        """The threshold that the settings name, if they do."""
        return self.settings.classifier.threshold

    @property
    def basis(self) -> int:
        """A number that changes when anything that decides by content does.

        A button carries it, so that a card is known to be of another time.
        """
        rules = self.rules
        chosen = None if self.chosen is None else self.chosen.id
        ids = [rule.id for rule in rules.phrases.rules]
        said = repr((self.classifier.model, rules.threshold, chosen, rules.review_band, ids))
        return int(sha256(said.encode()).hexdigest(), 16) % _BASES


class Rehearsal:
    """Goes through the ledger's last days as if something were otherwise."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        store: Store,
        model: CurrentModel,
        in_force: InForce,
        now: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._store = store
        self._model = model
        self._in_force = in_force
        self._now = now

    async def standing(self) -> Standing:
        """Return what decides now."""
        await self._model.follow()
        settings, classifier = self._settings(), self._model.classifier
        rules = await self._in_force.rules(settings, classifier.threshold)
        chosen = await self._store.thresholds.current(settings.classifier.threshold)
        return Standing(settings, classifier, rules, chosen)

    async def of_threshold(self, standing: Standing, value: float) -> Outlook:
        """Return what another threshold would have changed."""
        before = _judge(standing)
        after = before.by(replace(standing.rules, threshold=value))
        return await self._look(before, after)

    async def of_rule(self, standing: Standing, rule: PhraseRule) -> Outlook:
        """Return what one more phrase rule would have changed."""
        book = await book_of((*standing.rules.phrases.rules, rule))
        before = _judge(standing)
        after = before.by(replace(standing.rules, phrases=book))
        return await self._look(before, after, Rulebook([rule]))

    async def of_model(self, standing: Standing, candidate: Classifier) -> Outlook:
        """Return what another model, with its own threshold if no other is set, would."""
        rules = await self._in_force.rules(standing.settings, candidate.threshold)
        return await self._look(_judge(standing), ByContent(candidate, rules))

    async def of_now(self, standing: Standing) -> Outlook:
        """Return what would be decided otherwise now than it was."""
        return await self._look(as_recorded, _judge(standing))

    async def _look(self, before: Judge, after: Judge, asked: Rulebook | None = None) -> Outlook:
        seen, since = Outlook(), self._now() - PERIOD
        async for batch in self._store.history.decided(since, MOST_ITEMS + 1):
            entries = batch[: MOST_ITEMS - seen.items]
            seen += await asyncio.to_thread(foresee, entries, before, after, asked=asked)
            seen = replace(seen, is_cut=len(entries) < len(batch))
        return seen


def _judge(standing: Standing) -> ByContent:
    return ByContent(standing.classifier, standing.rules)
