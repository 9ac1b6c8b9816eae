"""What a reader may be made to do; functions of a module, since they cross to another process."""

from __future__ import annotations

import os
import re
import signal
import threading

from scrapers import FetchError


def fail() -> None:
    raise FetchError("https://user:secret@gorod.example/", "answered 503", status=503)


def fail_like_nobody_else() -> None:
    class OwnError(Exception):
        pass

    raise OwnError("нечто своё")


def return_what_cannot_be_sent() -> object:
    return threading.Lock()


def hold_the_interpreter() -> object:
    """Run one expression that takes hours and lets no other thread run meanwhile."""
    return re.match(r"(a+)+$", "a" * 60 + "b")


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def take_all_memory() -> int:
    return len([bytes(500_000_000) for _ in range(10)])


def take_the_signals_that_stop_newsieve() -> str:
    os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGINT)
    return "still here"


def process() -> int:
    return os.getpid()


def environment() -> dict[str, str]:
    return dict(os.environ)
