"""The file of a channel's feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import ConfigError, load_settings


def written(folder: Path, *channels: str) -> Path:
    path = folder / "newsieve.toml"
    path.write_text("\n".join(f"[[channel]]\n{channel}" for channel in channels), encoding="utf-8")
    return path


def test_a_feed_is_meant_from_the_folder_of_the_settings(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, 'chat = "@good"\nfeed = "public/good.xml"'))
    assert settings.channel[0].feed == tmp_path / "public" / "good.xml"


def test_a_channel_needs_no_feed(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, 'chat = "@good"')).channel[0].feed is None


def test_a_folder_is_no_feed(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as raised:
        load_settings(written(tmp_path, 'chat = "@good"\nfeed = "."'))
    assert raised.value.problems == (f"channel[1].feed: {tmp_path} is a folder",)


def test_two_channels_do_not_share_a_file(tmp_path: Path) -> None:
    both = ('chat = "@good"\nfeed = "good.xml"', 'chat = "@better"\nfeed = "./good.xml"')
    with pytest.raises(ConfigError) as raised:
        load_settings(written(tmp_path, *both))
    (problem,) = raised.value.problems
    assert problem == f"channel.feed: two channels are written to {tmp_path / 'good.xml'}"
