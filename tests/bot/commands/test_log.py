"""What was asked of the bot can be looked up, page by page."""

from __future__ import annotations

import pytest

from bot.commands import Desk, Request, answer
from bot.commands.answer import BUTTONS, COMMANDS
from bot.model import Operator, Reason
from bot.render import LIMIT, plain_text, utf16_length
from bot.store import Store
from tests.emulator import User
from tests.store.samples import NOW, judged

ANNA = Operator(7001, "operator one")


async def acted(store: Store, count: int, *, name: str = "operator one", words: str = "") -> None:
    """Record this many actions, numbered from one on."""
    for number in range(1, count + 1):
        await store.operators.record_action(
            update_id=number,
            operator=Operator(7001, name),
            chat_id=7001,
            command=f"bad {number}{words}",
            allowed=True,
            outcome="done" + words,
            at=NOW,
        )


async def test_who_did_what_is_told_with_the_item_and_what_came_of_it(
    bot: None, store: Store, operator: User, stranger: User
) -> None:
    await judged(store, Reason.GOOD)
    card = await operator.ask("/bad 1 ad")
    await operator.ask("/undo")
    await operator.ask("/good", reply_to=card)
    await operator.ask("/bad 99")
    await stranger.ask("/bad 1")
    _, *lines = (await operator.ask("/log")).text.split("\n")
    assert [line.split(" · ", 1)[1] for line in lines] == [
        "stranger · bad 1 · refused: not an operator (7999)",
        "operator <one> · bad 99 · There is no item 99 in the ledger.",
        "operator <one> · good (#1)",
        "operator <one> · undo (#1)",
        "operator <one> · bad 1 ad",
    ]


async def test_looking_at_the_log_does_not_fill_it(bot: None, store: Store, operator: User) -> None:
    assert (await operator.ask("/log")).text == "Nothing was asked yet."
    assert (await operator.ask("/log 5")).text == "Nothing was asked yet."


async def test_pages_follow_one_another_whatever_is_done_meanwhile(
    store: Store, desk: Desk
) -> None:
    await acted(store, 5)
    first = await answer(desk, Request(100, ANNA, 7001, "log", ("2",)), COMMANDS)
    assert ("bad 5" in first.html, "bad 4" in first.html, "bad 3" in first.html) == (
        True,
        True,
        False,
    )
    (older,) = first.buttons
    await answer(desk, Request(101, ANNA, 7001, "status"), COMMANDS)
    for _ in range(2):  # the same button twice shows the same page
        data = tuple(older[1].split(":")[1:])
        second = await answer(desk, Request(102, ANNA, 7001, "log", data), BUTTONS)
        assert ("bad 3" in second.html, "bad 2" in second.html) == (True, True)
        assert "bad 4" not in second.html
    newest, older = second.buttons
    last = await answer(
        desk, Request(103, ANNA, 7001, "log", tuple(older[1].split(":")[1:])), BUTTONS
    )
    assert "bad 1" in last.html
    assert [caption for caption, _ in last.buttons] == ["Newest"]
    back = await answer(
        desk, Request(104, ANNA, 7001, "log", tuple(newest[1].split(":")[1:])), BUTTONS
    )
    assert "status" in back.html


async def test_the_longest_page_fits_a_message_with_none_left_out(
    bot: None, store: Store, operator: User
) -> None:
    await acted(store, 30, name="<&😀" * 60, words=" <&😀" * 40)
    told = await operator.ask("/log 20")
    assert utf16_length(plain_text(told.text)) <= LIMIT
    assert len(told.text.split("\n")) == 21


@pytest.mark.parametrize("said", ["/log 0", "/log 21", "/log 1 2", "/log all"])
async def test_what_is_no_number_of_lines_is_refused(bot: None, operator: User, said: str) -> None:
    told = (await operator.ask(said)).text
    assert told in ("I can show 1 to 20 lines.", "An id is a number, like 12.")


@pytest.mark.parametrize("data", ["log:5", "log:5:0", "log:5:99", "log:999999999:3"])
async def test_invented_data_shows_a_page_or_is_refused(
    bot: None, store: Store, operator: User, stranger: User, data: str
) -> None:
    await acted(store, 15)
    page = await operator.ask("/log")
    before = page.text
    await stranger.call_back(page, data).answered()
    assert page.text == before
    await operator.call_back(page, data).answered()
