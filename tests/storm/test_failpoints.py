"""The sender is killed at each of its steps in turn, and nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path

import pytest

from bot.store import engine, migrate
from bot.telegram import search
from tests.emulator import Emulator, bad_request, drop_after, drop_before, flood, server_error
from tests.storm.newsroom import Act, Newsroom, Scene, play


def accept(*numbers: int) -> Act:
    async def act(newsroom: Newsroom) -> None:
        for number in numbers:
            await newsroom.accept(number)

    return act


async def lose_an_answer(newsroom: Newsroom) -> None:
    newsroom.telegram.inject("sendMessage", drop_after())
    await newsroom.accept(4)


async def lose_a_request(newsroom: Newsroom) -> None:
    newsroom.telegram.inject("sendMessage", drop_before())
    await newsroom.accept(5)


async def refuse_for_now_and_for_good(newsroom: Newsroom) -> None:
    newsroom.telegram.inject("sendMessage", flood(3))
    newsroom.telegram.inject("sendMessage", bad_request("can't parse entities"))
    await newsroom.accept(6)


async def remove(newsroom: Newsroom) -> None:
    newsroom.telegram.inject("deleteMessage", server_error())
    await newsroom.label_bad(1)


async def blank(newsroom: Newsroom) -> None:
    newsroom.channel.can_delete = False
    await newsroom.label_bad(2)


async def bring_back(newsroom: Newsroom) -> None:
    await newsroom.undo()


ACTS: dict[str, Act] = {
    "the first post ever": accept(1),
    "two posts": accept(2, 3),
    "an answer that is lost": lose_an_answer,
    "a request that is lost": lose_a_request,
    "a flood limit, then markup that is refused": refuse_for_now_and_for_good,
    "a removal that fails at first": remove,
    "a removal that is refused": blank,
    "a post that comes back by an edit": bring_back,
}


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "newsieve.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(autouse=True)
def one_engine_for_each_address(monkeypatch: pytest.MonkeyPatch) -> None:
    # A new engine compiles every statement anew, which takes longer than all the rest.
    monkeypatch.setattr(engine, "_async_engine", lru_cache(engine._async_engine))


@pytest.fixture(autouse=True)
def short_searches(monkeypatch: pytest.MonkeyPatch) -> None:
    # Twenty empty places in a row are twenty times the same step.
    monkeypatch.setattr(search, "MISSING_RUN", 3)


@pytest.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


async def scene_before(name: str, telegram: Emulator, empty: Path, folder: Path) -> Scene:
    """Return how things stand when all acts before this one have come to rest."""
    scene = Scene.first(empty, telegram)
    for number, act in enumerate(ACTS):
        if act == name:
            return scene
        async with Newsroom.open(telegram, folder / "now.db", scene) as newsroom:
            await play(ACTS[act], newsroom)
            await newsroom.count_up()
            scene = newsroom.scene(folder / f"after-{number}.db")
    return scene


@pytest.mark.parametrize("name", ACTS)
async def test_a_sender_killed_at_any_step_loses_and_doubles_nothing(
    name: str, telegram: Emulator, empty: Path, tmp_path: Path
) -> None:
    scene = await scene_before(name, telegram, empty, tmp_path)
    async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
        failpoints = (await play(ACTS[name], newsroom)).marked
        await newsroom.count_up()
    for step in failpoints:
        async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
            await play(ACTS[name], newsroom, step)
            await newsroom.count_up()
