"""Measuring in a process of its own, in which every library keeps to one thread."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

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


def measured(texts: Path | None) -> Iterator[Figure]:
    """Yield the figures of the classifier as they come.

    Args:
        texts: file of raw texts to measure on; None: what needs them is left out.

    Raises:
        BotError: if the process fails; why stands on standard error.
    """
    command = [sys.executable, "-m", "bot.bench", *([] if texts is None else [str(texts)])]
    with subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **_ONE_THREAD}
    ) as process:
        for line in process.stdout or ():
            yield from_json(json.loads(line))
    if process.returncode:
        raise BotError("the measuring process failed")
