"""The article's network in our own terms, whoever trains it."""

from __future__ import annotations

from classifier.network import GraphSpec, InputSpec, LayerSpec

WORDS, SIZE, LENGTH, UNITS = 1000, 40, 100, 6
EPOCHS, BATCH = 16, 32
SPEC = GraphSpec(
    inputs=(InputSpec("ids", (LENGTH,), "int"),),
    layers=(
        LayerSpec("embedding", "Embedding", ("ids",), {}, {"table": "embedding/table"}),
        LayerSpec("average", "GlobalAveragePooling1D", ("embedding",)),
        LayerSpec(
            "hidden",
            "Dense",
            ("average",),
            {"activation": "relu"},
            {"kernel": "hidden/kernel", "bias": "hidden/bias"},
        ),
        LayerSpec(
            "score",
            "Dense",
            ("hidden",),
            {"activation": "sigmoid"},
            {"kernel": "score/kernel", "bias": "score/bias"},
        ),
    ),
    outputs=("score",),
)


def shapes(words: int = WORDS) -> dict[str, tuple[int, ...]]:
    """Return the shape of each of its tensors, for a vocabulary of ``words``."""
    return {
        "embedding/table": (words, SIZE),
        "hidden/kernel": (SIZE, UNITS),
        "hidden/bias": (UNITS,),
        "score/kernel": (UNITS, 1),
        "score/bias": (1,),
    }


def architecture(words: int = WORDS) -> str:
    """Return the network in one line."""
    return (
        f"Embedding {words}×{SIZE} → GlobalAveragePooling1D over {LENGTH} → "
        f"Dense {UNITS} relu → Dense 1 sigmoid"
    )
