"""One run over a source and what is remembered of it.

Source ─▶ fetch ─▶ Run ─▶ diagnose, check_up, next_run ─▶ store (items, sightings, state of
                          the source, its health, an alert if there is one: one transaction)
"""

from __future__ import annotations

import logging
import shlex
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from random import Random

from bot.clock import utc_now
from bot.health import RELAPSE, Alert, Checkup, check_up
from bot.model import SourceState
from bot.pacing import Pacing, next_run, next_try
from bot.store import Store
from scrapers import Client, Run, ScrapeError, Source, Validators, canonical_url, fetch
from scrapers.feeds.telegram import preview_address
from scrapers.health import Condition, Diagnosis, diagnose

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """A source and how often it is fetched."""

    source: Source
    pacing: Pacing

    @property
    def reading(self) -> str:
        """A digest of how the source is read, apart from its address."""
        kind = self.source.kind.value if self.source.kind else None
        said = repr((kind, *astuple(self.source.selectors)))
        return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Collected:
    """What one run over one source brought.

    Attributes:
        found: how many items were read there.
        new: how many of them had not been seen before.
        due_at: when the source is to be fetched next.
        error: why it failed, in one line; empty if it did not.
        alerted: whether there is something to tell the operators of it.
        shown: how many articles the source showed, read or not; None: it says that nothing
            changed, or it failed.
    """

    source: str
    found: int
    new: int
    due_at: datetime
    error: str = ""
    alerted: bool = False
    shown: int | None = None


async def collect(
    plan: Plan,
    store: Store,
    client: Client,
    chats: Sequence[str],
    random: Random,
    *,
    began: datetime | None = None,
) -> Collected:
    """Run once over a source and record what it shows; a failing source is recorded as such.

    Args:
        plan: the source.
        store: where to record.
        client: fetches.
        chats: the channels that carry this source.
        random: scatters the pauses after failures.
        began: when the pass began that this is part of; None: it is part of none.
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
        return await _record_failure(plan, state, error, store, random)
    return await _record_run(plan, state, run, store, chats, began)


async def _record_run(
    plan: Plan,
    state: SourceState,
    run: Run,
    store: Store,
    chats: Sequence[str],
    began: datetime | None,
) -> Collected:
    at = utc_now()
    addresses = {canonical_url(item.url): item for item in run.items}
    unseen = await store.items.unseen(list(addresses), now=at)
    fresh = [item for address, item in addresses.items() if address in unseen]
    known_dead = await store.items.known_dead(run.dead)
    diagnosis = diagnose(
        run,
        state.health.usual,
        url=_address(plan),
        fresh=fresh,
        dead=len(set(run.dead) - known_dead),
        before=state.health.condition,
    )
    checkup = await _check_up(state, diagnosis, store, at, news=bool(fresh))
    # What a new source shows was there before: that says nothing of how often it brings news.
    adapted = plan.pacing.adapted(state.interval, news=bool(fresh))
    interval = adapted if state.seeded else plan.pacing.interval(state.interval)
    due_at = next_run(at, interval, run.failures, began=began)
    # "Not modified" would hide that there is still less to see than there should be.
    validators = Validators() if diagnosis.condition.is_broken else run.validators
    new = await store.sources.record_run(
        run.source,
        run.items,
        at=at,
        due_at=due_at,
        etag=validators.etag,
        last_modified=validators.last_modified,
        dead=run.dead,
        complete=run.complete,
        chats=chats,
        interval=interval,
        checkup=checkup,
        url=plan.source.url,
    )
    _log_run(run, len(new), diagnosis)
    _log_alert(checkup.alert)
    return Collected(
        source=run.source,
        found=len(run.items),
        new=len(new),
        due_at=due_at,
        alerted=checkup.alert is not None,
        shown=None if run.unchanged else run.shown,
    )


async def _record_failure(
    plan: Plan, state: SourceState, error: ScrapeError, store: Store, random: Random
) -> Collected:
    at, health = utc_now(), state.health
    diagnosis = diagnose(error, health.usual, url=_address(plan), before=health.condition)
    checkup = await _check_up(state, diagnosis, store, at, news=False)
    interval = plan.pacing.interval(state.interval)
    failures = state.failures + 1
    due_at = next_try(at, interval, failures, error, random)
    await store.sources.record_failure(
        state.name, error.reason, at=at, due_at=due_at, checkup=checkup, url=plan.source.url
    )
    _log_failure(state.name, error, failures, diagnosis)
    _log_alert(checkup.alert)
    alerted = checkup.alert is not None
    return Collected(state.name, 0, 0, due_at, error.reason, alerted=alerted)


async def _check_up(
    state: SourceState, diagnosis: Diagnosis, store: Store, at: datetime, *, news: bool
) -> Checkup:
    relapses = 0
    if diagnosis.condition.is_broken:
        relapses = await store.alerts.told_lately(
            state.name, diagnosis.condition, after=at - RELAPSE
        )
    return check_up(state.name, state.health, diagnosis, at=at, news=news, relapses=relapses)


def _address(plan: Plan) -> str:
    """Return where a source is asked for, which for a Telegram channel is its preview."""
    return preview_address(plan.source.url) or plan.source.url


def _log_run(run: Run, new: int, diagnosis: Diagnosis) -> None:
    for failure in run.failures:
        logger.warning(
            "%s: a page gave nothing: %s",
            run.source,
            failure.reason,
            extra={"action": "page_failed", "source": run.source, "page": failure.source},
        )
    told = "unchanged"
    if not run.unchanged:
        told = f"{run.shown} shown, {len(run.items)} items, {new} new"
    logger.log(
        logging.INFO if diagnosis.condition.is_sound else logging.WARNING,
        "%s: %s",
        run.source,
        f"{told}; {diagnosis.detail}" if diagnosis.detail else told,
        extra={
            "action": "source_fetched",
            "source": run.source,
            "shown": run.shown,
            "items": len(run.items),
            "new": new,
            "usual": round(diagnosis.usual.shown, 1),
            "condition": diagnosis.condition.value,
        },
    )


def _log_failure(name: str, error: ScrapeError, failures: int, diagnosis: Diagnosis) -> None:
    logger.warning(
        "%s: %s",
        name,
        error.reason,
        extra={
            "action": "source_failed",
            "source": name,
            "failures": failures,
            "condition": diagnosis.condition.value,
        },
    )


def _log_alert(alert: Alert | None) -> None:
    if alert is None:
        return
    level, action, told = _told(alert)
    logger.log(
        level,
        "%s %s",
        alert.source,
        told,
        extra={"action": action, "source": alert.source, "condition": alert.condition.value},
    )


def _told(alert: Alert) -> tuple[int, str, str]:
    """Return how loud, under which action and in which words an alert is logged."""
    if alert.condition.is_broken:
        name = alert.condition.value.replace("_", " ")
        told = f"is broken: {name}: {alert.detail}"
        if alert.condition is Condition.LAYOUT_CHANGED:
            command = f"newsieve source test {shlex.quote(alert.source)}"
            told = f"{told}; `{command}` shows how to read it now"
        return logging.ERROR, "source_broke", told
    if alert.condition is Condition.MOVED:
        return logging.WARNING, "source_moved", alert.detail
    return logging.INFO, "source_recovered", "works again"
