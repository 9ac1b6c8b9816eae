from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import load_settings
from config.settings import Settings
from config.starter import write_starter


def test_the_starting_files_are_valid_settings(tmp_path: Path) -> None:
    newsieve, sources = write_starter(tmp_path / "new")
    settings = load_settings(newsieve)
    assert settings.channel[0].chat == "preview"
    assert sources.name == "sources.toml"


def test_the_starting_files_are_valid_with_every_comment_switched_on(tmp_path: Path) -> None:
    newsieve, sources = write_starter(tmp_path)
    (tmp_path / "models/default").mkdir(parents=True)
    (tmp_path / "layers.py").write_text("named in newsieve.toml")
    (tmp_path / "post.html.j2").write_text("named in newsieve.toml")
    (tmp_path / "russian-ca.pem").write_text("named in sources.toml")
    for path in (newsieve, sources):
        text = path.read_text(encoding="utf-8")
        switched = re.sub(r"^# (?=\w+ = |\[\[)", "", text, flags=re.MULTILINE)
        path.write_text(switched, encoding="utf-8")
    newsieve.write_text(newsieve.read_text(encoding="utf-8").replace("token_file", "# token_file"))
    settings = load_settings(newsieve)
    assert [source.kind for source in settings.source] == [None, None, None, "listing"]


def test_every_setting_is_in_the_starting_file(tmp_path: Path) -> None:
    text = write_starter(tmp_path)[0].read_text(encoding="utf-8")
    for section in ("telegram", "store", "classifier", "schedule", "filter", "sender", "http"):
        model = Settings.model_fields[section].annotation
        assert model is not None
        for key in model.model_fields:
            if key != "base_url":  # for tests and for people with a Bot API server of their own
                assert re.search(rf"^(# )?{key} = ", text, re.MULTILINE), f"{section}.{key}"


def test_files_that_are_there_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text("mine")
    with pytest.raises(FileExistsError):
        write_starter(tmp_path)
    assert (tmp_path / "sources.toml").read_text() == "mine"
    assert not (tmp_path / "newsieve.toml").exists()
