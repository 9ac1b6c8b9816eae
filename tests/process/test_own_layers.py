"""A model with a layer of one's own: each command that scores can be told the file of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.importers.custom import load_custom
from classifier.network import GraphSpec, LayerSpec, Network
from classifier.saving import write_bundle
from tests.classifier import models
from tests.newsserver import NewsServer
from tests.process.home import Home
from tests.process.stories import BRIDGE

pytestmark = pytest.mark.process

LAYERS = """
from classifier.network import register_layer


class Halved:
    def shape(self, shapes):
        return (shapes[0],)

    def __call__(self, inputs, mask):
        return (inputs[0] / 2,)


register_layer("Halved", lambda spec, weights: Halved())
"""


@pytest.fixture
def layers(home: Home) -> Path:
    """The file, beside the settings, and the model ``own``, which the settings name."""
    path = home.folder / "layers.py"
    path.write_text(LAYERS)
    load_custom(path)
    spec = models.spec()
    last = LayerSpec("halved", "Halved", ("score",))
    graph = GraphSpec(spec.inputs, (*spec.layers, last), ("halved",))
    network = Network(graph, models.tensors())
    write_bundle(replace(models.bundle(), network=network, parity=None), home.folder / "own")
    home.settings["classifier"] = {"model": "own"}
    (home.folder / "in.jsonl").write_text('{"text": "дождь"}', encoding="utf-8")
    return path


async def test_score_is_told_the_file_by_an_option_or_by_the_settings(
    home: Home, layers: Path
) -> None:
    without = (await home.do("score", "in.jsonl")).complaint(1)
    assert "class 'Halved' is not supported" in without
    assert without.endswith("name the file that registers it: --custom FILE or classifier.custom")

    by_option = await home.do("score", "in.jsonl", "--custom", "layers.py")
    assert by_option.code == 0, by_option.log
    home.settings["classifier"]["custom"] = "layers.py"
    by_settings = await home.do("score", "in.jsonl")
    assert by_settings.code == 0, by_settings.log
    assert by_option.out == by_settings.out
    assert 0 < json.loads(by_option.out)["score"] < 0.5


async def test_preview_once_check_and_list_use_the_file_of_the_settings(
    home: Home, layers: Path, news: NewsServer
) -> None:
    feed = news.publish("/feed.xml", [BRIDGE])
    home.add_source("Вести", feed)
    home.settings["channel"] = [{"chat": "preview"}]
    assert "classifier.custom" in (await home.do("once")).complaint(1)

    home.settings["classifier"]["custom"] = "layers.py"
    once = await home.do("once", "--json")
    assert once.code == 0, once.log
    previewed = await home.do("preview", feed, "--json")
    assert previewed.code == 0, previewed.log
    assert json.loads(previewed.out)[0]["score"] < 0.5
    checked = json.loads((await home.do("check", "--json")).out)
    assert next(one for one in checked["checks"] if one["what"] == "model")["ok"]
    assert checked["settings"]["classifier"]["custom"] == str(layers)
    listed = json.loads((await home.do("model", "list", "--json")).out)
    assert next(row for row in listed if row["active"])["error"] is None


@pytest.mark.parametrize("command", ["show", "verify"])
async def test_model_commands_suggest_the_option(home: Home, layers: Path, command: str) -> None:
    complaint = (await home.do("model", command, "own")).complaint(1)
    assert complaint.endswith("name the file that registers it: --custom FILE")
    told = await home.do("model", "show", "own", "--custom", "layers.py")
    assert "Halved" in told.out


async def test_a_file_that_cannot_be_used_is_one_clear_line(home: Home, layers: Path) -> None:
    home.settings["classifier"]["custom"] = "nowhere.py"
    missing = (await home.do("score", "in.jsonl")).complaint(2)
    assert "classifier.custom: cannot read" in missing
    home.settings["classifier"]["custom"] = "layers.py"

    layers.write_text("def f(:\n")
    assert "layers.py: SyntaxError" in (await home.do("score", "in.jsonl")).complaint(1)
    layers.write_text("x = 1")
    assert "layers.py: registers no layer" in (await home.do("score", "in.jsonl")).complaint(1)
    wrong = (await home.do("score", "in.jsonl", "--custom", "nowhere.py")).complaint(1)
    assert "nowhere.py: no such file" in wrong
