"""Lists have pages, turned by buttons that stay right whatever comes meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.commands.find import LINES
from bot.commands.paging import MOST_LINES, Narrowed
from bot.commands.request import Button, data_of
from bot.commands.rules import PAGE
from bot.commands.wiring import _DATA
from bot.model import Decision, Reason, Truth
from bot.rules import Phrase
from bot.store import Store
from bot.store import search as searching
from tests.emulator import Emulator, Message, User
from tests.store.samples import ANNA, HOUR, NOW, item, judged, post_of, record, sent, verdict


def shown(message: Message) -> list[int]:
    return [int(found) for found in re.findall(r"^#(\d+)", message.text, re.MULTILINE)]


async def turned(telegram: Emulator, operator: User, page: Message, caption: str) -> list[int]:
    before = page.text
    await operator.press(page, caption).answered()
    await telegram.world.pulse.until(lambda: page.text != before, "the page to be turned")
    return shown(page)


async def test_rejections_are_turned_to_the_end_and_back_while_more_come(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, 6):
        await judged(store, Reason.BAD, number)
    page = await operator.ask("/rejected 2")
    assert (shown(page), list(page.buttons)) == ([5, 4], ["Older"])
    await judged(store, Reason.BAD, 6)
    assert await turned(telegram, operator, page, "Older") == [3, 2]
    assert list(page.buttons) == ["Newest", "Older"]
    assert await turned(telegram, operator, page, "Older") == [1]
    assert list(page.buttons) == ["Newest"]
    assert await turned(telegram, operator, page, "Newest") == [6, 5]


async def test_the_same_press_twice_shows_the_same_page(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, 8):
        await judged(store, Reason.BAD, number)
    page = await operator.ask("/rejected 2")
    data = page.buttons["Older"]
    for _ in range(2):
        await operator.call_back(page, data).answered()
    await telegram.wait_until_confirmed()
    assert shown(page) == [5, 4]


async def test_posts_are_turned_like_rejections(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, 4):
        await sent(store, number, 40 + number, chat="@without_a_sender")
    page = await operator.ask("/last 2")
    assert shown(page) == [3, 2]
    assert await turned(telegram, operator, page, "Older") == [1]


@pytest.mark.parametrize("again", [False, True])
async def test_the_next_page_of_posts_is_the_same_when_the_last_one_is_posted_anew(
    bot: None, store: Store, telegram: Emulator, operator: User, again: bool
) -> None:
    chat = "@without_a_sender"
    for number in range(1, 5):
        await sent(store, number, 40 + number, chat=chat)
    page = await operator.ask("/last 2")
    post = await post_of(store, 3)
    assert await store.labels.add(3, Truth.BAD, ANNA, chats=[chat], at=NOW)
    assert await store.posts.record_removed(post.id, at=NOW)
    assert await store.labels.undo(ANNA, at=NOW)
    assert await store.posts.begin_sending(post.id, at=NOW, floor_id=None)
    if again:
        assert await store.posts.record_sent(post.id, 50, at=NOW + 9 * HOUR)
    assert await turned(telegram, operator, page, "Older") == [2, 1]
    if again:
        assert await turned(telegram, operator, page, "Newest") == [3, 4]


@pytest.mark.parametrize("said", ["bad", "BAD", "плохая", "radio", "Rad", "bad 1"])
async def test_rejections_are_narrowed_by_a_reason_or_a_part_of_a_sources_name(
    bot: None, store: Store, operator: User, said: str
) -> None:
    await judged(store, Reason.STALE, 1)
    (item_id,) = await record(store, item(2, source="Radio"), source="Radio")
    await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [], at=NOW)
    operator.language = "ru" if said == "плохая" else "en"
    page = await operator.ask(f"/rejected {said}")
    assert shown(page) == [2]


async def test_a_narrowed_list_stays_narrowed_when_it_is_turned(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, 7):
        await judged(store, Reason.BAD if number % 2 else Reason.STALE, number)
    page = await operator.ask("/rejected stale 2")
    assert page.text.startswith("The newest rejections, for the reason “stale”:")
    assert await turned(telegram, operator, page, "Older") == [2]
    assert await turned(telegram, operator, page, "Newest") == [6, 4]


async def test_none_of_a_reason_or_of_a_source_is_not_told_as_none_at_all(
    bot: None, store: Store, operator: User
) -> None:
    assert (await operator.ask("/rejected")).text == "Nothing was rejected yet."
    await judged(store, Reason.BAD, 1)
    await record(store, item(2, source="Radio"), source="Radio")
    told = [(await operator.ask(f"/rejected {word}")).text for word in ("stale", "radio")]
    assert told == [
        "Nothing was rejected for the reason “stale” yet.",
        "Nothing from Radio was rejected yet.",
    ]


async def test_what_is_no_reason_and_no_source_is_told(
    bot: None, store: Store, operator: User
) -> None:
    for name in ("Вести А", "Вести Б"):
        await record(store, item(1, source=name), source=name)
    assert "Reasons: bad, duplicate" in (await operator.ask("/rejected <no>")).text
    assert "Вести А, Вести Б" in (await operator.ask("/rejected вести")).text
    assert (await operator.ask("/rejected " + "слово " * 700)).text


async def test_what_did_not_fit_stands_on_the_next_page(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    name = "\U0001f4f0<газета>" * 10
    for number in range(1, 26):
        long = item(number, title="\U0001f600" * 60, source=name)
        (item_id,) = await record(store, long, source=name)
        found = replace(verdict(Reason.DUPLICATE), detail=f"of item {number}")
        await store.ledger.record_verdict(item_id, found, [], at=NOW)
    page = await operator.ask("/rejected 20")
    seen = shown(page)
    assert len(seen) < MOST_LINES
    while "Older" in page.buttons:
        seen += await turned(telegram, operator, page, "Older")
    assert seen == list(range(25, 0, -1))


async def test_what_was_looked_for_is_turned_to_the_end_and_back(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, LINES + 3):
        await judged(store, Reason.BAD, number)
    page = await operator.ask("/find мосты")
    assert (shown(page), list(page.buttons)) == ([*range(LINES + 2, 2, -1)], ["Older"])
    assert await turned(telegram, operator, page, "Older") == [2, 1]
    assert list(page.buttons) == ["Newest"]
    assert (await turned(telegram, operator, page, "Newest"))[0] == LINES + 2


async def test_a_search_that_stopped_early_says_so_and_goes_on(
    bot: None,
    store: Store,
    telegram: Emulator,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(searching, "MOST_ITEMS", 2)
    for number in range(1, 4):
        await judged(store, Reason.BAD, number)
    page = await operator.ask("/find «номер 1»")
    assert page.text.startswith("Nothing was found so far: «номер 1».")
    assert "through the newest 2 items only" in page.text
    assert await turned(telegram, operator, page, "Older") == [1]
    assert "only" not in page.text


@pytest.mark.parametrize(
    "data",
    [
        "find:1:1",
        "find:999999999:999999999999",
        "last:0:0",
        "last:1:99",
        "last:999999999:5",
        "last:1:999999999999",
        "last:1:999999999999999905",
        "rejected:0:999999999999",
        "rejected:999999999:5",
        "rejected:1",
        "last:1",
    ],
)
async def test_invented_data_changes_nothing_and_is_answered(
    bot: None, store: Store, operator: User, stranger: User, data: str
) -> None:
    await judged(store, Reason.BAD)
    page = await operator.ask("/rejected")
    await stranger.call_back(page, data).answered()
    assert shown(page) == [1]
    await operator.call_back(page, data).answered()


async def test_rules_are_turned_too(
    bot: None, store: Store, telegram: Emulator, operator: User
) -> None:
    for number in range(1, PAGE + 3):
        phrase = Phrase.parse(f"мост {number}")
        await store.rules.draft(phrase, Decision.REJECT, ANNA, at=NOW)
        assert await store.rules.apply(number, ANNA, at=NOW)
    page = await operator.ask("/rule")
    assert "«мост 12»" in page.text
    assert "«мост 3»" in page.text
    assert "«мост 2»" not in page.text
    await turned(telegram, operator, page, "Older")
    assert "«мост 2»" in page.text
    assert list(page.buttons) == ["Newest"]
    assert "There is no rule 99." in (await operator.ask("/rule удалить 99")).text


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("/last сегодня", "I can show 1 to"),
        ("/log x", "I can show 1 to"),
        ("/stats неделя", "/stats 30"),
        ("/rule remove x", "/rule add"),
        ("/bad x", "An id is a number"),
    ],
)
async def test_what_is_no_number_gets_the_hint_that_helps(
    bot: None, operator: User, said: str, hint: str
) -> None:
    assert hint in (await operator.ask(said)).text


def test_every_button_is_data_that_is_understood() -> None:
    largest = max(
        [Narrowed(source=str(number)) for number in range(1000)], key=lambda narrowed: narrowed.key
    )
    data = data_of(Button.REJECTED, 999_999_999, largest.key * 100 + MOST_LINES)
    assert _DATA.fullmatch(data)
    assert len(data.encode()) <= 64
    assert _DATA.fullmatch(data_of(Button.FIND, 999_999_999, 2**31))
    data = data_of(Button.LAST, 999_999_999, 9_999_999_999_999_999 * 100 + MOST_LINES)
    assert _DATA.fullmatch(data)
    assert len(data.encode()) <= 64
