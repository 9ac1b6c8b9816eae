"""Whatever people, other programs and Telegram itself send: a plain line comes back, at most."""

from __future__ import annotations

import signal
from random import Random

import pytest

from bot.commands.answer import BUTTONS, COMMANDS
from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home, Newsieve
from tests.process.stories import BRIDGE, FLOOD, GARDEN, ROAD

pytestmark = pytest.mark.process

AS_EVER = {"start", "help", "status"}
"""Commands that answer the same, whatever follows them."""

ARGUMENTS = {
    "letters": "я" * 4000,
    "words": "слово " * 660,
    "figures": "9" * 4000,
    "beyond every integer": str(2**64),
    "below zero": "-1",
    "markup": "<b>'\"; DROP TABLE items; --&amp;\u202e\U0001f600",
    "braces": "{number} {0} %s",
}
NUMBERS = ["", ":", ":0", ":-1", f":{2**63}", ":999999999", ":999999999:999999999999", ":1:1:1"]
NUMBERS += [":٣", ":1:-1", ":1 OR 1=1", ":1\n", ":0x1"]
OTHERS_NUMBERS = ":1:1"

KEPT = ("labels", "skips", "thresholds", "phrase_rules", "pauses", "models")


async def running(home: Home, news: NewsServer, telegram: Emulator, channel: Chat) -> Newsieve:
    """Start newsieve; item 1 is posted, item 2 rejected."""
    home.add_source("Вести", news.publish("/feed.xml", [FLOOD, BRIDGE]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"item_rejected"')
    await newsieve.wait_for_log('"post_sent"')
    await telegram.wait_for_poll()
    return newsieve


async def stopped(home: Home, newsieve: Newsieve, channel: Chat) -> None:
    """Stop it, and see that nothing has gone wrong and nothing was changed."""
    newsieve.send(signal.SIGTERM)
    ended = await newsieve.end()
    assert ended.code == 0
    assert "Traceback" not in ended.log
    assert [one["message"] for one in ended.records if one["level"] in ("error", "critical")] == []
    assert {table: home.query(f"SELECT count(*) FROM {table}") for table in KEPT} == {
        table: [(0,)] for table in KEPT
    }
    assert [BRIDGE.title in post.text for post in channel.visible] == [True]


async def test_each_command_answers_nonsense_in_one_line_and_does_nothing(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    odd: dict[str, str] = {}
    for command in COMMANDS:
        for kind, argument in ARGUMENTS.items():
            told = (await operator.ask(f"/{command} {argument}")).text
            if command not in AS_EVER and ("\n" in told or len(told) > 400):
                odd[f"/{command} with {kind}"] = told
    assert odd == {}
    await stopped(home, newsieve, channel)


async def test_forged_buttons_are_answered_and_do_nothing(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    card = await operator.ask("/why 1")
    random = Random(6)
    forged = [f"{word}{numbers}" for word in BUTTONS for numbers in [*NUMBERS, OTHERS_NUMBERS]]
    forged += [random.randbytes(random.randint(1, 64)).decode("latin-1")[:64] for _ in range(30)]
    for data in forged:
        told = await operator.call_back(card, data).answered()
        assert "\n" not in told, data
    await stopped(home, newsieve, channel)


async def test_a_message_edited_into_a_command_is_none(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    said = operator.say("/help")
    first = await telegram.wait_for_message(operator.chat, after=said.id)
    operator.edit(said, "/bad 1")
    await operator.ask("/status")
    assert [message.text for message in operator.chat.from_bot][:1] == [first.text]
    assert len(operator.chat.from_bot) == 2
    await stopped(home, newsieve, channel)


async def test_posts_of_other_channels_and_their_ids_are_not_ours(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, telegram, channel)
    alien = telegram.post_as_admin(telegram.add_channel("@elsewhere"), "Другое")
    for command in ("good", "bad", "undo", "why"):
        assert "no card or post of mine" in (await operator.ask(f"/{command}", reply_to=alien)).text
    for command in ("pause", "resume"):
        told = (await operator.ask(f"/{command} @elsewhere")).text
        assert told == "No channel of the settings is called @elsewhere. There are: @good_news."
    await stopped(home, newsieve, channel)


@pytest.mark.parametrize("trouble", ["blocked", "deactivated", "lost"])
async def test_an_operator_chat_that_is_shut_stops_nothing(
    home: Home,
    news: NewsServer,
    telegram: Emulator,
    channel: Chat,
    operator: User,
    trouble: str,
) -> None:
    office = telegram.add_user(7002, "Редакция", status=trouble)
    if trouble == "lost":
        del telegram.world.chats[office.id]
    other = telegram.add_channel("@culture", status="kicked")
    home.settings["channel"].append({"chat": "@culture"})
    home.settings["telegram"]["operator_chat"] = str(office.id)
    home.settings["classifier"]["review_band"] = [0.4, 0.6]
    home.settings["schedule"] = {"every": "1s", "slowest": "1s"}
    home.add_source("Вести", news.publish("/feed.xml", [ROAD, BRIDGE]))
    newsieve = await home.start("run")
    await newsieve.wait_for_log('"post_sent"')
    await newsieve.wait_for_log('"card_failed"')
    news.publish("/feed.xml", [GARDEN, ROAD, BRIDGE])
    await newsieve.wait_for_log('"post_sent"', count=2)
    assert "@culture" in (await operator.ask("/status")).text
    newsieve.send(signal.SIGTERM)
    ended = await newsieve.end()
    assert (ended.code, "Traceback" in ended.log) == (0, False)
    assert (len(channel.visible), other.visible) == (2, [])
    told = {one["message"] for one in ended.records_of("card_failed")}
    assert len(told) == 1


async def test_an_operator_whose_account_is_deleted_is_told_of_by_no_name_and_stops_nothing(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    gone = telegram.add_user(7003, "", language=None)
    home.settings["telegram"]["operators"].append(gone.id)
    newsieve = await running(home, news, telegram, channel)
    gone.say("/good 1")
    gone.chat.status = "deactivated"
    assert "good 1" in (await operator.ask("/log")).text
    assert "labelled good by an operator" in (await operator.ask("/why 1")).text
    await operator.ask("/undo 1")
    newsieve.send(signal.SIGTERM)
    ended = await newsieve.end()
    assert (ended.code, "Traceback" in ended.log) == (0, False)
