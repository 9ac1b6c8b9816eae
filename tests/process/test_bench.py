"""The benchmarks as commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

STORY = "В городе открыли новый мост, по нему пошли первые пешеходы."


def bench(*arguments: str | Path, subject: str = "classifier") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "bench", subject, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_benchmark_tells_its_figures(tmp_path: Path) -> None:
    texts = tmp_path / "texts.jsonl"
    texts.write_text(json.dumps({"text": STORY}) + "\n", encoding="utf-8")

    done = bench("--texts", texts, "--json")

    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    ratios = {figure["way"] for figure in figures if "ratio" in figure}
    assert {"one-hot rows in numpy", "lemmatized anew, one-hot rows"} <= ratios
    assert {"µs", "s", "MB"} <= {figure["unit"] for figure in figures if "unit" in figure}
    assert all(figure["met"] in (True, False, None) for figure in figures)


def test_a_file_that_cannot_be_measured_on_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text("no json", encoding="utf-8")
    for name, told in (("absent.jsonl", "No such file"), ("texts.jsonl", "not JSON lines")):
        done = bench("--texts", tmp_path / name)
        assert (done.returncode, done.stdout) == (1, "")
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_the_scrapers_tell_their_figures(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(f"<h1>Мост открыт</h1><p>{STORY * 9}", encoding="utf-8")

    done = bench(
        *("--pages", tmp_path, "--sites", "2", "--articles", "4", "--json"), subject="scrapers"
    )

    assert done.returncode == 0, done.stderr
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    subjects = [figure["subject"] for figure in figures]
    assert "page to item, 1 pages: the slowest" in subjects
    for reading in ("4 articles of 2 sites, found", "4 articles of 2 sites, by selectors"):
        rates = [figure for figure in figures if figure["subject"] == reading]
        assert [figure["unit"] for figure in rates] == ["pages/s per core", "pages/s in all"]
        assert f"{reading}: event loop kept waiting at most" in subjects
    assert figures[-1]["subject"].endswith("shortest pause")
    assert figures[-1]["met"]


def test_a_folder_without_pages_is_one_clear_line(tmp_path: Path) -> None:
    done = bench("--pages", tmp_path, subject="scrapers")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no pages in it" in done.stderr
    assert "Traceback" not in done.stderr
