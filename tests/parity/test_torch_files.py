"""What only PyTorch itself can show: its pickles, its own run of a spec file, its traps."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from classifier import BundleMismatch
from classifier.importers import import_tokenizer, import_torch
from classifier.importers.torch import record_torch
from classifier.importers.torch.state import State, read_state
from classifier.network import Network
from classifier.parity import compare, first_divergence
from classifier.saving import write_bundle

RECORDED = Path(__file__).parent.parent / "recorded" / "torch"
NAMES = sorted(path.stem for path in RECORDED.glob("*.safetensors"))
SPEC = RECORDED / "pooled.toml"


def _files(name: str) -> tuple[Path, Path]:
    return RECORDED / f"{name}.safetensors", RECORDED / f"{name}.toml"


@pytest.mark.parametrize("name", NAMES)
def test_pytorch_runs_the_spec_file_itself_and_agrees_in_every_layer(
    name: str, tmp_path: Path
) -> None:
    files = _files(name)
    bundle = record_torch(import_torch(*files), *files)
    saved = write_bundle(bundle, tmp_path / "bundle")
    assert saved.parity is not None
    found = list(compare(saved.parity, saved.network, saved.text))
    assert {comparison.place for comparison in found} >= set(saved.network.spec.outputs)
    assert len(found) >= len(saved.network.spec.layers) - 2  # what PyTorch does not show apart
    assert all(comparison.close for comparison in found)
    assert saved.provenance["framework"] == {"torch": torch.__version__}


def test_texts_are_among_the_recorded_cases() -> None:
    files = _files("pooled")
    text = import_tokenizer(RECORDED.parent / "tokenizer" / "few_unknown.json")
    bundle = record_torch(import_torch(*files, text=text), *files)
    assert bundle.parity is not None
    assert bundle.parity.texts[0] == "" and bundle.parity.texts[-1] is None
    assert first_divergence(bundle.parity, bundle.network, bundle.text) is None


def test_the_first_layer_that_differs_is_named() -> None:
    files = _files("competition")
    bundle = record_torch(import_torch(*files), *files)
    tensors = dict(bundle.network.tensors)
    tensors["gru/forward_kernel"] = np.roll(tensors["gru/forward_kernel"], 3, axis=1)
    wrong = replace(bundle, network=Network(bundle.network.spec, tensors))
    assert wrong.parity is not None
    divergence = first_divergence(wrong.parity, wrong.network, None)
    assert divergence is not None and divergence.place == "gru"


def test_reshaped_last_states_would_mix_the_rows_of_a_batch() -> None:
    """The trap of the note: ours, a row's own, is what PyTorch answers to that row alone."""
    torch.manual_seed(1)
    gru = torch.nn.GRU(2, 3, bidirectional=True, batch_first=True)
    x = torch.randn(4, 5, 2)
    with torch.no_grad():
        _, together = gru(x)
        alone = [gru(row[None])[1] for row in x]
    own = torch.stack([states.view(-1, 6)[0] for states in alone])
    assert not torch.allclose(together.view(-1, 6), own)
    assert torch.allclose(torch.cat([together[0], together[1]], 1), own, atol=1e-6)


# -- pickles -------------------------------------------------------------------------------


def _saved(folder: Path, content: Any, **options: Any) -> Path:
    path = folder / "model.pt"
    torch.save(content, path, **options)
    return path


def _state() -> dict[str, Any]:
    return dict(torch.load(RECORDED / "pooled.pt", weights_only=True))


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"model_state_dict": state},
        lambda state: {f"module.{name}": tensor for name, tensor in state.items()},
        lambda state: {name: torch.nn.Parameter(tensor) for name, tensor in state.items()},
    ],
    ids=["state_dict", "checkpoint", "other checkpoint", "data parallel", "parameters"],
)
@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_holds_the_same_model_as_safetensors(
    tmp_path: Path, wrapped: Callable[[Any], Any], zipped: bool
) -> None:
    path = _saved(tmp_path, wrapped(_state()), _use_new_zipfile_serialization=zipped)
    ids = np.array([[1, 2, 3, 4, 5, 0]])
    expected = import_torch(*_files("pooled")).network(ids)
    assert np.array_equal(import_torch(path, SPEC).network(ids), expected)


def test_halves_are_widened(tmp_path: Path) -> None:
    halves = {name: tensor.bfloat16() for name, tensor in _state().items()}
    ids = np.array([[1, 2, 3, 4, 5, 0]])
    found = import_torch(_saved(tmp_path, halves), SPEC).network(ids)
    np.testing.assert_allclose(found, import_torch(*_files("pooled")).network(ids), atol=0.05)


class _Runs:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_nothing_in_a_pickle_is_run(tmp_path: Path) -> None:
    path = _saved(tmp_path, {"out.weight": _Runs(tmp_path / "run")})
    with pytest.raises(BundleMismatch, match=r"model\.pt: expected a state_dict of arrays") as told:
        import_torch(path, SPEC)
    assert "weights_only" not in str(told.value), "advice that would run it"
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("content", [[1, 2], {"out.weight": 3}, torch.zeros(3)])
def test_anything_but_named_arrays_is_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(BundleMismatch, match=r"model\.pt"):
        import_torch(_saved(tmp_path, content), SPEC)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_damaged_pickle_is_refused_or_read(tmp_path: Path, zipped: bool) -> None:
    path = _saved(tmp_path, _state(), _use_new_zipfile_serialization=zipped)
    whole, source, refused = path.read_bytes(), random.Random(1), 0
    for _ in range(300):
        damaged = bytearray(whole)
        damaged[source.randrange(2, min(3000, len(whole)))] = source.randrange(256)
        path.write_bytes(damaged)
        try:
            read_state(path)
        except BundleMismatch as error:
            assert str(error).startswith("model.pt")
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("size", [0, 10, 1000, -1])
def test_a_truncated_pickle_is_refused(tmp_path: Path, size: int) -> None:
    path = tmp_path / "model.pt"
    path.write_bytes((RECORDED / "pooled.pt").read_bytes()[:size])
    with pytest.raises(BundleMismatch, match=r"model\.pt"):
        import_torch(path, SPEC)


def test_a_state_knows_what_was_taken() -> None:
    state = State({"a": np.zeros(2), "b": np.zeros((2, 2))}, "model")
    assert state.take("a", 1).shape == (2,)
    with pytest.raises(BundleMismatch, match="model: b: expected a layer"):
        state.expect_all_taken()
