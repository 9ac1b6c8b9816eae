"""The effects around the decider: fetch, record, score, decide, record.

    collect:  Source ─▶ fetch ─▶ Run ─▶ store (items, sightings, source state: one transaction)
    judge:    store ─▶ items without a verdict ─▶ Score ─▶ decide ─▶ store (verdict, posts: one)

Each step begins and ends in the store, so a process that dies between two
steps is taken up where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from bot.clock import utc_now
from bot.decide import Case, Rules, decide
from bot.model import RecordedItem, SourceState, Verdict
from bot.routing import Routing
from bot.store import Judged, Store
from classifier import Classifier, compose
from scrapers import Client, FetchError, Run, ScrapeError, Source, Validators, fetch

logger = logging.getLogger(__name__)

SHORTEST_BACKOFF = timedelta(seconds=1)

MAX_BACKOFF = timedelta(hours=6)
"""A source that keeps failing is still tried this often."""

LONGEST_ASKED = timedelta(days=1)
"""No server may ask for a longer pause."""

BATCH = 100
"""How many items are scored together."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A source and how often it is fetched."""

    source: Source
    every: timedelta


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run over one source brought.

    Attributes:
        found: how many items the source showed.
        new: how many of them had not been seen before.
        due_at: when the source is to be fetched next.
        error: why it failed, in one line; empty if it did not.
    """

    source: str
    found: int
    new: int
    due_at: datetime
    error: str = ""


def retry_at(at: datetime, plan: Plan, failures: int, error: ScrapeError) -> datetime:
    """Return when to try a source again that failed ``failures`` times in a row.

    The pause doubles up to MAX_BACKOFF (or the source's own pace, if that is
    slower), and is never shorter than the server asked for.
    """
    longest = max(plan.every, MAX_BACKOFF)
    pause: timedelta = min(plan.every * float(2 ** min(failures - 1, 16)), longest)
    return at + max(pause, _asked_pause([error]), SHORTEST_BACKOFF)


def _asked_pause(failures: Sequence[ScrapeError]) -> timedelta:
    """Return how long the server asked to wait, at most a day."""
    asked = [error.retry_after or 0 for error in failures if isinstance(error, FetchError)]
    return min(timedelta(seconds=max(asked, default=0)), LONGEST_ASKED)


async def collect(plan: Plan, store: Store, client: Client, chats: Sequence[str]) -> Collected:
    """Run once over a source and record what it shows; a failing source is recorded as such.

    Args:
        plan: the source.
        store: where to record.
        client: fetches.
        chats: the channels that carry this source.
    """
    name = plan.source.name
    (state,) = await store.sources.states([name])
    try:
        run = await fetch(
            plan.source,
            client,
            unseen=partial(store.items.unseen, now=utc_now()),
            validators=Validators(state.etag, state.last_modified),
        )
    except ScrapeError as error:
        return await _record_failure(plan, state, error, store)
    return await _record_run(plan, run, store, chats)


async def _record_run(plan: Plan, run: Run, store: Store, chats: Sequence[str]) -> Collected:
    at = utc_now()
    due_at = at + max(plan.every, _asked_pause(run.failures))
    new = await store.sources.record_run(
        run.source,
        run.items,
        at=at,
        due_at=due_at,
        etag=run.validators.etag,
        last_modified=run.validators.last_modified,
        dead=run.dead,
        complete=run.complete,
        chats=chats,
    )
    _log_run(run, len(new))
    return Collected(run.source, len(run.items), len(new), due_at)


def _log_run(run: Run, new: int) -> None:
    for failure in run.failures:
        logger.warning(
            "%s: a page gave nothing: %s",
            run.source,
            failure.reason,
            extra={"action": "page_failed", "source": run.source, "page": failure.source},
        )
    logger.info(
        "%s: %s",
        run.source,
        "unchanged" if run.unchanged else f"{len(run.items)} items, {new} new",
        extra={"action": "source_fetched", "source": run.source, "new": new},
    )


async def _record_failure(
    plan: Plan, state: SourceState, error: ScrapeError, store: Store
) -> Collected:
    at = utc_now()
    due_at = retry_at(at, plan, state.failures + 1, error)
    await store.sources.record_failure(state.name, error.reason, at=at, due_at=due_at)
    logger.warning(
        "%s: %s",
        state.name,
        error.reason,
        extra={"action": "source_failed", "source": state.name, "failures": state.failures + 1},
    )
    return Collected(state.name, 0, 0, due_at, error.reason)


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
