"""newsieve is killed 25 times, and the channel shows every post once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.process.conftest import stem
from tests.process.stem import Stem
from tests.storm.__main__ import storm

__all__ = ["stem"]

KILLS = 25


@pytest.mark.process
@pytest.mark.timeout(300)
async def test_through_25_kills_nothing_is_lost_and_nothing_doubled(
    tmp_path: Path, stem: Stem | None
) -> None:
    outcome = await storm(tmp_path, KILLS, 6, stem)
    assert outcome.problems == ()
    assert outcome.kills == KILLS
    assert outcome.uncertain > 0
    assert all(tally.seen + tally.unseen > 10 for tally in outcome.tallies)
