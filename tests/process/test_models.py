"""The commands that look at models: list, show, verify."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from classifier.saving import write_bundle
from tests.classifier import models
from tests.process.home import Home

pytestmark = pytest.mark.process


async def test_verify_says_that_a_model_holds(home: Home) -> None:
    models.saved(home.folder / "small")
    ended = await home.do("model", "verify", "small")
    assert ended.code == 0, ended.log
    assert "2 cases: all is as recorded" in ended.out


async def test_verify_names_the_first_layer_that_diverges(home: Home) -> None:
    bundle = models.bundle()
    assert bundle.parity is not None
    outputs = dict(bundle.parity.outputs)
    for layer in ("hidden", "score"):
        outputs[layer] = outputs[layer] + np.float32(0.25)
    wrong = replace(bundle, parity=replace(bundle.parity, outputs=outputs))
    write_bundle(wrong, home.folder / "wrong")

    ended = await home.do("model", "verify", "wrong")
    assert ended.code == 1
    assert "diverges first at 'hidden', largest difference 2.50e-01" in ended.out

    told = json.loads((await home.do("model", "verify", "wrong", "--json")).out)
    assert (told["ok"], told["diverges"], told["cases"]) == (False, "hidden", 2)
    assert [row["close"] for row in told["compared"]] == [True, True, True, False, False]
    assert told["compared"][3]["difference"] == pytest.approx(0.25, rel=1e-5)


async def test_what_is_no_number_is_null_in_json(home: Home) -> None:
    bundle = models.bundle()
    assert bundle.parity is not None
    outputs = {**bundle.parity.outputs, "score": np.full((2, 1), np.nan, np.float32)}
    wrong = replace(bundle, parity=replace(bundle.parity, outputs=outputs))
    write_bundle(wrong, home.folder / "wrong")

    ended = await home.do("model", "verify", "wrong", "--json")

    assert ended.code == 1
    assert "Infinity" not in ended.out
    assert json.loads(ended.out)["compared"][-1] == {
        "place": "score", "difference": None, "close": False,
    }  # fmt: skip


async def test_a_model_without_cases_cannot_be_verified(home: Home) -> None:
    write_bundle(replace(models.bundle(), parity=None), home.folder / "bare")
    complaint = (await home.do("model", "verify", "bare")).complaint(1)
    assert "bare: has no recorded cases" in complaint


@pytest.mark.parametrize("command", ["show", "verify"])
async def test_a_model_that_is_damaged_is_one_clear_line(home: Home, command: str) -> None:
    folder = models.saved(home.folder / "small")
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"\0")
    complaint = (await home.do("model", command, "small")).complaint(1)
    assert "model.safetensors: sha256: expected" in complaint


async def test_show_prints_the_graph_with_shapes_and_parameters(home: Home) -> None:
    models.saved(home.folder / "small")

    told = json.loads((await home.do("model", "show", "small", "--json")).out)

    assert told["parameters"] == 6 * 4 + 4 * 3 + 3 + 3 + 1
    assert told["cases"] == 2
    hidden = told["layers"][3]
    assert hidden == {
        "layer": "hidden", "kind": "Dense", "inputs": ["average"], "mask": None,
        "shapes": [[3]], "parameters": 15, "output": False,
    }  # fmt: skip
    printed = (await home.do("model", "show", "small")).out
    assert "GlobalAveragePooling1D" in printed
    assert "5×4" in printed
    assert "43 parameters · reads text, 6 words" in printed


async def test_a_layer_may_have_a_name_that_looks_like_markup(home: Home) -> None:
    spec = models.spec()
    last = replace(spec.layers[-1], name="[/red]")
    spec = replace(spec, layers=(*spec.layers[:-1], last), outputs=("[/red]",))
    network = models.Network(spec, models.tensors())
    write_bundle(replace(models.bundle(), network=network, parity=None), home.folder / "odd")
    ended = await home.do("model", "show", "odd")
    assert ended.code == 0, ended.log
    assert "[/red]" in ended.out


async def test_list_shows_what_lies_there_and_which_one_is_in_use(home: Home) -> None:
    models.saved(home.folder / "models/one")
    models.saved(home.folder / "models/two")
    (home.folder / "models/two/graph.json").write_text("{}")
    (home.folder / "models/none").mkdir()
    home.settings["classifier"]["model"] = str(home.folder / "models/one")

    rows = json.loads((await home.do("model", "list", "--json")).out)

    assert [(row["name"], row["active"]) for row in rows] == [
        ("default", False), ("small", True), (None, False),
    ]  # fmt: skip
    assert "graph.json: sha256" in rows[2]["error"]
    assert "in use" in (await home.do("model", "list")).out


async def test_a_folder_that_is_not_there_cannot_be_listed(home: Home) -> None:
    assert "no such folder" in (await home.do("model", "list", "nowhere")).complaint(1)
