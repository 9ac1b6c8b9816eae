from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.commands import Cards, Desk, Request, add_handlers, answer, publish_menu
from bot.commands.answer import BUTTONS, COMMANDS
from bot.commands.guide import MENU
from bot.errors import PostError
from bot.model import Operator, PostState, Reason, Truth
from bot.routing import Routing
from bot.sending import Sender, SenderOptions
from bot.store import Store
from bot.telegram import Application, TelegramChannel, poll
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    Message,
    User,
    drop_after,
    flood,
    forbidden,
    parse_html,
    utf16_length,
)
from tests.emulator.methods import TEXT_LIMIT
from tests.store.samples import (
    ANNA,
    CHANNEL,
    HOUR,
    NOW,
    item,
    judged,
    post_of,
    queued,
    record,
    verdict,
)

ROUTING = Routing(tags={"gazeta": frozenset({"gazeta"})}, wanted={CHANNEL: None})
OPTIONS = SenderOptions(per_minute=60_000, quarantine=timedelta(seconds=90))


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel(CHANNEL)


@pytest.fixture
def operator(telegram: Emulator) -> User:
    return telegram.add_user(7001, "operator <one>")


@pytest.fixture
def stranger(telegram: Emulator) -> User:
    return telegram.add_user(7999, "stranger")


@pytest.fixture
def office(telegram: Emulator) -> Chat:
    """The operators' chat."""
    return telegram.add_group("office")


@pytest.fixture
def cards(application: Application, store: Store, office: Chat) -> Cards:
    return Cards(application.bot, str(office.id), store, pace=0)


@pytest.fixture
def sender(
    application: Application, store: Store, channel: Chat, cards: Cards, clock: SetClock
) -> Sender:
    target = TelegramChannel(application.bot, CHANNEL)
    return Sender(target, store, OPTIONS, ask=cards.ask, now=clock)


@pytest.fixture
def desk(store: Store, operator: User, sender: Sender, clock: SetClock) -> Desk:
    return Desk(store, frozenset({operator.id}), ROUTING, sender.wake, clock)


@pytest.fixture
async def bot(application: Application, desk: Desk, sender: Sender) -> AsyncIterator[None]:
    """The bot at work: it listens to updates, and sends and removes posts."""
    add_handlers(application, desk)
    stop = asyncio.Event()
    tasks = [asyncio.create_task(poll(application, stop)), asyncio.create_task(sender.run(stop))]
    yield
    stop.set()
    await asyncio.gather(*tasks)


def actions(tmp_path: Path) -> list[tuple[int, str, bool, str]]:
    """Return who asked for what, whether they might, and what came of it."""
    engine = create_engine(f"sqlite:///{tmp_path / 'newsieve.db'}")
    query = text("SELECT operator_id, command, allowed, outcome FROM actions ORDER BY id")
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    engine.dispose()
    return [(who, command, bool(allowed), outcome) for who, command, allowed, outcome in rows]


async def posted(store: Store, sender: Sender, channel: Chat) -> Message:
    """Let an accepted item be posted; return its message."""
    await queued(store)
    await sender.drain()
    (message,) = channel.visible
    return message


# Labels.


async def test_a_rejected_item_labelled_good_is_posted(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    item_id = await judged(store, Reason.BAD)
    reply = await operator.ask(f"/good {item_id}")
    assert f"Item {item_id} is labelled good now." in reply.text
    post = await telegram.wait_for_post(channel)
    assert post.links == [item(1).url]
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label is not None
    assert entry.label.truth is Truth.GOOD
    assert entry.label.operator == Operator(7001, "operator <one>")
    assert entry.label.reason is Reason.BAD


async def test_a_relabelled_post_is_removed_from_the_channel_and_undo_brings_it_back(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    assert "labelled bad now" in (await operator.ask("/bad 1")).text
    await telegram.wait_until_deleted(message)
    assert "no longer labelled bad" in (await operator.ask("/undo")).text
    back = await telegram.wait_for_post(channel)
    assert (back.id, back.links) == (message.id + 1, message.links)


async def test_undo_takes_a_wrong_good_back(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD)
    operator.say("/good 1")
    message = await telegram.wait_for_post(channel)
    await operator.ask("/undo")
    await telegram.wait_until_deleted(message)


async def test_an_item_is_named_with_or_without_a_hash(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.BAD)
    assert "labelled good now" in (await operator.ask("/good #1")).text
    assert "labelled good already" in (await operator.ask("/good@newsieve_test_bot 1")).text


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/good", "Which item?"),
        ("/bad 99", "There is no item 99 in the ledger."),
        ("/bad x", "An id is a number, like 12."),
        ("/bad ١", "An id is a number, like 12."),
        ("/bad -1", "An id is a number, like 12."),
        ("/bad 99999999999999999999", "An id is a number, like 12."),
        ("/bad 1;DROP", "An id is a number, like 12."),
        ("/undo", "There is no label to take back."),
        ("/undo 1", "There is no label about item 1 to take back."),
        ("/last 0", "I can show 1 to 20 lines."),
        ("/last all", "An id is a number, like 12."),
    ],
)
async def test_what_cannot_be_done_is_told(
    bot: None, store: Store, operator: User, said: str, answered: str
) -> None:
    await judged(store, Reason.BAD)
    assert answered in (await operator.ask(said)).text


@pytest.mark.parametrize("said", ["/good 1 2", "/bad 1 2 3", "/bad 1 spam", "/undo 1 2"])
async def test_more_than_one_item_is_refused_and_none_is_touched(
    bot: None, store: Store, operator: User, said: str
) -> None:
    item_id = await judged(store, Reason.BAD)
    await store.labels.add(item_id, Truth.BAD, ANNA, chats=[CHANNEL], at=NOW)
    reply = await operator.ask(said)
    command = said.partition(" ")[0]
    assert reply.text == f"One item at a time, and nothing behind it: {command} 12."
    entry = await store.ledger.entry(item_id)
    assert entry is not None
    assert entry.label is not None
    assert (entry.label.truth, entry.label.operator) == (Truth.BAD, ANNA)


# Replies.


async def test_a_post_quoted_from_the_channel_is_labelled(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    operator.say("/bad", reply_to=message)
    await telegram.wait_until_deleted(message)


async def test_a_forwarded_post_is_labelled(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    operator.say("/bad", reply_to=operator.forward(message))
    await telegram.wait_until_deleted(message)


async def test_a_post_is_labelled_under_it_in_the_discussion_group(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    channel.linked = telegram.add_group("discussion")
    message = await posted(store, sender, channel)
    (below,) = channel.linked.visible
    operator.say("/bad", chat=channel.linked, reply_to=below)
    await telegram.wait_until_deleted(message)


async def test_the_same_message_number_of_another_channel_is_not_meant(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    other = telegram.post_as_admin(telegram.add_channel("@elsewhere"), "Другое")
    assert other.id == message.id
    reply = await operator.ask("/bad", reply_to=operator.forward(other))
    assert "no card or post of mine" in reply.text
    assert not message.deleted


async def test_a_reply_to_the_bots_own_answer_means_its_item(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.BAD, 2)
    first = await operator.ask("/good 1")
    await operator.ask("/good 2")
    reply = await operator.ask("/undo", reply_to=first)
    assert "Item 1 is no longer labelled good." in reply.text


# Once and answered.


async def test_a_command_delivered_twice_is_done_once_and_answered_twice(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.BAD, 2)
    for number in (1, 2):
        await operator.ask(f"/good {number}")
    answered = await operator.ask("/undo")
    assert "Item 2 is no longer" in answered.text
    await telegram.wait_until_confirmed()
    telegram.redeliver(telegram.world.confirmed[-1]["update_id"])
    again = await telegram.wait_for_message(operator.chat, after=answered.id)
    assert again.text == "This was undone already."
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is not None


async def test_a_label_delivered_again_after_it_was_undone_is_not_given_again(
    store: Store, desk: Desk
) -> None:
    await judged(store, Reason.BAD)
    anna = Operator(7001, "operator one")
    given = Request(500, anna, 7001, "good", ("1",))
    await answer(desk, given, COMMANDS)
    await answer(desk, Request(501, anna, 7001, "undo"), COMMANDS)
    reply = await answer(desk, given, COMMANDS)
    assert "This was done already." in reply.html
    assert "no label" in reply.html


# The ledger.


async def test_rejections_are_listed_with_reason_and_score(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.GOOD, 2)
    reply = await operator.ask("/rejected")
    assert "#1 · 0.12 · bad" in reply.text
    assert item(1).title in reply.text
    assert item(2).title not in reply.text
    assert reply.links == [item(1).url]


async def test_posts_are_listed_newest_first_as_many_as_asked_for(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    assert "Nothing is posted yet." in (await operator.ask("/last")).text
    for number in (1, 2, 3):
        await queued(store, number)
    await sender.drain()
    reply = await operator.ask("/last 2")
    assert reply.links == [item(3).url, item(2).url]


async def test_twenty_long_lines_of_odd_titles_fit_into_one_answer(
    bot: None, store: Store, operator: User
) -> None:
    name = "<газета> " * 20
    for number in range(25):
        odd = item(number, title="<&\U0001f600> " * 100, source=name)
        (item_id,) = await record(store, odd, source=name)
        await store.ledger.record_verdict(item_id, verdict(Reason.BAD), [], at=NOW)
    reply = await operator.ask("/rejected 20")
    assert len(reply.links) == 20


async def test_of_lines_that_do_not_fit_into_one_answer_the_number_is_told(
    bot: None, store: Store, operator: User
) -> None:
    name = "\U0001f4f0<газета>" * 10
    for number in range(20):
        long = item(number, title="\U0001f600" * 60, source=name)
        (item_id,) = await record(store, long, source=name)
        found = replace(verdict(Reason.DUPLICATE), detail=f"of item {number}")
        await store.ledger.record_verdict(item_id, found, [], at=NOW)
    reply = await operator.ask("/rejected 20")
    shown = len(reply.links)
    assert reply.text.splitlines()[-1] == f"… and {20 - shown} more"
    # One more line would not have fitted.
    longest = max(map(utf16_length, reply.text.splitlines()))
    assert TEXT_LIMIT - 2 * longest < utf16_length(reply.text) <= TEXT_LIMIT


async def test_status_fits_into_one_answer_and_tells_of_channels_and_of_sources(
    store: Store, operator: User, sender: Sender, clock: SetClock
) -> None:
    chats = [f"@channel_with_a_long_name_{number}" for number in range(10)]
    names = [f"{number} {'<источник> ' * 20}" for number in range(15)]
    routing = Routing({name: frozenset() for name in names}, dict.fromkeys(chats))
    desk = Desk(store, frozenset({operator.id}), routing, sender.wake, clock)
    for number in range(5):
        await judged(store, Reason.GOOD, number, tuple(chats))
    for chat in chats:
        for post in await store.posts.pending(chat):
            await store.posts.postpone(post.id, not_before=NOW + HOUR, error="занят " * 40)
    for name in names:
        await store.sources.record_failure(name, "нет ответа " * 40, at=NOW, due_at=NOW + HOUR)
    reply = await answer(
        desk, Request(500, Operator(7001, "operator one"), 7001, "status"), COMMANDS
    )
    text, _ = parse_html(reply.html)
    assert utf16_length(text) <= TEXT_LIMIT
    assert "… and 2 more\n@channel" in text
    assert "15 sources, 15 failing\n• 0 <источник>" in text
    assert re.search(r"… and \d+ more$", text)


async def test_status_tells_nothing_of_sources_that_left_the_settings(
    bot: None, store: Store, operator: User
) -> None:
    for name in ("gazeta", "forgotten"):
        await store.sources.record_failure(name, "timeout", at=NOW, due_at=NOW + HOUR)
    reply = await operator.ask("/status")
    assert "1 source, 1 failing" in reply.text
    assert "gazeta" in reply.text
    assert "forgotten" not in reply.text


async def test_status_tells_how_often_a_source_has_failed(
    bot: None, store: Store, operator: User
) -> None:
    for failures in ("once", "2 times in a row"):
        await store.sources.record_failure("gazeta", "timeout", at=NOW, due_at=NOW + HOUR)
        assert f"gazeta: timeout (failed {failures}, next" in (await operator.ask("/status")).text


async def test_status_tells_numbers_queue_and_failing_sources(
    bot: None, store: Store, telegram: Emulator, operator: User, sender: Sender
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.UNSURE, 2)
    telegram.inject("sendMessage", forbidden(), when=lambda call: call["chat_id"] == CHANNEL)
    await queued(store, 3)
    await sender.drain()
    await store.sources.record_failure("gazeta", "404 <Not Found>", at=NOW, due_at=NOW + HOUR)
    reply = await operator.ask("/status")
    assert "Accepted: 1" in reply.text
    assert "Rejected: 1 (bad 1)" in reply.text
    assert "Waiting for review: 1" in reply.text
    assert "@good_news: 1 post pending" in reply.text
    assert "item 3 queued for @good_news: Forbidden: bot was kicked" in reply.text
    assert "1 source, 1 failing" in reply.text
    assert "gazeta: 404 <Not Found> (failed once" in reply.text


async def test_start_and_help_list_every_command(
    bot: None, application: Application, telegram: Emulator, operator: User
) -> None:
    for said in ("/start payload'--", "/help"):
        reply = await operator.ask(said)
        assert all(f"/{name} " in reply.text for name in MENU)
    await publish_menu(application.bot)
    assert [command["command"] for command in telegram.world.commands] == list(MENU)
    assert set(MENU) | {"start"} == set(COMMANDS)


# What is no command.


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("/foo", "I do not know /foo. /help lists what I do."),
        ("/foo 1 2", "I do not know /foo. /help lists what I do."),
        ("/bad1", "I do not know /bad1. /help lists what I do."),
        ("/bad@another_bot 1", "I do not know /bad@another_bot. /help lists what I do."),
        ("/плохо <1>", "I do not know /плохо. /help lists what I do."),
        ("bad 1", "I only understand commands. /help lists what I do."),
        ("Что нового?", "I only understand commands. /help lists what I do."),
    ],
)
async def test_what_is_no_command_is_answered_with_the_way_to_help(
    bot: None, store: Store, operator: User, said: str, answered: str
) -> None:
    await judged(store, Reason.BAD)
    assert (await operator.ask(said)).text == answered
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is None


async def test_an_endless_unknown_command_is_answered_in_one_line(
    bot: None, operator: User
) -> None:
    reply = await operator.ask("/" + "x" * 4000)
    assert utf16_length(reply.text) < 200


@pytest.mark.parametrize("said", ["/foo", "привет"])
async def test_a_stranger_who_writes_anything_is_refused_as_for_commands(
    bot: None, stranger: User, said: str, tmp_path: Path
) -> None:
    reply = await stranger.ask(said)
    assert reply.text == "Sorry, I only work for the operators of this channel."
    ((who, _, allowed, outcome),) = actions(tmp_path)
    assert (who, allowed, outcome) == (stranger.id, False, "refused: not an operator")


async def test_people_may_talk_in_groups_and_forward_posts_undisturbed(
    bot: None, store: Store, telegram: Emulator, channel: Chat, operator: User, sender: Sender
) -> None:
    message = await posted(store, sender, channel)
    group = telegram.add_group("discussion")
    operator.say("Что нового?", chat=group)
    operator.say("/foo", chat=group)
    operator.forward(message)
    await operator.ask("/help")
    assert group.from_bot == []
    assert len(operator.chat.from_bot) == 1


# Strangers.


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_stranger_gets_nothing_done_with_a_command(
    bot: None,
    store: Store,
    stranger: User,
    command: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await judged(store, Reason.BAD)
    with caplog.at_level(logging.WARNING, "bot"):
        reply = await stranger.ask(f"/{command} 1")
    assert reply.text == "Sorry, I only work for the operators of this channel."
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is None
    refusal = (stranger.id, f"{command} 1", False, "refused: not an operator")
    assert actions(tmp_path) == [refusal]
    (logged,) = [vars(one) for one in caplog.records if vars(one).get("action")]
    assert (logged["action"], logged["operator"]) == ("stranger_refused", stranger.id)


@pytest.mark.parametrize("button", BUTTONS)
async def test_a_stranger_gets_nothing_done_with_a_button(
    bot: None, store: Store, stranger: User, cards: Cards, office: Chat, button: str
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    pressed = stranger.call_back(card, f"{button}:1")
    assert "only work for the operators" in await pressed.answered()
    entry = await store.ledger.entry(1)
    assert entry is not None
    assert entry.label is None
    assert card.edit_date is None


async def test_a_stranger_in_a_group_is_not_answered(
    bot: None, telegram: Emulator, stranger: User, operator: User, tmp_path: Path
) -> None:
    group = telegram.add_group("discussion")
    stranger.say("/status", chat=group)
    reply = await operator.ask("/status", chat=group)
    assert group.from_bot == [reply]
    assert [(who, allowed) for who, _, allowed, _ in actions(tmp_path)] == [
        (stranger.id, False),
        (operator.id, True),
    ]


@pytest.mark.parametrize(
    "data", ["good:1 ", "good:1\n", "xgood:1", "good:", "good:-1", "drop:1", "start:1", "GOOD:1"]
)
async def test_data_that_no_button_carries_does_nothing(
    bot: None, store: Store, operator: User, cards: Cards, office: Chat, data: str
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    assert await operator.call_back(office.visible[0], data).answered() == ""
    assert len(await store.ledger.reviews()) == 1


# Cards.


async def test_an_item_for_review_gets_one_card_and_a_press_posts_it(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    cards: Cards,
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    await cards.show_reviews()
    (card,) = office.visible
    assert list(card.buttons) == ["Good", "Bad"]
    assert await operator.press(card, "Good").answered() == "Item 1 is labelled good now."
    await telegram.wait_for_post(channel)
    await telegram.wait_until_edited(card)
    assert "labelled good by operator <one>" in card.text
    assert list(card.buttons) == ["Undo"]


async def test_a_card_takes_its_own_label_back(
    bot: None, store: Store, telegram: Emulator, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    await operator.press(card, "Bad").answered()
    await telegram.wait_until_edited(card)
    assert "no longer labelled bad" in await operator.press(card, "Undo").answered()
    assert len(await store.ledger.reviews()) == 1


async def test_a_reply_to_a_card_means_its_item(
    bot: None, store: Store, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.BAD, 1)
    await judged(store, Reason.UNSURE, 2)
    await cards.show_reviews()
    (card,) = office.visible
    reply = await operator.ask("/bad", chat=office, reply_to=card)
    assert "Item 2 is labelled bad now." in reply.text


async def test_a_press_is_answered_even_if_the_card_is_as_it_was(
    bot: None, store: Store, office: Chat, operator: User, cards: Cards
) -> None:
    await judged(store, Reason.UNSURE)
    await cards.show_reviews()
    (card,) = office.visible
    answers = [await operator.call_back(card, "bad:1").answered() for _ in range(3)]
    assert answers == ["Item 1 is labelled bad now.", *["Item 1 is labelled bad already."] * 2]


async def test_cards_that_were_not_taken_are_shown_later(
    store: Store, telegram: Emulator, office: Chat, cards: Cards
) -> None:
    for number in (1, 2, 3):
        await judged(store, Reason.UNSURE, number)
    telegram.inject("sendMessage", flood(1))
    with pytest.raises(PostError):
        await cards.show_reviews()
    await cards.show_reviews()
    assert len(office.visible) == 3


async def test_running_cards_show_what_comes_and_go_on_after_trouble(
    store: Store, telegram: Emulator, office: Chat, cards: Cards
) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(cards.run(stop))
    await judged(store, Reason.UNSURE)
    telegram.inject("sendMessage", flood(1))
    cards.wake()
    await telegram.wait_for_post(office)
    stop.set()
    await running


async def uncertain(
    store: Store,
    telegram: Emulator,
    sender: Sender,
    clock: SetClock,
    office: Chat,
) -> Message:
    """Leave a post in doubt; return the card that asks about it."""
    await queued(store)
    telegram.inject("sendMessage", drop_after())
    await sender.drain()
    clock.advance(seconds=90)
    await sender.drain()
    (card,) = office.visible
    return card


async def test_an_operator_can_say_that_a_post_is_there(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    sender: Sender,
    clock: SetClock,
) -> None:
    card = await uncertain(store, telegram, sender, clock, office)
    assert list(card.buttons) == ["It is posted", "Send again"]
    await operator.press(card, "It is posted").answered()
    assert (await post_of(store, 1)).state is PostState.SENT
    assert len(channel.visible) == 1


async def test_an_operator_can_have_a_post_sent_again_once(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    sender: Sender,
    clock: SetClock,
) -> None:
    card = await uncertain(store, telegram, sender, clock, office)
    telegram.delete_by_hand(channel.visible[0])
    again = operator.press(card, "Send again")
    await again.answered()
    await telegram.wait_for_post(channel)
    await operator.call_back(card, "again:1").answered()
    await sender.drain()
    assert len(channel.visible) == 1


async def test_a_post_whose_message_is_unknown_is_left_for_a_person_to_remove(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    sender: Sender,
    clock: SetClock,
) -> None:
    card = await uncertain(store, telegram, sender, clock, office)
    await operator.press(card, "It is posted").answered()
    await operator.ask("/bad 1")
    await sender.drain()
    post = await post_of(store, 1)
    assert (post.state, post.error) == (
        PostState.SENT,
        "its message id is not known: remove it by hand",
    )
    assert len(channel.visible) == 1
    await operator.ask("/undo")
    assert (await post_of(store, 1)).wanted


async def test_an_old_question_does_not_settle_a_later_attempt(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    sender: Sender,
    clock: SetClock,
) -> None:
    card = await uncertain(store, telegram, sender, clock, office)
    (old,) = (data for caption, data in card.buttons.items() if caption == "Send again")
    telegram.inject("sendMessage", drop_after())
    await operator.press(card, "Send again").answered()
    # The running sender does it; reading the store gives it its turns.
    while (later := await post_of(store, 1)).state is not PostState.UNCERTAIN:
        assert later.state in {PostState.QUEUED, PostState.SENDING}

    await operator.call_back(card, old).answered()

    assert await post_of(store, 1) == later


async def test_a_refused_post_gets_another_try_when_it_is_labelled_good(
    bot: None, store: Store, operator: User
) -> None:
    post = await queued(store)
    await store.posts.record_failed(post.id, "Bad Request: chat not found")
    await operator.ask("/good 1")
    assert (await post_of(store, 1)).state is not PostState.FAILED


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("/status.", "24 hours"),
        ("/help!", "/rejected"),
        ("/bad,1", "Item 1 is labelled bad"),
        ("/bad 1.", "Item 1 is labelled bad"),
        ("/BAD 1", "Item 1 is labelled bad"),
    ],
)
async def test_punctuation_behind_a_command_does_no_harm(
    bot: None, store: Store, operator: User, said: str, told: str
) -> None:
    await queued(store)
    assert told in (await operator.ask(said)).text
