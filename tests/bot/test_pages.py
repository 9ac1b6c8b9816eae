"""Pages on disk."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.errors import PageError
from bot.pages import expect_writable, write_whole


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_whole(tmp_path / "page.html", "<p>Мост</p>")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "<p>Мост</p>"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]
    (tmp_path / "folder").mkdir()
    with pytest.raises(PageError, match=re.escape(str(tmp_path / "folder"))):
        write_whole(tmp_path / "folder", "<p>Мост</p>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "page.html"]


def test_a_page_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    for page in ("первая", "вторая"):
        write_whole(tmp_path / "new" / "page.html", page)
    assert (tmp_path / "new" / "page.html").read_text(encoding="utf-8") == "вторая"


def test_half_a_character_does_not_stop_a_page(tmp_path: Path) -> None:
    write_whole(tmp_path / "page.html", "\ud83d мост")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "? мост"


def test_a_place_that_cannot_be_written_is_told_beforehand(tmp_path: Path) -> None:
    expect_writable(tmp_path / "page.html")
    for wrong in (tmp_path, tmp_path / "nowhere" / "page.html"):
        with pytest.raises(PageError, match=re.escape(str(wrong))):
            expect_writable(wrong)
