"""On PostgreSQL a killed newsieve leaves transactions open: the server takes them back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.store import migrate
from tests.emulator import Emulator, drop_before
from tests.store.conftest import postgres, postgres_url
from tests.storm.acts import accept, each, reject, say
from tests.storm.conftest import DEADLY
from tests.storm.hasty import HastyStore
from tests.storm.life import Life
from tests.storm.newsroom import Newsroom
from tests.storm.play import Act, Trouble, perform
from tests.storm.scene import Scene, Setting

__all__ = ["postgres", "postgres_url"]

pytestmark = [*DEADLY, pytest.mark.process, pytest.mark.database]

ACTS: dict[str, Callable[[int], Act]] = {
    "a request that is lost": lambda number: Act(
        accept(number), (Trouble("sendMessage", drop_before()),)
    ),
    "a rejected one that is called good": lambda number: Act(
        each(reject(number), say("good", number))
    ),
}


@pytest.fixture
async def newsroom(telegram: Emulator, postgres_url: str) -> AsyncIterator[Newsroom]:
    migrate(postgres_url)
    scene = Scene.first(Path(), Setting(), telegram)
    # By another address: the operators' connections are not the sender's.
    others = make_url(postgres_url).update_query_dict({"application_name": "hand"})
    async with HastyStore(others.render_as_string(hide_password=False)) as hand:
        yield Newsroom(telegram, postgres_url, hand, scene)


@pytest.mark.parametrize("name", ACTS)
async def test_a_newsieve_killed_in_a_transaction_loses_and_doubles_nothing(
    name: str, newsroom: Newsroom
) -> None:
    async def killed_at(*last_steps: int) -> Life:
        act = ACTS[name](len(newsroom.meant.chats) + 1)
        await act.happen(newsroom)
        return await perform(newsroom, act, *last_steps)

    # The first post ever takes a way of its own.
    await killed_at()
    for commit in (await killed_at()).commits:
        await killed_at(commit)
