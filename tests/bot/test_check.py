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
