"""The settings files as a list of sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.sourcebook import Added, Sourcebook
from config import ConfigError

VESTI = {"name": "Вести", "url": "https://vesti.example/rss"}


@pytest.fixture
def book(tmp_path: Path) -> Sourcebook:
    path = tmp_path / "newsieve.toml"
    path.write_text('[[source]]\nname = "Вести"\nurl = "https://vesti.example/news"\n', "utf-8")
    return Sourcebook(path)


def names(book: Sourcebook) -> list[str]:
    return [source.name for source in book.read().source]


def test_an_address_is_there_once_and_a_name_that_is_taken_gets_a_number(
    book: Sourcebook, tmp_path: Path
) -> None:
    assert book.add(VESTI) == Added("Вести 2", tmp_path / "sources.toml")
    assert book.add({**VESTI, "url": "https://vesti.example/rss?utm_source=x"}).path is None
    assert names(book) == ["Вести", "Вести 2"]
    assert book.remove("Вести 2") == tmp_path / "sources.toml"
    assert names(book) == ["Вести"]


def test_an_address_in_the_settings_that_cannot_be_read_hinders_no_other(
    book: Sourcebook, tmp_path: Path
) -> None:
    odd = '[[source]]\nname = "Закрытый"\nurl = "https://t.me/joinchat/abc"\n'
    (tmp_path / "sources.toml").write_text(odd, "utf-8")
    assert book.add(VESTI).path is not None


@pytest.mark.parametrize("wrong", [{"kind": "magazine"}, {"url": "ftp://vesti.example"}])
def test_what_is_no_source_is_not_written(
    book: Sourcebook, tmp_path: Path, wrong: dict[str, str]
) -> None:
    with pytest.raises(ConfigError, match=f"source.{next(iter(wrong))}"):
        book.write({**VESTI, **wrong})
    assert not (tmp_path / "sources.toml").exists()


def test_what_would_not_count_is_not_written(
    book: Sourcebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match="newsieve init"):
        Sourcebook(None).write(VESTI)
    monkeypatch.setenv("NEWSIEVE_source", '[{"name": "Радио", "url": "https://radio.example"}]')
    with pytest.raises(ConfigError, match="NEWSIEVE_SOURCE in the environment"):
        book.add(VESTI)
    with pytest.raises(ConfigError, match="NEWSIEVE_SOURCE in the environment"):
        book.remove("Вести")
