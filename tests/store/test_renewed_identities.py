"""A database from before addresses were compared as they are today."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

import bot.store
from bot.model import PostState
from bot.store import Store, migrate
from bot.store.engine import parse_url, sync_engine
from scrapers import Item, canonical_url
from tests.store.samples import NOW

ADDRESSES = {
    1: "http://gazeta.example/news/1",
    2: "https://www.gazeta.example/news/1/",
    3: "https://gazeta.example/news/1",
    4: "https://gazeta.example/news/4?b=1&a=2",
    5: "https://gazeta.example/news/5",
    6: "http://gazeta.example/news/6#item-0123456789abcdef",
}
"""Id of an item → its address, by which it was known; the first three are one article."""

POSTED = 2


@pytest.fixture
def older(url: str) -> str:
    """The address of a database of version 0003 that holds these items."""
    with sync_engine(parse_url(url)).begin() as connection:
        _upgrade(connection, "0003")
        for item_id, address in ADDRESSES.items():
            _insert(connection, item_id, address)
        connection.execute(
            text(
                "INSERT INTO posts (item_id, chat, state, wanted, queued_at, attempts, error)"
                f" VALUES ({POSTED}, '@all', 'sent', :yes, :now, 0, '')"
            ),
            {"yes": True, "now": _now(connection)},
        )
        connection.execute(
            text(
                "INSERT INTO verdicts (item_id, reason, score, threshold, model, detail,"
                f" decided_at) VALUES ({POSTED}, 'good', 0.1, 0.5, 'm', '', :now)"
            ),
            {"now": _now(connection)},
        )
        connection.execute(
            text("INSERT INTO dead_pages VALUES ('x', 'https://gazeta.example/x', :now)"),
            {"now": _now(connection)},
        )
    return url


def _now(connection: Connection) -> datetime | str:
    """Return the moment as it is written: SQLite has a text without a zone."""
    return f"{NOW:%Y-%m-%d %H:%M:%S.%f}" if connection.dialect.name == "sqlite" else NOW


def _upgrade(connection: Connection, version: str) -> None:
    folder = Path(bot.store.__file__).with_name("migrations")
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _insert(connection: Connection, item_id: int, address: str) -> None:
    item = {
        "identity": sha256(address.encode()).hexdigest(),
        "source": f"source {item_id}",
        "url": address,
        "now": _now(connection),
        "yes": True,
        "no": False,
    }
    connection.execute(
        text(
            "INSERT INTO items (identity, fingerprint, source, url, title, text, seen_at, seeding,"
            f" judged) VALUES (:identity, 'x{item_id}', :source, :url, 'Мост', 'Мост открыт', :now,"
            " :no, :yes)"
        ),
        item,
    )
    connection.execute(
        text(
            "INSERT INTO sightings (item_id, source, url, seen_at)"
            f" VALUES ({item_id}, :source, :url, :now)"
        ),
        item,
    )


async def test_items_are_known_by_every_address_of_their_article(older: str) -> None:
    migrate(older)
    async with await Store.open(older) as store:
        every = [canonical_url(address) for address in ADDRESSES.values()]
        assert await store.items.unseen(every, now=NOW) == set()
        amp = "http://m.gazeta.example/amp/news/4?a=2&b=1"
        other = "https://gazeta.example/news/7"
        shown = [Item("radio", amp, "Мост", ""), Item("radio", other, "Новое", "")]
        new = await store.sources.record_run("radio", shown, at=NOW, due_at=NOW)
        assert [recorded.item.title for recorded in new] == ["Новое"]


async def test_what_becomes_one_article_is_the_posted_one_and_nothing_is_lost(older: str) -> None:
    migrate(older)
    async with await Store.open(older) as store:
        assert [item.id for item in await store.items.repeats(POSTED)] == [1, 3]
        assert [item.id for item in await store.items.get(ADDRESSES)] == list(ADDRESSES)
        (one,) = await store.items.get([POSTED])
        assert set(one.sources) == {"source 1", "source 2", "source 3"}
        assert (await store.posts.get(1)).state is PostState.SENT  # type: ignore[union-attr]


async def test_a_source_that_showed_the_article_before_does_not_show_it_anew(older: str) -> None:
    migrate(older)
    async with await Store.open(older) as store:
        shown = [Item("source 3", ADDRESSES[3], "Мост", "Мост открыт")]
        await store.sources.record_run("source 3", shown, at=NOW, due_at=NOW, chats=["@all", "@3"])
        assert await store.posts.pending("@3") == []
