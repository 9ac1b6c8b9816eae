"""One fold: what is fitted to the others, and what it makes of the rows it has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from classifier.bundle import ModelBundle
from classifier.errors import ModelError
from classifier.network import Array
from classifier.text import KerasTokenizer, TextPipeline
from classifier.text.keras_tokenizer import Side
from classifier.training.cleaner import CLEANER
from classifier.training.crossval.designs import FEATURES, IDS, Design
from classifier.training.crossval.features import Standard, Values
from classifier.training.crossval.learner import Inputs, Learner, Plan, Workshop
from classifier.training.crossval.learning_rate import CyclicRate
from classifier.training.crossval.vectors import Vectors, first_table
from classifier.training.vocabulary import most_frequent

BATCH = 64
OnEpoch = Callable[[int, float], None]
"""Told of each epoch from 1 on, and its mean loss."""


@dataclass(frozen=True, eq=False, slots=True)
class Texts:
    """Texts, and the features beside them if there are any: (texts, features)."""

    texts: Sequence[str]
    features: Values | None

    def __len__(self) -> int:
        return len(self.texts)

    def of(self, rows: npt.NDArray[np.intp]) -> Texts:
        """Return those at the places ``rows``."""
        chosen = None if self.features is None else self.features[rows]
        return Texts([self.texts[row] for row in rows], chosen)


@dataclass(frozen=True, eq=False, slots=True)
class Fold:
    """What a fold gave.

    Attributes:
        scores: of the rows that were held out, in order.
        test: of the test file's rows; None if there is none.
        loss: mean over the last epoch.
        bundle: the network, if bundles are wanted; its threshold is not chosen yet.
    """

    scores: Array
    test: Array | None
    loss: float
    bundle: ModelBundle | None


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """What every fold of a network has in common."""

    workshop: Workshop
    design: Design
    vectors: Vectors | None
    epochs: int
    test: Texts | None
    bundles: bool


def run_fold(
    task: Task, learned: Texts, labels: Array, held_out: Texts, *, seed: int, on_epoch: OnEpoch
) -> Fold:
    """Fit a network to ``learned`` and score ``held_out`` and the test file with it.

    Raises:
        ModelError: if a score is not a number, as with features beyond all measure.
    """
    text = pipeline_for(learned.texts, task.design)
    plan = plan_for(task, text, learned, seed)
    with task.workshop.deterministic():
        learner = task.workshop.begin(plan)
        loss = learn(learner, inputs_of(learned, text), labels, task.epochs, seed, on_epoch)
        return Fold(
            scores=_scores(learner, inputs_of(held_out, text)),
            test=None if task.test is None else _scores(learner, inputs_of(task.test, text)),
            loss=loss,
            bundle=learner.to_bundle(_named(text, plan)) if task.bundles else None,
        )


def pipeline_for(texts: Sequence[str], design: Design) -> TextPipeline:
    """Return how texts become ids for a network that learns from ``texts``.

    Rows are padded at the front: recurrent networks shall end with the text, not with padding.
    """
    vocabulary = most_frequent(map(CLEANER.words, texts), design.words)
    words = {word: i for i, word in enumerate(vocabulary) if i > 1}
    tokenizer = KerasTokenizer(
        words, design.length, unknown=1, filters="", lower=False, truncating=Side.POST
    )
    return TextPipeline(CLEANER, tokenizer)


def plan_for(task: Task, text: TextPipeline, learned: Texts, seed: int) -> Plan:
    """Return all that the network of a fold depends on."""
    words = ["", "[UNK]", *text.vectorizer.vocabulary]
    return Plan(
        design=task.design,
        table=first_table(words, task.design.size, task.vectors, seed),
        frozen=task.design.freezes and task.vectors is not None,
        standard=None if learned.features is None else Standard.of(learned.features),
        seed=seed,
    )


def inputs_of(given: Texts, text: TextPipeline) -> Inputs:
    """Return what a network reads of texts and features; these stay as they are."""
    inputs = {IDS: text.ids(given.texts)}
    if given.features is not None:
        inputs[FEATURES] = given.features
    return inputs


def learn(
    learner: Learner, inputs: Inputs, labels: Array, epochs: int, seed: int, on_epoch: OnEpoch
) -> float:
    """Let ``learner`` see all rows so often, each time in another order; return the last loss."""
    random = np.random.default_rng(seed)
    batches = -(-len(labels) // BATCH)
    rate = CyclicRate.over(batches * epochs)
    step, loss = 0, 0.0
    for epoch in range(1, epochs + 1):
        losses = []
        for rows in np.array_split(random.permutation(len(labels)), batches):
            batch = {name: values[rows] for name, values in inputs.items()}
            losses.append(learner.learn(batch, labels[rows], rate.at(step)))
            step += 1
        loss = float(np.mean(losses))
        on_epoch(epoch, loss)
    return loss


def _scores(learner: Learner, inputs: Inputs) -> Array:
    scores = learner.score(inputs)
    if not np.isfinite(scores).all():
        row = int(np.flatnonzero(~np.isfinite(scores))[0])
        features = inputs[FEATURES][row].tolist() if FEATURES in inputs else []
        given = f": its features are {', '.join(map(str, features[:10]))}" if features else ""
        raise ModelError(f"the network's answer to a text is not a number{given}")
    return scores


def _named(text: TextPipeline, plan: Plan) -> TextPipeline:
    """Say which of two inputs the ids go to."""
    return replace(text, input=IDS) if plan.feature_count else text
