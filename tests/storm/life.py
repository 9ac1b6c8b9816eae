"""A life that ends at a step told beforehand: what a killed process leaves, without a process.

A step is one stretch of a task between two awaits. When the fatal one is reached, none of the
life's tasks is resumed any more: no handler runs, nothing is rolled back or recorded, as if the
process had been killed. What it had handed on before (a statement to the database, bytes to the
network) still arrives. Then its connections to the database are cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextvars import ContextVar
from typing import Any

_LIFE: ContextVar[Life | None] = ContextVar("life", default=None)


class Life:
    """All tasks that stem from what ``live`` was given.

    Attributes:
        steps: how many have been taken.
        marked: those that matter: each one of the work itself (those of the tasks that it
            starts are inside a transaction), and each one that commits.
        commits: those of them that commit.
        turns: those of them before which something outside has changed: it was committed, or
            something was asked for. A life that ends at one leaves the same as any that ends
            between it and the next.
        asked: tells how often something was asked for outside.
        ended: set when the fatal one was reached.
    """

    def __init__(self, last_step: int | None = None) -> None:
        self.steps = 0
        self.marked: list[int] = []
        self.commits: list[int] = []
        self.turns: list[int] = []
        self.ended = asyncio.Event()
        self._last_step = last_step
        self.asked: Callable[[], int] = lambda: 0
        self._buried = False
        self._tasks: set[asyncio.Task[Any]] = set()

    async def live(self, *works: Coroutine[Any, Any, None]) -> bool:
        """Do ``works`` side by side to their ends, or to the life's; tell if it is still alive."""
        loop = asyncio.get_running_loop()
        loop.set_task_factory(_task_of_a_life)
        before = _LIFE.set(self)
        at_work = {asyncio.Task(_led(_Steps(self, work, own=True)), loop=loop) for work in works}
        _LIFE.reset(before)
        self._tasks |= at_work
        ended = asyncio.ensure_future(self.ended.wait())
        while at_work and not self.ended.is_set():
            first = asyncio.FIRST_COMPLETED
            done, _ = await asyncio.wait({*at_work, ended}, return_when=first)
            for task in done & at_work:
                await task
            at_work -= done
        ended.cancel()
        return not self.ended.is_set()

    async def bury(self) -> None:
        """Let the frozen tasks go; what they worked with must have been taken from them."""
        self._buried = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def lead(self, loop: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> asyncio.Task[Any]:
        """Return a task that does ``work`` as long as the life lasts."""
        task: asyncio.Task[Any] = asyncio.Task(_led(_Steps(self, work)), loop=loop, **rest)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def commit(self) -> None:
        """Say that the step under way commits."""
        self.commits.append(self.steps)
        self._mark()

    @property
    def changes(self) -> int:
        """How often something outside has changed."""
        return len(self.commits) + self.asked()

    def step(self, seen: int | None = None) -> bool:
        """Count a step; tell whether it may be taken.

        Args:
            seen: how many changes the work has known of, if the step is one of its own.
        """
        if self._buried:
            return True
        if self.ended.is_set():
            return False
        self.steps += 1
        if seen is not None:
            self._mark()
            if seen != self.changes:
                self.turns.append(self.steps)
        if self.steps == self._last_step:
            self.ended.set()
        return not self.ended.is_set()

    def _mark(self) -> None:
        if self.steps not in self.marked[-1:]:
            self.marked.append(self.steps)


def _task_of_a_life(loop: asyncio.AbstractEventLoop, work: Any, **rest: Any) -> asyncio.Task[Any]:
    life = _LIFE.get()
    return asyncio.Task(work, loop=loop, **rest) if life is None else life.lead(loop, work, **rest)


async def _led(steps: _Steps) -> Any:
    return await steps


class _Steps(Awaitable[Any]):
    """Resumes a coroutine step by step, and no more once the life has ended."""

    def __init__(self, life: Life, work: Coroutine[Any, Any, Any], *, own: bool = False) -> None:
        self._life = life
        self._work = work
        self._seen = life.changes if own else None

    def __await__(self) -> Generator[Any, None, Any]:
        resume: Callable[[], Any] = lambda: self._work.send(None)  # noqa: E731
        while True:
            may_go_on = self._life.step(self._seen)
            if self._seen is not None:
                self._seen = self._life.changes
            if not may_go_on:
                try:
                    yield from asyncio.get_running_loop().create_future().__await__()
                except asyncio.CancelledError as error:
                    resume = self._thrower(error)
            try:
                awaited = resume()
            except StopIteration as end:
                return end.value
            try:
                yield awaited
                resume = lambda: self._work.send(None)  # noqa: E731
            except BaseException as error:
                resume = self._thrower(error)

    def _thrower(self, error: BaseException) -> Callable[[], Any]:
        return lambda: self._work.throw(error)
