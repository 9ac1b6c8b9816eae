"""What an engine is asked for and what it gives: shared by all of them, and by who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from classifier.bundle import ModelBundle
from classifier.network import Network
from classifier.parity import ParityCases
from classifier.training.aim import Aim
from classifier.training.article_network import EPOCHS, WORDS
from classifier.training.balance import Balance
from classifier.training.fit import Epoch

FEWEST_WORDS = 3
"""Padding, the unknown word, and one that is known."""

LARGEST_SEED = 2**32 - 1
"""That Keras takes."""

OnEpoch = Callable[[Epoch], None]


class EngineName(Enum):
    """Who fits the network."""

    NUMPY = "numpy"
    KERAS = "keras"


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How a model is trained.

    Attributes:
        engine: who fits the network.
        aim: what the threshold is chosen for.
        seed: of the split, the first weights and the order of the rows.
        epochs: how often all rows are gone through.
        words: size of the vocabulary, padding and the unknown word among them.
        balance: how the rarer class comes to count as much as the other.

    Raises:
        ValueError: for a setting that means nothing.
    """

    engine: EngineName = EngineName.NUMPY
    aim: Aim = field(default_factory=Aim)
    seed: int = 1
    epochs: int = EPOCHS
    words: int = WORDS
    balance: Balance = Balance.UPSAMPLE

    def __post_init__(self) -> None:
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"seed is {self.seed}: 0 to {LARGEST_SEED}")
        if self.epochs < 1:
            raise ValueError(f"epochs is {self.epochs}: at least 1")
        if self.words < FEWEST_WORDS:
            raise ValueError(f"words is {self.words}: at least {FEWEST_WORDS}")

    def as_json(self) -> dict[str, Any]:
        """Return them as plain values."""
        return {
            "engine": self.engine.value,
            "aim": str(self.aim),
            "seed": self.seed,
            "epochs": self.epochs,
            "words": self.words,
            "balance": self.balance.value,
        }


@dataclass(frozen=True, eq=False, slots=True)
class Trained:
    """A network that was fitted.

    Attributes:
        network: with its weights, for numpy.
        history: the epochs in order.
        record: asks whoever fitted it what every layer answers to the cases of a bundle.
    """

    network: Network
    history: tuple[Epoch, ...]
    record: Callable[[ModelBundle], ParityCases | None]
