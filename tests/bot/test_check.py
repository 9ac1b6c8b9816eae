"""What `newsieve check` tries beside the network."""

from __future__ import annotations

from pathlib import Path

from bot.check import Finding, check_all
from config import Settings, load_settings


def settings(folder: Path, text: str) -> Settings:
    path = folder / "newsieve.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


async def findings(folder: Path, text: str) -> dict[str, Finding]:
    return {found.what: found for found in await check_all(settings(folder, text))}


async def test_a_review_band_beside_the_threshold_is_warned_of(tmp_path: Path) -> None:
    band = "[classifier]\nthreshold = 0.35\nreview_band = [0.4, 0.6]\n"
    found = (await findings(tmp_path, band))["review_band"]
    assert (found.ok, found.warning) == (True, True)
    assert "scores from 0.35 to 0.4 are rejected unseen" in found.detail


async def test_a_review_band_around_the_threshold_is_fine(tmp_path: Path) -> None:
    band = "[classifier]\nthreshold = 0.35\nreview_band = [0.25, 0.5]\n"
    assert "review_band" not in await findings(tmp_path, band)


async def test_a_template_that_leaves_no_room_for_a_post_is_told(tmp_path: Path) -> None:
    long = '<a href="{{ url }}">{{ title or source }}</a>' + "ы" * 4000
    (tmp_path / "long.html.j2").write_text(long, encoding="utf-8")
    channel = 'source = [{ name = "a", url = "http://127.0.0.1:9/" }]\n'
    channel += '[[channel]]\nchat = "preview"\ntemplate = "long.html.j2"\n'
    found = (await findings(tmp_path, channel))["settings"]
    assert (found.ok, found.wrong_settings) == (False, True)
    assert found.detail == (
        "channel[1].template: a post is longer than 4096 characters even without its text"
    )


async def test_a_feed_that_has_no_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "ledger").write_text("no folder", encoding="utf-8")
    channels = "".join(
        f'[[channel]]\nchat = "{chat}"\nfeed = "{feed}"\n'
        for chat, feed in (("@good", "public/new/good.xml"), ("@calm", "ledger/new/calm.xml"))
    )
    found = await findings(tmp_path, channels)
    assert found["feed of @good"].ok
    assert not found["feed of @calm"].ok
    assert "ledger is no folder" in found["feed of @calm"].detail
