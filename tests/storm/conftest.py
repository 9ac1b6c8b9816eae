"""What all failpoints need."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from functools import lru_cache

import pytest

from bot.store import engine
from bot.telegram import search
from tests.emulator import Emulator

DEADLY = [
    pytest.mark.timeout(300),
    # The killed give nothing back.
    pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:unclosed database in <sqlite3:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:coroutine .connect_tcp:RuntimeWarning"),
]


@pytest.fixture(autouse=True)
def one_engine_for_each_address(monkeypatch: pytest.MonkeyPatch) -> None:
    # A new engine compiles every statement anew, which takes longer than all the rest.
    monkeypatch.setattr(engine, "_async_engine", lru_cache(engine._async_engine))


@pytest.fixture(autouse=True)
def short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    # Twenty empty places in a row are twenty times the same step.
    monkeypatch.setattr(search, "MISSING_RUN", 2)


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    # What the dead have left open is cleared away between two lives, and never while one uses the
    # database: closing it then would be a step of the living one.
    gc.disable()
    async with Emulator() as emulator:
        yield emulator
    gc.collect()
    gc.enable()
