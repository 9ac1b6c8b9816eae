"""Reading invented sites in processes of their own, which are watched from here."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field

from bot.bench.crawl import Crawled, Task
from bot.bench.memory import memory
from bot.bench.newsstand import LATENCY
from bot.errors import BotError

_LOOK = 0.25
_PYTHON = (sys.executable, "-m", "bot.bench")


@dataclass(slots=True)
class Newsstand:
    """Sites under way.

    Attributes:
        ports: one for each.
        pause: seconds, the shortest between two requests to one site; known at the end.
    """

    ports: list[int]
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Watched:
    """One reading of the sites.

    Attributes:
        crawled: what the process itself tells.
        busy: seconds that it and those it started had a processor, its start left out.
        memory: megabytes that they took together, look by look.
    """

    crawled: Crawled
    busy: float
    memory: list[float] = field(default_factory=list)

    @property
    def peak(self) -> float:
        """The most memory they took, in megabytes."""
        return max(self.memory, default=0.0)

    @property
    def growth(self) -> float:
        """How much more they took in the last quarter of the time than in the second."""
        quarter = len(self.memory) // 4
        if not quarter:
            return 0.0
        return max(self.memory[-quarter:]) - max(self.memory[quarter : 2 * quarter])


@contextmanager
def newsstand(sites: int, articles: int) -> Iterator[Newsstand]:
    """Serve so many sites with so many articles each, for the body of the context.

    Raises:
        BotError: if it cannot.
    """
    command = [*_PYTHON, "newsstand", str(sites), str(articles), str(LATENCY)]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        told = process.stdout.readline() if process.stdout else ""
        if not told:
            raise BotError(f"{sites} sites cannot be served")
        stand = Newsstand(json.loads(told)["ports"])
        try:
            yield stand
        finally:
            stand.pause = json.loads(process.communicate()[0])["pause"]


def watched(task: Task) -> Watched:
    """Return how a process did ``task``.

    Raises:
        BotError: it failed; why stands on standard error.
    """
    before = _busy()
    with subprocess.Popen(  # noqa: S603
        [*_PYTHON, "crawl", json.dumps(asdict(task))], stdout=subprocess.PIPE, text=True
    ) as process:
        looks = list(_looks(process))
        told = process.communicate()[0]
    if process.returncode:
        raise BotError("the process that reads the sites failed")
    crawled = Crawled(**json.loads(told))
    return Watched(crawled, _busy() - before - crawled.start, looks)


def _looks(process: subprocess.Popen[str]) -> Iterator[float]:
    while True:
        try:
            process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            yield memory(process.pid)
        else:
            return


def _busy() -> float:
    """Return the processor time of all processes that have been waited for, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
