"""The sentence encoder in PyTorch, to fine-tune it on labelled texts.

Its weights come from ``pretrained``, where its origin and licence (Apache-2.0) are told. The
package computes it forwards by numpy; the same computation stands here in PyTorch, so that it can
learn. The vectors of the pieces stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from classifier.network import Array
from classifier.training.distil.pretrained import SIZE, pretrained
from classifier.training.extras import bring

EPOCHS = 3
RATE = 2e-4
HEAD_RATE = 3e-3
BATCH = 16
WARM_UP = 0.1  # of all steps
WEIGHT_DECAY = 0.01
LONGEST_GRADIENT = 1.0
BAD_COUNTS = 2.0  # as much as a good text
DROPOUT = 0.3
INPUT_DROPOUT = 0.09

_BATCH = 64
_ALIKE = 20  # batches' worth of rows that are sorted by length together
_BRANCHES = ((2, 0), (3, 1), (5, 2))  # words in a window, and how many of them stand before
_BRANCH_SIZE = 256
_SENTENCE_SCALE, _MEAN_SCALE = 22.0, 2.0  # bring both halves of what the head reads to about 1

OnStep = Callable[[str], None]


class TunedEncoder:
    """The encoder in PyTorch with a head that says how likely a text is bad.

    A new one has the weights of the package and a head of zeros.

    Raises:
        ModelError: if PyTorch or the encoder's package is not installed.
    """

    def __init__(self) -> None:
        self._torch = import_torch()
        self._source = pretrained()
        self._body = self._parameters(self._source.weights())
        head = {"weight": np.zeros(2 * SIZE), "bias": np.zeros(())}
        self._head = self._parameters(head)

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        labels: Array,
        *,
        weights: Array | None = None,
        seed: int = 0,
        on_step: OnStep | None = None,
    ) -> TunedEncoder:
        """Return an encoder fine-tuned on texts and their labels, 0 good, 1 bad.

        The same seed gives the same weights. ``weights`` says how much each text counts,
        ``on_step`` is told the loss of each epoch.
        """
        counts = np.ones(len(texts)) if weights is None else weights
        encoder = cls()
        with encoder._torch.random.fork_rng(devices=[]):
            encoder._torch.manual_seed(seed)
            encoder._learn(texts, labels, counts, np.random.default_rng(seed), on_step)
        return encoder

    def scores(self, texts: Sequence[str]) -> Array:
        """Return the probability that each text is bad: (texts,)."""
        return self._answers(texts)[0]

    def vectors(self, texts: Sequence[str]) -> Array:
        """Return the vector of each text as it is after fine-tuning: (texts, SIZE)."""
        return self._answers(texts)[1]

    def _answers(self, texts: Sequence[str]) -> tuple[Array, Array]:
        pieces = self._source.pieces(texts)
        order = np.argsort([len(ids) for ids in pieces], kind="stable")
        scores, vectors = np.zeros(len(texts)), np.zeros((len(texts), SIZE), np.float32)
        with self._torch.no_grad():
            for start in range(0, len(texts), _BATCH):
                rows = order[start : start + _BATCH]
                found, sentences = self._run(*self._batch([pieces[row] for row in rows]))
                scores[rows] = self._torch.sigmoid(found).numpy()
                vectors[rows] = sentences.numpy()
        return scores, vectors

    def _learn(
        self,
        texts: Sequence[str],
        labels: Array,
        weights: Array,
        chance: np.random.Generator,
        on_step: OnStep | None,
    ) -> None:
        pieces = self._source.pieces(texts)
        lengths = np.array([len(ids) for ids in pieces])
        steps = EPOCHS * -(-len(texts) // BATCH)
        optimizer = self._optimizer()
        done = 0
        for epoch in range(1, EPOCHS + 1):
            losses = []
            for rows in _shuffled(lengths, chance):
                share = min(1.0, done / (WARM_UP * steps)) * max(0.0, 1.0 - done / steps)
                read = [pieces[row] for row in rows]
                losses.append(self._step(optimizer, share, read, labels[rows], weights[rows]))
                done += 1
            if on_step:
                on_step(f"encoder: epoch {epoch} of {EPOCHS}, loss {np.mean(losses):.4f}")

    def _step(
        self,
        optimizer: Any,
        share: float,
        pieces: Sequence[Array],
        labels: Array,
        weights: Array,
    ) -> float:
        """Learn from one batch at a share of the full rates; return the loss before it."""
        for group in optimizer.param_groups:
            group["lr"] = group["full"] * share
        wanted = self._torch.tensor(labels, dtype=self._torch.float32)
        counted = self._torch.tensor(weights, dtype=self._torch.float32)
        found, _ = self._run(*self._batch(pieces), training=True)
        loss = self._torch.nn.functional.binary_cross_entropy_with_logits(
            found, wanted, weight=(1 + (BAD_COUNTS - 1) * wanted) * counted
        )
        optimizer.zero_grad()
        loss.backward()
        learned = [*self._head.values(), *self._body.values()]
        self._torch.nn.utils.clip_grad_norm_(learned, LONGEST_GRADIENT)
        optimizer.step()
        return float(loss.item())

    def _optimizer(self) -> Any:
        groups = [
            {"params": list(self._head.values()), "full": HEAD_RATE},
            {"params": list(self._body.values()), "full": RATE},
        ]
        return self._torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)

    def _parameters(self, weights: Mapping[str, Array]) -> dict[str, Any]:
        return {
            name: self._torch.tensor(weight, dtype=self._torch.float32, requires_grad=True)
            for name, weight in weights.items()
        }

    def _batch(self, pieces: Sequence[Array]) -> tuple[Any, Any]:
        """Return the vectors of the pieces, (rows, steps, SIZE), and which steps are some."""
        steps = max(len(ids) for ids in pieces)
        vectors = np.zeros((len(pieces), steps, SIZE), np.float32)
        mask = np.zeros((len(pieces), steps, 1), np.float32)
        for row, ids in enumerate(pieces):
            vectors[row, : len(ids)] = self._source.piece_vectors(ids)
            mask[row, : len(ids)] = 1
        return self._torch.from_numpy(vectors), self._torch.from_numpy(mask)

    def _run(self, pieces: Any, mask: Any, *, training: bool = False) -> tuple[Any, Any]:
        """Return the log-odds of each row, (rows,), and its vector, (rows, SIZE)."""
        functional, body = self._torch.nn.functional, self._body
        read = functional.dropout(pieces, INPUT_DROPOUT, training) @ body["proj_W"]
        read = self._normalized(read + body["proj_b"], "ln_g_all", "ln_b_all") * mask
        branches = [self._branch(branch, read, mask) for branch in range(len(_BRANCHES))]
        joined = self._torch.cat([pieces * mask, *branches], -1)
        words = self._normalized(joined, "ln_g", "ln_b") * mask
        count = mask.sum(1)
        mean = (words.sum(1) @ body["cnn_W"] + count * body["cnn_b"]) / count.sqrt()
        sentence = functional.normalize(self._sentence(mean), dim=1)
        known = self._torch.cat([sentence * _SENTENCE_SCALE, mean * _MEAN_SCALE], 1)
        known = functional.dropout(known, DROPOUT, training)
        return known @ self._head["weight"] + self._head["bias"], sentence

    def _branch(self, branch: int, read: Any, mask: Any) -> Any:
        """Return two convolutions over windows of pieces, each added to what it reads."""
        x = read[..., branch * _BRANCH_SIZE : (branch + 1) * _BRANCH_SIZE]
        for kernel, bias in (("w1", "b1"), ("w2", "b2")):
            weights = self._body[f"{kernel}.{branch}"], self._body[f"{bias}.{branch}"]
            x = (self._convolution(x, *_BRANCHES[branch], *weights) + x) * mask
        return x

    def _convolution(self, x: Any, window: int, before: int, kernel: Any, bias: Any) -> Any:
        functional = self._torch.nn.functional
        padded = functional.pad(x, (0, 0, before, window - 1 - before))
        windows = padded.unfold(1, window, 1).transpose(2, 3).flatten(2)
        return functional.relu(windows @ kernel + bias)

    def _sentence(self, mean: Any) -> Any:
        relu, body = self._torch.relu, self._body
        first = relu(mean @ body["d0"])
        second = relu(mean @ body["p1"] + first @ body["d1"])
        third = relu(second @ body["d2"])
        return self._torch.tanh(second @ body["p3"] + third @ body["d3"])

    def _normalized(self, x: Any, scale: str, shift: str) -> Any:
        functional, body = self._torch.nn.functional, self._body
        shape = x.shape[-1:]
        return functional.layer_norm(x, shape, body[scale], body[shift], self._source.epsilon)


def import_torch() -> Any:
    """Return PyTorch, on one core: with more, sums come out in another order.

    Raises:
        ModelError: if it is not installed.
    """
    torch = bring("torch", "distil")
    torch.set_num_threads(1)
    return torch


def _shuffled(lengths: Array, chance: np.random.Generator) -> Iterator[Array]:
    """Yield batches of rows of about the same length, all in random order."""
    order = chance.permutation(len(lengths))
    batches = []
    for start in range(0, len(order), BATCH * _ALIKE):
        alike = order[start : start + BATCH * _ALIKE]
        alike = alike[np.argsort(lengths[alike], kind="stable")]
        batches += [alike[first : first + BATCH] for first in range(0, len(alike), BATCH)]
    for batch in chance.permutation(len(batches)):
        yield batches[batch]
