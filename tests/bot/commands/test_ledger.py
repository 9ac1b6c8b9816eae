from __future__ import annotations

import re
from dataclasses import replace

from bot.commands import Desk, Request, answer
from bot.commands.answer import COMMANDS
from bot.model import Operator, Reason
from bot.routing import Routing
from bot.sending import Sender
from bot.store import Store
from tests.bot.conftest import SetClock
from tests.emulator import (
    Chat,
    Emulator,
    User,
    bad_request,
    forbidden,
    parse_html,
    utf16_length,
)
from tests.emulator.methods import TEXT_LIMIT
from tests.store.samples import (
    CHANNEL,
    HOUR,
    NOW,
    item,
    judged,
    queued,
    record,
    verdict,
)


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
    assert reply.links[::2] == [item(3).url, item(2).url]


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
    assert "15 sources, 0 broken, 15 failing just now\n• 0 <источник>" in text
    assert re.search(r"… and \d+ more$", text)


async def test_status_tells_nothing_of_sources_that_left_the_settings(
    bot: None, store: Store, operator: User
) -> None:
    for name in ("gazeta", "forgotten"):
        await store.sources.record_failure(name, "timeout", at=NOW, due_at=NOW + HOUR)
    reply = await operator.ask("/status")
    assert "1 source, 0 broken, 1 failing just now" in reply.text
    assert "gazeta" in reply.text
    assert "forgotten" not in reply.text


async def test_status_tells_how_often_a_source_has_failed(
    bot: None, store: Store, operator: User
) -> None:
    for failures in ("once", "2 times in a row"):
        await store.sources.record_failure("gazeta", "timeout", at=NOW, due_at=NOW + HOUR)
        assert f"gazeta: timeout (failed {failures}, next" in (await operator.ask("/status")).text


async def test_status_tells_what_was_refused_within_the_day(
    bot: None, store: Store, telegram: Emulator, operator: User, sender: Sender, clock: SetClock
) -> None:
    telegram.inject(
        "sendMessage",
        bad_request("wrong type of the web page content"),
        times=None,
        when=lambda call: call["chat_id"] == CHANNEL,
    )
    await queued(store, 1)
    await sender.drain()
    told = (await operator.ask("/status")).text
    assert "0 posts pending.\n1 could not be posted; /good with its id tries again:\n• #1 " in told
    assert "wrong type of the web page content" in told.lower()
    clock.advance(days=2)
    assert "could not be posted" not in (await operator.ask("/status")).text


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
    assert "@good_news: 0 posted. 1 post pending." in reply.text
    assert "#3 queued for @good_news: Forbidden: bot was kicked" in reply.text
    assert "1 source, 0 broken, 1 failing just now" in reply.text
    assert "gazeta: 404 <Not Found> (failed once" in reply.text


async def test_a_listed_post_tells_when_it_went_out_where_and_what_somebody_said_of_it(
    bot: None, store: Store, channel: Chat, operator: User, sender: Sender
) -> None:
    await judged(store, Reason.BAD, 1)
    await operator.ask("/good 1")
    await sender.resting.wait()
    (message,) = channel.visible
    reply = await operator.ask("/last")
    assert reply.links == [item(1).url, f"https://t.me/good_news/{message.id}"]
    posted = re.search(r"↳ posted in @good_news, .*\d\d:\d\d.*; labelled good by", reply.text)
    assert posted is not None
    rejected = (await operator.ask("/rejected")).text
    assert re.search(r"\d\d:\d\d.*\n↳ posted in @good_news", rejected) is not None
    assert f"https://t.me/good_news/{message.id}" in (await operator.ask("/why 1")).links


async def test_a_rejection_that_nobody_has_touched_takes_one_line(
    bot: None, store: Store, operator: User
) -> None:
    await judged(store, Reason.BAD)
    assert "↳" not in (await operator.ask("/rejected")).text


async def test_status_and_sources_count_the_same(bot: None, store: Store, operator: User) -> None:
    await store.sources.record_failure("gazeta", "timeout", at=NOW, due_at=NOW + HOUR)
    counted = "1 source, 0 broken, 1 failing just now"
    assert counted in (await operator.ask("/status")).text
    assert counted in (await operator.ask("/sources")).text
