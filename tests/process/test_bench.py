"""The benchmark as a command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

STORY = "В городе открыли новый мост, по нему пошли первые пешеходы."


def bench(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "bench", "classifier", *arguments]
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
