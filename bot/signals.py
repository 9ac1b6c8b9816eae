"""The signals that a process is told to stop with, or to read its settings again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set ``stop`` on the first SIGINT or SIGTERM; the second one does what it always does."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def begin_to_stop() -> None:
        stop.set()
        for number in signals:
            loop.remove_signal_handler(number)

    for number in signals:
        loop.add_signal_handler(number, begin_to_stop)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)


@contextmanager
def hearing_hangups(heard: asyncio.Event, stop: asyncio.Event) -> Iterator[None]:
    """Set ``heard`` on each SIGHUP instead of being ended by it.

    If it says what its name does, that the terminal is gone in which the process was started,
    ``stop`` is set: nobody would see it any more, or think that it still runs. Whoever started
    it with nohup wants that. Where there is no such signal, nothing is heard.
    """
    number = getattr(signal, "SIGHUP", None)
    if number is None:
        yield
        return
    loop = asyncio.get_running_loop()
    outlives = signal.getsignal(number) is signal.SIG_IGN or not _has_terminal()

    def hear() -> None:
        meant = heard if outlives or _has_terminal() else stop
        meant.set()

    loop.add_signal_handler(number, hear)
    try:
        yield
    finally:
        loop.remove_signal_handler(number)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
