"""Which labels are learned from, and which are kept for the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from classifier.training.lessons import Lesson, split_by_time
from tests.classifier.retraining import FIRST, TOWN, lessons, texts


def _said(count: int) -> list[Lesson]:
    return lessons([(text, number % 2) for number, text in enumerate(texts(count, TOWN, 5))])


def test_the_newest_share_is_held_out_in_whatever_order_the_labels_come() -> None:
    said = _said(20)
    split = split_by_time([*said[10:], *said[:10]], 0.3, 1)
    assert sorted(lesson.text for lesson in split.held_out) == sorted(one.text for one in said[14:])
    assert {lesson.text for lesson in split.taught} == {lesson.text for lesson in said[:14]}
    assert (split.left_out, split.texts) == (0, 20)


def test_never_fewer_are_held_out_than_asked_for() -> None:
    assert len(split_by_time(_said(20), 0.3, 10).held_out) == 10
    assert len(split_by_time(_said(4), 0.3, 10).held_out) == 4


def test_a_text_nearly_the_same_as_a_held_out_one_is_not_learned_from() -> None:
    said = _said(20)
    copy = Lesson(f"{said[-1].text} подробнее", 0, said[-1].at)
    split = split_by_time([*said, copy], 0.3, 1)
    assert len(split.held_out) == 6
    assert copy.text not in {lesson.text for lesson in split.taught}
    assert (split.left_out, split.texts) == (1, 20)


def test_a_copy_of_an_old_text_is_learned_from_with_it() -> None:
    said = _said(20)
    copy = Lesson(f"{said[0].text} подробнее", 0, FIRST + timedelta(days=30))
    split = split_by_time([*said, copy], 0.3, 1)
    assert copy in split.taught
    assert copy not in split.held_out


def test_of_copies_that_are_held_out_the_newest_label_is_measured() -> None:
    said = _said(20)
    newest = Lesson(f"{said[-1].text} подробнее", 1 - said[-1].label, FIRST + timedelta(days=30))
    split = split_by_time([newest, *said], 0.3, 1)
    assert newest in split.held_out
    assert said[-1] not in split.held_out


def test_imported_texts_are_learned_from_but_never_measured_on() -> None:
    said = _said(20)
    further = texts(3, TOWN, 6)
    undated = Lesson(further[0], 0, None, imported=True)
    early = Lesson(further[1], 0, FIRST, imported=True)
    late = Lesson(further[2], 0, FIRST + timedelta(days=30), imported=True)
    copy = replace(said[-1], imported=True)
    split = split_by_time([*said, undated, early, late, copy], 0.3, 1)
    assert split.imported == (undated, early)
    assert len(split.held_out) == 6
    assert split.left_out == 2


def test_without_labels_there_is_nothing() -> None:
    split = split_by_time([], 0.3, 10)
    assert (split.taught, split.held_out, split.texts) == ((), (), 0)
