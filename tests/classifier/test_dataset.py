from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifier import BundleMissing, ModelError
from classifier.training.dataset import Row, read_dataset


def _write(path: Path, *lines: object) -> Path:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    path.write_text("\n".join(written) + "\n", encoding="utf-8")
    return path


_GOOD = {"text": "Мост открыт", "label": 0}
_BAD = {"text": "Скидки!", "label": 1}


def test_json_lines_become_rows(tmp_path: Path) -> None:
    titled = {"title": "Мост", "text": "Он открыт", "label": 0, "kind": "article", "licence": "MIT"}
    path = _write(tmp_path / "data.jsonl", titled, "", {"text": "Скидки!", "label": "bad"})
    assert read_dataset(path) == [
        Row("Мост\nОн открыт", 0, "article", "MIT"),
        Row("Скидки!", 1, "all", "not stated"),
    ]


def test_csv_becomes_rows(tmp_path: Path) -> None:
    path = _write(tmp_path / "data.csv", "text,label", '"Мост, ""новый""', 'открыт",good', "Купи,1")
    assert read_dataset(path) == [Row('Мост, "новый"\nоткрыт', 0), Row("Купи", 1)]


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("text,label\nМост,0\nКупи,1\n", encoding="utf-8-sig")
    assert len(read_dataset(path)) == 2


def test_half_a_character_becomes_the_mark_of_one_that_is_missing(tmp_path: Path) -> None:
    cut = '{"text": "Мост \\ud83d", "label": 0, "kind": "\\ude00"}'
    row = read_dataset(_write(tmp_path / "data.jsonl", cut, _BAD))[0]
    assert (row.text, row.kind) == ("Мост \ufffd", "\ufffd")


@pytest.mark.parametrize(
    "label",
    [0, 1, "0", "1", 0.0, 1.0, "0.0", "1.0", "good", "bad", " Bad ", "GOOD"],
)
def test_a_label_is_a_number_or_a_word(tmp_path: Path, label: object) -> None:
    path = _write(tmp_path / "data.jsonl", _GOOD, _BAD, {"text": "Снег", "label": label})
    assert read_dataset(path)[-1].label == int(str(label).strip().lower() in ("1", "1.0", "bad"))


@pytest.mark.parametrize(
    ("row", "mistake"),
    [
        ('{"text": ', "not JSON"),
        ("[1, 2]", "not an object"),
        ({"label": 1}, "column 'text' is missing"),
        ({"text": "Снег"}, "column 'label' is missing"),
        ({"text": "Снег", "label": None}, "column 'label' is missing"),
        ({"text": "Снег", "label": 2}, "label is 2"),
        ({"text": "Снег", "label": 0.5}, "label is 0.5"),
        ({"text": "Снег", "label": "1.5"}, "label is '1.5'"),
        ({"text": "Снег", "label": ""}, "label is ''"),
        ({"text": "Снег", "label": "spam"}, "label is 'spam'"),
        ({"text": "Снег", "label": True}, "label is True"),
        ({"text": ["Снег"], "label": 1}, "must be strings"),
        ({"text": " ", "label": 1}, "empty"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, row: object, mistake: str) -> None:
    path = _write(tmp_path / "data.jsonl", _GOOD, "", _BAD, row)
    with pytest.raises(ModelError, match=f"line 4: .*{mistake}") as caught:
        read_dataset(path)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "mistake"),
    [
        (("words,label", "Мост,0"), "line 2: column 'text' is missing"),
        (("text,label", "Мост"), "line 2: column 'label' is missing"),
        (("text,label", "Мост,0", 'Купи"ть,"1'), "not CSV"),
        (("text,label", "Мост,0.0", "Купить,1.0", "Снег,0.7"), "line 4: label is '0.7'"),
        (("text,label",), "no rows"),
    ],
)
def test_a_mistake_in_csv_is_named(tmp_path: Path, lines: tuple[str, ...], mistake: str) -> None:
    with pytest.raises(ModelError, match=mistake):
        read_dataset(_write(tmp_path / "data.csv", *lines))


@pytest.mark.parametrize(
    ("rows", "mistake"),
    [((), "no rows"), ((_GOOD, _GOOD), "every row is good"), ((_BAD,), "every row is bad")],
)
def test_data_that_teach_nothing_are_refused(
    tmp_path: Path, rows: tuple[object, ...], mistake: str
) -> None:
    with pytest.raises(ModelError, match=mistake):
        read_dataset(_write(tmp_path / "data.jsonl", *rows))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BundleMissing, match="nowhere"):
        read_dataset(tmp_path / "nowhere.jsonl")
    with pytest.raises(ModelError, match="directory"):
        read_dataset(tmp_path)
    (tmp_path / "old.jsonl").write_bytes("Мост".encode("cp1251"))
    with pytest.raises(ModelError, match="not UTF-8 at byte 0"):
        read_dataset(tmp_path / "old.jsonl")
