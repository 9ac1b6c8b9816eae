"""The cleaner: raw text from anywhere → the words that are worth reading.

Every step is a flag, kept in the bundle: a model reads its texts in
production exactly as it read them in training.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from classifier.text.lemmas import lemma
from classifier.text.marks import without_heaps
from classifier.text.stop_words import STOP_WORDS

_ELEMENTS = tuple(
    (re.compile(opening, re.I), re.compile(closing, re.I))
    for opening, closing in (
        (r"<!--", r"-->"),
        (r"<script\b", r"</script\s*>"),
        (r"<style\b", r"</style\s*>"),
    )
)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.I)
# Far beyond the last character; Python refuses to read a number of thousands of digits.
_ENDLESS_REFERENCE = re.compile(r"&#[0-9]{100,};?")
_NO_CHARACTER = "\ufffd"
_ADDRESS = re.compile(
    r"(?:\bhttps?://|\bwww\.|\bt\.me/)[^\s<>\"»]+"  # links
    r"|\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,63}"  # e-mail
    r"|(?<!\w)@\w+",  # names in chats
    re.I,
)
_ADDRESS_MARK = " @ "
_NO_SCHEME = re.compile(r"[wW]{3}\.")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Soft hyphens, zero-width and bidi characters, stress marks, emoji variations: part of no word.
_INVISIBLE = re.compile(
    "[\u00ad\u0300-\u036f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_WORD_OR_MARK = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[^\w\s]")
_CYRILLIC = re.compile("[а-яё]", re.I)
_LATIN = re.compile("[a-z]", re.I)
_LOOK_ALIKES = str.maketrans("aceopxykmhtbrnuAEOPCXYKMHTB", "асеорхукмнтвгпиАЕОРСХУКМНТВ")
_DIGIT = re.compile(r"\d")


class Keep(str, Enum):
    """What becomes of the numbers or the addresses of a text."""

    WHOLE = "whole"
    MARK = "mark"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Cleaner:
    """What is taken out of a text, and how its words are written.

    Attributes:
        markup: tags, scripts, comments and entities go.
        addresses: links, e-mail addresses and @names: kept, one ``@`` each, or gone.
        controls: control characters become spaces, invisible ones go, letters are composed.
        look_alikes: Latin letters that hide in Cyrillic words become Cyrillic.
        lower: lower-case.
        lemmas: Russian words become their dictionary form.
        yo: ё is written as е.
        marks: punctuation marks and emoji are words of their own; otherwise they go.
        numbers: kept, each digit as 0 (so that only the length is told), or gone.
        stop_words: words without a meaning of their own go.
    """

    markup: bool = True
    addresses: Keep = Keep.DROP
    controls: bool = True
    look_alikes: bool = False
    lower: bool = True
    lemmas: bool = True
    yo: bool = True
    marks: bool = False
    numbers: Keep = Keep.WHOLE
    stop_words: bool = False

    def words(self, text: str) -> Iterator[str]:
        """Yield the words of ``text`` one by one, as the flags say; never an empty one."""
        pattern = _WORD_OR_MARK if self.marks else _WORD
        for match in pattern.finditer(self.clean(text)):
            word = self._written(match.group())
            if word and not (self.stop_words and word in STOP_WORDS):
                yield word

    def clean(self, text: str) -> str:
        """Return ``text`` without markup, addresses and characters that the flags forbid."""
        if self.markup:
            text = without_markup(text)
        if self.controls:
            text = _without_controls(text)
        if self.addresses is not Keep.WHOLE and _may_hold_address(text):
            text = _ADDRESS.sub(_ADDRESS_MARK if self.addresses is Keep.MARK else " ", text)
        return text

    def _written(self, word: str) -> str:
        if self.numbers is not Keep.WHOLE and _DIGIT.search(word):
            word = _DIGIT.sub("0" if self.numbers is Keep.MARK else "", word).strip("-")
        if self.look_alikes and _LATIN.search(word) and _CYRILLIC.search(word):
            word = _without_look_alikes(word)
        if self.lower:
            word = word.lower()
        if self.lemmas:
            word = lemma(word)
        return word.replace("ё", "е").replace("Ё", "Е") if self.yo else word


def without_markup(text: str) -> str:
    """Return ``text`` without tags, scripts, styles and comments, its entities read."""
    # Twice: feeds escape markup that itself holds entities.
    for _ in range(2):
        text = html.unescape(_ENDLESS_REFERENCE.sub(_NO_CHARACTER, _without_tags(text)))
    return _without_tags(text)


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    for opening, closing in _ELEMENTS:
        text = _without_element(text, opening, closing)
    return _TAG.sub(" ", text)


def _without_element(text: str, opening: re.Pattern[str], closing: re.Pattern[str]) -> str:
    """Cut everything from each opening to its closing; an unclosed opening takes nothing along."""
    kept, position = [], 0
    while (start := opening.search(text, position)) and (end := closing.search(text, start.end())):
        kept += [text[position : start.start()], " "]
        position = end.end()
    return "".join([*kept, text[position:]])


def _without_controls(text: str) -> str:
    text = without_heaps(_CONTROLS.sub(" ", text))
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))


def _may_hold_address(text: str) -> bool:
    """Few texts hold any of the marks without which the slow pattern finds nothing."""
    return "@" in text or "/" in text or _NO_SCHEME.search(text) is not None


def _without_look_alikes(word: str) -> str:
    folded = word.translate(_LOOK_ALIKES)
    return word if _LATIN.search(folded) else folded  # "iPhone-а" is no disguise
