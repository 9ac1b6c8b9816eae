from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta, timezone

import pytest

from bot.model import SourceState
from bot.schedule import RunSource, Schedule
from tests.bot.conftest import STUCK


def now() -> datetime:
    return datetime.now(timezone.utc)


def state(name: str, due_at: datetime) -> SourceState:
    return SourceState(name=name, added_at=due_at, due_at=due_at)


@asynccontextmanager
async def running(run: RunSource, *states: SourceState) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(Schedule(run).run(states, stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, STUCK)


async def test_what_is_overdue_runs_at_once_and_what_is_not_waits() -> None:
    ran: asyncio.Queue[str] = asyncio.Queue()

    async def run(name: str) -> datetime:
        ran.put_nowait(name)
        return now() + timedelta(hours=1)

    later, due = state("later", now() + timedelta(hours=1)), state("due", now() - timedelta(days=9))
    async with running(run, later, due):
        assert await asyncio.wait_for(ran.get(), STUCK) == "due"
    assert ran.empty()


async def test_a_source_runs_again_when_it_says_it_is_due() -> None:
    ran: asyncio.Queue[datetime] = asyncio.Queue()

    async def run(name: str) -> datetime:
        ran.put_nowait(now())
        return now() + timedelta(milliseconds=300)

    async with running(run, state("quick", now())):
        first = await asyncio.wait_for(ran.get(), STUCK)
        second = await asyncio.wait_for(ran.get(), STUCK)
    assert second - first >= timedelta(milliseconds=300)


async def test_a_slow_source_does_not_hold_up_another() -> None:
    other_ran = asyncio.Event()

    async def run(name: str) -> datetime:
        if name == "slow":
            await asyncio.Event().wait()
        other_ran.set()
        return now() + timedelta(hours=1)

    async with running(run, state("slow", now()), state("other", now())):
        await asyncio.wait_for(other_ran.wait(), STUCK)


async def test_an_unforeseen_error_ends_the_schedule() -> None:
    async def run(name: str) -> datetime:
        raise RuntimeError("unforeseen")

    with pytest.raises(RuntimeError, match="unforeseen"):
        await asyncio.wait_for(Schedule(run).run([state("x", now())], asyncio.Event()), STUCK)


async def test_stopping_cuts_off_a_run_under_way(caplog: pytest.LogCaptureFixture) -> None:
    began, cut = asyncio.Event(), asyncio.Event()

    async def run(name: str) -> datetime:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()
        return now()

    async with running(run, state("endless", now())):
        await asyncio.wait_for(began.wait(), STUCK)
    assert cut.is_set()
    assert not caplog.records


async def test_what_is_planned_anew_during_a_run_runs_after_it_and_never_twice_at_once() -> None:
    at_once, most, runs = 0, 0, asyncio.Queue[int]()
    may_end = asyncio.Event()

    async def run(name: str) -> datetime:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        runs.put_nowait(at_once)
        await may_end.wait()
        at_once -= 1
        return now() + timedelta(hours=1)

    schedule, stop = Schedule(run), asyncio.Event()
    task = asyncio.create_task(schedule.run([state("x", now())], stop))
    await asyncio.wait_for(runs.get(), STUCK)
    schedule.plan("x", now())
    may_end.set()
    await asyncio.wait_for(runs.get(), STUCK)
    stop.set()
    await asyncio.wait_for(task, STUCK)
    assert most == 1


async def test_what_is_kept_no_longer_ends_its_run_and_has_no_other() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()
    ran: list[str] = []
    others = asyncio.Queue[str]()

    async def run(name: str) -> datetime:
        ran.append(name)
        if name == "gone":
            began.set()
            await may_end.wait()
            return now()
        others.put_nowait(name)
        return now() + timedelta(hours=1)

    schedule, stop = Schedule(run), asyncio.Event()
    later = state("later", now() + timedelta(hours=1))
    task = asyncio.create_task(schedule.run([state("gone", now()), later], stop))
    await asyncio.wait_for(began.wait(), STUCK)
    schedule.keep([])
    may_end.set()
    schedule.plan("new", now() + timedelta(seconds=0.5))
    assert await asyncio.wait_for(others.get(), STUCK) == "new"
    stop.set()
    await asyncio.wait_for(task, STUCK)
    assert ran == ["gone", "new"]
