"""What is to be cross-validated: all files read and checked before anything is fitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from classifier.errors import ModelError
from classifier.records import Record, label_of, read_records
from classifier.text import compose
from classifier.text.text_vectorization import SPECIAL_WORDS
from classifier.training.cleaner import CLEANER
from classifier.training.contradictions import contradiction_notes
from classifier.training.crossval.designs import design_of
from classifier.training.crossval.features import Values, expect_alike, read_array, read_column
from classifier.training.crossval.fold import Texts
from classifier.training.crossval.options import COLUMNS, Options
from classifier.training.crossval.vectors import Vectors, read_vectors
from classifier.training.dataset import NAMES, Row, expect_enough, read_dataset
from classifier.training.split import assign_folds


@dataclass(frozen=True, eq=False, slots=True)
class Study:
    """Everything that was read.

    Attributes:
        rows: of the data, in order.
        fold_of: each row's fold, from 0.
        texts: of the rows, with their features.
        test: of the test file; None without one.
        test_rows: the same with their labels; None if it has none.
        notes: what is odd about the files.
    """

    rows: Sequence[Row]
    fold_of: npt.NDArray[np.intp]
    texts: Texts
    test: Texts | None
    test_rows: Sequence[Row] | None
    vectors: Vectors | None
    notes: tuple[str, ...]


def read_study(data: Path, options: Options) -> Study:
    """Read the files that ``options`` name, and deal the rows of ``data`` into folds.

    Raises:
        ModelError: if one cannot be used, they do not fit each other, or a fold would have
            only one label.
    """
    rows = read_dataset(data)
    expect_enough(rows, data)
    texts = Texts([row.text for row in rows], _features(data, options, len(rows)))
    test, test_rows = _test(options)
    if test is not None and test.features is not None and texts.features is not None:
        expect_alike(texts.features, test.features)
    fold_of = np.array(assign_folds(rows, options.folds, options.seed))
    _expect_both_labels(rows, fold_of, options.folds, data)
    words = {word for text in texts.texts for word in CLEANER.words(text)}
    vectors = None if options.vectors is None else read_vectors(options.vectors, words)
    notes = _notes(rows, vectors, len(words), options)
    return Study(rows, fold_of, texts, test, test_rows, vectors, notes)


def _features(data: Path, options: Options, rows: int) -> Values | None:
    if options.features == COLUMNS:
        return read_column(data)
    file = options.features_file
    return None if file is None else read_array(file, rows)


def _test(options: Options) -> tuple[Texts | None, list[Row] | None]:
    if options.test is None:
        return None, None
    records = [(line, record) for line, record in read_records(options.test)]
    if not records:
        raise ModelError("no rows", path=options.test)
    rows = [_test_row(options.test, line, record) for line, record in records]
    features = None
    if options.features == COLUMNS:
        features = read_column(options.test)
    elif options.test_features is not None:
        features = read_array(options.test_features, len(rows))
    labelled = all(record.get("label") is not None for _, record in records)
    return Texts([row.text for row in rows], features), rows if labelled else None


def _test_row(path: Path, line: int, record: Record) -> Row:
    """Return a row of the test file; one without a label is taken for good, and not measured."""
    parts = [record.get("title") or "", record.get("text") or ""]
    if not all(isinstance(part, str) for part in parts):
        raise ModelError(f"line {line}: title and text must be strings", path=path)
    if not (text := compose(*map(str, parts))):
        raise ModelError(f"line {line}: title and text are missing or empty", path=path)
    said = record.get("label")
    try:
        label = 0 if said is None else label_of(said)
    except ValueError as error:
        raise ModelError(f"line {line}: {error}", path=path) from None
    return Row(text, label, str(record.get("kind") or "all"))


def _expect_both_labels(
    rows: Sequence[Row], fold_of: npt.NDArray[np.intp], folds: int, data: Path
) -> None:
    labels = np.array([row.label for row in rows])
    for label, name in enumerate(NAMES):
        dealt = np.bincount(fold_of[labels == label], minlength=folds)
        if not dealt.all():
            count = int(dealt.sum())
            reason = (
                f"{count} {name} rows, near-duplicates together, do not give each of "
                f"{folds} folds one: fewer folds, or more rows"
            )
            raise ModelError(reason, path=data)


def _notes(
    rows: Sequence[Row], vectors: Vectors | None, words: int, options: Options
) -> tuple[str, ...]:
    notes = [*contradiction_notes(rows)]
    for name in dict.fromkeys(options.networks):
        room = design_of(name, features=False).words
        if words + len(SPECIAL_WORDS) < room:
            notes.append(f"the texts have {words:,} words, {name.value} has room for {room:,}")
    if vectors is not None:
        notes.append(f"{len(vectors.by_word)} of {words} words have a vector")
    return tuple(notes)
