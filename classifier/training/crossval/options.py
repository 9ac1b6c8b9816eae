"""What is asked of a cross-validation, and how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from classifier.errors import ModelError
from classifier.training.orders import LARGEST_SEED

COLUMNS = "columns"
"""Said instead of a file: the features stand in the rows themselves."""


class NetworkName(str, Enum):
    """The networks that can be cross-validated; see ``designs``."""

    ARTICLE = "article"
    LSTM = "lstm"
    CONVOLUTION = "convolution"
    COMPETITION = "competition"


class Framework(str, Enum):
    """What the networks are fitted with."""

    KERAS = "keras"
    TORCH = "torch"


@dataclass(frozen=True, slots=True)
class Options:
    """How to cross-validate.

    Attributes:
        networks: each is fitted once a fold.
        folds: how many, two at least.
        seed: of the folds, the first weights, the order of the rows and the dropouts.
        framework: Keras or PyTorch.
        epochs: None: as many as the network usually needs.
        test: a file of further texts, which each fold's network scores.
        features: ``COLUMNS``, or a ``.npy`` with a row of numbers for each row of the data;
            None: the networks read the text alone.
        test_features: the same for the test file, if ``features`` is a file.
        vectors: word vectors to start with; see ``vectors``.
        bundles: also make a bundle of each fold's network.

    Raises:
        ModelError: if these do not go together.
    """

    networks: tuple[NetworkName, ...] = (NetworkName.COMPETITION,)
    folds: int = 5
    seed: int = 1
    framework: Framework = Framework.TORCH
    epochs: int | None = None
    test: Path | None = None
    features: str | Path | None = None
    test_features: Path | None = None
    vectors: Path | None = None
    bundles: bool = False

    def __post_init__(self) -> None:
        if self.folds < 2:
            raise ModelError(f"{self.folds} folds: two at least, one to learn from, one to score")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ModelError(f"seed is {self.seed}: 0 to {LARGEST_SEED}")
        if self.epochs is not None and self.epochs < 1:
            raise ModelError(f"{self.epochs} epochs: one at least")
        if self.features_file is not None and (self.test is None) != (self.test_features is None):
            raise ModelError("a test file and a file with its features go together")
        if self.features_file is None and self.test_features is not None:
            raise ModelError("features of the test file alone: those of the data are missing")

    @property
    def features_file(self) -> Path | None:
        """The file of features, unless they stand in the rows."""
        return None if self.features in (None, COLUMNS) else Path(str(self.features))


@dataclass(frozen=True, slots=True)
class Progress:
    """An epoch is done.

    Attributes:
        fold: counted from 1, as ``epoch`` is.
        done: epochs of all folds and networks so far.
        total: how many there will be.
        loss: mean over the epoch's batches.
    """

    network: NetworkName
    fold: int
    epoch: int
    done: int
    total: int
    loss: float
