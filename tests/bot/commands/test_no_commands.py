from __future__ import annotations

from pathlib import Path

import pytest

from bot.model import Reason
from bot.sending import Sender
from bot.store import Store
from tests.bot.commands.samples import actions, posted
from tests.emulator import (
    Chat,
    Emulator,
    User,
    utf16_length,
)
from tests.store.samples import (
    judged,
    queued,
)


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
