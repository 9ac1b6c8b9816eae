from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from functools import partial

import pytest

from scrapers import FetchError
from scrapers.apart.offload import offload
from scrapers.apart.reader import ReadingError
from tests.scrapers import burdens


async def test_work_is_done_in_another_process() -> None:
    assert await offload(partial(sorted, "вести"), seconds=30) == list("веист")
    assert await offload(burdens.process, seconds=30) != os.getpid()


async def test_an_error_comes_back_whole() -> None:
    with pytest.raises(FetchError, match=r"https://gorod\.example/: answered 503") as caught:
        await offload(burdens.fail, seconds=30)
    assert (caught.value.status, caught.value.retry_after) == (503, None)
    assert caught.value.reason == "answered 503"
    assert "in fail" in str(caught.value.__cause__)


@pytest.mark.parametrize(
    ("work", "told"),
    [
        (burdens.fail_like_nobody_else, "OwnError: нечто своё"),
        (burdens.return_what_cannot_be_sent, "cannot pickle"),
        (burdens.die, "broke down"),
    ],
)
async def test_what_cannot_come_back_is_told_and_the_next_work_is_done(
    work: object, told: str
) -> None:
    assert callable(work)
    with pytest.raises(ReadingError, match=told):
        await offload(work, seconds=30)
    assert await offload(partial(len, "вести"), seconds=30) == 5


async def test_work_that_holds_the_interpreter_is_stopped_while_the_loop_goes_on() -> None:
    clock = asyncio.get_running_loop().time
    await offload(burdens.process, seconds=30)
    began = clock()
    stuck = asyncio.ensure_future(offload(burdens.hold_the_interpreter, seconds=0.3))
    longest, last = 0.0, began
    while not stuck.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, clock() - last), clock()
    assert isinstance(stuck.exception(), asyncio.TimeoutError)
    # In a thread, the expression would have gone on for hours, and nothing beside it.
    assert clock() - began < 30
    assert longest < 10


async def test_those_who_wait_behind_stuck_work_are_served_when_it_is_stopped() -> None:
    stuck = [offload(burdens.hold_the_interpreter, seconds=0.2) for _ in range(2)]
    *failed, done = await asyncio.gather(
        *stuck, offload(partial(len, "вести"), seconds=30), return_exceptions=True
    )
    assert all(isinstance(error, asyncio.TimeoutError) for error in failed)
    assert done == 5


@pytest.mark.skipif(sys.platform != "linux", reason="the limit has no effect elsewhere")
async def test_work_that_takes_too_much_memory_fails_alone() -> None:
    with pytest.raises(MemoryError):
        await offload(burdens.take_all_memory, seconds=30)


async def test_reading_survives_the_signals_that_stop_newsieve() -> None:
    assert await offload(burdens.take_the_signals_that_stop_newsieve, seconds=30) == "still here"


def test_no_setting_is_known_where_pages_are_read() -> None:
    told = _run(
        "print(asyncio.run(offload(burdens.environment, seconds=30)))",
        NEWSIEVE_TELEGRAM__TOKEN="123456789:secret",
    )
    assert "PATH" in told.stdout
    assert "secret" not in told.stdout


@pytest.mark.parametrize(
    "end",
    [
        "",
        "os.kill(os.getpid(), signal.SIGKILL)",
        "asyncio.run(left_alone())",
    ],
    ids=["the end", "killed", "killed while work is stuck"],
)
def test_no_reading_outlives_the_program(end: str) -> None:
    told = _run(end)
    # The reader holds the same stderr: that this is at its end tells that the reader is.
    assert (told.stdout, told.stderr) == ("read\n", "")


def _run(end: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM + end],
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=50,
    )


_PROGRAM = """
import asyncio, os, signal
from scrapers.apart.offload import offload
from tests.scrapers import burdens

async def left_alone():
    asyncio.ensure_future(offload(burdens.hold_the_interpreter, seconds=0.5))
    await asyncio.sleep(0.2)
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(offload(burdens.process, seconds=30))
print("read", flush=True)
"""
