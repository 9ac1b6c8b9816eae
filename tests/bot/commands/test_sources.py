"""/sources has pages: of hundreds of sources each can be looked at, and paused."""

from __future__ import annotations

import pytest

from bot.commands import Desk, Reply, Request, answer
from bot.commands.answer import BUTTONS, COMMANDS
from bot.commands.sources import PAGE
from bot.health import Checkup, Health
from bot.model import Operator, Paused
from bot.render import LIMIT, plain_text, utf16_length
from bot.routing import Routing
from bot.sending import Sender
from bot.store import Store
from scrapers.health import Condition
from tests.bot.conftest import SetClock
from tests.store.samples import NOW

ANNA = Operator(7001, "operator one")
FIRST, NEXT = "First page", "Next page"
BROKEN = Condition.LAYOUT_CHANGED


async def desk_of(store: Store, sender: Sender, clock: SetClock, *names: str) -> Desk:
    """Return the desk of a newsieve that has these sources."""
    await store.sources.ensure(dict.fromkeys(names, "https://gazeta.example/"), at=NOW)
    routing = Routing({name: frozenset() for name in names}, {})
    return Desk(store, frozenset({ANNA.id}), routing, sender.wake, clock)


def named(reply: Reply) -> list[str]:
    """Return the names of the sources that a page shows, each of which has a button."""
    _, *lines = plain_text(reply.html).split("\n")
    names = [line.removeprefix("• ").split(":")[0] for line in lines]
    assert [caption.split(" ", 1)[1] for caption, _ in reply.buttons[: len(names)]] == names
    return names


def captions(reply: Reply) -> list[str]:
    """Return what the buttons that turn the pages are called."""
    return [caption for caption, _ in reply.buttons if caption in (FIRST, NEXT)]


class Reader:
    """An operator who reads the pages of one message."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._updates = 100

    async def ask(self, *arguments: str) -> Reply:
        return await self._answered("sources", arguments, pressed=False)

    async def press(self, page: Reply, caption: str) -> Reply:
        name, *numbers = dict(page.buttons)[caption].split(":")
        return await self._answered(name, tuple(numbers), pressed=True)

    async def _answered(self, name: str, arguments: tuple[str, ...], *, pressed: bool) -> Reply:
        self._updates += 1
        request = Request(self._updates, ANNA, ANNA.id, name, arguments)
        return await answer(self._desk, request, BUTTONS if pressed else COMMANDS)


async def test_page_after_page_shows_each_source_once_the_broken_first(
    store: Store, sender: Sender, clock: SetClock
) -> None:
    names = [f"источник {number:02}" for number in range(2 * PAGE + 3)]
    reader = Reader(await desk_of(store, sender, clock, *names))
    checkup = Checkup(Health(BROKEN, "404", 2, NOW, BROKEN))
    await store.sources.record_failure(names[-1], "404", at=NOW, due_at=NOW, checkup=checkup)
    first = await reader.ask()
    second = await reader.press(first, NEXT)
    third = await reader.press(second, NEXT)
    assert [captions(page) for page in (first, second, third)] == [[NEXT], [FIRST, NEXT], [FIRST]]
    shown = [*named(first), *named(second), *named(third)]
    assert shown == [names[-1], *names[:-1]]
    assert await reader.press(third, FIRST) == first
    assert all(page.html.startswith(f"<b>{len(names)} sources") for page in (second, third))


async def test_a_press_leaves_the_page_where_it_is(
    store: Store, sender: Sender, clock: SetClock
) -> None:
    names = [f"источник {number:02}" for number in range(2 * PAGE)]
    reader = Reader(await desk_of(store, sender, clock, *names))
    second = await reader.press(await reader.ask(), NEXT)
    paused = await reader.press(second, f"⏸ {names[-1]}")
    assert named(paused) == named(second)
    assert f"{names[-1]}: paused by operator one" in plain_text(paused.html)
    assert named(await reader.press(paused, f"▶ {names[-1]}")) == named(second)


async def test_as_many_as_a_page_holds_need_no_second_one(
    store: Store, sender: Sender, clock: SetClock
) -> None:
    reader = Reader(await desk_of(store, sender, clock, *map(str, range(PAGE))))
    assert captions(await reader.ask()) == []


async def test_a_page_that_is_no_longer_there_is_the_last_one(
    store: Store, sender: Sender, clock: SetClock
) -> None:
    names = [f"источник {number:02}" for number in range(3 * PAGE)]
    reader = Reader(await desk_of(store, sender, clock, *names))
    second = await reader.press(await reader.ask(), NEXT)
    fewer = Reader(await desk_of(store, sender, clock, *names[: PAGE + 1]))
    page = await fewer.press(second, NEXT)
    assert (named(page), captions(page)) == ([names[PAGE]], [FIRST])
    assert captions(await Reader(await desk_of(store, sender, clock)).press(second, NEXT)) == []


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_no_source_is_left_out_of_a_page_however_much_is_told_of_it(
    store: Store, sender: Sender, clock: SetClock, language: str
) -> None:
    names = [f"{number} {'<😀 &' * 30}" for number in range(PAGE)]
    long_named = Operator(ANNA.id, "😀<&" * 40)
    desk = await desk_of(store, sender, clock, *names)
    for name in names:
        health = Health(BROKEN, "нет <&> " * 60, 2, NOW, BROKEN, good_at=NOW)
        await store.sources.record_failure(
            name, health.detail, at=NOW, due_at=NOW, checkup=Checkup(health)
        )
        await store.pauses.pause(Paused.SOURCE, name, long_named, at=NOW)
    request = Request(1, ANNA, ANNA.id, "sources", (), language=language)
    told = plain_text((await answer(desk, request, COMMANDS)).html)
    assert utf16_length(told) <= LIMIT
    assert sum(line.startswith("• ") for line in told.split("\n")) == PAGE
