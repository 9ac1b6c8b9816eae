"""Operators change what decides, and see first what the change would have done."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from classifier import load_bundle
from classifier.saving import write_bundle
from classifier.text import Cleaner
from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer, Story
from tests.process.home import Home, Newsieve
from tests.process.model import write_model
from tests.process.pressing import pressed
from tests.process.stories import BRIDGE, FLOOD, GARDEN, LIBRARY, ROAD

pytestmark = pytest.mark.process

DOUBT = Story(
    "kryltso",
    "Новое крыльцо школы вызывает сомнение",
    "Плотники уверяют, что работа окончена, и показывают родителям ступени и перила.",
)


async def running(home: Home, news: NewsServer, *stories: Story) -> Newsieve:
    """Start newsieve on a feed with these stories; return once all are judged."""
    home.settings.setdefault("schedule", {})["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", list(reversed(stories))))
    newsieve = await home.start("run")
    await newsieve.wait_for_log("item_", count=len(stories))
    return newsieve


async def test_a_threshold_is_tried_out_applied_kept_and_taken_back(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE, FLOOD, ROAD)
    await telegram.wait_for_post(channel, count=2)
    assert "0.5 is in force: the model's own" in (await operator.ask("/threshold")).text

    card = await operator.ask("/threshold 0.4")
    assert "Threshold 0.4 in place of 0.5" in card.text
    assert "1 of 3 items of the last 7 days" in card.text
    assert "accepted → rejected: 1" in card.text
    assert ROAD.title in card.text
    assert "what is posted stays posted" in card.text
    assert "0.4 is in force: set by Оператор" in await pressed(telegram, operator, card, "Set 0.4")

    news.publish("/feed.xml", [DOUBT])
    await newsieve.wait_for_log("item_rejected", count=2)
    await newsieve.kill()
    assert len(channel.visible) == 2

    await home.start("run")
    shown = await operator.ask("/threshold")
    assert "0.4 is in force" in shown.text
    assert "0.5 again" in await pressed(telegram, operator, shown, "Undo")
    assert "0.5 is in force" in (await operator.ask("/threshold")).text


async def test_the_settings_threshold_is_the_base_and_a_changed_one_wins(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    home.settings["classifier"]["threshold"] = 0.45
    newsieve = await running(home, news, BRIDGE)
    card = await operator.ask("/threshold 0,7")
    told = await pressed(telegram, operator, card, "Set 0.7")
    assert "The settings say 0.45" in told
    await telegram.wait_until_confirmed()
    await newsieve.kill()

    home.settings["classifier"]["threshold"] = 0.3
    await home.start("run")
    assert "0.3 is in force: that of the settings" in (await operator.ask("/threshold")).text


async def test_a_card_of_another_time_changes_nothing_and_is_shown_anew(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    await running(home, news, BRIDGE, FLOOD, ROAD)
    old = await operator.ask("/threshold 0.4")
    (old_data,) = old.buttons.values()
    other = await operator.ask("/threshold 0.995")
    await pressed(telegram, operator, other, "Set 0.995")

    assert "changed since this card" in await pressed(telegram, operator, old, "Set")
    assert "in place of 0.995" in old.text
    assert "0.995 is in force" in (await operator.ask("/threshold")).text

    await pressed(telegram, operator, old, "Set")
    assert "0.4 already" in await operator.call_back(old, old_data).answered()
    assert "0.4 is in force" in (await operator.ask("/threshold")).text
    undone = await operator.press(other, "Undo").answered()
    assert undone == "The threshold has been changed since (Оператор): nothing was done."
    _, *done = (await operator.ask("/log")).text.split("\n")
    assert [line.rpartition(" · ")[2] for line in done] == ["threshold 0.4", "threshold 0.995"]


async def test_thresholds_that_are_none_are_refused(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    for said in (
        "1.1",
        "-0.5",
        "nan",
        "inf",
        "1e-3",
        "0.5.5",
        "0x1",
        "половина",
        "0.4 0.5",
        "9" * 4000,
    ):
        told = (await operator.ask(f"/threshold {said}")).text
        assert "a number from 0 to 1" in told, said
    assert "0.5 already" in (await operator.ask("/threshold 0.50")).text
    assert "Threshold 0.4 in place" in (await operator.ask("/threshold .4")).text
    assert "nothing to take back" in (await operator.ask("/threshold Undo")).text
    card = await operator.ask("/threshold 0.6")
    for forged in ("threshold:1000001:1", "threshold:600000", "threshold:600000:1", "unset:99"):
        await operator.call_back(card, forged).answered()
    await telegram.wait_until_confirmed()
    await newsieve.kill()
    assert home.query("SELECT count(*) FROM thresholds") == [(0,)]


async def test_with_nothing_decided_lately_there_is_nothing_to_try_on(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", []))
    await home.start("run")
    assert "Nothing was decided in the last 7 days" in (await operator.ask("/threshold 0.6")).text
    assert "Nothing was decided in the last 7 days" in (await operator.ask("/replay")).text
    card = await operator.ask("/rule add «мост» reject")
    assert "Nothing was decided in the last 7 days" in card.text
    assert "is in force now" in await pressed(telegram, operator, card, "Apply")


async def test_a_rule_that_rejects_is_tried_out_applied_and_removed(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE, GARDEN, FLOOD)
    assert "no rules yet" in (await operator.ask("/rule")).text

    card = await operator.ask("/rule add «яблоневые сады» reject")
    assert "not yet in force" in card.text
    assert "Found in 1 item." in card.text
    assert "accepted → rejected: 1" in card.text
    assert GARDEN.title in card.text
    assert "no rules yet" in (await operator.ask("/rule")).text
    assert "Rule 1 is in force now" in await pressed(telegram, operator, card, "Apply")
    assert "«яблоневые сады» in any form is rejected" in (await operator.ask("/rule")).text

    again = Story(
        "sad-2", "В яблоневом саду собрали урожай", "Яблок хватит на всю школу и на соседей."
    )
    news.publish("/feed.xml", [again])
    await newsieve.wait_for_log("item_rejected", count=2)
    told = (await operator.ask("/rejected")).text
    assert "rule 1 «яблоневые сады»" in told
    assert again.title in told

    removed = await operator.ask("/rule remove 1")
    assert "no longer in force" in removed.text
    assert "is not in force" in (await operator.ask("/rule remove 1")).text
    assert "Rule 1 is in force now" in await pressed(telegram, operator, removed, "Put back")
    assert "no longer in force" in await pressed(telegram, operator, removed, "Remove")
    assert "no rules yet" in (await operator.ask("/rule")).text


async def test_a_rule_that_accepts_posts_what_the_score_would_reject_but_no_duplicate(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    newsieve = await running(home, news, FLOOD)
    card = await operator.ask("/rule add «беда» accept")
    assert "rejected → accepted: 1" in card.text
    await pressed(telegram, operator, card, "Apply")

    dry = Story("boloto", "Беда миновала деревню", "Вода ушла из домов, жители вернулись к себе.")
    copy = Story("pavodok-2", FLOOD.title, FLOOD.text)
    news.publish("/feed.xml", [dry, copy])
    post = await telegram.wait_for_post(channel)
    assert dry.title in post.text
    await newsieve.wait_for_log("item_rejected", count=2)
    assert len(channel.visible) == 1
    assert "duplicate" in (await operator.ask("/rejected")).text


async def test_preview_tells_what_the_rules_and_the_threshold_in_force_would_do(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE, GARDEN)
    await pressed(telegram, operator, await operator.ask("/rule add мост reject"), "Apply")
    await pressed(telegram, operator, await operator.ask("/threshold 0"), "Set 0")
    await telegram.wait_until_confirmed()
    await newsieve.kill()
    feed = news.publish("/feed.xml", [BRIDGE, GARDEN])
    seen = json.loads((await home.do("preview", feed, "--json")).out)
    told = {look["title"]: (look["reason"], look["detail"], look["threshold"]) for look in seen}
    assert told == {BRIDGE.title: ("rule", "1 «мост»", 0), GARDEN.title: ("bad", "", 0)}


async def test_rules_that_are_none_are_refused_with_the_way_to_write_them(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    usage = "/rule add «a phrase» reject"
    for said, told in (
        ("add", usage),
        ("add мост", usage),
        ("add «мост» maybe", usage),
        ("drop 1", usage),
        ("add «» reject", "no words"),
        ("add * reject", "no words"),
        ("add дом * reject", "both sides"),
        ("add " + "мост " * 700 + "reject", "letters"),
        ("remove один", usage),
        ("remove 99", "There is no rule 99."),
    ):
        assert told in (await operator.ask(f"/rule {said}")).text, said
    card = await operator.ask('/rule add "мост * реку" reject')
    for forged in ("rule:99:1", "unrule:99", "unrule:1", "rule:1"):
        await operator.call_back(card, forged).answered()
    await telegram.wait_until_confirmed()
    await newsieve.kill()
    assert home.query("SELECT count(*) FROM phrase_rules WHERE applied_at IS NOT NULL") == [(0,)]


async def test_the_same_rule_or_its_opposite_is_not_added_twice(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    await running(home, news, BRIDGE)
    first = await operator.ask("/rule add мост reject")
    second = await operator.ask("/rule add мост accept")
    await pressed(telegram, operator, first, "Apply")
    assert "says so already" in (await operator.ask("/rule add «Мост!» reject")).text
    assert "says the opposite" in (await operator.ask("/rule add мост accept")).text
    assert "says the opposite" in await operator.press(second, "Apply").answered()
    (listed,) = [await operator.ask("/rule")]
    assert "1 rule" in listed.text


async def test_what_changes_is_in_the_audit_with_who_did_it(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    await pressed(telegram, operator, await operator.ask("/threshold 0.6"), "Set")
    await pressed(telegram, operator, await operator.ask("/rule add мост reject"), "Apply")
    stranger = telegram.add_user(666, "Чужой")
    stranger.say("/threshold 0.9")
    stranger.say("/rule remove 1")
    stranger.say("/replay")
    await operator.ask("/status")
    await telegram.wait_until_confirmed()
    await newsieve.kill()
    assert home.query("SELECT value, operator_name FROM thresholds") == [(0.6, "Оператор")]
    assert home.query("SELECT phrase, removed_at FROM phrase_rules") == [("мост", None)]
    done = home.query(
        "SELECT command FROM actions WHERE operator_id != 666 AND allowed ORDER BY id"
    )
    words = [command.split()[0] for (command,) in done]
    assert words == ["threshold", "threshold", "rule", "rule", "status"]
    assert home.query("SELECT count(*) FROM actions WHERE operator_id = 666 AND NOT allowed") == [
        (3,)
    ]


async def test_a_press_delivered_twice_is_done_once(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    newsieve = await running(home, news, BRIDGE)
    card = await operator.ask("/threshold 0.6")
    await pressed(telegram, operator, card, "Set")
    await operator.ask("/status")
    await telegram.wait_until_confirmed()
    presses = [one for one in telegram.world.confirmed if "callback_query" in one]
    telegram.redeliver(presses[-1]["update_id"])
    await operator.ask("/status")
    await telegram.wait_until_confirmed()
    await newsieve.kill()
    assert home.query("SELECT value FROM thresholds") == [(0.6,)]


def put_candidate(home: Home) -> str:
    """Put a model that minds nothing at all where models lie; return its folder's name."""
    path = write_model(home.folder / "candidate.json", worry=0.0)
    bundle = load_bundle(path, cleaner=Cleaner(yo=False))
    models = home.folder / "models"
    models.mkdir(exist_ok=True)
    written = write_bundle(bundle, models / "dobryak")
    shutil.move(models / "dobryak", models / written.identity)
    return written.identity


async def test_a_candidate_is_replayed_and_brought_into_use(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    name = put_candidate(home)
    newsieve = await running(home, news, BRIDGE, FLOOD, LIBRARY)
    now = await operator.ask("/replay")
    assert "0 of 3 items" in now.text
    assert "Compared with what was decided at the time." in now.text
    assert name in now.text

    card = await operator.ask(f"/replay {name[:6]}")
    assert f"The model {name} in place of" in card.text
    assert "Compared with what would be decided now" in card.text
    assert "rejected → accepted: 1" in card.text
    assert FLOOD.title in card.text
    assert f"{name} is in use." in await pressed(telegram, operator, card, "Use this model")
    (data,) = [query["data"] for query in _presses(telegram)][-1:]
    assert "in use already" in await operator.call_back(card, data).answered()

    assert "rejected → accepted: 1" in (await operator.ask("/replay")).text
    other = Story(
        "beda", "Беда не приходит одна", "Пословица, которую в школе разбирали на уроке чтения."
    )
    news.publish("/feed.xml", [other])
    await newsieve.wait_for_log('"item_accepted"', count=3)
    assert name in (await operator.ask("/model")).text


def _presses(telegram: Emulator) -> list[dict[str, str]]:
    updates = [*telegram.world.confirmed, *telegram.world.updates]
    return [one["callback_query"] for one in updates if "callback_query" in one]


async def test_models_that_cannot_be_replayed_are_told(
    home: Home, news: NewsServer, telegram: Emulator, operator: User
) -> None:
    broken: Path = home.folder / "models" / "slomana"
    broken.mkdir(parents=True)
    (broken / "manifest.json").write_text("{}", encoding="utf-8")
    await running(home, news, BRIDGE)
    operator.language = "ru"
    told = (await operator.ask("/replay slom")).text
    assert "manifest.json: schema: ожидалось: целое число; найдено: ничего" in told
    operator.language = None
    told = (await operator.ask("/replay ../../etc")).text
    assert "No other model" in told
    assert "slomana" in told
    card = await operator.ask("/threshold 0.6")
    assert "no longer there" in await operator.call_back(card, "model:5:5").answered()
