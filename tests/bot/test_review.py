from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError
from bot.model import Truth
from bot.review import Candidate, Decision, Review, Step
from bot.review_file import open_steps, read_entries, steps_path, write_labelled_entries
from bot.review_keys import letters_of
from classifier import ModelError

SCORES = {"sure": 0.99, "torn": 0.52, "unsure": 0.3, "harmless": 0.02}
CANDIDATES = [Candidate(key, "", key, None, score) for key, score in SCORES.items()]


def _review(*steps: Step) -> Review:
    return Review(CANDIDATES, 0.5, steps)


def _next(review: Review) -> str:
    assert review.next is not None
    return review.next.key


def test_the_most_uncertain_text_comes_first() -> None:
    assert [one.key for one in _review().candidates] == ["torn", "unsure", "harmless", "sure"]
    nearer_to_all_is_bad = Review(CANDIDATES, 0.9)
    assert _next(nearer_to_all_is_bad) == "sure"


def test_a_text_that_was_decided_or_skipped_does_not_come_again() -> None:
    review = _review(Step("torn", Decision.GOOD), Step("unsure", Decision.SKIP))
    assert _next(review) == "harmless"


def test_an_undone_text_comes_again_and_undo_goes_on_backwards() -> None:
    review = _review(Step("torn", Decision.GOOD), Step("unsure", Decision.BAD))
    for key in ("unsure", "torn"):
        step = review.undo()
        assert step == Step(key, None)
        review.take(step)
        assert _next(review) == key
    assert review.undo() is None


def test_a_review_goes_on_where_its_steps_ended() -> None:
    first = _review()
    taken = []
    for decision in (Decision.GOOD, Decision.BAD, None, Decision.SKIP):
        step = first.undo() if decision is None else Step(_next(first), decision)
        assert step is not None
        first.take(step)
        taken.append(step)
    again = _review(*taken)
    assert again.decisions == first.decisions == {"torn": Decision.GOOD, "unsure": Decision.SKIP}
    assert again.undo() == Step("unsure", None)


def test_steps_on_texts_that_are_gone_do_not_count() -> None:
    review = _review(Step("gone", Decision.BAD))
    assert (review.decisions, review.undo()) == ({}, None)


def test_with_all_decided_nothing_comes() -> None:
    assert _review(*(Step(key, Decision.BAD) for key in SCORES)).next is None


# -- the file of steps -----------------------------------------------------------------

STEPS = [Step("a", Decision.GOOD), Step("b", Decision.SKIP), Step("b", None)]


def test_steps_are_read_as_they_were_added(tmp_path: Path) -> None:
    path = steps_path(tmp_path / "texts.jsonl")
    for step in STEPS:
        with open_steps(path) as steps:
            steps.add(step)
    with open_steps(path) as steps:
        assert steps.steps == STEPS
    assert path.name == "texts.jsonl.review"


def test_a_step_is_on_disk_before_the_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    with open_steps(path) as steps:
        steps.add(STEPS[0])
        assert path.read_bytes().count(b"\n") == 1


def test_a_last_line_that_was_cut_off_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    with open_steps(path) as steps:
        steps.add(STEPS[0])
    with path.open("ab") as file:
        file.write(b'{"text": "b", "i')
    with open_steps(path) as steps:
        assert steps.steps == STEPS[:1]
        steps.add(STEPS[1])
    with open_steps(path) as steps:
        assert steps.steps == STEPS[:2]


@pytest.mark.parametrize("line", ["{", "[]", '{"text": "a"}', '{"text": "a", "is": "maybe"}', "1"])
def test_a_line_that_is_no_step_is_told(tmp_path: Path, line: str) -> None:
    path = tmp_path / "steps"
    path.write_text(f'{{"text": "a", "is": "good"}}\n{line}\n')
    with pytest.raises(BotError, match="line 2: not a step"), open_steps(path):
        pass


def test_two_people_cannot_review_one_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "steps"
    elsewhere = pytest.raises(BotError, match="being reviewed elsewhere")
    with open_steps(path), elsewhere, open_steps(path):
        pass
    with open_steps(path):
        pass


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(BotError, match="No such file"), open_steps(tmp_path / "none" / "steps"):
        pass


# -- texts in, labels out --------------------------------------------------------------


def _file(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    return path


def test_all_rows_with_a_label_come_out_in_order_with_all_their_columns(tmp_path: Path) -> None:
    path = _file(
        tmp_path / "texts.jsonl",
        {"text": "Мост", "kind": "news", "features": [1, 2]},
        {"title": "Парк", "text": "открыт", "label": "bad", "kind": "post"},
        {"text": "Снег", "label": 0},
        {"text": "Дождь"},
        {"text": "Мост", "kind": "again"},
    )
    entries = read_entries(path)
    decisions = {
        entries[0].key: Decision.GOOD,
        entries[1].key: Decision.GOOD,
        entries[2].key: Decision.SKIP,
        entries[3].key: Decision.SKIP,
    }
    out = tmp_path / "out.jsonl"
    assert write_labelled_entries(entries, decisions, out) == 4
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"text": "Мост", "kind": "news", "features": [1, 2], "label": 0},
        {"title": "Парк", "text": "открыт", "label": 0, "kind": "post"},
        {"text": "Снег", "label": 0},
        {"text": "Мост", "kind": "again", "label": 0},
    ]


def test_a_file_may_be_corrected_in_place(tmp_path: Path) -> None:
    path = _file(tmp_path / "texts.jsonl", {"text": "Мост", "label": 1})
    entries = read_entries(path)
    write_labelled_entries(entries, {entries[0].key: Decision.GOOD}, path)
    (again,) = read_entries(path)
    assert (again.label, again.key) == (Truth.GOOD, entries[0].key)
    assert list(tmp_path.iterdir()) == [path]


def test_half_a_character_comes_out_as_it_came_in(tmp_path: Path) -> None:
    path = tmp_path / "texts.jsonl"
    path.write_text('{"text": "Парк \\ud83d"}\n')
    entries = read_entries(path)
    write_labelled_entries(entries, {entries[0].key: Decision.BAD}, path)
    assert read_entries(path)[0].text == "Парк \ud83d"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", b"", "no texts in it"),
        ("a.jsonl", b'{"title": "", "label": 1}', "line 1: text is missing"),
        ("a.jsonl", b'{"text": "x"}\n{"text": 1}', "line 2: title and text must be text"),
        ("a.jsonl", b'{"text": "x", "label": "maybe"}', "line 1: label is 'maybe'"),
        ("a.jsonl", "текст".encode("cp1251"), "not UTF-8"),
        ("a.csv", b"words,label\nx,1\n", "line 2: text is missing"),
        ("a.csv", b"text,label\nx,2\n", "line 2: label is '2'"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((BotError, ModelError), match=told):
        read_entries(path)


# -- keys ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pressed", "letters"),
    [
        ("gBs", "gbs"),
        ("П", "п"),
        ("\x1b[A\x1b[Bg", "g"),  # arrows up and down
        ("\x1b[3~g\x1b[1;5Bs", "gs"),  # delete; control with an arrow
        ("\x1bOBg", "g"),  # arrows of another kind of terminal
        ("\x1bbg", "g"),  # alt and b
        ("g\x1b", "g"),
        ("g\x1b[", "g"),
    ],
)
def test_arrows_and_the_like_label_nothing(pressed: str, letters: str) -> None:
    assert "".join(letters_of(pressed)) == letters
