"""Features and a classical model on them: scikit-learn's, or LightGBM."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.training.compare.candidate import Lesson, Scorer
from classifier.training.compare.features import Features
from classifier.training.extras import bring
from classifier.training.report import Numbers


@dataclass(frozen=True, slots=True)
class Model:
    """A kind of model.

    Attributes:
        key: a short word to choose it by.
        name: what it is, for people.
        module: where it is imported from.
        make: that module and a seed → the model, not fitted.
        weighs: whether rows may count differently.
    """

    key: str
    name: str
    module: str
    make: Callable[[Any, int], Any]
    weighs: bool = True


LOGISTIC = Model(
    "logistic",
    "logistic regression",
    "sklearn.linear_model",
    lambda sklearn, seed: sklearn.LogisticRegression(max_iter=1000, random_state=seed),
)
SVC = Model("svc", "SVC", "sklearn.svm", lambda sklearn, seed: sklearn.SVC(random_state=seed))
FOREST = Model(
    "forest",
    "Random Forest",
    "sklearn.ensemble",
    lambda sklearn, seed: sklearn.RandomForestClassifier(random_state=seed),
)
SGD = Model(
    "sgd",
    "SGD",
    "sklearn.linear_model",
    lambda sklearn, seed: sklearn.SGDClassifier(loss="log_loss", random_state=seed),
)
BAYES = Model(
    "bayes",
    "multinomial naive Bayes",
    "sklearn.naive_bayes",
    lambda sklearn, _: sklearn.MultinomialNB(),
)
NEIGHBOURS = Model(
    "neighbours",
    "k-nearest neighbours",
    "sklearn.neighbors",
    lambda sklearn, _: sklearn.KNeighborsClassifier(),
    weighs=False,
)
LIGHTGBM = Model(
    "lightgbm",
    "LightGBM",
    "lightgbm",
    lambda lightgbm, seed: lightgbm.LGBMClassifier(
        random_state=seed, n_jobs=1, deterministic=True, force_col_wise=True, verbosity=-1
    ),
)

ON_COUNTS = (FOREST, SGD, LOGISTIC, BAYES, NEIGHBOURS, LIGHTGBM)
ON_VECTORS = (FOREST, SGD, LOGISTIC, NEIGHBOURS, LIGHTGBM, SVC)
"""Naive Bayes counts words: numbers below zero mean nothing to it."""


@dataclass(frozen=True, slots=True)
class Classical:
    """A candidate: a classical model on some features."""

    features: Features
    model: Model

    @property
    def key(self) -> str:
        """Its features, then its model."""
        return f"{self.features.key}-{self.model.key}"

    @property
    def name(self) -> str:
        """What it is, for people."""
        return f"{self.features.name} + {self.model.name}"

    def load(self) -> None:
        """Import what features and model need."""
        self.features.load()
        bring(self.model.module, "train")

    def fit(self, lesson: Lesson) -> Scorer:
        """Fit the features to each text once, and the model to as many as the lesson says."""
        reader = self.features.learn(lesson.part)
        rows = reader.read(lesson.part)[lesson.order]
        model = self.model.make(bring(self.model.module, "train"), lesson.seed)
        weights = {"sample_weight": lesson.weights} if self.model.weighs else {}
        model.fit(rows, lesson.labels[lesson.order], **weights)
        return Scorer(
            score=lambda part: _scores(model, reader.read(part)),
            size=reader.size + len(pickle.dumps(model)),
            notes=(*reader.notes, *self._ignored(lesson)),
        )

    def _ignored(self, lesson: Lesson) -> tuple[str, ...]:
        if self.model.weighs or bool((lesson.weights == lesson.weights[0]).all()):
            return ()
        return ("takes no weights: every row counted the same",)


def _scores(model: Any, rows: Any) -> Numbers:
    """Return how likely each row is bad; a margin of 0 becomes 0.5, as the model decides."""
    if hasattr(model, "predict_proba"):
        return np.asarray(model.predict_proba(rows), dtype=np.float64)[:, 1]
    margins = np.asarray(model.decision_function(rows), dtype=np.float64)
    scores: Numbers = 0.5 * (1 + np.tanh(margins / 2))
    return scores
