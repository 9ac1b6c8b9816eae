"""Kill newsieve as often as asked: `python -m tests.storm --kills N --seed S`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.emulator import Emulator
from tests.newsserver import NewsServer
from tests.process.stem import Stem
from tests.storm.kills import Outcome, Storm


async def storm(folder: Path, kills: int, seed: int, stem: Stem | None) -> Outcome:
    """Return what one storm in ``folder`` has left."""
    async with Emulator() as telegram, NewsServer() as news:
        return await Storm(folder, telegram, news, seed, stem).rage(kills)


def main() -> int:
    """Run one storm; return 0 if nothing was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.storm", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    said = parser.parse_args()
    # A request that is cut off in the middle is what this is about.
    logging.getLogger("aiohttp.server").disabled = True
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsieve-storm-")))
        stem = stack.enter_context(Stem(folder)) if sys.platform == "linux" else None
        home = folder / "home"
        home.mkdir()
        began = time.monotonic()
        outcome = asyncio.run(storm(home, said.kills, said.seed, stem))
    sys.stdout.write(
        f"seed {said.seed}: {outcome.kills} kills in {time.monotonic() - began:.0f} s, "
        f"{outcome.uncertain} times in doubt\n"
    )
    for tally in outcome.tallies:
        sys.stdout.write(f"{tally.chat}: {tally.seen} seen, {tally.unseen} not to be seen\n")
    for problem in outcome.problems:
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(
        "something is wrong\n" if outcome.problems else "nothing lost, nothing twice\n"
    )
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
