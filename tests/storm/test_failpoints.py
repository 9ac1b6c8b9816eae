"""The sender is killed at each of its steps in turn, and nothing is lost or doubled."""

from __future__ import annotations

import gc
import random
from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path

import pytest

from bot.store import engine, migrate
from bot.telegram import search
from tests.emulator import Emulator
from tests.storm.acts import PLAYS, Play, perform
from tests.storm.newsroom import Newsroom
from tests.storm.scene import Scene

pytestmark = [
    pytest.mark.timeout(300),
    # The killed give nothing back.
    pytest.mark.filterwarnings("ignore:The garbage collector is trying to clean up"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:coroutine .connect_tcp:RuntimeWarning"),
]


ACTS = [(play, act) for play in PLAYS for act in PLAYS[play].acts]
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
    """How things stand before each act of a play, all at rest: each is played once."""

    def __init__(self, play: Play, empty: Path, folder: Path) -> None:
        self.marked: list[int] = []
        self._play = play
        self._empty = empty
        self._folder = folder
        self._before: list[Scene] = []
        self._after: dict[str, Scene] = {}

    async def of(self, name: str, telegram: Emulator) -> Scene:
        """Return how things stand when an act has happened, and newsieve has not dealt with it."""
        number, now = list(self._play.acts).index(name), self._folder / "now.db"
        await self.play(number, telegram)
        if name not in self._after:
            async with Newsroom.open(telegram, now, self._before[number]) as newsroom:
                await self._play.acts[name].happen(newsroom)
                self._after[name] = newsroom.scene(self._folder / f"{number}.db")
        return self._after[name]

    async def play(self, number: int, telegram: Emulator) -> None:
        """Play the acts before this one that have not been played yet."""
        if not self._before:
            self._before.append(Scene.first(self._empty, self._play.setting, telegram))
        for played in range(len(self._before) - 1, number):
            now, act = self._folder / "now.db", list(self._play.acts.values())[played]
            async with Newsroom.open(telegram, now, self._before[played]) as newsroom:
                await act.happen(newsroom)
                self.marked.append(len((await perform(newsroom, act)).marked))
                self._before.append(newsroom.scene(self._folder / f"before-{played + 1}.db"))


@pytest.fixture(scope="session")
def scenes(empty: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scenes]:
    return {
        name: Scenes(play, empty, tmp_path_factory.mktemp("scenes")) for name, play in PLAYS.items()
    }


@pytest.mark.parametrize(
    ("play", "name"),
    [pytest.param(*act, marks=[] if act[1] in QUICK else [pytest.mark.process]) for act in ACTS],
)
async def test_a_newsieve_killed_at_any_step_loses_and_doubles_nothing(
    play: str, name: str, telegram: Emulator, scenes: dict[str, Scenes], tmp_path: Path
) -> None:
    scene, act = await scenes[play].of(name, telegram), PLAYS[play].acts[name]
    known: set[str] = set()
    async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
        life = await perform(newsroom, act)
    assert len(life.marked) >= 20
    for step in life.marked if act.is_thorough else life.turns:
        async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
            await perform(newsroom, act, step, known=known)


@pytest.mark.process
@pytest.mark.parametrize(("play", "name"), ACTS)
async def test_a_newsieve_killed_again_and_again_loses_and_doubles_nothing(
    play: str, name: str, telegram: Emulator, scenes: dict[str, Scenes], tmp_path: Path
) -> None:
    scene, act = await scenes[play].of(name, telegram), PLAYS[play].acts[name]
    async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
        steps = (await perform(newsroom, act)).steps
    chance = random.Random(name)
    for _ in range(2):
        fates = [chance.randrange(1, steps) for _ in range(4)]
        async with Newsroom.open(telegram, tmp_path / "now.db", scene) as newsroom:
            await perform(newsroom, act, *fates)


@pytest.mark.process
async def test_there_are_two_hundred_places_to_be_killed_at(
    telegram: Emulator, scenes: dict[str, Scenes]
) -> None:
    for name, play in PLAYS.items():
        await scenes[name].play(len(play.acts), telegram)
    assert sum(sum(one.marked) for one in scenes.values()) >= 200
