"""The schema's versions: which one a database has, and how it gets the newest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store.engine import parse_url, place, sync_engine, translated
from bot.store.lock import hold

_MIGRATIONS = Path(__file__).with_name("migrations")
_CREATION = 0x6E657773
_TOUCH = text("UPDATE alembic_version SET version_num = version_num")


def migrate(url: str) -> tuple[str | None, str]:
    """Bring the schema to the newest version; return the revisions before and after.

    Takes the lock of the database while it works. The revision before is None for
    a database that was empty.

    Raises:
        StoreError: if the database cannot be used, another newsieve works on it, it
            belongs to another program, or its schema is of a newer newsieve.
    """
    with hold(url), _writing(url) as connection:
        before = _known_revision(connection)
        _upgrade(connection)
        return before, _newest()


def ensure_schema(url: str) -> None:
    """See that the schema is there, is ours, is of this version, and can be written.

    An empty database gets the schema.

    Raises:
        StoreError: if the database cannot be used, or its schema is older (``newsieve
            migrate`` cures that), newer, or another program's.
    """
    with _writing(url) as connection:
        _alone(connection)
        found = _known_revision(connection)
        if found is None:
            _upgrade(connection)
        elif found != _newest():
            raise StoreError(f"the schema is older (version {found}): run `newsieve migrate`")
        # A database that cannot be written is found out now, not at the first item.
        connection.execute(_TOUCH)


@contextmanager
def _writing(url: str) -> Iterator[Connection]:
    address = parse_url(url)
    engine = sync_engine(address)
    with translated(place(address)), engine.begin() as connection:
        yield connection


def _alone(connection: Connection) -> None:
    # SQLite's BEGIN IMMEDIATE does this already.
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CREATION})


def _known_revision(connection: Connection) -> str | None:
    revision = next(iter(MigrationContext.configure(connection).get_current_heads()), None)
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise StoreError(f"the schema (version {revision}) is of a newer newsieve: update this one")
    if revision is None and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        raise StoreError("the database holds another program's tables: give newsieve its own")
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _newest() -> str:
    head = _scripts().get_current_head()
    if head is None:
        raise StoreError(f"{_MIGRATIONS}: the migrations are missing from this installation")
    return head


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
