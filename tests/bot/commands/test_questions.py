from __future__ import annotations

from bot.model import PostState
from bot.sending import Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    Message,
    User,
    drop_after,
)
from tests.store.samples import (
    post_of,
    queued,
)


async def uncertain(
    store: Store,
    telegram: Emulator,
    sender: Sender,
    clock: SetClock,
    office: Chat,
) -> Message:
    """Let the running sender leave a post in doubt; return the card that asks about it."""
    telegram.inject("sendMessage", drop_after())
    await queued(store)
    sender.wake()
    # Reading the store gives it its turns.
    while (await post_of(store, 1)).state is not PostState.UNCERTAIN:
        assert not office.visible
    clock.advance(seconds=90)
    sender.wake()
    return await telegram.wait_for_post(office)


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
    await sender.resting.wait()
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
    await sender.resting.wait()
    post = await post_of(store, 1)
    assert (post.state, post.error) == (
        PostState.SENT,
        "its message id is not known: remove it by hand",
    )
    assert len(channel.visible) == 1
    status = (await operator.ask("/status")).text
    assert "@good_news: 1 posted. 0 posts pending. 1 to be removed by hand." in status
    told = await operator.ask("/why 1")
    assert "to be removed from @good_news by hand" in told.text
    assert "being removed" not in told.text
    await operator.press(told, "Removed by hand").answered()
    assert (await post_of(store, 1)).state is PostState.REMOVED
    assert "by hand" not in (await operator.ask("/status")).text
    telegram.delete_by_hand(channel.visible[0])
    await operator.ask("/undo")
    await telegram.wait_for_post(channel)


async def test_who_takes_a_removal_by_hand_back_leaves_the_post_where_it_is(
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
    told = await operator.ask("/bad 1")
    await operator.ask("/undo")
    assert (await post_of(store, 1)).wanted
    await operator.press(told, "Removed by hand").answered()
    assert (await post_of(store, 1)).state is PostState.SENT


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


async def test_a_forwarded_post_tells_which_message_it_is_so_that_it_can_be_removed(
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
    (message,) = channel.visible
    await operator.press(card, "It is posted").answered()
    await operator.ask("/bad 1")
    forwarded = operator.forward(message)
    await operator.ask("/why", reply_to=forwarded)
    await telegram.wait_until_deleted(message)


async def test_a_forwarded_post_answers_the_question_whether_it_is_there(
    bot: None,
    store: Store,
    telegram: Emulator,
    channel: Chat,
    office: Chat,
    operator: User,
    sender: Sender,
    clock: SetClock,
) -> None:
    await uncertain(store, telegram, sender, clock, office)
    (message,) = channel.visible
    told = await operator.ask("/why", reply_to=operator.forward(message))
    assert f"https://t.me/good_news/{message.id}" in told.links
    post = await post_of(store, 1)
    assert (post.state, post.message_id) == (PostState.SENT, message.id)
