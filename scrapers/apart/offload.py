"""Heavy reading away from the event loop, and for a limited time.

offload ─▶ jobs ─▶ a thread for each place ─▶ its process (`scrapers.apart.reader`)

Threads alone would not do: an expression that a page leads astray holds the interpreter, and
with it the event loop, for as long as it likes, and no thread can be stopped. A process can.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, TypeVar

from scrapers.apart.reader import Job, Outcome, ReadingError

_Result = TypeVar("_Result")

PLACES = min(os.cpu_count() or 1, 2)
"""How many processes read at once; each takes up to 100 MB."""

# To begin another process takes as long as reading so many pages.
_WORTH_A_PROCESS = 4
_IDLE = 60.0
_START = 120.0
# After so many jobs a process is renewed: what libraries keep of pages goes with it.
_MOST_JOBS = 3000
# The path is that of this process, and never begins with the folder newsieve is started in.
_COMMAND = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from scrapers.apart.reader import main; main(int(sys.argv[1]))"
)


async def offload(work: Callable[[], _Result], *, seconds: float) -> _Result:
    """Return what ``work`` returns, or raise what it raises, from another process.

    ``work``, its result and its errors are pickled on their way: give a function of a module,
    or a `functools.partial` of one. The time counts from when the work begins.

    Raises:
        asyncio.TimeoutError: it took longer than ``seconds``, and was stopped.
        ReadingError: the process ended over it, or what it gave cannot be sent.
    """
    future: Future[_Result] = Future()
    _readers.take(Job(work, seconds), future)
    return await asyncio.wrap_future(future)


class _Place:
    """Where one job at a time is done: by a process, started when there is work."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._link: Connection | None = None
        self._left = 0

    @property
    def empty(self) -> bool:
        return self._link is None

    def do(self, job: Job) -> Any:
        """Return the result of ``job``, or raise its error."""
        link = self._ready_link()
        link.send(job)
        outcome = self._received(link, job.seconds)
        self._left -= 1
        if self._left <= 0:
            self.close()
        if outcome.error is None:
            return outcome.result
        outcome.error.__cause__ = ReadingError(outcome.trace)
        raise outcome.error

    def close(self) -> None:
        """End the process, whatever it does."""
        if self._link is not None:
            self._link.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._link = self._process = None

    def _ready_link(self) -> Connection:
        if self._process is not None and self._process.poll() is not None:
            self.close()
        if self._link is None:
            self._link = self._started()
            self._received(self._link, _START)
        return self._link

    def _started(self) -> Connection:
        ours, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", _COMMAND, str(theirs.fileno()), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=_environment(),
                pass_fds=[theirs.fileno()],
                # What is typed at the terminal is meant for us.
                start_new_session=True,
            )
        self._left = _MOST_JOBS
        return ours

    def _received(self, link: Connection, seconds: float) -> Outcome:
        try:
            arrived = link.poll(seconds)
            outcome: Outcome = link.recv() if arrived else Outcome()
        except (EOFError, OSError) as error:
            self.close()
            raise ReadingError("the process that read it broke down") from error
        if not arrived:
            self.close()
            raise asyncio.TimeoutError
        return outcome


class _Readers:
    """The places, and the jobs that wait for one."""

    def __init__(self, places: int) -> None:
        self._places = [_Place() for _ in range(places)]
        self._jobs: SimpleQueue[tuple[Job, Future[Any]]] = SimpleQueue()
        self._lock = Lock()
        self._taken = 0
        self._unfinished = 0

    def take(self, job: Job, future: Future[Any]) -> None:
        """Settle ``future`` when ``job`` is done."""
        self._jobs.put((job, future))
        with self._lock:
            self._unfinished += 1
            if self._is_another_worth_it():
                place = self._places[self._taken]
                self._taken += 1
                # A daemon: the end of the program does not wait for a page.
                Thread(target=self._serve, args=(place,), name="reading", daemon=True).start()

    def _is_another_worth_it(self) -> bool:
        free = self._taken < len(self._places)
        return free and (not self._taken or self._unfinished > self._taken * _WORTH_A_PROCESS)

    def close(self) -> None:
        """End all processes."""
        for place in self._places:
            place.close()

    def _serve(self, place: _Place) -> None:
        while True:
            try:
                job, future = self._jobs.get(timeout=None if place.empty else _IDLE)
            except Empty:
                place.close()
                continue
            wanted = future.set_running_or_notify_cancel()
            settle = _attempt(place, job, future) if wanted else None
            with self._lock:
                self._unfinished -= 1
            if settle is not None:
                settle()


def _attempt(place: _Place, job: Job, future: Future[Any]) -> Callable[[], None]:
    """Do ``job``; return what tells ``future`` how it ended."""
    try:
        return partial(future.set_result, place.do(job))
    except BaseException as error:  # a future that is never settled would be waited for forever
        return partial(future.set_exception, error)


def _environment() -> dict[str, str]:
    """Return the environment without our settings: the token may be among them."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSIEVE_")}


_readers = _Readers(PLACES)
atexit.register(_readers.close)
