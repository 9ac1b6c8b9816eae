"""A store on a file, Telegram on loopback, and a clock that the test sets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.store import Store
from bot.telegram import Account, Application, build_application, sign_in, sign_out
from tests.emulator import Emulator
from tests.hurried import open_copy
from tests.store.samples import NOW

STUCK = 50.0
"""Seconds after which what has not come does not come: a busy machine takes its time."""


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self._at = NOW + timedelta(hours=1)

    def __call__(self) -> datetime:
        return self._at

    def advance(self, **duration: float) -> None:
        self._at += timedelta(**duration)


class Heard(logging.Handler):
    """Lets a test wait for what the log says."""

    def __init__(self) -> None:
        super().__init__()
        self._told: dict[str, asyncio.Event] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self._event(str(vars(record).get("action"))).set()

    async def wait_for(self, action: str) -> None:
        await asyncio.wait_for(self._event(action).wait(), STUCK)

    def _event(self, action: str) -> asyncio.Event:
        return self._told.setdefault(action, asyncio.Event())


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def heard() -> Iterator[Heard]:
    handler, logger = Heard(), logging.getLogger("bot")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield handler
    logger.setLevel(level)
    logger.removeHandler(handler)


@pytest.fixture
async def store(empty_database: Path, tmp_path: Path) -> AsyncIterator[Store]:
    async with await open_copy(empty_database, tmp_path) as opened:
        yield opened


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


@pytest.fixture
async def application(telegram: Emulator) -> AsyncIterator[Application]:
    built = build_application(Account(telegram.token, telegram.url))
    await sign_in(built)
    yield built
    await sign_out(built)
