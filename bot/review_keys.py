"""The keys of a review: one press on a terminal, one line anywhere else."""

from __future__ import annotations

import codecs
import os
import sys
import termios
import tty
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import Enum

from bot.endings import Ending, open_ending

_ESCAPE, _END_OF_INPUT = "\x1b", "\x04"


class Key(Enum):
    """What a person may press, with the letter in the same place on a Russian keyboard."""

    GOOD = ("g", "п")
    BAD = ("b", "и")
    SKIP = ("s", "ы")
    UNDO = ("u", "г")
    QUIT = ("q", "й")


_BY_LETTER = {letter: key for key in Key for letter in key.value} | {_END_OF_INPUT: Key.QUIT}
_BY_WORD = _BY_LETTER | {key.name.lower(): key for key in Key}


@contextmanager
def open_keys() -> Iterator[Iterator[Key | None]]:
    """Give the keys as they are pressed, None for one that means nothing, until input ends.

    On a terminal a key counts at once and is not shown; the terminal is afterwards as it was,
    also after SIGINT and SIGTERM. Anything else is read by lines: a letter, or the whole word.
    """
    if not sys.stdin.isatty():
        yield _read_lines()
        return
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    with open_ending() as ending:
        try:
            # What was typed ahead counts, so it is not flushed.
            tty.setcbreak(terminal, termios.TCSADRAIN)
            characters = _read_characters(terminal, ending)
            yield (_BY_LETTER.get(letter) for letter in letters_of(characters))
        finally:
            ending.hold()
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def letters_of(characters: Iterable[str]) -> Iterator[str]:
    """Yield the letters among ``characters``, in lower case.

    Arrows and the like send an escape and more, among it letters: these are none.
    """
    source = iter(characters)
    for character in source:
        if character != _ESCAPE:
            yield character.lower()
            continue
        introduced = next(source, "")
        if introduced == "[":
            while next(source, "@") < "@":
                pass
        elif introduced == "O":
            next(source, "")


def _read_characters(terminal: int, ending: Ending) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    ending.wait_for(terminal)
    while pressed := os.read(terminal, 64):
        yield from decoder.decode(pressed)
        ending.wait_for(terminal)


def _read_lines() -> Iterator[Key | None]:
    for line in sys.stdin.buffer:
        if word := line.decode("utf-8", "replace").strip().lower():
            yield _BY_WORD.get(word)
