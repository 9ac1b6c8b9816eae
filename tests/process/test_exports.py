"""What leaves newsieve for others: the ledger, the channel's feed, the figures in chat."""

from __future__ import annotations

import csv
import io
import json

import feedparser
import pytest

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE, FLOOD, GARDEN

pytestmark = pytest.mark.process


async def after_one_pass(home: Home, news: NewsServer) -> None:
    """Let newsieve post BRIDGE and GARDEN and reject FLOOD."""
    home.add_source("Вести", news.publish("/feed.xml", [FLOOD, GARDEN, BRIDGE]))
    assert (await home.do("once")).code == 0


async def test_the_ledger_is_written_as_json_lines_and_as_csv(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat
) -> None:
    await after_one_pass(home, news)
    lines = (await home.do("ledger", "export")).out.splitlines()
    records = [json.loads(line) for line in lines]
    assert {record["title"]: record["decision"] for record in records} == {
        BRIDGE.title: "accept",
        GARDEN.title: "accept",
        FLOOD.title: "reject",
    }
    said = ("--since", "1h", "-o", "ledger.csv", "--delimiter", ";")
    ended = await home.do("ledger", "export", *said)
    assert ended.out == "3 lines of the ledger written to ledger.csv\n"
    text = (home.folder / "ledger.csv").read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["title"] for row in rows] == [record["title"] for record in records]


async def test_wrong_use_of_the_export_is_one_clear_line(home: Home, channel: Chat) -> None:
    ended = await home.do("ledger", "export", "--since", "gestern")
    assert ended.code == 2
    assert "'gestern' is neither a day" in ended.log
    ended = await home.do("ledger", "export", "--delimiter", ";")
    assert ended.code == 2
    assert "only CSV has one" in ended.log
    told = (await home.do("ledger", "export", "-o", "nowhere/ledger.csv")).complaint(1)
    assert "nowhere/ledger.csv: No such file or directory" in told


async def test_the_feed_follows_the_channel(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    home.settings["channel"][0]["feed"] = "public/good.xml"
    channel.title = "Добрые вести Заречья"
    await after_one_pass(home, news)
    body = (home.folder / "public" / "good.xml").read_text(encoding="utf-8")
    assert "<title>Добрые вести Заречья</title>" in body
    assert titles(home) == {BRIDGE.title, GARDEN.title}
    newsieve = await home.start("run")
    await telegram.wait_for_poll()
    (post,) = [post for post in channel.visible if BRIDGE.title in post.text]
    await operator.ask("/bad", reply_to=operator.forward(post))
    await telegram.wait_until_deleted(post)
    # What is written last is written before it ends.
    newsieve.send(15)
    assert (await newsieve.end()).code == 0
    assert titles(home) == {GARDEN.title}


async def test_the_figures_come_as_a_picture(
    home: Home, news: NewsServer, telegram: Emulator, channel: Chat, operator: User
) -> None:
    await after_one_pass(home, news)
    await home.start("run")
    reply = await operator.ask("/stats")
    assert reply.photo is not None
    assert "Items: 3\nAccepted: 2\nRejected: 1 (bad 1)\nPosts: 2" in reply.text


def titles(home: Home) -> set[str]:
    body = (home.folder / "public" / "good.xml").read_bytes()
    feed = feedparser.parse(io.BytesIO(body))
    assert not feed.bozo
    return {entry.title for entry in feed.entries}
