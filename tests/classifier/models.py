"""Small models that the tests make up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import MANIFEST, ModelBundle, sha256
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.parity import ParityCases
from classifier.saving import write_bundle
from classifier.text import Cleaner, TextPipeline, TextVectorization

WORDS = ("", "[UNK]", "дождь", "мост", "скидка", "!")
LENGTH = 5
UNITS = 3


def tensors(seed: int = 7, words: int = len(WORDS)) -> dict[str, Array]:
    """Return random weights of the small network."""
    random = np.random.default_rng(seed)
    shapes = {
        "embedding/table": (words, 4),
        "hidden/kernel": (4, UNITS),
        "hidden/bias": (UNITS,),
        "score/kernel": (UNITS, 1),
        "score/bias": (1,),
    }
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def spec(last: str = "sigmoid") -> GraphSpec:
    """Return the graph of the small network: the article's, but smaller."""
    hidden = {"kernel": "hidden/kernel", "bias": "hidden/bias"}
    score = {"kernel": "score/kernel", "bias": "score/bias"}
    return GraphSpec(
        inputs=(InputSpec("ids", (LENGTH,), "int"),),
        layers=(
            LayerSpec("embedding", "Embedding", ("ids",), {}, {"table": "embedding/table"}),
            LayerSpec("average", "GlobalAveragePooling1D", ("embedding",)),
            LayerSpec("hidden", "Dense", ("average",), {"activation": "relu"}, hidden),
            LayerSpec("score", "Dense", ("hidden",), {"activation": last}, score),
        ),
        outputs=("score",),
    )


def bundle(last: str = "sigmoid", **changed: Array) -> ModelBundle:
    """Return a bundle of the small network, some of its weights changed."""
    network = Network(spec(last), {**tensors(), **changed})
    text = TextPipeline(Cleaner(marks=True), TextVectorization(WORDS, LENGTH))
    cases = ("дождь над мостом", "скидка!")
    ids = text.ids(cases)
    return ModelBundle(
        name="small",
        threshold=0.4,
        network=network,
        text=text,
        fingerprint="",
        parity=ParityCases(cases, {"ids": ids}, network.activations(ids)),
        provenance={"framework": {}},
    )


def saved(folder: Path) -> Path:
    """Write the small bundle to ``folder``."""
    write_bundle(bundle(), folder)
    return folder


def rewrite(folder: Path, name: str, data: bytes) -> None:
    """Change a file of a bundle and its hash, as one who made the bundle wrongly would."""
    (folder / name).write_bytes(data)
    edit_json(folder / MANIFEST, lambda manifest: manifest["files"].update({name: sha256(data)}))


def edit_json(path: Path, change: Any) -> bytes:
    """Apply ``change`` to the JSON in ``path`` and return the new bytes."""
    content = json.loads(path.read_bytes())
    change(content)
    data = json.dumps(content).encode()
    path.write_bytes(data)
    return data
