"""Whether work grows with the length of what it reads, whatever the machine is busy with."""

from __future__ import annotations

import time
from collections.abc import Callable

# What a measurement may be off by, in seconds.
_FLOOR = 0.25


def assert_grows_with_length(work: Callable[[int], object], length: int) -> None:
    """Fail unless ``work`` of twice the length takes about twice the time, of this thread alone.

    ``length`` is large enough if work that grows with its square takes a second or more for it.
    """
    work(1)  # what is loaded at the first call is no part of it
    once = min(_seconds(work, length) for _ in range(2))
    twice = _seconds(work, 2 * length)
    assert twice <= 3 * once + _FLOOR, f"{once:.2f} s for {length}, {twice:.2f} s for twice that"


def _seconds(work: Callable[[int], object], length: int) -> float:
    began = time.thread_time()
    work(length)
    return time.thread_time() - began
