"""What was asked of the bot can be looked up, page by page."""

from __future__ import annotations

import pytest

from bot.commands import Desk, Reply, Request, answer
from bot.commands.answer import BUTTONS, COMMANDS, OTHERS
from bot.commands.asked import asked
from bot.model import Operator, Reason
from bot.render import LIMIT, plain_text, utf16_length
from bot.store import Store
from bot.telegram.faces import Face
from tests.emulator import Emulator, User
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


@pytest.mark.parametrize(
    ("asker", "reader", "told"),
    [
        ("ru", "en", "There is no item 99 in the ledger."),
        ("en", "ru", "Новости 99 в журнале нет."),
    ],
)
async def test_what_came_of_it_is_told_in_the_language_of_who_reads_it(
    bot: None, operator: User, caplog: pytest.LogCaptureFixture, asker: str, reader: str, told: str
) -> None:
    caplog.set_level("INFO")
    operator.language = asker
    await operator.ask("/bad 99")
    operator.language = reader
    assert (await operator.ask("/log")).text.endswith(f" · bad 99 · {told}")
    assert "There is no item 99 in the ledger." in caplog.text


async def test_what_an_earlier_version_has_kept_is_told_as_it_is(
    bot: None, store: Store, operator: User
) -> None:
    await acted(store, 1, words=": Новости 1 нет.")
    assert (await operator.ask("/log")).text.endswith("done: Новости 1 нет.")


PRESSED = [
    ("good:12", Reply("", item_id=12), "good 12"),
    ("good:12:0", Reply("", item_id=12), "good 12"),
    ("anyway:12:7", Reply("", item_id=12), "good 12 all the same"),
    ("anyway:12", Reply("", item_id=12), "good 12 all the same"),
    ("bad:12", Reply("", item_id=12), "bad 12"),
    ("bad:12:0", Reply("", item_id=12), "bad 12"),
    ("because:3:2", Reply("", item_id=12), "because off-topic (#12)"),
    ("because:3:99", Reply(""), "because"),
    ("last:37:10", Reply(""), "last: before #37"),
    ("rejected:0:123456789010", Reply(""), "rejected"),
    ("source:1:99999", Reply("", about="Вести"), "pause Вести"),
    ("source:2:99999", Reply("", about="Вести"), "resume Вести"),
    ("source:9:99999", Reply("", about="Вести"), "pause Вести"),
    ("sources:2", Reply(""), "sources: page 3"),
    ("channel:1:99999", Reply("", about="@good_news"), "pause @good_news"),
    ("channel:0:99999", Reply(""), "resume"),
    ("find:12:500", Reply(""), "find: before #12"),
    ("posted:7:1700000000", Reply("", item_id=12), "it is posted (#12)"),
    ("again:7:1700000000", Reply("", item_id=12), "send again (#12)"),
    ("gone:7", Reply("", item_id=12), "removed by hand (#12)"),
    ("bar:7", Reply("", item_id=12, about="@good_news"), "not for @good_news (#12)"),
    ("allow:7", Reply("", item_id=12, about="@good_news"), "for @good_news (#12)"),
    ("threshold:600000:1234567890", Reply(""), "threshold 0.6"),
    ("unset:4", Reply(""), "threshold undo"),
    ("rule:3:1234567890", Reply(""), "rule 3 apply"),
    ("unrule:3", Reply(""), "rule remove 3"),
    ("rules:12", Reply(""), "rule: before #12"),
    ("model:123:1234567890", Reply("", about="article-0a1b2c"), "model article-0a1b2c"),
    ("add:3", Reply("", about="Вести"), "source add Вести"),
    ("leave:3", Reply("", about="Вести"), "source not added Вести"),
    ("skip:12", Reply("", item_id=12), "skip 12"),
    ("why:12", Reply("", item_id=12), "why 12"),
    ("undo:12:3", Reply("", item_id=12), "undo 12"),
    ("log:12:10", Reply(""), "log 12 10"),
]


@pytest.mark.parametrize(("data", "reply", "told"), PRESSED)
def test_a_button_is_told_as_the_command_that_asks_for_the_same(
    data: str, reply: Reply, told: str
) -> None:
    word, *numbers = data.split(":")
    request = Request(1, ANNA, 7001, word, tuple(numbers))
    assert asked(request, reply, pressed=True) == told


def test_every_button_is_told() -> None:
    assert {data.partition(":")[0] for data, _, _ in PRESSED} == set(BUTTONS)


async def test_a_pressed_button_is_read_in_the_log(store: Store, desk: Desk) -> None:
    pressed = Request(100, ANNA, 7001, "threshold", ("600000", "1234567890"))
    await answer(desk, pressed, BUTTONS)
    told = (await answer(desk, Request(101, ANNA, 7001, "log"), COMMANDS)).html
    assert told.endswith("threshold 0.6 · Nothing is decided here that could be tried out.")


async def test_looking_at_the_log_does_not_fill_it(bot: None, store: Store, operator: User) -> None:
    for said in ("/log", "/log 5", "/log ВСЕ"):
        assert "Nothing was" in (await operator.ask(said)).text


async def test_questions_do_not_drown_what_was_done(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    await acted(store, 1)
    await operator.ask("/status")
    await operator.ask("/last 1")
    done = (await operator.ask("/log")).text
    assert ("bad 1" in done, "last 1" in done) == (True, False)
    page = await operator.ask("/log all 2")
    assert ("last 1" in page.text, "bad 1" in page.text) == (True, False)
    await operator.press(page, "Older").answered()
    await telegram.wait_until_edited(page)
    assert "bad 1" in page.text


async def test_strangers_do_not_drown_what_was_done(store: Store, desk: Desk) -> None:
    await acted(store, 1)

    async def faces() -> list[Face]:
        return [Face("Добрые вести", "https://t.me/good_news")]

    desk.faces = faces
    said = ["start", "bad 1", "status", "start", "bad 2", "talk"] * 3
    for number, words in enumerate(said, start=100):
        name, *arguments = words.split()
        stranger = Operator(7900 + number % 2, f"stranger {number % 2}")
        await answer(
            desk,
            Request(number, stranger, stranger.id, name, tuple(arguments)),
            {**COMMANDS, **OTHERS},
        )

    _, *lines = (await answer(desk, Request(200, ANNA, 7001, "log"), COMMANDS)).html.split("\n")
    assert [plain_text(line).split(" · ", 1)[1] for line in lines] == [
        "stranger 0 · bad 2 · refused: not an operator (7900)",
        "stranger 1 · bad 1 · refused: not an operator (7901)",
        "operator one · bad 1",
    ]
    every = await answer(desk, Request(201, ANNA, 7001, "log", ("all", "20")), COMMANDS)
    assert every.html.count("start · not an operator: told of the channel") == 6
    assert every.html.count("refused") == 12


@pytest.mark.parametrize("changed", [True, False])
async def test_what_changed_nothing_is_no_deed_but_a_question(
    store: Store, desk: Desk, changed: bool
) -> None:
    await judged(store, Reason.GOOD)
    for update_id in (100, 100):  # what is delivered again has been done
        await answer(desk, Request(update_id, ANNA, 7001, "pause"), COMMANDS)
    if not changed:
        await answer(desk, Request(101, ANNA, 7001, "pause"), COMMANDS)
    done = (await answer(desk, Request(102, ANNA, 7001, "log"), COMMANDS)).html
    assert (done.count("· pause"), done.count("nothing was changed")) == (1, 0)
    every = (await answer(desk, Request(103, ANNA, 7001, "log", ("all",)), COMMANDS)).html
    assert every.count("pause · nothing was changed") == (not changed)


LATE = ["posted:1:0", "again:1:0", "gone:1", "good:1:0", "bad:1:0", "undo:1:9", "skip:1"]
"""Buttons of an item that has been labelled bad since they were shown."""


@pytest.mark.parametrize("data", LATE)
async def test_a_press_that_came_too_late_has_changed_nothing(
    store: Store, desk: Desk, data: str
) -> None:
    await judged(store, Reason.GOOD)
    await answer(desk, Request(100, ANNA, 7001, "bad", ("1",)), COMMANDS)
    name, *numbers = data.split(":")
    await answer(desk, Request(101, ANNA, 7001, name, tuple(numbers)), BUTTONS)
    every = (await answer(desk, Request(102, ANNA, 7001, "log", ("all",)), COMMANDS)).html
    newest, first = every.split("\n")[1:]
    assert newest.endswith(" · nothing was changed")
    assert first.endswith("bad 1")


async def test_a_press_in_time_has_changed_something(store: Store, desk: Desk) -> None:
    await judged(store, Reason.GOOD)
    for number, (name, label) in enumerate((("bad", "0"), ("undo", "1")), start=100):
        await answer(desk, Request(number, ANNA, 7001, name, ("1", label)), BUTTONS)
    told = (await answer(desk, Request(102, ANNA, 7001, "log"), COMMANDS)).html
    assert [line.split(" · ", 2)[2] for line in told.split("\n")[1:]] == ["undo 1", "bad 1"]


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
    await answer(desk, Request(101, ANNA, 7001, "good", ("99",)), COMMANDS)
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
    assert "good 99" in back.html


async def test_the_longest_page_fits_a_message_with_none_left_out(
    bot: None, store: Store, operator: User
) -> None:
    await acted(store, 30, name="<&😀" * 60, words=" <&😀" * 40)
    told = await operator.ask("/log 20")
    assert utf16_length(plain_text(told.text)) <= LIMIT
    assert len(told.text.split("\n")) == 21


@pytest.mark.parametrize("said", ["/log 0", "/log 21", "/log 1 2", "/log some", "/log all all"])
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
