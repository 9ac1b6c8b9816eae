"""The sender is killed at each of its steps in turn, and nothing is lost or doubled."""

from __future__ import annotations

import gc
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from pathlib import Path

import pytest

from bot.store import engine, migrate
from bot.telegram import search
from tests.emulator import Emulator, bad_request, drop_after, drop_before, flood, server_error
from tests.storm.life import Life
from tests.storm.newsroom import Act, Newsroom, Scene, play

pytestmark = [
    pytest.mark.timeout(300),
    # The killed give nothing back.
    pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:coroutine .connect_tcp:RuntimeWarning"),
]


def accept(*numbers: int) -> Callable[[Newsroom], Awaitable[None]]:
    async def happen(newsroom: Newsroom) -> None:
        for number in numbers:
            await newsroom.accept(number)

    return happen


async def accept_a_pictured_one(newsroom: Newsroom) -> None:
    await newsroom.accept(8, image="https://gazeta.example/8.png")


async def label_the_first_bad(newsroom: Newsroom) -> None:
    await newsroom.label_bad(1)


async def label_the_second_bad(newsroom: Newsroom) -> None:
    newsroom.channel.can_delete = False
    await newsroom.label_bad(2)


async def label_the_fourth_bad(newsroom: Newsroom) -> None:
    newsroom.channel.can_delete = True
    await newsroom.label_bad(4)


async def repeat_the_third(newsroom: Newsroom) -> None:
    await newsroom.reprint(7, 3)


async def label_the_reprint_bad(newsroom: Newsroom) -> None:
    await newsroom.label_bad(7)


ACTS = {
    "the first post ever": Act(accept(1)),
    "two posts": Act(accept(2, 3)),
    "an answer that is lost": Act(accept(4), (("sendMessage", drop_after()),)),
    "a request that is lost": Act(accept(5), (("sendMessage", drop_before()),)),
    "a flood limit, then markup that is refused": Act(
        accept(6),
        (("sendMessage", flood(3)), ("sendMessage", bad_request("can't parse entities"))),
    ),
    "a removal that fails at first": Act(label_the_first_bad, (("deleteMessage", server_error()),)),
    "a removal that is refused": Act(label_the_second_bad),
    "a post that comes back by an edit": Act(Newsroom.undo, (("editMessageText", drop_after()),)),
    "another source with the text": Act(repeat_the_third, (("editMessageText", drop_after()),)),
    "a source that is named no more": Act(label_the_reprint_bad),
    "a removal that is taken back meanwhile": Act(label_the_fourth_bad, meanwhile=Newsroom.undo),
    "a picture whose answer is lost": Act(accept_a_pictured_one, (("sendPhoto", drop_after()),)),
}

QUICK = frozenset({"two posts", "an answer that is lost"})
"""Those that `make test` plays as well."""


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "newsieve.db"
    migrate(f"sqlite:///{path}")
    gc.collect()
    # What has been loaded so far is not garbage: else each test would look through all of it.
    gc.freeze()
    return path


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
    async with Emulator() as emulator:
        yield emulator
    # What the dead have left open is cleared away here, and not in the middle of another test.
    gc.collect()


class Scenes:
    """How things stand before each act, all before it at rest: each is played once."""

    def __init__(self, empty: Path, folder: Path) -> None:
        self.marked: list[int] = []
        self._empty = empty
        self._folder = folder
        self._before: list[Scene] = []
        self._after: dict[str, Scene] = {}

    async def of(self, name: str, telegram: Emulator) -> Scene:
        """Return how things stand when an act has happened."""
        number, now = list(ACTS).index(name), self._folder / "now.db"
        await self.play(number, telegram)
        if name not in self._after:
            async with Newsroom.open(telegram, now, self._before[number]) as newsroom:
                await ACTS[name].happen(newsroom)
                self._after[name] = newsroom.scene(self._folder / f"{number}.db")
        return self._after[name]

    async def play(self, number: int, telegram: Emulator) -> None:
        """Play the acts before this one that have not been played yet."""
        if not self._before:
            self._before.append(Scene.first(self._empty, telegram))
        for played in range(len(self._before) - 1, number):
            now, act = self._folder / "now.db", list(ACTS.values())[played]
            async with Newsroom.open(telegram, now, self._before[played]) as newsroom:
                await act.happen(newsroom)
                self.marked.append(len((await play(newsroom, act)).marked))
                await newsroom.count_up()
                self._before.append(newsroom.scene(self._folder / f"before-{played + 1}.db"))


@pytest.fixture(scope="session")
def scenes(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return Scenes(empty, tmp_path_factory.mktemp("scenes"))


async def killed_at(
    scene: Scene, name: str, telegram: Emulator, folder: Path, *last_steps: int
) -> Life:
    """Play an act with a sender that is killed at these steps, and count up."""
    async with Newsroom.open(telegram, folder / "now.db", scene) as newsroom:
        life = await play(newsroom, ACTS[name], *last_steps)
        await newsroom.count_up()
    return life


@pytest.mark.parametrize(
    "name",
    [pytest.param(act, marks=[] if act in QUICK else [pytest.mark.process]) for act in ACTS],
)
async def test_a_sender_killed_at_any_step_loses_and_doubles_nothing(
    name: str, telegram: Emulator, scenes: Scenes, tmp_path: Path
) -> None:
    scene = await scenes.of(name, telegram)
    failpoints = (await killed_at(scene, name, telegram, tmp_path)).marked
    assert len(failpoints) >= 20
    for step in failpoints:
        await killed_at(scene, name, telegram, tmp_path, step)


@pytest.mark.process
@pytest.mark.parametrize("name", ACTS)
async def test_a_sender_killed_again_and_again_loses_and_doubles_nothing(
    name: str, telegram: Emulator, scenes: Scenes, tmp_path: Path
) -> None:
    scene = await scenes.of(name, telegram)
    steps = (await killed_at(scene, name, telegram, tmp_path)).steps
    chance = random.Random(name)
    for _ in range(4):
        fates = [chance.randrange(1, steps) for _ in range(4)]
        await killed_at(scene, name, telegram, tmp_path, *fates)


@pytest.mark.process
async def test_there_are_two_hundred_places_to_be_killed_at(
    telegram: Emulator, scenes: Scenes
) -> None:
    await scenes.play(len(ACTS), telegram)
    assert sum(scenes.marked) >= 200
