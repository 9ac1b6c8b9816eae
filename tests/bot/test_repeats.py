from __future__ import annotations

from bot.model import Truth
from bot.repeats import Repeat, find_repeats, repeat_lines
from bot.store import LabelledText

PARK = "В городе открыли новый парк с прудом и детской площадкой"


def _rows(*said: tuple[str, Truth]) -> list[tuple[int, LabelledText]]:
    return [(line, LabelledText("", text, label)) for line, (text, label) in enumerate(said, 1)]


def test_a_text_that_stands_once_is_no_repeat() -> None:
    repeats = find_repeats(_rows((PARK, Truth.GOOD), ("Снег", Truth.GOOD), ("Дождь", Truth.BAD)))
    assert repeat_lines(repeats) == []


def test_the_same_text_is_told_with_all_its_lines() -> None:
    repeats = find_repeats(_rows(*[("Снег", Truth.BAD), (PARK, Truth.GOOD), ("Снег", Truth.BAD)]))
    assert repeats.same == (Repeat((), (1, 3)),)
    assert repeat_lines(repeats) == ["lines 1, 3: the same text"]


def test_of_two_labels_the_last_one_counts() -> None:
    repeats = find_repeats(
        _rows(*[("Снег", Truth.GOOD), ("Снег", Truth.GOOD), ("Снег", Truth.BAD)])
    )
    assert (repeats.same, repeats.near) == ((), ())
    assert repeat_lines(repeats) == [
        "lines 1, 2, 3: the same text, good in 1, 2, bad in 3: bad counts"
    ]


def test_a_text_is_not_the_same_with_another_title() -> None:
    rows = [
        (i, LabelledText(title, "Подробности позже", Truth.GOOD)) for i, title in enumerate("аб")
    ]
    assert find_repeats(rows).same == ()


def test_texts_that_differ_a_little_are_told_and_whether_their_labels_differ() -> None:
    longer = f"{PARK}, сообщили в мэрии"
    agreeing = find_repeats(_rows((PARK, Truth.GOOD), ("Снег", Truth.BAD), (longer, Truth.GOOD)))
    assert repeat_lines(agreeing) == ["lines 1, 3: nearly the same text"]
    differing = find_repeats(_rows((PARK, Truth.GOOD), (longer, Truth.BAD), (longer, Truth.BAD)))
    assert repeat_lines(differing) == [
        "lines 2, 3: the same text",
        "lines 1, 2, 3: nearly the same text, good in 1, bad in 2, 3",
    ]


def test_what_contradicts_is_told_first() -> None:
    one, other = PARK, "Гороскоп на завтра обещает всем знакам удачу и деньги"
    said = [(text + end, Truth.GOOD) for text in (one, other) for end in ("", ", и не только")]
    said[-1] = (said[-1][0], Truth.BAD)
    assert [line.split(":")[0] for line in repeat_lines(find_repeats(_rows(*said)))] == [
        "lines 3, 4",
        "lines 1, 2",
    ]


def test_of_many_repeats_the_first_are_told_and_the_others_counted() -> None:
    twice = [(f"Известие{i}", Truth.GOOD) for i in range(13)] * 2
    lines = repeat_lines(find_repeats(_rows(*twice)))
    assert lines[0] == "lines 1, 14: the same text"
    assert lines[10:] == ["… and 3 more like it"]
