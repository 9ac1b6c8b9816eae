"""Alerts in the operators' chat, and what /sources shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.commands import Alerts, Desk, Request, answer
from bot.commands.alerts import BURST, Propose
from bot.commands.answer import COMMANDS
from bot.errors import PostError
from bot.health import Alert, Checkup, Health
from bot.language import speaking
from bot.model import Operator
from bot.routing import Routing
from bot.store import Store
from bot.telegram import Application
from scrapers.health import Condition
from tests.bot.conftest import STUCK, SetClock
from tests.emulator import (
    Emulator,
    User,
    bad_gateway,
    bad_request,
    drop_before,
    flood,
    parse_html,
    server_error,
    utf16_length,
)
from tests.store.samples import HOUR, NOW

FINE, DOWN, CHANGED = Condition.FINE, Condition.UNREACHABLE, Condition.LAYOUT_CHANGED


@pytest.fixture
def operator(telegram: Emulator) -> User:
    return telegram.add_user(7001, "operator one")


def alerts_for(
    store: Store, application: Application, operator: User, propose: Propose | None = None
) -> Alerts:
    return Alerts(application.bot, str(operator.id), store, propose, gather=0.02)


@pytest.fixture
def alerts(store: Store, application: Application, operator: User) -> Alerts:
    return alerts_for(store, application, operator)


async def queue(
    store: Store,
    name: str = "Районная газета",
    condition: Condition = CHANGED,
    *,
    before: Condition = FINE,
    detail: str = "nothing on the page matches '.news a'",
) -> None:
    alert = Alert(name, before, condition, detail, NOW - HOUR, NOW - 2 * HOUR, NOW)
    health = Health(condition, detail, 2, alert.since, condition, alert.good_at)
    await store.sources.record_failure(
        name, detail, at=NOW, due_at=NOW + HOUR, checkup=Checkup(health, alert)
    )


def texts(operator: User) -> list[str]:
    return [message.text for message in operator.chat.from_bot]


async def test_a_breakdown_is_told_with_what_is_wrong_and_the_last_good_run(
    store: Store, alerts: Alerts, operator: User
) -> None:
    await queue(store, detail="nothing matches <.news a>")
    await alerts.tell()
    assert texts(operator) == [
        "Районная газета gives no news: layout changed since 09 Mar 11:30 UTC.\n"
        "nothing matches <.news a>\n"
        "Last good run: 09 Mar 10:30 UTC."
    ]


async def test_what_was_told_is_not_told_again_by_another_process(
    store: Store, application: Application, operator: User
) -> None:
    await queue(store)
    for _ in range(3):
        await alerts_for(store, application, operator).tell()
    assert len(texts(operator)) == 1


async def test_a_recovery_and_a_move_are_told(store: Store, alerts: Alerts, operator: User) -> None:
    moved = "has moved for good to https://vesti.example/"
    await queue(store, "Вести", FINE, before=DOWN, detail="")
    await queue(store, "Радио", Condition.MOVED, detail=moved)
    await queue(store, "Маяк", Condition.MOVED, before=DOWN, detail=moved)
    await queue(store, "Заря", FINE, before=Condition.MOVED, detail="")
    await alerts.tell()
    assert texts(operator)[0].split("\n\n") == [
        "Вести works again. It was unreachable from 09 Mar 11:30 UTC on.",
        "Радио has moved for good to https://vesti.example/.\n"
        "It is still read. Better name the new address in its source.",
        "Маяк works again. It was unreachable from 09 Mar 11:30 UTC on.\n"
        "It has moved for good to https://vesti.example/.",
        "Заря answers at its own address again.",
    ]


# Proposals.


async def test_a_changed_layout_comes_with_a_proposal_and_nothing_else_does(
    store: Store, application: Application, operator: User
) -> None:
    asked = []

    async def propose(source: str) -> str | None:
        asked.append(source)
        return f'# {source}\nlink = ".cards > a"'

    await queue(store)
    await queue(store, "Вести", DOWN, detail="no answer")
    await alerts_for(store, application, operator, propose).tell()
    assert asked == ["Районная газета"]
    changed, down = texts(operator)[0].split("\n\n")
    assert changed.endswith('like this:\n# Районная газета\nlink = ".cards > a"')
    assert "like this" not in down


async def test_a_proposal_is_looked_for_once_however_often_the_alert_is_sent(
    store: Store, application: Application, telegram: Emulator, operator: User
) -> None:
    asked = []

    async def propose(source: str) -> str | None:
        asked.append(source)
        return None

    telegram.inject("sendMessage", flood(1), times=2)
    await queue(store)
    alerts = alerts_for(store, application, operator, propose)
    for _ in range(2):
        with pytest.raises(PostError):
            await alerts.tell()
    await alerts.tell()
    assert len(asked) == 1
    assert "like this" not in texts(operator)[0]


# Many at once.


async def test_a_network_that_fails_is_one_message(
    store: Store, alerts: Alerts, operator: User
) -> None:
    for number in range(200):
        await queue(store, f"Газета {number}", DOWN, detail="no answer " * 20)
    await queue(store, "Вести", FINE, before=DOWN, detail="")
    await alerts.tell()
    (text,) = texts(operator)
    assert "200 sources: unreachable" in text
    assert "perhaps it is the network of this machine" in text
    assert "• Газета 0: no answer" in text
    assert "more" in text.splitlines()[-1]
    assert utf16_length(text) <= 4096
    assert await store.alerts.waiting() == []


async def test_of_a_source_that_broke_and_recovered_meanwhile_the_end_is_told(
    store: Store, alerts: Alerts, operator: User
) -> None:
    for number in range(3):
        await queue(store, f"Газета {number}", DOWN)
        await queue(store, f"Газета {number}", FINE, before=DOWN)
    await alerts.tell()
    (text,) = texts(operator)
    assert text.splitlines()[:2] == ["3 sources work again", "• Газета 0"]
    assert "unreachable" not in text


async def test_a_few_long_alerts_take_as_many_messages_as_they_need(
    store: Store, application: Application, operator: User
) -> None:
    async def propose(_source: str) -> str | None:
        return 'link = "a"\n' * 500

    for number in range(5):
        await queue(store, f"Газета {number}", detail="<&> " * 200)
    await alerts_for(store, application, operator, propose).tell()
    told = "\n".join(texts(operator))
    assert all(told.count(f"Газета {number} gives") == 1 for number in range(5))
    assert len(texts(operator)) > 1


async def test_what_breaks_within_moments_is_told_together(
    store: Store,
    alerts: Alerts,
    telegram: Emulator,
    operator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop = asyncio.get_running_loop()
    moment = loop.time()
    async with running(alerts):
        with monkeypatch.context() as time_stands_still:
            time_stands_still.setattr(loop, "time", lambda: moment)
            for number in range(3):
                await queue(store, f"Газета {number}")
                alerts.wake()
        message = await telegram.wait_for_message(operator.chat)
    assert all(f"Газета {number}" in message.text for number in range(3))
    assert len(texts(operator)) == 1


async def test_alerts_are_told_in_the_language_of_the_settings(
    store: Store, alerts: Alerts, operator: User
) -> None:
    await queue(store, "Вести", FINE, before=DOWN, detail="")
    await queue(store, "Заря", DOWN, detail="its articles cannot be read: no <p>")
    await queue(store, "Радио", Condition.MOVED, detail="has moved for good to https://r.example/")
    with speaking("ru"):
        await alerts.tell()
    assert texts(operator)[0].split("\n\n") == [
        "Вести снова работает. Было: недоступен, с 09.03 11:30 UTC.",
        "Из источника Заря нет новостей: недоступен, с 09.03 11:30 UTC.\n"
        "статьи не удаётся прочитать: no <p>\n"
        "Последний удачный проход: 09.03 10:30 UTC.",
        "Радио: новый постоянный адрес — https://r.example/.\n"
        "Источник по-прежнему читается, но лучше указать в нём новый адрес.",
    ]


async def test_one_after_the_other_only_so_many_go_out_and_the_rest_is_told_together(
    store: Store, alerts: Alerts, operator: User
) -> None:
    for number in range(BURST):
        await queue(store, f"Газета {number}")
        await alerts.tell()
    assert len(texts(operator)) == BURST

    stop = asyncio.Event()
    await queue(store, "Вести")
    task = asyncio.create_task(alerts.tell(stop))
    done, _ = await asyncio.wait([task], timeout=0.2)
    stop.set()
    await task
    assert not done
    assert len(texts(operator)) == BURST
    assert len(await store.alerts.waiting()) == 1


# When Telegram does not take them.


@asynccontextmanager
async def running(alerts: Alerts) -> AsyncIterator[None]:
    stop = asyncio.Event()
    task = asyncio.create_task(alerts.run(stop))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(task, STUCK)


async def test_what_telegram_did_not_take_is_told_when_it_does(
    store: Store, alerts: Alerts, telegram: Emulator, operator: User
) -> None:
    telegram.inject("sendMessage", flood(1))
    async with running(alerts):
        await queue(store)
        alerts.wake()
        message = await telegram.wait_for_message(operator.chat)
    assert "layout changed" in message.text
    assert "Perhaps you have read this" not in message.text


@pytest.mark.parametrize("fault", [bad_gateway(done=True), server_error(), drop_before()])
async def test_what_may_have_arrived_is_told_again_and_says_so(
    store: Store, alerts: Alerts, telegram: Emulator, operator: User, fault: object
) -> None:
    telegram.inject("sendMessage", fault)  # type: ignore[arg-type]
    await queue(store)
    with pytest.raises(PostError):
        await alerts.tell()
    await alerts.tell()
    assert texts(operator)[-1].startswith("Perhaps you have read this before")
    assert await store.alerts.waiting() == []


async def test_what_was_being_told_when_the_process_died_says_so(
    store: Store, alerts: Alerts, operator: User
) -> None:
    await queue(store)
    (waiting,) = await store.alerts.waiting()
    await store.alerts.begin_telling([waiting.id], at=NOW)
    await alerts.tell()
    assert texts(operator)[0].startswith("Perhaps you have read this before")


async def test_an_alert_that_is_refused_for_good_holds_up_no_other(
    store: Store, alerts: Alerts, telegram: Emulator, operator: User
) -> None:
    telegram.inject("sendMessage", bad_request("message is too long"))
    await queue(store)
    await alerts.tell()
    await queue(store, "Вести")
    await alerts.tell()
    assert [text.split()[0] for text in texts(operator)] == ["Вести"]


# /sources


async def sources(store: Store, clock: SetClock, names: list[str], *words: str) -> str:
    routing = Routing({name: frozenset() for name in names}, {})
    desk = Desk(store, frozenset({7001}), routing, lambda: None, clock)
    who = Operator(7001, "operator one")
    reply = await answer(desk, Request(500, who, 7001, "sources", words), COMMANDS)
    text, _ = parse_html(reply.html)
    assert utf16_length(text) <= 4096
    return text


async def test_the_broken_sources_come_first_each_with_its_last_good_run(
    store: Store, clock: SetClock
) -> None:
    quiet = Condition.NOTHING_NEW
    fine = Health(quiet, standing=quiet, good_at=NOW, news_at=NOW - 5 * HOUR)
    await store.sources.record_run(
        "Вести", [], at=NOW, due_at=NOW, checkup=Checkup(Health(FINE, good_at=NOW, news_at=NOW))
    )
    suspected = Health(DOWN, "no answer", 1, NOW, FINE, NOW - HOUR)
    await store.sources.record_failure(
        "Заря", "no answer", at=NOW, due_at=NOW, checkup=Checkup(suspected)
    )
    await store.sources.record_run("Маяк", [], at=NOW, due_at=NOW, checkup=Checkup(fine))
    await queue(store, "Радио", detail="nothing matches <a>")
    await store.sources.ensure({"Янтарь": "https://yantar.example"}, at=NOW)
    names = ["Вести", "Заря", "Маяк", "Радио", "Янтарь"]
    assert (await sources(store, clock, names)).splitlines() == [
        "5 sources, 1 broken, 1 failing just now",
        "• Радио: layout changed since 09 Mar 11:30 UTC, last good run 09 Mar 10:30 UTC: "
        "nothing matches <a>",
        "• Вести: fine, last good run 09 Mar 12:30 UTC, last news 09 Mar 12:30 UTC",
        "• Заря: fine (unreachable just now?), last good run 09 Mar 11:30 UTC",
        "• Маяк: fine, nothing new, last good run 09 Mar 12:30 UTC, last news 09 Mar 07:30 UTC",
        "• Янтарь: not read yet",
    ]


async def test_of_many_sources_with_like_names_the_broken_ones_and_as_many_as_fit_are_shown(
    store: Store, clock: SetClock
) -> None:
    names = [f"Источник с длинным именем номер {number}" for number in range(300)]
    await store.sources.ensure(dict.fromkeys(names, "https://x.example"), at=NOW)
    await queue(store, names[-1])
    lines = (await sources(store, clock, names, "длинным", "именем")).splitlines()
    assert lines[0] == "300 sources, 1 broken"
    assert lines[1].startswith(f"• {names[-1]}: layout changed")
    assert lines[-1] == f"… and {300 - (len(lines) - 2)} more"


async def test_sources_can_be_asked_for_by_a_part_of_their_name(
    store: Store, clock: SetClock
) -> None:
    names = ["Вести Заречья", "Радио Заречье", "Маяк"]
    await store.sources.ensure(dict.fromkeys(names, "https://x.example"), at=NOW)
    assert "2 sources" in await sources(store, clock, names, "заречь")
    assert "1 source" in await sources(store, clock, names, "вести", "заречья")
    assert "No source has труд" in await sources(store, clock, names, "труд")


async def test_sources_that_left_the_settings_are_not_shown(store: Store, clock: SetClock) -> None:
    await queue(store, "Забытая газета")
    assert "Забытая" not in await sources(store, clock, ["Вести"])
