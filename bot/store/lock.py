"""One process at a time works on a database, and one at a time retrains its model."""

from __future__ import annotations

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store.engine import is_sqlite, parse_url, place, sqlite_path, sync_engine, translated

# Advisory locks are numbers, told apart by database: "news" and four more letters in ASCII.
_FAMILY = 0x6E657773
_APPLICATION = "newsieve process "
_TAKE = text("SELECT pg_try_advisory_lock(:family, :member)")
_HOLDER = text(
    "SELECT activity.application_name FROM pg_locks AS locks"
    " JOIN pg_stat_activity AS activity ON activity.pid = locks.pid"
    " WHERE locks.locktype = 'advisory' AND locks.granted AND activity.datname = current_database()"
    " AND locks.classid = :family AND locks.objid = :member"
)


class Work(Enum):
    """What only one process at a time does: its words for people, and its place."""

    ALL = ("works on this database", ".lock", 0x6974656D)
    """Fetching, judging, posting: "item"."""

    MODELS = ("makes or installs a model", ".models.lock", 0x6D6F6465)
    """Whatever writes models: "mode"."""

    def __init__(self, told: str, suffix: str, member: int) -> None:
        self.told = told
        self.suffix = suffix
        self.advisory = {"family": _FAMILY, "member": member}


ADVISORY = Work.ALL.advisory


class Lock:
    """A lock that this process holds."""

    def ensure(self) -> None:
        """Take it anew if it was lost; what the kernel holds never is.

        Raises:
            StoreBusy: if the server cannot be asked now.
            StoreError: if another process has taken it meanwhile.
        """


@contextmanager
def hold(url: str, work: Work = Work.ALL) -> Iterator[Lock]:
    """Keep every other newsieve away from the same work while the block runs.

    The lock belongs to the process: the kernel, or the server, lets it go however
    the process ends. A server does so too when it loses the connection.

    Raises:
        StoreError: if another process holds it, or the database cannot be reached.
    """
    address = parse_url(url)
    taking = _hold_file(address, work) if is_sqlite(address) else _hold_advisory(address, work)
    with taking as lock:
        yield lock


@contextmanager
def _hold_file(address: URL, work: Work) -> Iterator[Lock]:
    path = sqlite_path(address)
    lock = path.with_name(path.name + work.suffix)
    try:
        # Never removed: a newcomer could lock a file that is no longer the one on disk.
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _not_opened(lock, error) from error
    try:
        _take_file(descriptor, lock, work)
        yield Lock()
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


def _take_file(descriptor: int, lock: Path, work: Work) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(lock.read_text(), work) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


@contextmanager
def _hold_advisory(address: URL, work: Work) -> Iterator[Lock]:
    lock = _Advisory(address, work)
    try:
        lock.ensure()
        yield lock
    finally:
        lock.close()


class _Advisory(Lock):
    """It is the server's, and lasts as long as one connection to it."""

    def __init__(self, address: URL, work: Work) -> None:
        name = f"{_APPLICATION}{os.getpid()}"
        self._engine = sync_engine(
            address, isolation_level="AUTOCOMMIT", connect_args={"application_name": name}
        )
        self._place = place(address)
        self._work = work
        self._connection: Connection | None = None

    def ensure(self) -> None:
        """Take it, anew if the connection is gone."""
        if self._connection is not None and not self._is_alive(self._connection):
            self.close()
        if self._connection is not None:
            return
        with translated(self._place):
            self._connection = self._engine.connect()
            try:
                _take_advisory(self._connection, self._work)
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let it go."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    @staticmethod
    def _is_alive(connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except DBAPIError:
            return False
        return True


def _take_advisory(connection: Connection, work: Work) -> None:
    if not connection.scalar(_TAKE, work.advisory):
        raise _taken(connection.scalar(_HOLDER, work.advisory), work)


def _taken(holder: str | None, work: Work) -> StoreError:
    # A holder that has not written its number yet, or a role that may not see it.
    number = re.search(r"\d+", holder or "")
    who = f" (process {number.group()})" if number else ""
    return StoreError(f"another newsieve{who} {work.told}")
