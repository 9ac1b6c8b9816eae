"""The networks that take text, each said once for Keras and PyTorch alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from classifier.training.crossval.options import NetworkName

IDS, FEATURES, LOG_ODDS, SCORE = "ids", "features", "log_odds", "score"
CENTRED, SCALED = "features_centred", "features_scaled"
WINDOW = 3
"""Steps that a convolution sees."""
NO_EPSILON = 1e-30
"""Added to a variance it is nothing, yet more than zero."""


class Kind(Enum):
    """What a layer does."""

    EMBEDDING = auto()
    CHANNEL_DROPOUT = auto()
    """Drops a number of the vectors from all steps at once."""
    LSTM = auto()
    GRU = auto()
    CONVOLUTION = auto()
    AVERAGE = auto()
    MAXIMUM = auto()
    JOIN = auto()
    DENSE = auto()
    DROPOUT = auto()
    STANDARD = auto()
    SIGMOID = auto()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    Attributes:
        reads: inputs and earlier layers; ``name:h`` is the last state of a recurrent one, of
            both directions side by side.
        units: how many numbers it gives, a step or a row, in each direction.
        both: a recurrent layer runs in both directions.
        rate: share that a dropout drops.
        relu: of a dense layer or a convolution; otherwise linear.
    """

    name: str
    kind: Kind
    reads: tuple[str, ...]
    units: int = 0
    both: bool = False
    rate: float = 0.0
    relu: bool = False


@dataclass(frozen=True, slots=True)
class Design:
    """A network and how it is usually fitted.

    Attributes:
        layers: each stands behind what it reads; the last gives the score.
        words: size of the vocabulary, padding and the unknown word among them.
        size: numbers a word, unless vectors are given.
        length: words a text; the first ones are read.
        epochs: passes over the rows.
        freezes: vectors that are given stay as they are.
    """

    layers: tuple[Layer, ...]
    words: int
    size: int
    length: int
    epochs: int
    freezes: bool = False


def design_of(name: NetworkName, *, features: bool) -> Design:
    """Return a network; with ``features`` it reads these as a second input."""
    return _DESIGNS[name](features)


def _article(features: bool) -> Design:
    body = (_embedding(), Layer("average", Kind.AVERAGE, ("embedding",)))
    return Design(
        layers=(*body, *_head(("average",), 6, features=features)),
        words=1_000,
        size=40,
        length=100,
        epochs=16,
    )


def _lstm(features: bool) -> Design:
    body = (_embedding(), Layer("lstm", Kind.LSTM, ("embedding",), units=32))
    return Design(
        layers=(*body, *_head(("lstm:h",), 16, features=features)),
        words=5_000,
        size=32,
        length=60,
        epochs=4,
    )


def _convolution(features: bool) -> Design:
    body = (
        _embedding(),
        Layer("convolution", Kind.CONVOLUTION, ("embedding",), units=64, relu=True),
        Layer("maximum", Kind.MAXIMUM, ("convolution",)),
    )
    return Design(
        layers=(*body, *_head(("maximum",), 16, features=features, dropout=0.2)),
        words=5_000,
        size=32,
        length=60,
        epochs=4,
    )


def _competition(features: bool) -> Design:
    body = (
        _embedding(),
        Layer("channels", Kind.CHANNEL_DROPOUT, ("embedding",), rate=0.1),
        Layer("lstm", Kind.LSTM, ("channels",), units=32, both=True),
        Layer("gru", Kind.GRU, ("lstm",), units=32, both=True),
        Layer("average", Kind.AVERAGE, ("gru",)),
        Layer("maximum", Kind.MAXIMUM, ("gru",)),
    )
    read = ("gru:h", "average", "maximum")
    return Design(
        layers=(*body, *_head(read, 16, features=features, dropout=0.1)),
        words=5_000,
        size=32,
        length=60,
        epochs=4,
        freezes=True,
    )


_DESIGNS: Mapping[NetworkName, Callable[[bool], Design]] = {
    NetworkName.ARTICLE: _article,
    NetworkName.LSTM: _lstm,
    NetworkName.CONVOLUTION: _convolution,
    NetworkName.COMPETITION: _competition,
}


def _embedding() -> Layer:
    return Layer("embedding", Kind.EMBEDDING, (IDS,))


def _head(
    reads: tuple[str, ...], units: int, *, features: bool, dropout: float = 0.0
) -> tuple[Layer, ...]:
    """From what was made of the text, and the features beside it, to the score."""
    layers: list[Layer] = []
    if features:
        # Two steps, so that nothing is lost where a mean is large beside its deviation.
        layers += [
            Layer(CENTRED, Kind.STANDARD, (FEATURES,)),
            Layer(SCALED, Kind.STANDARD, (CENTRED,)),
        ]
        reads = (*reads, SCALED)
    if len(reads) > 1:
        layers.append(Layer("joined", Kind.JOIN, reads))
        reads = ("joined",)
    layers.append(Layer("hidden", Kind.DENSE, reads, units=units, relu=True))
    if dropout:
        layers.append(Layer("dropped", Kind.DROPOUT, ("hidden",), rate=dropout))
    return (
        *layers,
        Layer(LOG_ODDS, Kind.DENSE, (layers[-1].name,), units=1),
        Layer(SCORE, Kind.SIGMOID, (LOG_ODDS,)),
    )
