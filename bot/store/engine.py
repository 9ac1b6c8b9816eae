"""One database, SQLite or PostgreSQL: how to reach it, and what its failures are called."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, OperationalError, TimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, NullPool

from bot.errors import StoreBusy, StoreError

T = TypeVar("T")

_WRITES = "newsieve_writes"
_BUSY_SECONDS = 15
# SQLite calls all failures operational ones; on PostgreSQL they are those of the connection.
_PASSING_IN_SQLITE = ("locked", "full")


class Database:
    """Transactions on one database; its failures come out as StoreError, one line each."""

    def __init__(self, url: str) -> None:
        address = parse_url(url)
        self._place = place(address)
        self._engine = _async_engine(address)
        self._writer = self._engine.execution_options(**{_WRITES: True})
        # SQLite lets one writer in at a time and makes the others poll: queueing here is fair.
        self._turn: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if is_sqlite(address) else nullcontext()
        )
        self._running: set[asyncio.Future[Any]] = set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection for reading."""
        with translated(self._place):
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection in one transaction: all of it is kept, or nothing."""
        with translated(self._place):
            async with self._turn, self._writer.begin() as connection:
                yield connection

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what ``work`` gives; it goes on to its end although the caller is cancelled."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def close(self) -> None:
        """Wait for what is under way, then close all connections."""
        if self._running:
            await asyncio.wait(self._running)
        await self._engine.dispose()


def parse_url(url: str) -> URL:
    """Return ``url`` with the driver we use; both drivers serve sync and async engines.

    Raises:
        StoreError: if it is neither ``sqlite:///FILE`` nor ``postgresql://…``.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise StoreError("store.url: not a database address") from None
    backend = address.get_backend_name()
    if backend in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise StoreError(f"store.url: {backend} is neither sqlite nor postgresql")
    if address.database in (None, "", ":memory:"):
        raise StoreError("store.url: sqlite needs a file, as in sqlite:///newsieve.db")
    return address.set(drivername="sqlite")


def is_sqlite(address: URL) -> bool:
    """Tell whether ``address`` names an SQLite file."""
    return address.get_backend_name() == "sqlite"


def sqlite_path(address: URL) -> Path:
    """Return the file of an SQLite address, absolute, symbolic links resolved."""
    return Path(str(address.database).removeprefix("file:")).resolve()


def place(address: URL) -> str:
    """Return what to call the database before people: no password in it."""
    if is_sqlite(address):
        return str(address.database)
    return address.set(drivername="postgresql").render_as_string(hide_password=True)


def sync_engine(address: URL, **options: Any) -> Engine:
    """Return an engine for work outside the event loop; the same rules as the async one.

    Raises:
        StoreError: if the driver is not installed.
    """
    with _driver_needed(address):
        engine = create_engine(address, poolclass=NullPool, **options)
    _prepare(engine, address)
    return engine.execution_options(**{_WRITES: True})


def insert(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of ``connection``."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Raise failures of the database as StoreError; broken constraints are our own mistakes."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, TimeoutError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise (StoreBusy if _may_pass(error) else StoreError)(f"{where}: {reason}") from error


def _may_pass(error: DBAPIError | TimeoutError) -> bool:
    if isinstance(error, TimeoutError):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return any(word in str(error.orig) for word in _PASSING_IN_SQLITE)
    return isinstance(error, OperationalError) or error.connection_invalidated


def _async_engine(address: URL) -> AsyncEngine:
    with _driver_needed(address):
        if is_sqlite(address):
            engine = create_async_engine(
                address.set(drivername="sqlite+aiosqlite"), poolclass=AsyncAdaptedQueuePool
            )
        else:
            engine = create_async_engine(
                address, pool_pre_ping=True, connect_args={"connect_timeout": _BUSY_SECONDS}
            )
    _prepare(engine.sync_engine, address)
    return engine


@contextmanager
def _driver_needed(address: URL) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        cure = "" if is_sqlite(address) else ": run `pip install 'newsieve[postgres]'`"
        raise StoreError(f"store.url: {error}{cure}") from error


def _prepare(engine: Engine, address: URL) -> None:
    if is_sqlite(address):
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    try:
        # The driver's own transactions start late and leave DDL out: we say BEGIN ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL: with NORMAL a power cut may take back a committed `sending`, and the
        # post would be sent a second time. A few commits a minute can afford the fsync.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()
    except BaseException:
        # The pool does not know this connection yet, so it would stay open.
        connection.close()
        raise


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not be repeated by the
    # busy timeout; IMMEDIATE makes writers wait at the start, where waiting is safe.
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
