"""Keras files made by hand, so that each can be wrong in its own way."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from classifier.network import Array

VERSION = "3.15.1"
Weights = Mapping[str, Sequence[Array]]


def layer(kind: str, name: str = "", **config: Any) -> dict[str, Any]:
    """Return a layer as Keras writes it."""
    name = name or kind.lower()
    module = "keras.layers"
    return {
        "module": module,
        "class_name": kind,
        "config": {"name": name, "trainable": True, "dtype": "float32", **config},
        "registered_name": None,
        "name": name,
    }


def given(*shape: int | None, name: str = "given", dtype: str = "float32") -> dict[str, Any]:
    """Return an input."""
    return layer("InputLayer", name) | {
        "config": {"name": name, "batch_shape": [None, *shape], "dtype": dtype}
    }


def embedding(**config: Any) -> dict[str, Any]:
    """Return an embedding of five words, two values each."""
    return layer("Embedding", input_dim=5, output_dim=2, **config)


def dense(units: int = 2, name: str = "dense", **config: Any) -> dict[str, Any]:
    """Return a layer of such a size."""
    return layer("Dense", name, **{"units": units, "activation": "linear", **config})


def lstm(name: str = "lstm", **config: Any) -> dict[str, Any]:
    """Return an LSTM of one unit."""
    return layer("LSTM", name, **{"units": 1, "activation": "tanh", **config})


def sequential(*layers: dict[str, Any]) -> dict[str, Any]:
    """Return the config of a model of one layer after the other."""
    return {"class_name": "Sequential", "config": {"name": "made", "layers": list(layers)}}


def functional(
    *layers: dict[str, Any], outputs: Sequence[tuple[str, int, int]], inputs: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the config of a graph; the calls stand in the layers."""
    config = {
        "name": "made",
        "layers": [{"inbound_nodes": [], **one} for one in layers],
        "input_layers": [[name, 0, 0] for name in inputs or ("given",)],
        "output_layers": [list(output) for output in outputs],
    }
    return {"class_name": "Functional", "config": config}


def call(*args: Any, **kwargs: Any) -> dict[str, Any]:
    """Return a call of Keras 3."""
    return {"args": list(args), "kwargs": kwargs}


def tensor(name: str, node: int = 0, output: int = 0) -> dict[str, Any]:
    """Return a tensor of Keras 3."""
    config = {"shape": [None], "dtype": "float32", "keras_history": [name, node, output]}
    return {"class_name": "__keras_tensor__", "config": config}


def called(one: dict[str, Any], *calls: Any) -> dict[str, Any]:
    """Return a layer with its calls."""
    return {**one, "inbound_nodes": list(calls)}


def numbers(*shape: int) -> Array:
    """Return weights that are all different."""
    return np.linspace(-1, 1, int(np.prod(shape)), dtype=np.float32).reshape(shape)


DENSE = {"dense": (numbers(2, 2), numbers(2))}
EMBEDDING = {"embedding": (numbers(5, 2),)}
LSTM = {"lstm/cell": (numbers(2, 4), numbers(1, 4), numbers(4))}


def write_keras(
    path: Path,
    model: Mapping[str, Any],
    weights: Weights,
    *,
    version: str = VERSION,
    members: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a ``.keras``; weights by place, members that are added to it or replaced in it."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for place, arrays in weights.items():
            for i, array in enumerate(arrays):
                file[f"layers/{place}/vars/{i}"] = array
    metadata = {"keras_version": version}
    content = {
        "metadata.json": json.dumps(metadata).encode(),
        "config.json": json.dumps(model).encode(),
        "model.weights.h5": buffer.getvalue(),
        **(members or {}),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def write_h5(
    path: Path,
    model: Mapping[str, Any],
    weights: Mapping[str, Mapping[str, Array]],
    *,
    version: str | None = VERSION,
    backend: str | None = None,
) -> Path:
    """Write an ``.h5``; weights by layer and name."""
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model)
        root = file.create_group("model_weights")
        root.attrs["layer_names"] = np.array([name.encode() for name in weights])
        for name, arrays in weights.items():
            group = root.create_group(name)
            group.attrs["weight_names"] = np.array([one.encode() for one in arrays], dtype="S")
            for one, array in arrays.items():
                group[one] = array
        if version is not None:
            file.attrs["keras_version"] = version
        if backend is not None:
            file.attrs["backend"] = backend
    return path
