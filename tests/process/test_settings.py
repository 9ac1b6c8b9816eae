"""Wrong settings end in one clear line for each mistake, and nothing is begun."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.emulator import Chat, Emulator
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE

pytestmark = pytest.mark.process


@pytest.mark.parametrize("command", ["run", "once", "check"])
async def test_a_folder_without_settings(tmp_path: Path, command: str) -> None:
    ended = await Home(tmp_path, {}).do(command)

    complaint = ended.complaint(2)
    assert all(word in complaint for word in ("newsieve.toml", "newsieve init"))
    assert not list(tmp_path.iterdir())


async def test_a_named_file_that_is_not_there(tmp_path: Path) -> None:
    ended = await Home(tmp_path, {}).do("once", "--config", "absent.toml")

    assert "absent.toml" in ended.complaint(2)


async def test_a_file_that_is_not_toml(tmp_path: Path) -> None:
    (tmp_path / "newsieve.toml").write_text("[telegram\n", encoding="utf-8")

    assert "newsieve.toml" in (await Home(tmp_path, {}).do("once")).complaint(2)


async def test_every_wrong_key_is_named_at_once(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.address("/feed.xml"), evry="1h")
    home.settings["telegram"]["tokn"] = "x"
    home.settings["schedule"]["every"] = "soon"

    ended = await home.do("run")

    assert ended.code == 2
    assert "Traceback" not in ended.log
    told = "\n".join(ended.lines)
    assert all(word in told for word in ("telegram.tokn", "schedule.every", "evry"))
    assert not home.database.exists()


async def test_a_wrong_environment_variable_is_named(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.address("/feed.xml"))

    ended = await home.do("once", environment={"NEWSIEVE_SENDER__PER_MINUTE": "many"})

    assert "sender.per_minute" in ended.complaint(2)


async def test_a_token_from_the_environment_is_used(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    token = home.settings["telegram"].pop("token")

    ended = await home.do("once", environment={"NEWSIEVE_TELEGRAM__TOKEN": token})

    assert ended.code == 0, ended.log
    assert len(channel.visible) == 1


async def test_no_token(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.address("/feed.xml"))
    del home.settings["telegram"]["token"]

    assert "telegram.token" in (await home.do("run")).complaint(2)


@pytest.mark.parametrize("token", ["70010203:AAAnotherTokenOnLoopback_0123456789", "70010203:AA"])
@pytest.mark.parametrize("command", ["run", "once"])
async def test_a_wrong_token(home: Home, news: NewsServer, token: str, command: str) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.settings["telegram"]["token"] = token

    ended = await home.do(command)

    assert "telegram.token" in ended.complaint(2)
    assert token not in ended.log + ended.out


async def test_check_tells_a_wrong_token_and_a_broken_source(home: Home, news: NewsServer) -> None:
    home.add_source("сломан", news.address("/absent"))
    home.settings["telegram"]["token"] = "70010203:AAAnotherTokenOnLoopback_0123456789"

    ended = await home.do("check")

    assert ended.code == 2, ended.log
    told = ended.out + ended.log
    assert "Traceback" not in told
    assert all(word in told for word in ("сломан", "404", "token"))
    assert home.settings["telegram"]["token"] not in told


@pytest.mark.parametrize("command", ["run", "once"])
@pytest.mark.parametrize("shut", [{"can_post": False}, {"status": "left"}, {"status": "kicked"}])
async def test_a_channel_that_does_not_let_the_bot_in_is_told_and_nothing_is_lost(
    home: Home, news: NewsServer, channel: Chat, command: str, shut: dict[str, Any]
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    for right, value in shut.items():
        setattr(channel, right, value)

    ended = await home.do(command)

    assert "@good_news" in ended.complaint(2)
    channel.status, channel.can_post = "administrator", True
    await home.do("once")
    assert len(channel.visible) == 1


async def test_an_unknown_channel_is_told(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.settings["channel"] = [{"chat": "@nowhere"}]

    complaint = (await home.do("once")).complaint(2)

    assert "@nowhere" in complaint
    assert "not found" in complaint


async def test_no_secret_is_told_even_when_asked_for_more(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))

    ended = await home.do("-v", "once")

    assert ended.code == 0  # and the folder's end looks for the token in all that was written
    assert "sendMessage" not in ended.log


async def test_a_model_that_is_not_there(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.settings["classifier"]["model"] = "absent.json"

    complaint = (await home.do("once")).complaint(2)

    assert "classifier.model" in complaint
    assert "absent.json" in complaint
