"""The architecture of the model that is shipped, fitted by numpy to the same texts as everybody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from classifier.bundle import ModelBundle
from classifier.errors import ModelError
from classifier.loading import default_bundle_path, load_bundle
from classifier.network import Network
from classifier.training.balance import Balance
from classifier.training.compare.candidate import Lesson, Places, Scorer
from classifier.training.dataset import Row
from classifier.training.fit import FitOptions, fit
from classifier.training.initial import initial_network
from classifier.training.material import scores_of
from classifier.training.split import assign_folds
from classifier.training.vocabulary import anew

_WATCHED = 5
"""One text of so many is not learned from: it tells when to stop, whatever the architecture."""
_OPTIONS = FitOptions(
    epochs=40, learning_rate=5e-4, balance=Balance.NONE, patience=3, clip_norm=1.0
)


@dataclass(slots=True)
class DefaultArchitecture:
    """A candidate: the graph and the text part of a bundle, with fresh weights and vocabulary.

    So it follows whatever is shipped. What the shipped model learned elsewhere takes no part.

    Attributes:
        path: folder of the bundle.
    """

    path: Path = field(default_factory=default_bundle_path)
    key: str = "default"
    name: str = "the default model's architecture"
    _bundle: ModelBundle | None = None

    def load(self) -> None:
        """Read the bundle.

        Raises:
            ModelError: if it cannot be read.
        """
        self._read()

    def fit(self, lesson: Lesson) -> Scorer:
        """Train fresh weights on the rows of the lesson.

        Raises:
            ModelError: if numpy cannot train such a network, or its vocabulary is of a kind that
                cannot be chosen here.
        """
        bundle = self._read()
        if bundle.text is None:
            raise ModelError("the default model has no text part")
        text = anew(bundle.text, lesson.part.texts)
        words = len(text.vectorizer.vocabulary)
        learned, watched = _sides(lesson)
        ids = text.ids(lesson.part.texts)
        network = fit(
            initial_network(bundle.network.spec, _shapes(bundle, words), seed=lesson.seed),
            ids[lesson.order[learned]],
            lesson.labels[lesson.order[learned]],
            replace(_OPTIONS, seed=lesson.seed),
            weights=lesson.weights[learned],
            held_out=(ids[lesson.order[watched]], lesson.labels[lesson.order[watched]]),
        ).network
        weights = sum(tensor.nbytes for tensor in network.tensors.values())
        note = (
            f"fresh weights and {words:,} words of these texts, without what the shipped model "
            "learned elsewhere"
        )
        return Scorer(
            score=lambda part: scores_of(network, text.ids(part.texts)),
            size=weights + len("\n".join(text.vectorizer.vocabulary).encode()),
            notes=(note,),
        )

    def _read(self) -> ModelBundle:
        if self._bundle is None:
            self._bundle = load_bundle(self.path)
        return self._bundle


def _shapes(bundle: ModelBundle, words: int) -> dict[str, tuple[int, ...]]:
    """Return the shape of each tensor where the tables have so many ``words``."""
    shapes = {name: tensor.shape for name, tensor in bundle.network.tensors.items()}
    for table in _tables(bundle.network):
        shapes[table] = (words, *shapes[table][1:])
    return shapes


def _tables(network: Network) -> set[str]:
    inputs = {given.name for given in network.spec.inputs}
    return {
        layer.weights["table"]
        for layer in network.spec.layers
        if layer.kind == "Embedding" and layer.inputs[0] in inputs
    }


def _sides(lesson: Lesson) -> tuple[Places, Places]:
    """Return which of ``order`` are learned from, and which are watched: no text is both."""
    rows = [
        Row(text, int(label)) for text, label in zip(lesson.part.texts, lesson.labels, strict=True)
    ]
    held = (np.array(assign_folds(rows, _WATCHED, lesson.seed)) == 0)[lesson.order]
    return np.flatnonzero(~held), np.flatnonzero(held)
