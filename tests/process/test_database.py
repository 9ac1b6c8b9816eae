"""A database that cannot be used ends in one clear line and loses nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

import pytest

from tests.emulator import Chat, Emulator
from tests.newsserver import NewsServer, Story
from tests.process.home import Home
from tests.process.stories import BRIDGE, GARDEN

pytestmark = pytest.mark.process


def without_root_rights() -> Sequence[str]:
    """The wrapper under which file permissions hold even for root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to forbid it")
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search,-fowner")


async def test_a_second_newsieve_leaves_the_database_to_the_first(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.settings["schedule"]["every"] = "1s"
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    first = await home.start("run")
    await telegram.wait_for_post(channel)

    for command in ("run", "once"):
        ended = await home.do(command)
        complaint = ended.complaint(1)
        assert all(word in complaint for word in ("another newsieve", str(first.pid)))

    news.publish("/feed.xml", [BRIDGE, GARDEN])
    await telegram.wait_for_post(channel, count=2)


async def test_a_killed_newsieve_leaves_no_lock(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    newsieve = await home.start("run")
    await telegram.wait_for_post(channel)
    await newsieve.kill()

    assert (await home.do("once")).code == 0


async def test_a_read_only_database(home: Home, news: NewsServer, channel: Chat) -> None:
    home.settings["schedule"]["every"] = "0s"
    home.add_source("Вести", news.publish("/feed.xml", []))
    await home.do("once")
    news.publish("/feed.xml", [BRIDGE])
    home.database.chmod(0o444)
    wrapper = without_root_rights()

    ended = await home.do("once", wrapper=wrapper)

    assert "newsieve.db" in ended.complaint(1)
    home.database.chmod(0o644)
    await home.do("once")
    assert len(channel.visible) == 1


async def test_a_full_disk_loses_nothing(home: Home, news: NewsServer, channel: Chat) -> None:
    home.settings["schedule"] |= {"every": "0s", "first_run_age": "3d"}
    home.add_source("Вести", news.publish("/feed.xml", []))
    await home.do("once")
    long = Story("dlinnoe", GARDEN.title, "\n".join(f"{GARDEN.text} {n}" for n in range(300)))
    news.publish("/feed.xml", [BRIDGE, long])
    # No file may grow beyond 32 blocks of 512 bytes: a full disk for one process.
    wrapper = ("sh", "-c", 'ulimit -f 32; exec "$@"', "sh")

    ended = await home.do("once", wrapper=wrapper)

    assert "newsieve.db" in ended.complaint(1)
    await home.do("once")
    assert len(channel.visible) == 2


async def test_a_newer_schema(home: Home, news: NewsServer, channel: Chat) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    await home.do("once")
    (revision,) = home.query("SELECT version_num FROM alembic_version")[0]
    home.change("UPDATE alembic_version SET version_num = '9999'")

    ended = await home.do("once")

    assert "newer" in ended.complaint(1)
    home.change(f"UPDATE alembic_version SET version_num = '{revision}'")
    assert (await home.do("once")).code == 0
    assert len(channel.visible) == 1


async def test_a_file_that_is_no_database(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.database.write_text("это не база данных " * 100, encoding="utf-8")
    before = home.database.read_bytes()

    ended = await home.do("once")

    assert "newsieve.db" in ended.complaint(1)
    assert home.database.read_bytes() == before


async def test_a_folder_that_is_not_there(home: Home, news: NewsServer) -> None:
    home.add_source("Вести", news.publish("/feed.xml", [BRIDGE]))
    home.settings["store"]["url"] = "sqlite:///absent/newsieve.db"

    assert "absent/newsieve.db" in (await home.do("run")).complaint(1)
