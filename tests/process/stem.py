"""A process that has loaded newsieve and waits: what is forked from it need not load it again.

`Stem` is the side of the tests. `python -m tests.process.stem SOCKET` is the process itself; it
runs nothing of newsieve's, so that each fork begins as a new process does, and ends when its
standard input does.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from asyncio import StreamReader
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

PROJECT = Path(__file__).parents[2]


class Forked:
    """A process under way, with what the tests use of `asyncio.subprocess.Process`."""

    def __init__(
        self, pid: int, ended: Awaitable[int], stdout: StreamReader, stderr: StreamReader
    ) -> None:
        self.pid = pid
        self.stdout = stdout
        self.stderr = stderr
        self.returncode: int | None = None
        self._ended = asyncio.ensure_future(self._end(ended))

    async def wait(self) -> int:
        """Return the exit code, or the negative number of the signal that ended it."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: int) -> None:
        """Send a signal if it still runs."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it as the kernel would."""
        self.send_signal(signal.SIGKILL)

    async def _end(self, ended: Awaitable[int]) -> int:
        self.returncode = await ended
        return self.returncode


class Stem:
    """The tests' side; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._address = str(folder / "stem")

    def __enter__(self) -> Stem:
        # One thread for numpy as well: what has several is not forked safely.
        alone = {"PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        clean = {key: value for key, value in os.environ.items() if "NEWSIEVE" not in key}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.process.stem", self._address],
            cwd=PROJECT,
            env=clean | alone,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n"
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    async def fork(
        self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> Forked:
        """Run newsieve with these arguments in a process of its own."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self._address)
        (out, its_out), (log, its_log) = os.pipe(), os.pipe()
        request = json.dumps([str(folder), dict(environment), list(arguments)])
        size = len(request.encode()).to_bytes(4, "big")
        socket.send_fds(connection, [size], [its_out, its_log])
        connection.sendall(request.encode())
        os.close(its_out)
        os.close(its_log)
        told, writer = await asyncio.open_connection(sock=connection)

        async def ended() -> int:
            with closing(writer):
                return int(await told.readline())

        pid = int(await told.readline())
        return Forked(pid, ended(), await _reader(out), await _reader(log))


async def _reader(pipe: int) -> StreamReader:
    reader = StreamReader(limit=2**20)
    protocol = asyncio.StreamReaderProtocol(reader)
    file = os.fdopen(pipe, "rb", buffering=0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)
    return reader


# The process itself.


def _wait_to_be_forked(address: str) -> None:
    """Return in each process that is forked, ready to run newsieve; never in this one."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            _see_off_the_ended()
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                os._exit(0)
            connection, _ = listener.accept()
            if os.fork() == 0:
                break
            connection.close()
    with connection:
        size, outputs, _, _ = socket.recv_fds(connection, 4, 2)
        request = connection.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL)
        child = os.fork()
        if child:
            _tell_the_end(connection, child, outputs)
    _become(outputs, *json.loads(request))


def _see_off_the_ended() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass


def _tell_the_end(connection: socket.socket, child: int, outputs: Sequence[int]) -> None:
    """Tell the process's number, its exit code when it has ended, and end."""
    for file in (0, 1, 2, *outputs):
        os.close(file)
    connection.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(
    outputs: Sequence[int], folder: str, environment: Mapping[str, str], arguments: Sequence[str]
) -> None:
    """Take over what a new process is given."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for theirs, ours in zip((nothing, *outputs), (0, 1, 2), strict=True):
        os.dup2(theirs, ours)
        os.close(theirs)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv[1:] = arguments
    sys.path[0] = folder


if __name__ == "__main__":
    from bot.cli import main

    # Else each fork would look through all that was loaded for garbage when it ends.
    gc.freeze()
    _wait_to_be_forked(sys.argv[1])
    main()
