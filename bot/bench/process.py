"""Measuring in a process of its own, in which every library keeps to one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from bot.bench.figures import Figure, from_json
from bot.errors import BotError

_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    ),
    "1",
)


def measured(subject: str, *arguments: str) -> Iterator[Figure]:
    """Yield the figures of ``subject`` as they come.

    Args:
        subject: what is measured: see `bot.bench.__main__`.
        arguments: what on.

    Raises:
        BotError: if the process fails; why stands on standard error.
    """
    command = [sys.executable, "-m", "bot.bench", subject, *arguments]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **_ONE_THREAD}
    ) as process:
        for line in process.stdout or ():
            yield from_json(json.loads(line))
    if process.returncode:
        raise BotError("the measuring process failed")
