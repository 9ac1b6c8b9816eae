"""Signals that the process hears."""

from __future__ import annotations

import asyncio
import signal

import pytest

from bot.signals import hearing_hangups


async def test_where_there_is_no_hangup_none_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(signal, "SIGHUP")
    heard, stop = asyncio.Event(), asyncio.Event()
    with hearing_hangups(heard, stop):
        assert not heard.is_set()
