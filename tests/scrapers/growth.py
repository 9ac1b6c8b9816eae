"""Whether work grows with the length of what it reads, whatever the machine is busy with."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# What a measurement may be off by, in seconds.
_FLOOR = 0.25
_TRIES = 3


def assert_grows_with_length(work: Callable[[int], object], length: int) -> None:
    """Fail unless ``work`` of twice the length takes about twice the time, of this thread alone.

    ``length`` is large enough if work that grows with its square takes a second or more for it.
    """
    work(1)  # what is loaded at the first call is no part of it
    once = twice = math.inf
    with _only_new_objects_collected():
        # A busy machine makes times longer: only what is too long again and again is.
        for _ in range(_TRIES):
            once = min(once, _seconds(work, length))
            twice = min(twice, _seconds(work, 2 * length))
            if twice <= 3 * once + _FLOOR:
                return
    raise AssertionError(f"{once:.2f} s for {length}, {twice:.2f} s for twice that")


@contextmanager
def _only_new_objects_collected() -> Iterator[None]:
    """Look for garbage among what ``work`` makes, not among all that the tests before it left.

    That takes longer than the work, and comes whenever it is due.
    """
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _seconds(work: Callable[[int], object], length: int) -> float:
    began = time.thread_time()
    work(length)
    return time.thread_time() - began
