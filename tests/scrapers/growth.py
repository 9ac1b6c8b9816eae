"""Whether work grows with the length of what it reads, whatever the machine is busy with."""

from __future__ import annotations

import gc
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
    with _only_new_objects_collected():
        once, twice = (_seconds(work, count) for count in (length, 2 * length))
    assert twice <= 3 * once + _FLOOR, f"{once:.2f} s for {length}, {twice:.2f} s for twice that"


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
    """Return the shortest of some times: a busy machine makes the others longer."""
    times = []
    for _ in range(_TRIES):
        began = time.thread_time()
        work(length)
        times.append(time.thread_time() - began)
    return min(times)
