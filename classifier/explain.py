"""Which words pushed a score up and which down, in log-odds: log(p / (1 - p)).

Exact, where the network is linear up to its hidden units: Embedding, average over all
steps, then Dense layers; or TF-IDF weights, then Dense layers. Each word (or term) adds its
own share there, wherever it stands, and relu only picks which units count; the shares of all
and what a text without words has add up to the score.

Other networks (recurrence, convolution, masks) have no such shares: there each word is
left out in turn and the text scored again. Such differences do not add up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.affine import AffineTail
from classifier.bundle import ModelBundle, text_input
from classifier.classifier import Classifier
from classifier.errors import ModelError
from classifier.network import Array, Network, fuse
from classifier.text import TextPipeline, TfIdf, Vectorizer
from classifier.text.given import expect_text

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
        pushes: of each word that the network reads, in reading order; with TF-IDF of each
            term that it knows.
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


def explain(
    bundle: ModelBundle, text: str, *, features: Mapping[str, Array] | None = None
) -> Explanation:
    """Return why ``text`` has its score.

    Args:
        bundle: the model.
        text: raw text.
        features: what else the network reads: name of the input → one row for it.

    Raises:
        ModelError: if the model has no text part, or its output is no score.
        BundleMismatch: if it is no text, or features are missing or not those that the
            network reads.
    """
    expect_text(text)
    if bundle.text is None:
        raise ModelError(f"model {bundle.name!r} has no text part: there are no words to explain")
    Classifier(bundle)  # refuses what gives no score
    network = bundle.network.astype(np.float64)
    words = bundle.text.words(text)
    tail = None if features else AffineTail.of(network)
    if tail is not None and tail.averages:
        return _by_share(network, words, bundle.text.vectorizer, tail)
    if tail is not None and isinstance(bundle.text.vectorizer, TfIdf):
        return _by_term(network, words, bundle.text.vectorizer, tail)
    return _by_leaving_out(network, words, bundle.text, features or {})


def _by_share(
    network: Network, words: Sequence[str], vectorizer: Vectorizer, tail: AffineTail
) -> Explanation:
    whole = vectorizer.ids([words])
    found = network.activations(whole)
    slope, offset = tail.at(found)
    alone = vectorizer.ids([[], *([word] for word in words)])
    averages = network.activations(alone)[tail.start]
    # Without a fixed length a word alone is averaged over fewer steps than in its text.
    share = alone.shape[1] / whole.shape[1]
    return Explanation(
        score=_bad(found[network.spec.outputs[0]])[0].item(),
        base=float(averages[0] @ slope) + offset,
        pushes=_pushes(words, (averages[1:] - averages[0]) @ slope * share),
        exact=True,
    )


def _by_term(
    network: Network, words: Sequence[str], vectorizer: TfIdf, tail: AffineTail
) -> Explanation:
    weights = vectorizer.ids([words])
    found = network.activations(weights)
    slope, offset = tail.at(found)
    columns = {term: column for column, term in enumerate(vectorizer.vocabulary)}
    terms = [term for term in dict.fromkeys(vectorizer.terms(words)) if term in columns]
    read = [columns[term] for term in terms]
    return Explanation(
        score=_bad(found[network.spec.outputs[0]])[0].item(),
        base=offset,
        pushes=_pushes(terms, weights[0, read] * slope[read]),
        exact=True,
    )


def _by_leaving_out(
    network: Network, words: Sequence[str], text: TextPipeline, features: Mapping[str, Array]
) -> Explanation:
    rows = [words, [], *([*words[:i], *words[i + 1 :]] for i in range(len(words)))]
    given = text_input(text, network).name
    network = fuse(network)
    scores = np.empty(len(rows))
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        inputs = {name: np.repeat(row, len(batch), axis=0) for name, row in features.items()}
        output = network({**inputs, given: text.vectorizer.ids(batch)})
        scores[start : start + _BATCH] = _bad(output)
    whole, empty, *others = _log_odds(scores)
    return Explanation(
        score=float(scores[0]),
        base=float(empty),
        pushes=_pushes(words, whole - np.array(others)),
        exact=False,
    )


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
