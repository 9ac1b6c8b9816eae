"""The one-file JSON: weights and vocabulary of one network, as lists of numbers.

Keys: ``emb_weights`` (vocab_size, size), ``dense_6_weights`` (size, units),
``dense_6_bias``, ``weights_out`` (units, 1), ``bias_out``, ``vocab_size``,
``max_length``, ``vocal_dict`` (the words in id order). Its own predictor takes
lemmatized text, splits it at whitespace, reads unknown words as 1, pads with 0
and averages over all of ``max_length``, in double precision; so does this.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.documents import Document, typed
from classifier.errors import BundleMismatch
from classifier.network import Array, GraphSpec, InputSpec, LayerSpec, Network
from classifier.text import Cleaner, TextPipeline, TextVectorization
from classifier.text.text_vectorization import Split
from classifier.text.vectorizers import MOST_IDS

_RANKS = {
    "emb_weights": 2,
    "dense_6_weights": 2,
    "dense_6_bias": 1,
    "weights_out": 2,
    "bias_out": 1,
}


def import_weights_json(path: str | Path, *, cleaner: Cleaner | None = None) -> ModelBundle:
    """Return the network of a one-file JSON as a bundle.

    Args:
        path: the file.
        cleaner: how raw text becomes the words of its vocabulary; None: it is
            given clean lemmas, as its own predictor is.

    Raises:
        BundleMissing: if the file is not there.
        BundleMismatch: naming the key that is missing or does not fit the others.
    """
    path = Path(path)
    data = read_file(path)
    document = Document.parse(data, path.name)
    tensors = {key: _numbers(document, key, rank) for key, rank in _RANKS.items()}
    length = document.get("max_length", int)
    if not 1 <= length <= MOST_IDS:
        raise BundleMismatch(f"{document.key}: max_length", f"1 to {MOST_IDS}", length)
    words = document.get("vocab_size", int)
    if len(tensors["emb_weights"]) != words:
        raise BundleMismatch("emb_weights", f"{words} rows", tensors["emb_weights"].shape)
    vocabulary = document.strings("vocal_dict")[:words]
    vectorizer = TextVectorization(vocabulary, length=length, split=Split.UNICODE)
    return ModelBundle(
        name=path.stem,
        threshold=0.5,
        network=Network(_graph(length), tensors, dtype=np.float64),
        text=TextPipeline(cleaner, vectorizer),
        fingerprint=sha256(data),
        provenance={"source": path.name, "source_sha256": sha256(data)},
    )


def _graph(length: int) -> GraphSpec:
    return GraphSpec(
        inputs=(InputSpec("ids", (length,), "int"),),
        layers=(
            LayerSpec("embedding", "Embedding", ("ids",), {}, {"table": "emb_weights"}),
            LayerSpec("average", "GlobalAveragePooling1D", ("embedding",)),
            LayerSpec(
                "dense_6",
                "Dense",
                ("average",),
                {"activation": "relu"},
                {"kernel": "dense_6_weights", "bias": "dense_6_bias"},
            ),
            LayerSpec(
                "out",
                "Dense",
                ("dense_6",),
                {"activation": "sigmoid"},
                {"kernel": "weights_out", "bias": "bias_out"},
            ),
        ),
        outputs=("out",),
    )


def _numbers(document: Document, key: str, rank: int) -> Array:
    listed, place = document.get(key, list), f"{document.key}: {key}"
    for row in listed if rank == 2 else [listed]:
        _expect_numbers(row, place)
    try:
        array = np.array(listed, dtype=np.float64)
    except (ValueError, OverflowError) as error:
        raise BundleMismatch(place, "rows of numbers", error) from error
    if array.ndim != rank:
        raise BundleMismatch(place, f"{rank} dimensions", array.shape)
    # A bundle of it computes in float32.
    if (largest := np.abs(array).max(initial=0)) > np.finfo(np.float32).max:
        raise BundleMismatch(place, "numbers that float32 can hold", largest)
    return array


def _expect_numbers(row: object, key: str) -> None:
    """To numpy, true is 1 and "1" is 1 as well."""
    for value in typed(row, list, key):
        if type(value) not in (int, float):
            raise BundleMismatch(key, "rows of numbers", repr(value))
