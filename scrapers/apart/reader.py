"""The process that reads what others publish: the other end of `scrapers.apart.offload`.

It has no connections, no secrets and a limit to its memory, and can be stopped at any moment.
"""

from __future__ import annotations

import copy
import logging
import resource
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

_MOST_MEMORY = 2 * 1024**3
# Who gave the work stops this process in time, unless it is gone itself.
_GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done, and how many seconds it may take."""

    work: Callable[[], Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: its result, or the error and the lines that tell where it arose."""

    result: Any = None
    error: Exception | None = None
    trace: str = ""


READY = Outcome()


class ReadingError(Exception):
    """What went wrong in the reading process; one line, or its trace as the cause of an error."""


def main(handle: int) -> None:
    """Do the jobs that come through the connection ``handle``, until its other end is closed."""
    _settle_in()
    # Either error says that nobody is there any more.
    with Connection(handle) as giver, suppress(EOFError, ConnectionError):
        giver.send(READY)
        while True:
            job: Job = giver.recv()
            _send(giver, _done(job))


def _settle_in() -> None:
    # Whoever stops newsieve means its first process, which then closes the connection.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":  # elsewhere the limit is refused or has no effect
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        least = _MOST_MEMORY if most == resource.RLIM_INFINITY else min(most, _MOST_MEMORY)
        resource.setrlimit(resource.RLIMIT_AS, (least, most))
    # Libraries complain about pages here; what is wrong with a page, its error tells.
    logging.disable()
    warnings.simplefilter("ignore")


def _done(job: Job) -> Outcome:
    # The default action of this alarm ends the process, whatever holds the interpreter.
    signal.setitimer(signal.ITIMER_REAL, job.seconds + _GRACE)
    try:
        return Outcome(job.work())
    except Exception as error:  # whatever it is, whoever gave the work is to have it
        return Outcome(error=_portable(error), trace=traceback.format_exc())
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _portable(error: Exception) -> Exception:
    """Return ``error``, or one that names it if it could not be built again elsewhere."""
    try:
        copy.copy(error)
    except Exception:  # building it runs code of whatever the work raised
        return _named(error)
    return error


def _send(giver: Connection, outcome: Outcome) -> None:
    try:
        giver.send(outcome)
    except ConnectionError:
        raise
    except Exception as error:  # pickling runs code of whatever the work returned
        giver.send(Outcome(error=_named(outcome.error or error), trace=outcome.trace))


def _named(error: Exception) -> ReadingError:
    return ReadingError(f"{type(error).__name__}: {error}")
