"""SIGINT and SIGTERM while a terminal is not as its owner left it."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM)


class Ending:
    """Lets a signal end the process: at once, or when what must be done before is done."""

    def __init__(self, woken: int) -> None:
        """Take a descriptor that can be read as soon as a signal has come."""
        self._woken = woken
        self._came: int | None = None
        self._held = False

    def note(self, number: int, _frame: FrameType | None = None) -> None:
        """Take in a signal, and raise what ``check`` does unless signals are held."""
        self._came = number
        if not self._held:
            self.check()

    def hold(self) -> None:
        """Let signals wait for the next ``check``."""
        self._held = True

    def check(self) -> None:
        """Do nothing if no signal has come.

        Raises:
            KeyboardInterrupt: for SIGINT.
            SystemExit: for SIGTERM, with the exit code that belongs to it.
        """
        if self._came == signal.SIGINT:
            raise KeyboardInterrupt
        if self._came is not None:
            raise SystemExit(128 + self._came)

    def wait_for(self, descriptor: int) -> None:
        """Return when ``descriptor`` can be read; raise what ``check`` does if a signal comes.

        Reading alone would miss one that comes right before it begins to wait.
        """
        self.check()
        select.select([descriptor, self._woken], [], [])
        self.check()


@contextmanager
def open_ending() -> Iterator[Ending]:
    """Give what signals are noted by, until the block is left; then raise one that was held.

    They count even where they were ignored, as a shell has it for what it runs in the background.
    """
    with _woken_by_signals() as woken:
        ending = Ending(woken)
        before = {number: signal.signal(number, ending.note) for number in _ENDING}
        try:
            yield ending
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    ending.check()


@contextmanager
def _woken_by_signals() -> Iterator[int]:
    """Give a pipe that the system writes to when a signal comes, whatever runs at that moment."""
    woken, waking = os.pipe()
    os.set_blocking(waking, False)
    before = signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(before)
        os.close(waking)
        os.close(woken)
