from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from tests.classifier.labelled import records, write_lines


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("--aim", "f1", "--false-alarms", "0.1"), "--aim"),
        (("--aim", "precision"), "--aim"),
        (("--false-alarms", "1"), "--false-alarms"),
        (("--false-alarms", "nan"), "--false-alarms"),
        (("--words", "2"), "--words"),
        (("--epochs", "0"), "--epochs"),
        (("--seed", "-1"), "--seed"),
        (("--engine", "abacus"), "--engine"),
    ],
)
def test_wrong_use_of_train_names_the_option(
    tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    data = write_lines(tmp_path / "data.jsonl", records())
    ended = CliRunner().invoke(app, ["train", str(data), "-o", str(tmp_path / "model"), *arguments])
    assert ended.exit_code == 2
    assert option in ended.output
    assert not (tmp_path / "model").exists()
