"""newsieve is killed at one of its steps after the other, and nothing is lost or doubled.

What it leaves changes with what it commits and asks Telegram for: so it is killed after each of
these. In some acts it is killed at every single step besides, and leaves nothing else.
"""

from __future__ import annotations

import gc
import random
from pathlib import Path

import pytest

from tests.emulator import Emulator
from tests.storm.acts import PLAYS, each
from tests.storm.conftest import DEADLY
from tests.storm.life import Life
from tests.storm.newsroom import Newsroom
from tests.storm.play import Act, Play, perform
from tests.storm.scene import Scene

pytestmark = DEADLY

ACTS = [(play, act) for play in PLAYS for act in PLAYS[play].acts]
QUICK = frozenset({"two posts"})
"""What `make test` plays as well."""

AGAIN = 2
"""So often each is played with a newsieve that is killed several times."""


@pytest.fixture(scope="session")
def empty(empty_database: Path) -> Path:
    gc.collect()
    # What has been loaded so far is not garbage: else each test would look through all of it.
    gc.freeze()
    return empty_database


class Scenes:
    """How things stand before each act of a play, all at rest: each is played once.

    Attributes:
        now: the database in use.
        failpoints: at how many steps newsieve is killed in each.
    """

    def __init__(self, play: Play, empty: Path, folder: Path) -> None:
        self.now = folder / "now.db"
        self.failpoints: list[int] = []
        self._play = play
        self._empty = empty
        self._folder = folder
        self._before: list[Scene] = []
        self._after: dict[str, Scene] = {}

    async def of(self, name: str, telegram: Emulator) -> Scene:
        """Return how things stand when an act has happened, and newsieve has not dealt with it."""
        number = list(self._play.acts).index(name)
        await self.play(number, telegram)
        if name not in self._after:
            async with Newsroom.open(telegram, self.now, self._before[number]) as newsroom:
                await self._play.acts[name].happen(newsroom)
                self._after[name] = newsroom.scene(self._folder / f"{number}.db")
        return self._after[name]

    async def play(self, number: int, telegram: Emulator) -> None:
        """Play the acts before this one that have not been played yet."""
        if not self._before:
            self._before.append(Scene.first(self._empty, self._play.setting, telegram))
            # The first life with a database takes steps that no other takes.
            async with Newsroom.open(telegram, self.now, self._before[0]) as newsroom:
                await perform(newsroom, Act(each()))
        for played in range(len(self._before) - 1, number):
            act = list(self._play.acts.values())[played]
            async with Newsroom.open(telegram, self.now, self._before[played]) as newsroom:
                await act.happen(newsroom)
                life = await perform(newsroom, act)
                self.failpoints.append(len(life.marked if act.is_thorough else life.turns))
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
    play: str, name: str, telegram: Emulator, scenes: dict[str, Scenes]
) -> None:
    scene, act = await scenes[play].of(name, telegram), PLAYS[play].acts[name]

    async def killed_at(*last_steps: int, known: set[str] | None = None) -> Life:
        async with Newsroom.open(telegram, scenes[play].now, scene) as newsroom:
            return await perform(newsroom, act, *last_steps, known=known)

    life, known, chance = await killed_at(), set[str](), random.Random(name)
    for step in (1, *life.turns):
        await killed_at(step, known=known)
    if act.is_thorough:
        left = set(known)
        for step in life.marked:
            await killed_at(step, known=known)
        assert known == left
    # Again and again, somewhere.
    for _ in range(AGAIN):
        await killed_at(*(chance.randrange(1, life.steps) for _ in range(4)))


@pytest.mark.process
async def test_there_are_two_hundred_places_to_be_killed_at(
    telegram: Emulator, scenes: dict[str, Scenes]
) -> None:
    for name, play in PLAYS.items():
        await scenes[name].play(len(play.acts), telegram)
    assert sum(sum(one.failpoints) for one in scenes.values()) >= 200
