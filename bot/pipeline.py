"""The effects around the decider: score, compare, decide, record.

    store ─▶ items without a verdict ─▶ Score, Related ─▶ decide ─▶ store (one transaction)

It begins and ends in the store, so a process that dies in between is taken up
where it stopped; so does the step before, ``bot.collect``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.audit import is_drawn
from bot.clock import utc_now
from bot.decide import Case, Rules, decide
from bot.duplicates import Standing, choose_twin, standing_of
from bot.model import RecordedItem, Verdict
from bot.relations import Related, Relations
from bot.routing import Routing
from bot.rulebook import Rulebook
from bot.rules import PhraseRule
from bot.store import Judged, Store
from classifier import Classifier, Score, compose

logger = logging.getLogger(__name__)

BATCH = 100
"""How many items are scored together."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What was found out about an item.

    Attributes:
        alike: ids of earlier items with the same text, or nearly.
        stories: earlier items on the same event, with their likeness.
        phrase: the operators' rule that speaks of its text, or None.
    """

    recorded: RecordedItem
    score: Score
    alike: frozenset[int]
    stories: Sequence[tuple[int, float]]
    phrase: PhraseRule | None


async def judge(
    store: Store, classifier: Classifier, rules: Rules, routing: Routing, relations: Relations
) -> int:
    """Decide on every item that has no verdict yet; return how many there were."""
    judged = 0
    while batch := await store.items.unjudged(BATCH):
        facts = await _find_facts(batch, store, classifier, rules.phrases, relations)
        alike = {item_id for one in facts for item_id in one.alike}
        decided = _decide_all(facts, await store.items.standings(alike), rules, routing)
        recorded = set(await store.ledger.record_verdicts(decided, at=utc_now()))
        for one, its in zip(facts, decided, strict=True):
            if its.item_id in recorded:
                _log_verdict(one.recorded, its.verdict)
        judged += len(recorded)
    return judged


async def _find_facts(
    batch: Sequence[RecordedItem],
    store: Store,
    classifier: Classifier,
    phrases: Rulebook,
    relations: Relations,
) -> list[_Facts]:
    texts = [compose(recorded.item.title, recorded.item.text) for recorded in batch]
    scores = await asyncio.to_thread(classifier.score, texts)
    spoken_of = await asyncio.to_thread(lambda: [phrases.find(text) for text in texts])
    copies = await store.items.copies([recorded.id for recorded in batch])
    found = await relations.find(batch)
    facts = []
    for recorded, score, phrase in zip(batch, scores, spoken_of, strict=True):
        related = found.get(recorded.id, Related())
        alike = frozenset((*copies.get(recorded.id, ()), *related.reprints))
        facts.append(_Facts(recorded, score, alike, related.stories, phrase))
    return facts


def _decide_all(
    facts: Sequence[_Facts], known: Mapping[int, Standing], rules: Rules, routing: Routing
) -> list[Judged]:
    """Decide one by one: what becomes of an item may decide on its reprint in the same batch."""
    standings, decided, now = dict(known), [], utc_now()
    for one in facts:
        item_id = one.recorded.id
        twin = choose_twin(one.recorded, one.alike, standings)
        verdict = decide(Case(one.recorded, one.score, twin, now, one.phrase), rules)
        standings[item_id] = standing_of(one.recorded, verdict.reason, twin, standings)
        chats = routing.chats(one.recorded.sources)
        drawn = is_drawn(item_id, verdict.reason, rules.audit_share)
        decided.append(Judged(item_id, verdict, chats, twin, one.stories, drawn))
    return decided


def _log_verdict(recorded: RecordedItem, verdict: Verdict) -> None:
    told = f"{verdict.reason.value} ({verdict.detail})" if verdict.detail else verdict.reason.value
    logger.info(
        "item %d %sed: %s, score %.3f: %s",
        recorded.id,
        verdict.decision.value,
        told,
        verdict.score,
        recorded.item.title or recorded.item.url,
        extra={
            "action": f"item_{verdict.decision.value}ed",
            "item": recorded.id,
            "source": recorded.item.source,
            "reason": verdict.reason.value,
            "score": verdict.score,
        },
    )
