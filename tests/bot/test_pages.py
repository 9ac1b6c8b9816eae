"""Pages on disk."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.errors import PageError
from bot.pages import drafted, expect_writable, write_whole


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


def test_a_file_that_is_not_finished_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("прежний", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt), drafted(path) as file:
        file.write("половина")
        raise KeyboardInterrupt
    assert path.read_text(encoding="utf-8") == "прежний"
    assert list(tmp_path.iterdir()) == [path]


def test_behind_a_link_the_file_itself_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("прежний", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    with drafted(tmp_path / "link") as file:
        file.write("новый")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "новый"


def test_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    with drafted(tmp_path / "pipe") as file:
        file.write("мост")
    assert os.read(reading, 100).decode() == "мост"
    os.close(reading)


def test_what_stands_behind_a_device_is_not_replaced(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w", encoding="utf-8") as shell:
        with drafted(Path(f"/dev/fd/{shell.fileno()}")) as file:
            file.write("мост")
        assert os.fstat(shell.fileno()).st_ino == (tmp_path / "out").stat().st_ino
    assert (tmp_path / "out").read_text(encoding="utf-8") == "мост"


def test_a_place_that_cannot_be_written_is_told_beforehand(tmp_path: Path) -> None:
    expect_writable(tmp_path / "page.html")
    for wrong in (tmp_path, tmp_path / "nowhere" / "page.html"):
        with pytest.raises(PageError, match=re.escape(str(wrong))):
            expect_writable(wrong)
