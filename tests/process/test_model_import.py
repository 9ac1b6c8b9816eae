"""model import: from the files that users have to a bundle that scores."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.process.home import Home
from tests.process.model import write_model

pytestmark = pytest.mark.process

RECORDED = Path(__file__).parents[1] / "recorded"
KERAS = RECORDED / "keras3/average.keras"
CUSTOM = RECORDED / "keras3/custom_registered.keras"
TORCH = RECORDED / "torch/pooled.safetensors"
SPEC = RECORDED / "torch/pooled.toml"


@pytest.fixture
def words(home: Home) -> Path:
    """A plain dictionary for the recorded networks, which know nine ids."""
    path = home.folder / "words.json"
    path.write_text(json.dumps({"парк": 2, "мост": 3, "скидка": 4, "беда": 8}), encoding="utf-8")
    return path


async def _scores(home: Home, model: str) -> list[float]:
    """Score two texts with a model that was imported."""
    home.settings["classifier"]["model"] = str(home.folder / model)
    rows = [{"text": "парк мост парк"}, {"text": "беда скидка неведомое"}]
    lines = "\n".join(json.dumps(row) for row in rows)
    (home.folder / "in.jsonl").write_text(lines, encoding="utf-8")
    ended = await home.do("score", "in.jsonl")
    assert ended.code == 0, ended.log
    return [json.loads(line)["score"] for line in ended.out.splitlines()]


async def test_a_keras_model_with_a_dictionary_scores_texts(home: Home, words: Path) -> None:
    ended = await home.do("model", "import", str(KERAS), str(words), "-o", "mine")
    assert ended.code == 0, ended.log
    assert "mine: made of a Keras model" in ended.out
    one, other = await _scores(home, "mine")
    assert 0 < one < 1
    assert one != other


async def test_pytorch_weights_go_with_a_spec_file_whatever_the_order(
    home: Home, words: Path
) -> None:
    given = [str(words), str(SPEC), str(TORCH)]
    ended = await home.do("model", "import", *given, "-o", "mine", "--threshold", "0.3", "--json")
    assert ended.code == 0, ended.log
    assert json.loads(ended.out)["kind"] == "a safetensors file"
    shown = json.loads((await home.do("model", "show", "mine", "--json")).out)
    assert (shown["name"], shown["threshold"]) == ("mine", 0.3)
    one, other = await _scores(home, "mine")
    assert one != other


async def test_a_one_file_json_may_have_the_cleaner_before_it(home: Home) -> None:
    write_model(home.folder / "weights.json")
    ended = await home.do("model", "import", "weights.json", "-o", "mine", "--clean")
    assert ended.code == 0, ended.log
    (home.folder / "in.jsonl").write_text('{"text": "О бедах!"}', encoding="utf-8")
    home.settings["classifier"]["model"] = "mine"
    assert json.loads((await home.do("score", "in.jsonl")).out)["score"] > 0.9


async def test_layers_of_ones_own_come_from_a_file_that_is_named(home: Home) -> None:
    without = await home.do("model", "import", str(CUSTOM), "-o", "mine")
    complaint = without.complaint(1)
    assert "layer 'scaled_3': class 'Scaled' is not supported" in complaint
    assert complaint.endswith("name the file that registers it: --custom FILE")

    gates = str(RECORDED / "gates.py")
    ended = await home.do("model", "import", str(CUSTOM), "-o", "mine", "--custom", gates)
    assert ended.code == 0, ended.log
    assert "is not supported" in (await home.do("model", "show", "mine")).complaint(1)
    shown = await home.do("model", "show", "mine", "--custom", gates)
    assert "Gate" in shown.out


async def test_what_an_old_keras_answered_is_compared_and_kept(home: Home) -> None:
    old = RECORDED / "keras1/stacked_lstm"
    with np.load(old.with_suffix(".npz")) as arrays:
        given, answer = arrays["input/given"], arrays["output/0"]
    np.savez(home.folder / "recorded.npz", input=given, output=answer)
    told = [str(old.with_suffix(".h5")), "-o", "mine", "--recorded", "recorded.npz"]
    ended = await home.do("model", "import", *told)
    assert ended.code == 0, ended.log
    assert f"{len(given)} cases, largest difference" in ended.out
    verified = await home.do("model", "verify", "mine")
    assert verified.code == 0, verified.log
    assert "recorded by hand with keras 1.2.2, as given" in verified.out
    shown = json.loads((await home.do("model", "show", "mine", "--json")).out)
    assert shown["recorded_by"] == "hand"
    assert shown["provenance"]["cases"] == "recorded by hand with keras 1.2.2, as given"

    np.savez(home.folder / "recorded.npz", input=given, output=answer[:, ::-1])
    refused = (await home.do("model", "import", *told)).complaint(1)
    assert "recorded.npz: dense_3: expected what keras 1.2.2 answered by hand" in refused
    assert "off (allowed: 1e-05)" in refused


async def test_what_no_framework_answered_can_be_verified_and_says_so(home: Home) -> None:
    old = str(RECORDED / "keras1/masked.h5")
    ended = await home.do("model", "import", old, "-o", "mine")
    assert ended.code == 0, ended.log
    assert "not compared with its framework" in ended.out
    proof = "not agreement with keras 1.2.2"
    assert proof in ended.out
    verified = await home.do("model", "verify", "mine")
    assert verified.code == 0, verified.log
    assert proof in verified.out
    told = json.loads((await home.do("model", "verify", "mine", "--json")).out)
    assert (told["ok"], told["recorded_by"]) == (True, "newsieve")
    assert proof in (await home.do("model", "show", "mine")).out


async def test_what_is_no_model_is_refused_in_one_line(home: Home) -> None:
    (home.folder / "model.bin").write_bytes(b"not a model at all")
    ended = await home.do("model", "import", "model.bin", str(SPEC), "-o", "mine")
    assert "model.bin: expected JSON" in ended.complaint(1)
    assert not (home.folder / "mine").exists()
