"""The command train: what it prints, what it refuses, and what an interruption leaves."""

from __future__ import annotations

import json
import signal

import pytest

from classifier import load_bundle
from tests.classifier.labelled import records, write_lines
from tests.process.home import Home

pytestmark = pytest.mark.process


@pytest.fixture(autouse=True)
def data(home: Home) -> None:
    home.settings = {}
    (home.folder / "model.json").unlink()
    write_lines(home.folder / "data.jsonl", records())


async def _train(home: Home, *arguments: str) -> str:
    ended = await home.do("train", "data.jsonl", "-o", "model", *arguments)
    assert ended.code == 0, ended.log
    return ended.out


async def test_a_trained_model_scores_and_verifies(home: Home) -> None:
    told = json.loads(await _train(home, "--epochs", "60", "--json"))
    assert told["model"] == load_bundle(home.folder / "model").identity
    assert (told["engine"], told["aim"]) == ("numpy", "the best F1")
    figures = told["held_out"]["overall"]
    assert figures["recall"] == 1
    assert figures["recall_between"][1] == 1

    write_lines(home.folder / "texts.jsonl", [{"text": "Речной: скидки на диваны"}])
    scored = await home.do("score", "texts.jsonl", environment={
        "NEWSIEVE_CLASSIFIER__MODEL": "model"
    })  # fmt: skip
    assert json.loads(scored.out)["verdict"] == "reject"
    verified = await home.do("model", "verify", "model")
    assert verified.code == 0
    assert "which trained the model with numpy" in verified.out


async def test_the_table_has_every_slice_and_says_what_the_threshold_is_for(home: Home) -> None:
    shown = await _train(home, "--epochs", "60", "--false-alarms", "0.05", "--words", "5000")
    for expected in ("overall", "news", "ad", "1.000", "were asked for"):
        assert expected in shown
    assert "for the highest recall with at most 5 % false alarms: written to" in shown


async def test_wrong_data_are_one_clear_line(home: Home) -> None:
    (home.folder / "data.jsonl").write_bytes("Привет".encode("cp1251"))
    complaint = (await home.do("train", "data.jsonl", "-o", "model")).complaint(1)
    assert complaint.endswith("data.jsonl: not UTF-8 at byte 0")
    assert [path.name for path in home.folder.iterdir()] == ["data.jsonl"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGKILL, -9)]
)
async def test_an_interrupted_training_leaves_the_old_model(
    home: Home, number: signal.Signals, code: int
) -> None:
    await _train(home, "--epochs", "1")
    before = load_bundle(home.folder / "model").identity
    arguments = ("train", "data.jsonl", "-o", "model", "--seed", "2", "--epochs", "400")
    training = await home.start("--verbose", *arguments, anew=True)
    await training.wait_for_log("fitted: out of fold, 1 of 4")
    training.send(number)
    ended = await training.end()
    assert ended.code == code
    assert "Traceback" not in ended.log
    assert load_bundle(home.folder / "model").identity == before
    assert sorted(path.name for path in home.folder.iterdir()) == ["data.jsonl", "model"]
