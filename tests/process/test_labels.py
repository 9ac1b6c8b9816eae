"""The commands of labels: what a file repeats is told; texts are labelled with one key each."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.process.home import Ended, Home
from tests.process.model import write_model

pytestmark = pytest.mark.process

TEXTS = ["Праздник у реки", "Сомнение в парке", "Беда и снова беда", "Сомнение и дождь"]
"""By the test's model: harmless, doubtful, bad, doubtful."""

BY_LINES = termios.ECHO | termios.ICANON


def _write(home: Home, *rows: object, name: str = "texts.jsonl") -> Path:
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    (home.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home.folder / name


def _rows(ended: Ended) -> list[dict[str, object]]:
    return [json.loads(line) for line in ended.out.splitlines()]


def _labels(path: Path) -> dict[str, int]:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["text"]: row["label"] for row in rows}


# -- import and export -----------------------------------------------------------------


async def test_repeats_are_told_and_of_two_labels_the_last_counts(home: Home) -> None:
    _write(
        home,
        {"text": "Снег", "label": 0},
        {"text": "Дождь", "label": 1},
        {"text": "Снег", "label": "bad"},
        {"text": "Дождь", "label": 1},
    )
    assert (await home.do("labels", "import", "texts.jsonl")).out.splitlines() == [
        "2 labels imported, 0 were known",
        "lines 1, 3: the same text, good in 1, bad in 3: bad counts",
        "lines 2, 4: the same text",
    ]
    exported = _rows(await home.do("labels", "export"))
    assert {row["text"]: row["label"] for row in exported} == {"Снег": 1, "Дождь": 1}

    told = json.loads((await home.do("labels", "import", "texts.jsonl", "--json")).out)
    assert (told["added"], told["known"], told["near"]) == (0, 2, [])
    assert told["same"] == [{"good": [], "bad": [2, 4]}]
    assert told["contradictions"] == [{"good": [1], "bad": [3]}]


async def test_a_text_that_the_store_knows_with_the_other_label_is_told(home: Home) -> None:
    _write(home, {"text": "Снег", "label": 0}, {"text": "Дождь", "label": 1})
    assert (await home.do("labels", "import", "texts.jsonl")).code == 0
    _write(home, {"text": "Град", "label": 1}, {"text": "Снег", "label": 1})
    assert (await home.do("labels", "import", "texts.jsonl")).out.splitlines() == [
        "1 labels imported, 1 were known",
        "line 2: the other label until now: the file counts",
    ]
    _write(home, {"text": "Снег", "label": 0})
    told = json.loads((await home.do("labels", "import", "texts.jsonl", "--json")).out)
    assert (told["known"], told["changed"], told["overruled"]) == (1, [1], [])


async def test_strict_refuses_a_file_that_contradicts_itself(home: Home) -> None:
    _write(home, {"text": "Снег", "label": 0}, {"text": "Снег", "label": 1})
    complaint = (await home.do("labels", "import", "--strict", "texts.jsonl")).complaint(1)
    assert "line 1 says good and line 2 bad" in complaint
    assert (await home.do("labels", "export")).out == ""


async def test_what_was_exported_comes_back_the_same(home: Home) -> None:
    _write(
        home,
        {"title": "Парк", "text": 'Открыт, "лучший"\r\nв области\rи ещё', "label": 0,
         "reason": "bad", "operator": "Ольга", "at": "2026-03-01T12:00:00.123456+03:00"},
        {"text": "Без времени", "label": 1},
        {"text": "С временем", "label": 1, "at": "2025-01-01T00:00:00+00:00"},
        {"text": "Ещё одно без времени", "label": 0},
    )  # fmt: skip
    await home.do("labels", "import", "texts.jsonl")
    await home.do("labels", "export", "first.csv")
    home.settings["store"] = {"url": f"sqlite:///{home.folder / 'other.db'}"}
    assert (await home.do("labels", "import", "first.csv")).out.startswith("4 labels imported")
    await home.do("labels", "export", "second.csv")
    first, second = ((home.folder / name).read_bytes() for name in ("first.csv", "second.csv"))
    assert first == second
    assert '"Открыт, ""лучший""\r\nв области\rи ещё"'.encode() in first


# -- review by lines -------------------------------------------------------------------


@pytest.fixture
def model(home: Home) -> str:
    """A model that is of two minds about texts with «сомнение»."""
    return str(write_model(home.folder / "model.json"))


async def _review(home: Home, keys: str, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "labels", "review", *arguments,
        cwd=home.folder,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, log = await process.communicate(keys.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), log.decode()


async def test_an_export_that_fails_leaves_the_one_before(home: Home) -> None:
    _write(home, {"text": "Снег", "label": 0})
    assert (await home.do("labels", "import", "texts.jsonl")).code == 0
    assert (await home.do("labels", "export", "out.jsonl")).code == 0
    before = (home.folder / "out.jsonl").read_bytes()
    assert (await home.do("labels", "export", "out.jsonl")).code == 0
    assert (home.folder / "out.jsonl").read_bytes() == before
    assert "nowhere" in (await home.do("labels", "export", "nowhere/out.jsonl")).complaint(1)
    assert not [path for path in home.folder.iterdir() if path.name.startswith(".out")]


async def test_texts_are_labelled_by_lines_the_most_uncertain_first(home: Home, model: str) -> None:
    _write(home, *({"text": text} for text in TEXTS))
    code, out, log = await _review(
        home, "g\nbad\nx\n\ns\nu\nb\nп\n", "texts.jsonl", "--model", model
    )
    assert code == 0, log
    shown = [out.index(text) for text in (TEXTS[1], TEXTS[3], TEXTS[0], TEXTS[2])]
    assert shown == sorted(shown) or out.index(TEXTS[2]) < out.index(TEXTS[0])
    assert "4 of 4 decided: 2 good, 2 bad, 0 skipped; 4 labelled texts written" in out
    labels = _labels(home.folder / "texts.jsonl.labelled.jsonl")
    assert (labels[TEXTS[1]], labels[TEXTS[3]]) == (0, 1)
    assert sorted(labels.values()) == [0, 0, 1, 1]


async def test_a_review_goes_on_where_it_ended(home: Home, model: str) -> None:
    _write(home, *({"text": text} for text in TEXTS))
    arguments = ("texts.jsonl", "--model", model, "--out", "out.jsonl")
    code, _, _ = await _review(home, "g\nq\nb\n", *arguments)
    assert (code, _labels(home.folder / "out.jsonl")) == (0, {TEXTS[1]: 0})
    _, out, _ = await _review(home, "b\n", *arguments)
    assert "2 of 4 · score 0.5" in out and TEXTS[1] not in out
    assert _labels(home.folder / "out.jsonl") == {TEXTS[1]: 0, TEXTS[3]: 1}
    _, out, _ = await _review(home, "u\nu\nu\nq\n", *arguments)
    assert "nothing to undo" in out and "0 of 4 decided" in out


async def test_labels_that_are_there_are_shown_and_may_be_corrected(home: Home, model: str) -> None:
    _write(home, {"text": TEXTS[1], "label": 1, "kind": "post"}, {"text": TEXTS[0], "label": 0})
    _, out, _ = await _review(home, "g\nq\n", "texts.jsonl", "--model", model)
    assert "score 0.500 · labelled bad" in out
    assert _labels(home.folder / "texts.jsonl.labelled.jsonl") == {TEXTS[1]: 0, TEXTS[0]: 0}


async def test_a_text_cannot_steer_the_terminal(home: Home, model: str) -> None:
    _write(home, {"text": "Парк \x1b]0;title\x07 [red]открыт[/red] \x1b[2J"})
    _, out, _ = await _review(home, "q\n", "texts.jsonl", "--model", model)
    assert "\x1b" not in out and "\x07" not in out
    assert "[red]открыт[/red]" in out


async def test_what_cannot_be_reviewed_is_one_line(home: Home) -> None:
    (home.folder / "texts.jsonl").write_bytes("текст".encode("cp1251"))
    assert "not UTF-8" in (await home.do("labels", "review", "texts.jsonl")).complaint(1)
    assert "no such file" in (await home.do("labels", "review", "none.jsonl")).complaint(1)


async def test_the_labelled_texts_are_no_csv(home: Home) -> None:
    _write(home, {"text": TEXTS[0]})
    ended = await home.do("labels", "review", "texts.jsonl", "--out", "out.csv")
    assert (ended.code, "JSON lines" in ended.log) == (2, True)


# -- review on a terminal --------------------------------------------------------------


class Terminal:
    """A review on a terminal of its own."""

    def __init__(self, ours: int, theirs: int, process: asyncio.subprocess.Process) -> None:
        self._ours = ours
        self._theirs = theirs
        self._seen = ""
        self.process = process

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    async def wait_for(self, text: str) -> None:
        """Return when ``text`` is shown after what was waited for last."""
        while text not in self._seen:
            await asyncio.wait_for(self._readable(), 30)
            self._seen += os.read(self._ours, 4096).decode("utf-8", "replace")
        self._seen = self._seen.partition(text)[2]

    async def _readable(self) -> None:
        loop, shown = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._ours, shown.set)
        try:
            await shown.wait()
        finally:
            loop.remove_reader(self._ours)

    @property
    def modes(self) -> int:
        """Whether what is typed is shown, and read by lines."""
        flags: int = termios.tcgetattr(self._theirs)[3]
        return flags & BY_LINES


@contextmanager
def _terminals() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    try:
        yield ours, theirs
    finally:
        os.close(theirs)
        os.close(ours)


async def _on_terminal(home: Home, ends: tuple[int, int], *arguments: str) -> Terminal:
    ours, theirs = ends
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "labels", "review", *arguments,
        cwd=home.folder,
        env={**os.environ, "PYTHONUTF8": "1", "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    return Terminal(ours, theirs, process)


async def test_one_key_is_enough_on_a_terminal_which_is_afterwards_as_before(
    home: Home, model: str
) -> None:
    _write(home, *({"text": text} for text in TEXTS))
    with _terminals() as ends:
        terminal = await _on_terminal(home, ends, "texts.jsonl", "--model", model)
        await terminal.wait_for("1 of 4")
        assert terminal.modes == 0
        terminal.press("b")
        await terminal.wait_for("2 of 4")
        terminal.press("\x1b[B")  # an arrow is no key, though it ends with the letter
        terminal.press("п")
        await terminal.wait_for("3 of 4")
        terminal.press("u")
        await terminal.wait_for("2 of 4")
        terminal.press("bq")
        await terminal.wait_for("2 of 4 decided: 0 good, 2 bad")
        assert await terminal.process.wait() == 0
        assert terminal.modes == BY_LINES
    labels = _labels(home.folder / "texts.jsonl.labelled.jsonl")
    assert labels == {TEXTS[1]: 1, TEXTS[3]: 1}


async def test_a_kill_loses_nothing_that_was_pressed(home: Home, model: str) -> None:
    _write(home, *({"text": text} for text in TEXTS))
    with _terminals() as ends:
        terminal = await _on_terminal(home, ends, "texts.jsonl", "--model", model)
        await terminal.wait_for("1 of 4")
        terminal.press("bg")
        await terminal.wait_for("3 of 4")
        terminal.process.send_signal(signal.SIGKILL)
        await terminal.process.wait()
    code, out, _ = await _review(home, "", "texts.jsonl", "--model", model)
    assert (code, "2 of 4 decided: 1 good, 1 bad" in out) == (0, True)
    assert _labels(home.folder / "texts.jsonl.labelled.jsonl") == {TEXTS[1]: 1, TEXTS[3]: 0}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("ignored", [False, True])
async def test_a_signal_keeps_what_was_pressed_and_gives_the_terminal_back(
    home: Home, model: str, number: signal.Signals, code: int, ignored: bool
) -> None:
    """Also if it was ignored when the process began, as a shell has it in the background."""
    _write(home, *({"text": text} for text in TEXTS))
    with _terminals() as ends, _inherited(number, ignored):
        terminal = await _on_terminal(home, ends, "texts.jsonl", "--model", model)
        await terminal.wait_for("1 of 4")
        terminal.press("b")
        await terminal.wait_for("2 of 4")
        terminal.process.send_signal(number)
        assert await terminal.process.wait() == code
        assert terminal.modes == BY_LINES
    assert len((home.folder / "texts.jsonl.review").read_text().splitlines()) == 1


@contextmanager
def _inherited(number: signal.Signals, ignored: bool) -> Iterator[None]:
    """Start processes that ignore a signal at first, or do not."""
    before = signal.getsignal(number)
    if ignored or before is signal.SIG_IGN:
        signal.signal(number, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(number, before)


AT_A_BAD_MOMENT = """
import os, signal, threading
from bot.review_keys import open_keys

# A signal that another thread takes in does not wake this one, as if it had come right before
# this one began to wait.
threading.Thread(target=threading.Event().wait, daemon=True).start()
with open_keys() as keys:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    print("ready", flush=True)
    next(keys)
"""


async def test_a_signal_that_comes_right_before_the_reading_is_not_missed() -> None:
    with _terminals() as (ours, theirs):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", AT_A_BAD_MOMENT,
            stdin=theirs,
            stdout=theirs,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        terminal = Terminal(ours, theirs, process)
        await terminal.wait_for("ready")
        process.send_signal(signal.SIGINT)
        _, log = await asyncio.wait_for(process.communicate(), 30)
        assert log.decode().splitlines()[-1:] == ["KeyboardInterrupt"]
        assert terminal.modes == BY_LINES
