"""The teacher: four models that read a text in different ways, and their weighted mean.

    encoder      the sentence encoder, fine-tuned on the labels
    characters   logistic regression on 2 to 5 characters inside words
    vectors      a support vector machine on word and sentence vectors
    words        a small network on word vectors

Together they are far better than each alone, and far too slow to score posts with: a student
learns from what they say of texts that nobody labelled.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from classifier.errors import ModelError
from classifier.network import Array
from classifier.text import Cleaner
from classifier.text.clean import Keep
from classifier.training.distil.encoder import OnStep, TunedEncoder
from classifier.training.distil.pretrained import encode
from classifier.training.distil.vectors import mean_and_maximum
from classifier.training.extras import bring

SHARES = MappingProxyType({"encoder": 2, "characters": 1, "vectors": 2, "words": 1})
_CLEANER = Cleaner(addresses=Keep.MARK)
_DEVIATION = 0.04  # of each number of the word vectors: about that of the sentence vectors
_ROUNDING = 1e-6  # what is the same in all texts still differs by about this
_FOLDS = 5
_PASSES = 30


@dataclass(frozen=True, eq=False, slots=True)
class Teacher:
    """Four models that were fitted to the same texts.

    Attributes:
        encoder: the fine-tuned sentence encoder.
        characters: scikit-learn's pipeline from cleaned texts to probabilities.
        vectors: scikit-learn's model of scaled word vectors beside sentence vectors.
        words: scikit-learn's pipeline from word vectors to probabilities.
        scale: what word vectors are multiplied by for ``vectors``.
    """

    encoder: TunedEncoder
    characters: Any
    vectors: Any
    words: Any
    scale: Array

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Array,
        *,
        weights: Array | None = None,
        seed: int = 0,
        on_step: OnStep | None = None,
    ) -> Teacher:
        """Return a teacher fitted to texts and their labels; the same seed gives the same one.

        Args:
            texts: as they are to be scored.
            labels: 0 good, 1 bad, for each text.
            weights: how much each text counts; None: all the same.
            seed: of everything that is drawn.
            on_step: is told in a few words what has been done.

        Raises:
            ModelError: if a package of newsieve[distil] is not installed, labels do not fit the
                texts, or there are fewer than five texts of a label.
        """
        labels = _checked(labels, len(texts))
        weights = np.ones(len(texts)) if weights is None else weights
        tell = on_step or _nobody
        word_vectors, sentences = mean_and_maximum(texts), encode(texts)
        scale = _scale(word_vectors)
        tell("vectors of all texts")
        characters = _characters(seed).fit(
            _cleaned(texts), labels, logisticregression__sample_weight=weights
        )
        tell("characters: fitted")
        beside = _beside(word_vectors * scale, sentences)
        vectors = _support_vectors(seed).fit(beside, labels, sample_weight=weights)
        tell("vectors: fitted")
        words = _fitted_words(word_vectors, labels, weights, seed)
        tell("words: fitted")
        encoder = TunedEncoder.fit(texts, labels, weights=weights, seed=seed, on_step=on_step)
        return cls(encoder, characters, vectors, words, scale)

    def scores(self, texts: Sequence[str]) -> Array:
        """Return the probability that each text is bad: (texts,)."""
        parts = self.parts(texts)
        weighted = [share * parts[name] for name, share in SHARES.items()]
        scores: Array = np.sum(weighted, axis=0) / sum(SHARES.values())
        return scores

    def parts(self, texts: Sequence[str]) -> dict[str, Array]:
        """Return what each of the four says of each text, by its name: (texts,) each."""
        if not texts:  # scikit-learn refuses them
            return {name: np.zeros(0) for name in SHARES}
        word_vectors = mean_and_maximum(texts)
        beside = _beside(word_vectors * self.scale, self.encode(texts))
        return {
            "encoder": self.encoder.scores(texts),
            "characters": _probabilities(self.characters, _cleaned(texts)),
            "vectors": _probabilities(self.vectors, beside),
            "words": _probabilities(self.words, word_vectors),
        }

    @staticmethod
    def encode(texts: Sequence[str]) -> Array:
        """Return the sentence vectors of the encoder as it was before: (texts, 512)."""
        return encode(texts)


def _nobody(_step: str) -> None:
    """Tell nobody."""


def _checked(labels: Array, count: int) -> Array:
    labels = np.asarray(labels)
    if labels.shape != (count,) or not np.isin(labels, (0, 1)).all():
        raise ModelError(f"{count} texts need as many labels, each 0 or 1")
    rarest = min((labels == 0).sum(), (labels == 1).sum())
    if rarest < _FOLDS:
        raise ModelError(f"a teacher needs {_FOLDS} texts of each label, not {rarest}")
    return labels.astype(np.int64)


def _cleaned(texts: Sequence[str]) -> list[str]:
    """Return texts in which capitals, marks and numbers are kept: all of them tell something."""
    return [_CLEANER.clean(text) for text in texts]


def _scale(word_vectors: Array) -> Array:
    deviations = word_vectors.std(axis=0)
    scale: Array = _DEVIATION / np.where(deviations > _ROUNDING, deviations, 1)
    return scale


def _beside(word_vectors: Array, sentences: Array) -> Array:
    return np.concatenate([word_vectors, sentences], axis=1)


def _probabilities(model: Any, rows: Array | list[str]) -> Array:
    probabilities: Array = model.predict_proba(rows)[:, 1].astype(np.float64)
    return probabilities


def _characters(seed: int) -> Any:
    frequencies = _sklearn("feature_extraction.text").TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, lowercase=False
    )
    regression = _sklearn("linear_model").LogisticRegression(
        C=10, class_weight="balanced", max_iter=1000, solver="liblinear", random_state=seed
    )
    return _sklearn("pipeline").make_pipeline(frequencies, regression)


def _support_vectors(seed: int) -> Any:
    """Return a machine fitted to all rows, its distances made probabilities on unseen ones."""
    selection = _sklearn("model_selection")
    return _sklearn("calibration").CalibratedClassifierCV(
        _sklearn("svm").SVC(C=5, class_weight="balanced"),
        ensemble=False,
        cv=selection.StratifiedKFold(_FOLDS, shuffle=True, random_state=seed),
    )


def _fitted_words(word_vectors: Array, labels: Array, weights: Array, seed: int) -> Any:
    network = _sklearn("neural_network").MLPClassifier(
        (64,), alpha=1, max_iter=_PASSES, random_state=seed
    )
    pipeline = _sklearn("pipeline").make_pipeline(
        _sklearn("preprocessing").StandardScaler(), network
    )
    with warnings.catch_warnings():
        # It is stopped early on purpose: more passes learn the texts by heart.
        warnings.simplefilter("ignore", _sklearn("exceptions").ConvergenceWarning)
        return pipeline.fit(word_vectors, labels, mlpclassifier__sample_weight=weights)


def _sklearn(module: str) -> Any:
    return bring(f"sklearn.{module}", "distil")
