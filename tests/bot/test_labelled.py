from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.labelled import Format, read_labelled, write_labelled
from bot.model import Objection, Reason, Truth
from bot.store import LabelledText
from classifier import ModelError

ROWS = [
    LabelledText(
        "Парк открыт",
        'В городе открыли парк, "лучший" в области,\nс прудом.',
        Truth.GOOD,
        Reason.BAD,
        "Ольга",
        datetime(2026, 3, 1, 12, tzinfo=timezone.utc),
    ),
    LabelledText("", "Скидки до 70 % только сегодня", Truth.BAD, objection=Objection.AD),
]


@pytest.mark.parametrize("form", list(Format))
def test_what_is_written_is_read_the_same(tmp_path: Path, form: Format) -> None:
    path = tmp_path / f"labels.{form.value}"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_labelled(ROWS, file, form)
    assert read_labelled(path) == ROWS


@pytest.mark.parametrize("label", ['"good"', '"GOOD"', "0", '"0"'])
def test_good_may_be_written_as_word_or_number(tmp_path: Path, label: str) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text(f'{{"text": "Открыт парк", "label": {label}}}\n')
    assert read_labelled(path)[0].label is Truth.GOOD


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", b'{"text": "x", "label": 0}\n{"text": "y", "label": "maybe"}', "line 2: label"),
        ("a.jsonl", b'{"text": "x"}', "line 1: label"),
        ("a.jsonl", b'{"text": "x", "label": true}', "line 1: label"),
        ("a.jsonl", b'{"label": 1}', "line 1: text is missing"),
        ("a.jsonl", b'{"text": 5, "label": 1}', "line 1: text must be text"),
        ("a.jsonl", b"{", "line 1: not JSON"),
        ("a.jsonl", b"[1]", "line 1: not an object"),
        ("a.jsonl", b"", "no labelled texts"),
        ("a.jsonl", "текст".encode("cp1251"), "not UTF-8"),
        ("a.csv", b"text,kind\nx,y\n", "line 2: label"),
        ("a.csv", b"text,label\nx,2\n", "line 2: label"),
    ],
)
def test_a_wrong_file_is_told_with_its_line(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((BotError, ModelError), match=told):
        read_labelled(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        read_labelled(tmp_path / "none.jsonl")
