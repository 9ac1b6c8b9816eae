"""One process at a time works on a database."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, text

from bot.errors import StoreError
from bot.store.engine import is_sqlite, parse_url, place, sqlite_path, sync_engine, translated

# Advisory locks are numbers, told apart by database: "news" and "item" in ASCII.
ADVISORY = {"family": 0x6E657773, "member": 0x6974656D}
_APPLICATION = "newsieve process "
_TAKE = text("SELECT pg_try_advisory_lock(:family, :member)")
_HOLDER = text(
    "SELECT activity.application_name FROM pg_locks AS locks"
    " JOIN pg_stat_activity AS activity ON activity.pid = locks.pid"
    " WHERE locks.locktype = 'advisory' AND locks.granted AND activity.datname = current_database()"
    " AND locks.classid = :family AND locks.objid = :member"
)


@contextmanager
def hold(url: str) -> Iterator[None]:
    """Keep every other newsieve away from the database while the block runs.

    The lock belongs to the process: the kernel, or the server, lets it go however
    the process ends.

    Raises:
        StoreError: if another process holds it, or the database cannot be reached.
    """
    address = parse_url(url)
    taking = _hold_file(address) if is_sqlite(address) else _hold_advisory(address)
    with taking:
        yield


@contextmanager
def _hold_file(address: URL) -> Iterator[None]:
    path = sqlite_path(address)
    lock = path.with_name(path.name + ".lock")
    try:
        # Never removed: a newcomer could lock a file that is no longer the one on disk.
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _not_opened(lock, error) from error
    try:
        _take_file(descriptor, lock)
        yield
    finally:
        os.close(descriptor)


def _not_opened(lock: Path, error: OSError) -> StoreError:
    # The lock is the first file newsieve makes: whoever meets this has not heard of it.
    refused = isinstance(error, PermissionError) and not os.path.lexists(lock)
    if refused or error.errno == errno.EROFS:
        return StoreError(
            f"the database's folder {lock.parent} cannot be written: {error.strerror}"
        )
    return StoreError(f"{lock}: {error.strerror}")


def _take_file(descriptor: int, lock: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(lock.read_text()) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


@contextmanager
def _hold_advisory(address: URL) -> Iterator[None]:
    name = f"{_APPLICATION}{os.getpid()}"
    engine = sync_engine(
        address, isolation_level="AUTOCOMMIT", connect_args={"application_name": name}
    )
    with translated(place(address)):
        connection = engine.connect()
    with connection:
        with translated(place(address)):
            _take_advisory(connection)
        yield


def _take_advisory(connection: Connection) -> None:
    if not connection.scalar(_TAKE, ADVISORY):
        raise _taken(connection.scalar(_HOLDER, ADVISORY))


def _taken(holder: str | None) -> StoreError:
    # A holder that has not written its number yet, or a role that may not see it.
    number = re.search(r"\d+", holder or "")
    who = f" (process {number.group()})" if number else ""
    return StoreError(f"another newsieve{who} works on this database")
