from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.store import hold
from bot.store.engine import is_sqlite, parse_url, sync_engine
from bot.store.lock import ADVISORY

_HOLD = """
import sys
from bot.store import hold
with hold(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process(url: str) -> Iterator[subprocess.Popen[str]]:
    """Run a process that holds the lock until its input ends."""
    command = [sys.executable, "-c", _HOLD, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_a_second_process_is_told_who_works(url: str) -> None:
    with another_process(url) as process, pytest.raises(StoreError) as caught, hold(url):
        pass
    told = f"another newsieve (process {process.pid}) works on this database"
    assert str(caught.value) == told


def test_the_lock_ends_with_the_block(url: str) -> None:
    with hold(url):
        pass
    with another_process(url):
        pass
    with hold(url):
        pass


def test_a_killed_process_leaves_no_lock(url: str) -> None:
    with another_process(url) as process:
        process.kill()
        process.wait()
    wait_until_free(url)
    with hold(url):
        pass


def test_a_lock_that_a_server_forgot_is_taken_anew(url: str) -> None:
    with hold(url) as lock:
        break_the_connection(url)
        lock.ensure()
        with pytest.raises(StoreError, match="another newsieve"), hold(url):
            pass


def test_a_lock_that_another_has_taken_meanwhile_is_not_ours_any_more(url: str) -> None:
    if is_sqlite(parse_url(url)):
        pytest.skip("the kernel forgets no lock")
    with hold(url) as lock:
        break_the_connection(url)
        wait_until_free(url)
        with another_process(url) as process, pytest.raises(StoreError, match=str(process.pid)):
            lock.ensure()


def break_the_connection(url: str) -> None:
    """Let a server end the connection of whoever holds the lock, as a restart of it does."""
    if not is_sqlite(parse_url(url)):
        with sync_engine(parse_url(url)).begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                    " AND classid = :family AND objid = :member"
                ),
                ADVISORY,
            )


def wait_until_free(url: str) -> None:
    """Wait until a server has seen that the process holding the lock is gone."""
    address = parse_url(url)
    if not is_sqlite(address):
        with sync_engine(address).begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:family, :member)"), ADVISORY)


def test_two_ways_to_one_file_are_one_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "newsieve.db")
    monkeypatch.chdir(tmp_path)
    for other in ("sqlite:///newsieve.db", "sqlite:///link.db"):
        with (
            hold(f"sqlite:///{tmp_path}/newsieve.db"),
            pytest.raises(StoreError, match=f"process {os.getpid()}"),
            hold(other),
        ):
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder nobody can write to")
def test_a_folder_that_cannot_be_written_is_told() -> None:
    # Not even root makes files here.
    with pytest.raises(StoreError) as caught, hold("sqlite:////sys/newsieve.db"):
        pass
    assert str(caught.value).startswith("the database's folder /sys cannot be written: ")


def test_a_lock_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "newsieve.db.lock").mkdir()
    with (
        pytest.raises(StoreError, match=r"newsieve\.db\.lock: Is a directory"),
        hold(f"sqlite:///{tmp_path}/newsieve.db"),
    ):
        pass


def test_two_databases_are_two_locks(url: str, tmp_path: Path) -> None:
    with hold(url), hold(f"sqlite:///{tmp_path / 'other.db'}"):
        pass
