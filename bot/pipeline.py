"""The effects around the decider: score, decide, record.

    store ─▶ items without a verdict ─▶ Score ─▶ decide ─▶ store (verdict, posts: one transaction)

It begins and ends in the store, so a process that dies in between is taken up
where it stopped; so does the step before, ``bot.collect``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.clock import utc_now
from bot.decide import Case, Rules, decide
from bot.model import RecordedItem, Verdict
from bot.routing import Routing
from bot.store import Judged, Store
from classifier import Classifier, compose

logger = logging.getLogger(__name__)

BATCH = 100
"""How many items are scored together."""


async def judge(store: Store, classifier: Classifier, rules: Rules, routing: Routing) -> int:
    """Decide on every item that has no verdict yet; return how many there were."""
    judged = 0
    while batch := await store.items.unjudged(BATCH):
        cases = await _cases(batch, store, classifier)
        decided = [
            Judged(
                case.recorded.id,
                decide(case, rules),
                routing.chats(case.recorded.sources),
                case.twin,
            )
            for case in cases
        ]
        recorded = set(await store.ledger.record_verdicts(decided, at=utc_now()))
        for case, one in zip(cases, decided, strict=True):
            if one.item_id in recorded:
                _log_verdict(case.recorded, one.verdict)
        judged += len(recorded)
    return judged


async def _cases(batch: Sequence[RecordedItem], store: Store, classifier: Classifier) -> list[Case]:
    texts = [compose(recorded.item.title, recorded.item.text) for recorded in batch]
    scores = await asyncio.to_thread(classifier.score, texts)
    twins = await store.items.twins([recorded.id for recorded in batch])
    now = utc_now()
    return [
        Case(recorded, score, twins.get(recorded.id), now)
        for recorded, score in zip(batch, scores, strict=True)
    ]


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
