"""When each source is fetched.

The store says when a source is due; APScheduler wakes at that moment. Nothing
about a schedule is remembered here, so a restart goes on where it stopped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import utc_now
from bot.model import SourceState
from bot.waiting import wait_for_any

SHORTEST_PAUSE = timedelta(seconds=0.1)
"""Even a source that is always due lets the others have their turn."""

RunSource = Callable[[str], Awaitable[datetime]]
"""Runs over the source of that name and returns when it is due next."""


class Schedule:
    """Runs each source when it is due, each one never twice at once."""

    def __init__(self, run_source: RunSource) -> None:
        self._run_source = run_source
        self._names: set[str] = set()
        self._running: dict[str, asyncio.Task[None]] = {}
        # When what runs now is to run next, if somebody has said that meanwhile.
        self._again: dict[str, datetime] = {}
        self._broken = asyncio.Event()
        self._errors: list[BaseException] = []
        # A wake-up that comes late is still meant: there is no grace time after
        # which it is dropped.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True}
        )

    async def run(self, states: Iterable[SourceState], stop: asyncio.Event) -> None:
        """Fetch when due, what is overdue at once, until ``stop`` is set; then cut off what runs.

        Raises:
            Exception: what nobody foresaw in a run; the schedule then ends by itself.
        """
        self._scheduler.start()
        try:
            for state in states:
                self.plan(state.name, state.due_at)
            await wait_for_any(stop, self._broken)
        finally:
            self._scheduler.shutdown(wait=False)
            await self._cut_off()
        if self._errors:
            raise self._errors[0]

    def plan(self, name: str, due_at: datetime) -> None:
        """Run a source at this moment, whatever was planned for it; after the run under way."""
        self._names.add(name)
        if name in self._running:
            self._again[name] = due_at
        else:
            self._wake_for(name, due_at)

    def keep(self, names: Iterable[str]) -> None:
        """Run no other sources than these any more; a run under way comes to its end."""
        self._names &= set(names)
        for job in self._scheduler.get_jobs():
            if job.id not in self._names:
                job.remove()

    async def _cut_off(self) -> None:
        running = tuple(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _wake_for(self, name: str, due_at: datetime) -> None:
        self._scheduler.add_job(
            self._launch, "date", run_date=due_at, args=[name], id=name, replace_existing=True
        )

    async def _launch(self, name: str) -> None:
        """Hand the run to a task of our own, which can be cut off and watched."""
        if name not in self._names or name in self._running:
            return
        task = asyncio.create_task(self._run(name))
        self._running[name] = task
        task.add_done_callback(self._ended)

    async def _run(self, name: str) -> None:
        due_at = await self._run_source(name)
        del self._running[name]
        due_at = self._again.pop(name, due_at)
        if name in self._names:
            self._wake_for(name, max(due_at, utc_now() + SHORTEST_PAUSE))

    def _ended(self, task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._errors.append(error)
            self._broken.set()
