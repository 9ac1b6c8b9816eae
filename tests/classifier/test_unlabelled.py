"""Texts that nobody labelled, and their first sentences."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from classifier.errors import BundleMissing, ModelError
from classifier.training.distil.unlabelled import first_sentences, read_unlabelled

SENTENCE = "В городском парке посадили двести молодых лип."


def _lines(*records: object) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


@pytest.mark.parametrize("end", [".", "!", "?", "…"])
def test_a_first_sentence_ends_with_its_mark(end: str) -> None:
    sentence = SENTENCE[:-1] + end
    assert first_sentences([f"{sentence} Помогали школьники."]) == [sentence]


def test_a_text_of_one_sentence_is_its_own_first() -> None:
    assert first_sentences([SENTENCE]) == [SENTENCE]


def test_a_mark_inside_a_word_or_number_ends_nothing() -> None:
    text = "Доходы выросли до 12.5 миллиарда за год! Расходы тоже."
    assert first_sentences([text]) == ["Доходы выросли до 12.5 миллиарда за год!"]


def test_a_short_beginning_is_taken_together_with_what_follows() -> None:
    text = "Ура! Мост через реку открыли для движения. Первыми прошли автобусы."
    assert first_sentences([text]) == ["Ура! Мост через реку открыли для движения."]


def test_only_the_first_line_is_read() -> None:
    assert first_sentences(["\n  Мост открыт\nПервыми прошли автобусы."]) == ["Мост открыт"]


def test_a_line_without_an_end_is_cut_at_140_characters() -> None:
    assert first_sentences(["мост " * 100]) == [("мост " * 100)[:140]]


def test_an_end_after_161_characters_comes_too_late() -> None:
    in_time, late = "а" * 160 + ".", "а" * 161 + "."
    assert first_sentences([in_time, late]) == [in_time, "а" * 140]


def test_there_is_a_first_sentence_for_each_text_in_order() -> None:
    assert first_sentences(["Мост открыт", "", "Парк закрыт"]) == ["Мост открыт", "", "Парк закрыт"]


@pytest.mark.parametrize("name", ["posts.jsonl", "posts.jsonl.gz"])
def test_texts_are_read_packed_or_not(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = _lines({"text": "Мост открыт", "channel": "город"}, {"text": "Парк\nзакрыт"})
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert read_unlabelled(path) == ["Мост открыт", "Парк\nзакрыт"]


def test_blank_texts_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(_lines({"text": " \n"}, {"text": "Мост открыт"}) + b"\n\n")
    assert read_unlabelled(path) == ["Мост открыт"]


def test_half_a_character_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text('{"text": "Мост \\ud83d"}', encoding="utf-8")
    assert read_unlabelled(path) == ["Мост \ufffd"]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "no texts"),
        (b'{"text": " "}', "no texts"),
        (b'{"text": "a"}\n{"text"', "line 2: not JSON"),
        (b'\n["text"]', "line 2: not an object with a text"),
        (b'{"text": 5}', "line 1: not an object with a text"),
        (b"\xff", "not UTF-8 at byte 0"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, data: bytes, fault: str) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=fault) as caught:
        read_unlabelled(path)
    assert caught.value.path == path


@pytest.mark.parametrize("kept", [0.3, 0.9])
@pytest.mark.parametrize(
    "packed", [b"no gzip at all", gzip.compress(_lines({"text": "a" * 99}), mtime=0)]
)
def test_a_damaged_archive_is_named(tmp_path: Path, packed: bytes, kept: float) -> None:
    path = tmp_path / "posts.jsonl.gz"
    path.write_bytes(packed[: int(len(packed) * kept)])
    with pytest.raises(ModelError, match="not packed by gzip, or cut off"):
        read_unlabelled(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match=r"posts\.jsonl"):
        read_unlabelled(tmp_path / "posts.jsonl")
