"""The memory that a process takes together with those it started."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

KNOWN = sys.platform == "linux"
"""Whether this system tells of the memory of other processes."""

_PROC = Path("/proc")


def memory(process: int) -> float:
    """Return the megabytes of ``process`` and its descendants, what they share counted once.

    0, if it has ended.
    """
    return sum(map(_own, _family(process))) / 1e3


def _family(process: int) -> Iterator[int]:
    yield process
    # Each thread has the children that it started.
    for children in (_PROC / str(process) / "task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from _family(int(child))


def _own(process: int) -> int:
    """Return kilobytes: the "proportional set size"."""
    with suppress(OSError):
        told = (_PROC / str(process) / "smaps_rollup").read_text()
        return sum(int(line.split()[1]) for line in told.splitlines() if line.startswith("Pss:"))
    return 0
