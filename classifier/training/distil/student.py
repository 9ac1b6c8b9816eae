"""The student: two small networks that learn a teacher's answers, exported as one.

- the reader: word vectors → convolutions over 1, 2 and 3 words → average and maximum;
- the speller: every word's vector is the mean of its letter pieces' vectors → average.

Learned apart, as together they learn each other's faults; their log-odds are weighed. Each
word's mean of pieces is worked out once and becomes a row of a table, so that in production
both look words up, and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from classifier.grids import to_grid
from classifier.network import Array
from classifier.text.word_forms import PADDING_ID, UNKNOWN_ID

WORD_WIDTH, FILTERS, KERNELS, READER_UNITS = 32, 64, (1, 2, 3), 32
FEWEST_ENTRIES = 2
SPELLER_UNITS = 12
_SENTENCE = 512
_SHORTEST = max(KERNELS)


@dataclass(frozen=True, eq=False, slots=True)
class Lesson:
    """What the student learns from.

    Attributes:
        ids: (texts, length), 0 is padding.
        targets: (texts,) the probability of bad, as labelled or as the teacher says.
        weights: (texts,) how much each text counts.
        sentences: (texts, 512) the teacher's unit vectors of the texts.
    """

    ids: Array
    targets: Array
    weights: Array
    sentences: Array


@dataclass(frozen=True, slots=True)
class Course:
    """How it learns.

    Attributes:
        bad_weight: how much more a bad text counts.
        sentence_weight: of the auxiliary task, to guess the teacher's sentence vector.
        forgetting: share of words that are taken for unknown ones in training.
    """

    epochs: int = 4
    batch_size: int = 32
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    bad_weight: float = 1.5
    sentence_weight: float = 1.0
    forgetting: float = 0.1


READER_COURSE = Course()
SPELLER_COURSE = Course(epochs=5, batch_size=64, learning_rate=3e-3, forgetting=0.0)


class Student(nn.Module):
    """Ids (rows, length) → log-odds of bad (rows,), and a guess of the sentence vector.

    Attributes:
        entries: how many there are in the vocabulary.
        hidden: what is pooled → units.
        output: units → log-odds.
    """

    entries: int
    hidden: nn.Linear
    output: nn.Linear

    def __init__(self) -> None:
        super().__init__()
        self._table: Tensor | None = None

    def settle(self) -> None:
        """Round the vectors of all entries to the grid on which they are kept; learn no more."""
        with torch.no_grad():
            table = to_grid(self.made(torch.arange(self.entries)).numpy())
        table[PADDING_ID] = 0
        self._table = torch.from_numpy(table)

    def rows(self, ids: Tensor) -> Tensor:
        """Return the vectors of entries: (…, width)."""
        return self.made(ids) if self._table is None else functional.embedding(ids, self._table)

    def made(self, ids: Tensor) -> Tensor:
        """Return the vectors of entries as they are learned: (…, width)."""
        raise NotImplementedError

    def units(self, ids: Tensor) -> Tensor:
        """Return what the hidden layer makes of rows of ids, outside training: (rows, units)."""
        raise NotImplementedError


class Reader(Student):
    """Ids (rows, length) → log-odds of bad (rows,) and a sentence vector (rows, 512)."""

    def __init__(self, vectors: Array, filters: int = FILTERS) -> None:
        """Begin with ``vectors`` (entries, width), and so many filters of each size."""
        super().__init__()
        self.entries, width = vectors.shape
        self.words = nn.Parameter(torch.tensor(vectors, dtype=torch.float32))
        self.convolutions = nn.ModuleList([nn.Conv1d(width, filters, kernel) for kernel in KERNELS])
        pooled = 2 * filters * len(KERNELS)
        self.hidden = nn.Linear(pooled, READER_UNITS)
        self.output = nn.Linear(READER_UNITS, 1)
        self.sentence = nn.Linear(pooled, _SENTENCE)

    def forward(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Return log-odds and guessed sentence vectors."""
        pooled = self._pooled(ids)
        hidden = functional.relu(self.hidden(functional.dropout(pooled, 0.3, self.training)))
        odds = self.output(functional.dropout(hidden, 0.3, self.training))[:, 0]
        return odds, functional.normalize(self.sentence(pooled), dim=1)

    def units(self, ids: Tensor) -> Tensor:
        """Return what the hidden layer makes of rows of ids: (rows, READER_UNITS)."""
        return functional.relu(self.hidden(self._pooled(ids)))

    def made(self, ids: Tensor) -> Tensor:
        """Return the vectors of entries: (…, width)."""
        return functional.embedding(ids, self.words)

    def _pooled(self, ids: Tensor) -> Tensor:
        """Return the mean and the largest value of each filter: (rows, 2 · filters)."""
        mask = (ids > 0).float()[:, None]
        read = functional.dropout(self.rows(ids), 0.15, self.training).transpose(1, 2) * mask
        steps = torch.cat(
            [
                functional.relu(convolution(_same(read, kernel)))
                for convolution, kernel in zip(self.convolutions, KERNELS, strict=True)
            ],
            1,
        )
        steps = steps * mask
        average = steps.sum(2) / mask.sum(2).clamp(min=1)
        return torch.cat([average, steps.amax(2)], 1)


class Speller(Student):
    """Ids (rows, length) → log-odds of bad (rows,); it guesses no sentence."""

    def __init__(self, pieces: Sequence[Sequence[str]], width: int = SPELLER_UNITS) -> None:
        """Begin with the letter pieces that each entry is made of."""
        super().__init__()
        self.entries = len(pieces)
        self.pieces, self.starts, count = _numbered(pieces)
        self.vectors = nn.Parameter(torch.randn(count, width) * 0.05)
        self.own = nn.Parameter(torch.zeros(self.entries, width))
        self.hidden = nn.Linear(width, width)
        self.output = nn.Linear(width, 1)

    def forward(self, ids: Tensor) -> tuple[Tensor, None]:
        """Return log-odds."""
        hidden = functional.dropout(self.units(ids), 0.3, self.training)
        return self.output(hidden)[:, 0], None

    def units(self, ids: Tensor) -> Tensor:
        """Return what the hidden layer makes of rows of ids: (rows, width)."""
        mask = (ids > 0).float()[..., None]
        known, places = torch.unique(ids, return_inverse=True)
        read = functional.embedding(places, self.rows(known)) * mask
        return functional.relu(self.hidden(read.sum(1) / mask.sum(1).clamp(min=1)))

    def made(self, ids: Tensor) -> Tensor:
        """Return the vectors of entries, the mean of their pieces' and their own: (ids, width)."""
        starts, ends = self.starts[ids], self.starts[ids + 1]
        counts = ends - starts
        offsets = counts.cumsum(0) - counts
        places = torch.repeat_interleave(starts - offsets, counts) + torch.arange(int(counts.sum()))
        pieces = functional.embedding_bag(self.pieces[places], self.vectors, offsets, mode="mean")
        return pieces + self.own[ids]


def learn(
    student: Student,
    lesson: Lesson,
    course: Course,
    *,
    seed: int,
    on_epoch: Callable[[int, float], None] | None = None,
) -> None:
    """Fit ``student`` to ``lesson``; the same seed gives the same weights.

    Args:
        student: is changed.
        lesson: what it learns from.
        course: how.
        seed: of the order of the rows, of dropout, and of the words that are forgotten.
        on_epoch: is told the number of an epoch that is over, and its mean loss.
    """
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    random = np.random.default_rng(seed)
    lengths = (lesson.ids > 0).sum(1)
    optimizer = torch.optim.AdamW(student.parameters(), weight_decay=course.weight_decay)
    total = course.epochs * -(-len(lengths) // course.batch_size)
    step = 0
    student.train()
    for epoch in range(course.epochs):
        losses = []
        for rows in _batches(lengths, course.batch_size, random):
            for group in optimizer.param_groups:
                group["lr"] = course.learning_rate * _rate(step / total)
            optimizer.zero_grad()
            loss = _loss(student, lesson, course, rows, int(lengths[rows].max()))
            loss.backward()
            nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimizer.step()
            step += 1
            losses.append(loss.item())
        if on_epoch is not None:
            on_epoch(epoch, float(np.mean(losses)))


def _rate(done: float) -> float:
    """Return the share of the learning rate at a share of all steps: up, then down in a line."""
    return min(1.0, done / 0.05) * max(0.01, 1 - done)


def _loss(student: Student, lesson: Lesson, course: Course, rows: Array, longest: int) -> Tensor:
    ids = torch.from_numpy(lesson.ids[rows, : max(_SHORTEST, longest)])
    if course.forgetting:
        forgotten = (torch.rand(ids.shape) < course.forgetting) & (ids > 0)
        ids = torch.where(forgotten, UNKNOWN_ID, ids)
    targets = torch.from_numpy(lesson.targets[rows]).float()
    weights = torch.from_numpy(lesson.weights[rows]).float()
    weights = weights * (1 + (course.bad_weight - 1) * targets)
    odds, sentences = student(ids)
    each = functional.binary_cross_entropy_with_logits(odds, targets, reduction="none")
    loss = (each * weights).mean()
    if sentences is not None:
        likeness = (sentences * torch.from_numpy(lesson.sentences[rows])).sum(1).mean()
        loss = loss + course.sentence_weight * (1 - likeness)
    return loss


def log_odds(student: Student, ids: Array) -> Array:
    """Return the log-odds of bad of rows of ids: (rows,)."""
    student.eval()
    lengths = (ids > 0).sum(1)
    found = np.zeros(len(ids))
    order = np.argsort(lengths, kind="stable")
    with torch.no_grad():
        for start in range(0, len(order), 128):
            rows = order[start : start + 128]
            part = torch.from_numpy(ids[rows, : max(_SHORTEST, int(lengths[rows].max()))])
            found[rows] = student(part)[0].numpy()
    return found


def _same(read: Tensor, kernel: int) -> Tensor:
    """Pad as Keras does: the odd step on the right."""
    total = kernel - 1
    return functional.pad(read, (total // 2, total - total // 2))


def _numbered(pieces: Sequence[Sequence[str]]) -> tuple[Tensor, Tensor, int]:
    """Return the pieces of all entries in a row, where each one's begin, and how many there are."""
    entries = Counter(piece for own in pieces for piece in set(own))
    common = (piece for piece, n in entries.items() if n >= FEWEST_ENTRIES)
    numbers = {piece: i for i, piece in enumerate(common)}
    known = [[numbers[piece] for piece in own if piece in numbers] for own in pieces]
    starts = [0, *accumulate(map(len, known))]
    flat = [number for own in known for number in own]
    return torch.tensor(flat), torch.tensor(starts), len(numbers)


def _batches(lengths: Array, size: int, random: Any) -> list[Array]:
    """Deal the rows into batches of about the same length each, in no order."""
    order = random.permutation(len(lengths))
    chunks = np.array_split(order, max(1, len(order) // (size * 30)))
    dealt = [chunk[np.argsort(lengths[chunk], kind="stable")] for chunk in chunks]
    batches = [chunk[i : i + size] for chunk in dealt for i in range(0, len(chunk), size)]
    return [batches[i] for i in random.permutation(len(batches))]
