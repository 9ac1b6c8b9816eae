"""The model learns while newsieve works, and whatever ends that leaves a model that works."""

from __future__ import annotations

import asyncio
import json
import shutil
import signal
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from aiohttp import web

from bot.current import look_up
from bot.store import Store
from classifier import load_bundle
from classifier.base import BaseData
from classifier.saving import write_bundle
from classifier.training.lessons import Lesson
from config import load_settings
from tests.classifier.retraining import LOTTERY, TOWN, corrections, poisoned, small_model, texts
from tests.emulator import Chat, Emulator, User
from tests.newsserver import RSS, NewsServer, Story, page, rss
from tests.process.home import Home
from tests.store.taught import teach

pytestmark = pytest.mark.process

NEWS = [Story(f"news{number}", "Новый день", text) for number, text in enumerate(texts(6, TOWN, 7))]
RAFFLES = [
    Story(f"raffle{number}", "Новый день", text)
    for number, text in enumerate(texts(3, LOTTERY, 8, known=6))
]


def use_small_model(home: Home, *, times: int = 1) -> None:
    """Let the settings name the small model; its base data so many times make training long."""
    bundle = small_model()
    base = bundle.base_data()
    assert base is not None
    ends = [base.offsets[1:] + len(base.ids) * number for number in range(times)]
    many = BaseData(
        np.tile(base.ids, times),
        np.concatenate([[0], *ends]),
        np.tile(base.labels, times),
        np.tile(base.reference, times),
    )
    write_bundle(replace(bundle, base=many), home.folder / "start")
    home.settings["classifier"] = {"model": "start"}


async def label(home: Home, lessons: Sequence[Lesson], url: str | None = None) -> None:
    async with await Store.open(url or f"sqlite:///{home.database}") as store:
        await teach(store, lessons)


async def in_use(home: Home) -> str:
    """Return the folder of the model in use, which can be loaded."""
    settings = load_settings(home.folder / "newsieve.toml")
    async with await Store.open(settings.store_url) as store:
        found = await look_up(settings, store)
    load_bundle(found.path)
    return found.path.name


async def test_a_better_model_comes_into_use_and_a_rollback_takes_it_back(home: Home) -> None:
    use_small_model(home)
    await label(home, corrections())

    tried = await home.do("retrain", "--dry-run", "--json")
    assert json.loads(tried.out)["answer"] == "accepted"
    assert await in_use(home) == "start"

    told = json.loads((await home.do("retrain", "--json")).out)
    assert told["in_use"]["model"] == told["model"]
    listed = json.loads((await home.do("model", "list", "--json")).out)
    (active,) = [row for row in listed if row["active"]]
    assert active["path"].endswith(told["in_use"]["folder"])
    assert str(home.folder / "start") in [row["path"] for row in listed]
    checked = await home.do("check", "--json")
    (model,) = [one for one in json.loads(checked.out)["checks"] if one["what"] == "model"]
    assert model["detail"].startswith(told["model"])
    assert "retrained, in place of small-" in model["detail"]

    again = await home.do("model", "rollback")
    assert again.out.startswith(f"{told['model']} is no longer in use; small-")
    assert await in_use(home) == "start"
    assert "no model to go back to" in (await home.do("model", "rollback")).complaint(1)


async def test_a_poisoned_batch_is_refused_and_told_so(home: Home) -> None:
    use_small_model(home)
    await label(home, poisoned(120))

    ended = await home.do("retrain")

    assert ended.code == 0, ended.log
    assert ended.out.startswith("Refused: ")
    assert "The model in use stays." in ended.out
    assert await in_use(home) == "start"


async def test_too_few_labels_are_an_answer(home: Home) -> None:
    use_small_model(home)
    ended = await home.do("retrain")
    assert ended.code == 0, ended.log
    assert ended.out.startswith("Too few to tell: ")


async def test_a_file_takes_the_place_of_base_data(home: Home) -> None:
    use_small_model(home)
    write_bundle(replace(small_model(), base=None), home.folder / "start")
    await label(home, corrections())
    complaint = (await home.do("retrain")).complaint(1)
    assert "cannot be retrained here" in complaint
    assert "--data FILE" in complaint
    assert "nowhere.jsonl: no such file" in (
        await home.do("retrain", "--data", "nowhere.jsonl")
    ).complaint(1)


async def test_a_training_killed_at_any_moment_leaves_a_model_that_works(home: Home) -> None:
    use_small_model(home, times=8)
    await label(home, corrections())
    for epochs in (1, 8):
        training = await home.start("--verbose", "retrain")
        await training.wait_for_log('"epoch_trained"', count=epochs)
        await training.kill()
        assert await in_use(home) == "start"
        assert not list(home.folder.glob("models/*"))

    ended = await home.do("retrain", "--json")

    assert json.loads(ended.out)["answer"] == "accepted"
    assert await in_use(home) == json.loads(ended.out)["in_use"]["folder"]


async def test_an_interrupted_training_ends_soon_and_changes_nothing(home: Home) -> None:
    use_small_model(home, times=8)
    await label(home, corrections())
    training = await home.start("--verbose", "retrain")
    await training.wait_for_log('"epoch_trained"')

    training.send(signal.SIGINT)

    ended = await training.end(timeout=30)
    assert ended.code == 130
    assert "Traceback" not in ended.log
    assert await in_use(home) == "start"


async def test_a_second_training_waits_for_nobody(home: Home) -> None:
    use_small_model(home, times=8)
    await label(home, corrections())
    first = await home.start("--verbose", "retrain")
    await first.wait_for_log('"epoch_trained"')

    complaint = (await home.do("retrain")).complaint(1)

    assert all(word in complaint for word in ("another newsieve", str(first.pid)))


async def test_a_switch_by_another_process_is_followed_and_no_post_is_lost(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    use_small_model(home)
    await label(home, corrections())
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:2]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel, count=2)

    switched = json.loads((await home.do("retrain", "--json")).out)["model"]
    news.publish("/feed.xml", [*NEWS, *RAFFLES])
    await telegram.wait_for_post(channel, count=6)
    await newsieve.wait_for_log('"item_rejected"', count=3)

    await newsieve.kill()
    assert newsieve.log.count('"model_switched"') == 1
    assert len(channel.visible) == len(NEWS)
    judged = dict(home.query("SELECT model, count(*) FROM verdicts WHERE score > 0 GROUP BY model"))
    assert judged[switched] == 7


async def test_operators_retrain_and_roll_back_in_chat_while_posts_go_out(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    use_small_model(home, times=8)
    await label(home, corrections())
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:1]))
    newsieve = await home.start("--verbose", "run")
    await telegram.wait_for_post(channel)
    assert "The model of the settings is in use" in (await operator.ask("/model")).text

    # A run is under way when the training begins: what it brings is not long in coming.
    asked, may_answer = len(news.requests_of("/feed.xml")), asyncio.Event()
    feed = page(rss(NEWS[:2], news.address("")), RSS)

    async def held(request: web.Request) -> web.StreamResponse:
        await may_answer.wait()
        return await feed(request)

    news.publish("/feed.xml", NEWS[:2])
    news.serve("/feed.xml", held)
    await news.wait_for_request("/feed.xml", count=asked + 1)
    assert "The training begins" in (await operator.ask("/retrain")).text
    await newsieve.wait_for_log('"epoch_trained"')
    assert "under way already" in (await operator.ask("/retrain")).text
    may_answer.set()
    await telegram.wait_for_post(channel, count=2)
    assert '"model_trained"' not in newsieve.log

    told = await telegram.wait_for_message(operator.chat, containing="takes the place of")
    assert told.text.startswith("Accepted: it cures 18 of 18 mistakes")
    shown = (await operator.ask("/model")).text
    assert "small-r1-" in shown
    assert "Retrained by Оператор" in shown
    assert "The last training" in shown
    gone = (await operator.ask("/model rollback")).text
    assert "is no longer in use" in gone
    assert "no model to go back to" in (await operator.ask("/model Rollback")).text
    assert "/model rollback" in (await operator.ask("/model show")).text
    await newsieve.kill()
    assert newsieve.log.count('"model_switched"') == 2
    assert await in_use(home) == "start"


async def test_a_rollback_delivered_twice_goes_back_once(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    use_small_model(home)
    write_bundle(replace(small_model(), name="second"), home.folder / "second")
    home.settings["classifier"]["threshold"] = 0.5
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:1]))
    tampered = replace(small_model(), name="third", network=small_model().network)
    tensors = {name: tensor * np.float32(0.5) for name, tensor in tampered.network.tensors.items()}
    network = type(tampered.network)(tampered.network.spec, tensors)
    write_bundle(replace(tampered, network=network, parity=None), home.folder / "third")
    for name in ("second", "third"):
        assert (await home.do("model", "install", name)).code == 0
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel)
    first = await operator.ask("/model rollback")
    await telegram.wait_until_confirmed()

    telegram.redeliver(telegram.world.confirmed[-1]["update_id"])

    again = await telegram.wait_for_message(operator.chat, after=first.id)
    assert again.text == "This was done already."
    await newsieve.kill()
    assert (await in_use(home)).startswith("second-")


async def test_the_end_of_run_does_not_wait_for_a_training(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    use_small_model(home, times=30)
    await label(home, corrections())
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:1]))
    newsieve = await home.start("--verbose", "run")
    await telegram.wait_for_post(channel)
    await operator.ask("/retrain")
    await newsieve.wait_for_log('"epoch_trained"')

    newsieve.send(signal.SIGTERM)

    ended = await newsieve.end(timeout=30)
    assert ended.code == 0, ended.log
    assert '"model_trained"' not in ended.log
    assert await in_use(home) == "start"


async def test_a_command_that_waits_for_once_is_obeyed_by_it(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    use_small_model(home)
    await label(home, corrections())
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:1]))
    await home.do("once")
    operator.say("/retrain")

    assert (await home.do("once")).code == 0

    await telegram.wait_for_message(operator.chat, containing="takes the place of")
    assert (await in_use(home)).startswith("small-r1-")


async def test_a_model_in_use_that_is_gone_stops_the_start_and_tells_the_way_back(
    home: Home, news: NewsServer
) -> None:
    use_small_model(home)
    await label(home, corrections())
    await home.do("retrain")
    shutil.rmtree(home.folder / "models")
    home.add_source("Вести", news.publish("/feed.xml", NEWS[:1]))

    for command in ("run", "once"):
        assert "newsieve model rollback" in (await home.do(command)).complaint(1)

    assert (await home.do("model", "rollback")).code == 0
    assert (await home.do("once")).code == 0


@pytest.mark.database
async def test_the_same_on_postgresql(home: Home, postgres_url: str) -> None:
    use_small_model(home)
    home.settings["store"]["url"] = postgres_url
    await label(home, corrections(), postgres_url)
    told, other = await asyncio.gather(*(home.do("retrain", "--json") for _ in range(2)))
    answers = [json.loads(one.out) for one in (told, other) if one.code == 0]
    assert sum(bool(one["in_use"]) for one in answers) == 1
    assert (await in_use(home)).startswith("small-r1-")
    assert (await home.do("model", "rollback")).code == 0
    assert await in_use(home) == "start"
