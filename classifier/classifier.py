"""Text → Score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.bundle import ModelBundle, text_input
from classifier.errors import BundleMismatch, ModelError
from classifier.network import Array, fuse, trim
from classifier.text.given import expect_text, expect_texts
from classifier.text.lemmas import lemma

_BATCH = 256

Features = Array | Mapping[str, Array]


@dataclass(frozen=True, slots=True)
class Score:
    """How bad a text is.

    Attributes:
        value: the probability that it is bad, 0…1.
        model: identity of the model that said so.
    """

    value: float
    model: str


class Classifier:
    """Scores texts with one model; safe to use from several threads.

    Attributes:
        model: its short identity: name and first digits of its hash.
        threshold: a text is bad when its score is above this.
    """

    def __init__(self, bundle: ModelBundle) -> None:
        """Take ``bundle`` to score with.

        Raises:
            ModelError: if it has no text part, or its output is no probability of two classes.
        """
        if bundle.text is None:
            raise ModelError(f"model {bundle.name!r} has no text part: it scores arrays only")
        if bundle.network.output_shapes not in (((1,),), ((2,),)):
            raise BundleMismatch("output", "one or two values a row", bundle.network.output_shapes)
        self._text = bundle.text
        self._input = text_input(bundle.text, bundle.network).name
        self._network = trim(fuse(bundle.network))
        self.model = bundle.identity
        self.threshold = bundle.threshold

    def score(self, texts: Sequence[str], *, features: Features | None = None) -> list[Score]:
        """Return the score of each text, in order; an empty text has one too.

        Args:
            texts: raw texts.
            features: what else the network reads, one row a text: the array for its second
                input, or a dict of input name → array.

        Raises:
            BundleMismatch: if one of the texts is none, or features are missing or not those
                that the network reads.
            ModelError: if the model answers anything but a number from 0 to 1.
        """
        expect_texts(texts)
        others = self._others(features, len(texts))
        return [Score(value, self.model) for value in self._values(texts, others)]

    def lemmas(self, text: str) -> list[str]:
        """Return the words that the network reads of ``text``, in order, as lemmas.

        Raises:
            BundleMismatch: if it is no text.
        """
        expect_text(text)
        words = self._text.words(text)
        cleaner = self._text.cleaner
        return words if cleaner is None or cleaner.lemmas else [lemma(word) for word in words]

    def _values(self, texts: Sequence[str], others: Mapping[str, Array]) -> Iterator[float]:
        for start in range(0, len(texts), _BATCH):
            rows = slice(start, start + _BATCH)
            inputs = {name: values[rows] for name, values in others.items()}
            inputs[self._input] = self._text.ids(texts[rows])
            yield from self._probabilities(self._network(inputs)).tolist()

    def _others(self, features: Features | None, count: int) -> dict[str, Array]:
        """Return the inputs besides the text, by name."""
        names = [given.name for given in self._network.spec.inputs if given.name != self._input]
        if features is not None and not isinstance(features, Mapping):
            if len(names) != 1:
                raise BundleMismatch("features", names or "none", "one array")
            features = {names[0]: features}
        if sorted(features or {}) != sorted(names):
            raise BundleMismatch("features", names or "none", sorted(features or {}))
        arrays = {name: np.asarray(values) for name, values in (features or {}).items()}
        for name, values in arrays.items():
            if values.shape[:1] != (count,):
                raise BundleMismatch(f"features: {name}", f"{count} rows", values.shape)
        return arrays

    def _probabilities(self, output: Array) -> Array:
        """Of one value a row it is that one, of two the second: bad is class 1."""
        values: Array = output[:, -1]
        if not ((values >= 0) & (values <= 1)).all():  # false for NaN as well
            worst = values[~((values >= 0) & (values <= 1))][0]
            raise BundleMismatch(f"score of model {self.model}", "0 to 1", worst)
        return values.astype(np.float64)
