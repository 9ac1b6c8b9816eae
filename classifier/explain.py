"""Which words pushed a score up and which down, in log-odds: log(p / (1 - p)).

Exact, where the network is linear up to its hidden units: Embedding, average over all
steps, then Dense layers. Each word adds its own share there, wherever it stands, and relu
only picks which units count; the shares of all words and what a text without words has add
up to the score.

Other networks (recurrence, convolution, masks) have no such shares: there each word is
left out in turn and the text scored again. Such differences do not add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from classifier.affine import AffineTail
from classifier.bundle import ModelBundle
from classifier.errors import ModelError
from classifier.network import Array, Network
from classifier.text import TextPipeline

_BATCH = 256


@dataclass(frozen=True, slots=True)
class Push:
    """How far a word moved the log-odds of "bad": above 0 up, below 0 down."""

    word: str
    value: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a text has its score.

    Attributes:
        score: the probability that the text is bad.
        base: log-odds of a text without words.
        pushes: of each word that the network reads, in reading order.
        exact: base and pushes add up to the log-odds of the score; otherwise each push
            is what leaving that word out takes away.
    """

    score: float
    base: float
    pushes: tuple[Push, ...]
    exact: bool

    def by_word(self) -> list[Push]:
        """Return one push a word, its occurrences added up, the strongest first."""
        sums: defaultdict[str, float] = defaultdict(float)
        for push in self.pushes:
            sums[push.word] += push.value
        pushes = [Push(word, value) for word, value in sums.items()]
        return sorted(pushes, key=lambda push: -abs(push.value))


def explain(bundle: ModelBundle, text: str) -> Explanation:
    """Return why ``text`` has its score.

    Raises:
        ModelError: if the model has no text part, or takes more than a text.
    """
    if bundle.text is None:
        raise ModelError(f"model {bundle.name!r} has no text part: there are no words to explain")
    network = bundle.network.astype(np.float64)
    tail = AffineTail.of(network)
    if tail is not None:
        return _exact(network, bundle.text, tail, text)
    return _by_leaving_out(network, bundle.text, text)


def _exact(network: Network, text: TextPipeline, tail: AffineTail, raw: str) -> Explanation:
    words = text.words(raw)
    whole = text.vectorizer.ids([words])
    found = network.activations(whole)
    slope, offset = tail.at(found)
    alone = text.vectorizer.ids([[], *([word] for word in words)])
    pooled = network.activations(alone)[tail.pooled]
    # Without a fixed length a word alone is averaged over fewer steps than in its text.
    share = alone.shape[1] / whole.shape[1]
    pushes = (pooled[1:] - pooled[0]) @ slope * share
    return Explanation(
        score=float(_bad(found[network.spec.outputs[0]])[0]),
        base=float(pooled[0] @ slope) + offset,
        pushes=_pushes(words, pushes),
        exact=True,
    )


def _by_leaving_out(network: Network, text: TextPipeline, raw: str) -> Explanation:
    words = text.words(raw)
    rows = [words, [], *(words[:i] + words[i + 1 :] for i in range(len(words)))]
    scores = _scores(network, text, rows)
    whole, empty, *others = _log_odds(scores)
    return Explanation(
        score=float(scores[0]),
        base=float(empty),
        pushes=_pushes(words, whole - np.array(others)),
        exact=False,
    )


def _scores(network: Network, text: TextPipeline, rows: Sequence[list[str]]) -> Array:
    batches = [rows[i : i + _BATCH] for i in range(0, len(rows), _BATCH)]
    return np.concatenate([_bad(network(text.vectorizer.ids(batch))) for batch in batches])


def _bad(output: Array) -> Array:
    """Of one value a row it is that one, of two the second: bad is class 1."""
    return output[:, -1]


def _log_odds(scores: Array) -> Array:
    least = np.finfo(np.float64).eps
    held = np.clip(scores, least, 1 - least)
    odds: Array = np.log(held / (1 - held))
    return odds


def _pushes(words: Sequence[str], values: Array) -> tuple[Push, ...]:
    return tuple(Push(word, float(value)) for word, value in zip(words, values, strict=True))
