"""What happens while newsieve is killed: plays of many acts, each beginning where one ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.model import Reason
from tests.emulator import bad_request, drop_after, drop_before, flood, server_error
from tests.store.samples import CHANNEL
from tests.storm.newsroom import Newsroom
from tests.storm.play import Act, Happen, Play, Trouble
from tests.storm.scene import OFFICE, Setting

OTHER = "@more_good_news"


def accept(*numbers: int) -> Happen:
    return _judge(Reason.GOOD, *numbers)


def say(command: str, number: int) -> Happen:
    """An operator writes a command, of which newsieve hears as soon as it listens."""

    async def happen(newsroom: Newsroom) -> None:
        newsroom.say(command, number)

    return happen


def do(command: str, number: int) -> Happen:
    """An operator's command is done at once."""

    async def happen(newsroom: Newsroom) -> None:
        await newsroom.do(command, number)

    return happen


def each(*happenings: Happen) -> Happen:
    async def happen(newsroom: Newsroom) -> None:
        for one in happenings:
            await one(newsroom)

    return happen


def _judge(reason: Reason, *numbers: int, image: str | None = None) -> Happen:
    async def happen(newsroom: Newsroom) -> None:
        for number in numbers:
            await newsroom.judge(number, reason, image=image)

    return happen


def accept_with_picture(number: int) -> Happen:
    return _judge(Reason.GOOD, number, image=f"https://gazeta.example/{number}.png")


def reject(*numbers: int) -> Happen:
    return _judge(Reason.BAD, *numbers)


def reprint(number: int, first: int) -> Happen:
    async def happen(newsroom: Newsroom) -> None:
        await newsroom.reprint(number, first)

    return happen


def let_delete(is_allowed: bool) -> Happen:
    async def happen(newsroom: Newsroom) -> None:
        newsroom.channel(CHANNEL).can_delete = is_allowed

    return happen


async def give_up(newsroom: Newsroom) -> None:
    """Let a day go by in which nothing can be sent, so that what waits is given up."""
    queued_before, newsroom.now = (
        newsroom.now + timedelta(hours=1),
        newsroom.now + timedelta(days=1),
    )
    assert await newsroom.hand.posts.expire(
        CHANNEL, queued_before=queued_before, at=newsroom.now, sure=timedelta(), error="too late"
    )


async def begin_to_premoderate(newsroom: Newsroom) -> None:
    """Let the channel be premoderated: what is not seen by now waits."""
    newsroom.setting = replace(newsroom.setting, premoderated=frozenset({CHANNEL}))
    newsroom.withhold_unseen(CHANNEL)


ONE_CHANNEL = Play(
    Setting(),
    {
        "the first post ever": Act(accept(1), is_thorough=True),
        "two posts": Act(accept(2, 3)),
        "an answer that is lost": Act(
            accept(4), (Trouble("sendMessage", drop_after()),), is_thorough=True
        ),
        "a request that is lost": Act(
            accept(5), (Trouble("sendMessage", drop_before()),), is_thorough=True
        ),
        "a flood limit, then markup that is refused": Act(
            accept(6),
            (
                Trouble("sendMessage", flood(3)),
                Trouble("sendMessage", bad_request("can't parse entities")),
            ),
        ),
        "a removal that fails at first": Act(
            say("bad", 1), (Trouble("deleteMessage", server_error()),), is_thorough=True
        ),
        "a removal that is refused": Act(each(let_delete(False), say("bad", 2))),
        "a post that comes back by an edit": Act(
            say("undo", 2), (Trouble("editMessageText", drop_after()),)
        ),
        "another source with the text": Act(
            reprint(7, 3), (Trouble("editMessageText", drop_after()),)
        ),
        "a source that is named no more": Act(say("bad", 7)),
        "a removal that is taken back meanwhile": Act(
            each(let_delete(True), say("bad", 4)), meanwhile=say("undo", 4)
        ),
        "a picture whose answer is lost": Act(
            accept_with_picture(8), (Trouble("sendPhoto", drop_after()),)
        ),
    },
)
LABELLED = Play(
    Setting(),
    {
        "one that was given up, called good": Act(
            each(accept(1), give_up, say("good", 1)), (Trouble("sendMessage", drop_before()),)
        ),
        "called bad": Act(say("bad", 1), (Trouble("deleteMessage", drop_before()),)),
        "a removed one that is called good": Act(
            say("good", 1), (Trouble("sendMessage", drop_after()),)
        ),
        "that label taken back": Act(say("undo", 1), (Trouble("deleteMessage", drop_after()),)),
        "a rejected one that is called good": Act(each(reject(2), say("good", 2))),
        "taken back while it acts": Act(
            each(reject(3), say("good", 3)), during=("sendMessage", do("undo", 3))
        ),
        "taken back meanwhile": Act(each(reject(4), say("good", 4)), meanwhile=say("undo", 4)),
        "premoderation that begins in doubt": Act(
            accept(5), (Trouble("sendMessage", drop_before()),), meanwhile=begin_to_premoderate
        ),
    },
)
NO_SCRATCH_CHAT = Play(
    Setting(has_scratch_chat=False),
    {
        "the answer to the first post ever is lost": Act(
            accept(1), (Trouble("sendMessage", drop_after()),)
        ),
        "a request is lost, and lost again": Act(
            accept(2), (Trouble("sendMessage", drop_before()),) * 2
        ),
        "a question is lost, and comes twice": Act(
            accept(3),
            (
                Trouble("sendMessage", drop_after()),
                Trouble("sendMessage", drop_before(), OFFICE),
                Trouble("sendMessage", drop_after(), OFFICE),
            ),
        ),
        "a picture's answer is lost, and the operator's": Act(
            accept_with_picture(4), (Trouble("sendPhoto", drop_after()),), is_deaf=True
        ),
        "a removal that only people can make": Act(say("bad", 1)),
        "called bad while it is asked about": Act(
            accept(5), (Trouble("sendMessage", drop_after()),), meanwhile=say("bad", 5)
        ),
    },
)
PREMODERATED = Play(
    Setting(premoderated=frozenset({CHANNEL})),
    {
        "one called good, and one that waits": Act(
            each(accept(1), say("good", 1)), during=("sendMessage", accept(2))
        ),
        "called good while another is sent": Act(
            each(accept(3), say("good", 2)),
            (Trouble("sendMessage", drop_after()),),
            during=("sendMessage", do("good", 3)),
        ),
        "called good meanwhile": Act(each(accept(4, 5), say("good", 4)), meanwhile=say("good", 5)),
        "one called bad, and one that was good": Act(
            each(accept(6), say("bad", 6), say("bad", 3)), meanwhile=say("undo", 3)
        ),
        "taken back while it is sent": Act(
            each(accept(7), say("good", 7)), during=("sendMessage", do("undo", 7))
        ),
        "called good again": Act(say("good", 7), (Trouble("sendMessage", drop_before()),)),
    },
)
TWO_CHANNELS = Play(
    Setting(chats=(CHANNEL, OTHER)),
    {
        "the first post in both": Act(accept(1)),
        "lost on the way there, and on the way back": Act(
            accept(2),
            (
                Trouble("sendMessage", drop_before()),
                Trouble("sendMessage", drop_after(), OTHER),
            ),
        ),
        "a flood limit in one": Act(
            accept(3), (Trouble("sendMessage", flood(1000)),), prompt=OTHER
        ),
        "called bad": Act(say("bad", 2), (Trouble("deleteMessage", server_error(), OTHER),)),
        "called bad while it is sent": Act(accept(4), during=("sendMessage", do("bad", 4))),
        "taken back, and taken back meanwhile": Act(say("undo", 4), meanwhile=say("undo", 2)),
    },
)
PLAYS = {
    "one channel": ONE_CHANNEL,
    "labelled": LABELLED,
    "no scratch chat": NO_SCRATCH_CHAT,
    "premoderated": PREMODERATED,
    "two channels": TWO_CHANNELS,
}
