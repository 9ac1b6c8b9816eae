"""A whole cross-validation, from the labelled file to the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.text.lemmas import lemmatizer_versions
from classifier.training.crossval.designs import Design, design_of
from classifier.training.crossval.fold import Fold, OnEpoch, Task, run_fold
from classifier.training.crossval.keras_learner import KerasWorkshop
from classifier.training.crossval.learner import Workshop
from classifier.training.crossval.options import Framework, NetworkName, Options, Progress
from classifier.training.crossval.report import (
    CrossvalReport,
    NetworkReport,
    figures_by_slice,
    spread_of,
)
from classifier.training.crossval.study import Study, read_study
from classifier.training.crossval.torch_learner import TorchWorkshop
from classifier.training.dataset import Row
from classifier.training.orders import LARGEST_SEED
from classifier.training.report import Numbers, best_threshold

OnProgress = Callable[[Progress], None]

_WORKSHOPS: Mapping[Framework, Callable[[], Workshop]] = {
    Framework.KERAS: KerasWorkshop,
    Framework.TORCH: TorchWorkshop,
}


def crossval(
    data: Path, options: Options, *, on_progress: OnProgress = lambda _: None
) -> CrossvalReport:
    """Score every row of ``data`` by a network fitted to the folds it is not in.

    Near-duplicates share a fold, slices and labels are dealt evenly. The same file, options
    and versions give the same numbers. Nothing is written.

    Raises:
        ModelError: if a file cannot be used, there are too few rows of a label, the framework
            is not installed, or a bundle does not answer as its framework does.
    """
    study = read_study(data, options)
    workshop = _WORKSHOPS[options.framework]()
    designs = {
        name: design_of(name, features=study.texts.features is not None)
        for name in dict.fromkeys(options.networks)
    }
    epochs = {name: options.epochs or design.epochs for name, design in designs.items()}
    count = _Count(options.folds * sum(epochs.values()), on_progress)
    networks = [
        _cross(name, _task(workshop, design, epochs[name], study, options), study, options, count)
        for name, design in designs.items()
    ]
    told = _provenance(workshop, data, study, options)
    return CrossvalReport(
        rows=study.rows,
        fold_of=[int(fold) + 1 for fold in study.fold_of],
        framework=workshop.versions,
        seed=options.seed,
        networks=[_with_provenance(network, told) for network in networks],
        notes=study.notes,
    )


@dataclass(slots=True)
class _Count:
    """How many epochs are done, told one by one."""

    total: int
    tell: OnProgress
    done: int = 0

    def of(self, network: NetworkName, fold: int) -> OnEpoch:
        def on_epoch(epoch: int, loss: float) -> None:
            self.done += 1
            self.tell(Progress(network, fold, epoch, self.done, self.total, loss))

        return on_epoch


def _task(workshop: Workshop, design: Design, epochs: int, study: Study, options: Options) -> Task:
    return Task(workshop, design, study.vectors, epochs, study.test, options.bundles)


def _cross(
    name: NetworkName, task: Task, study: Study, options: Options, count: _Count
) -> NetworkReport:
    labels = np.array([row.label for row in study.rows], dtype=np.float64)
    scores, folds = np.zeros(len(labels)), []
    for number in range(options.folds):
        out, rest = (np.flatnonzero(mask) for mask in _sides(study, number))
        fold = run_fold(
            task,
            study.texts.of(rest),
            labels[rest],
            study.texts.of(out),
            seed=(options.seed * 1000 + number) % (LARGEST_SEED + 1),
            on_epoch=count.of(name, number + 1),
        )
        scores[out] = fold.scores
        folds.append(fold)
    return _report(name, study, scores, folds)


def _sides(study: Study, number: int) -> tuple[Any, Any]:
    return study.fold_of == number, study.fold_of != number


def _report(
    name: NetworkName, study: Study, scores: Numbers, folds: Sequence[Fold]
) -> NetworkReport:
    labels = np.array([row.label for row in study.rows], dtype=np.float64)
    threshold = best_threshold(labels, scores)
    by_fold = [
        figures_by_slice(_rows_of(study, number), fold.scores, threshold)
        for number, fold in enumerate(folds)
    ]
    tested = [fold.test for fold in folds if fold.test is not None]
    test_scores = np.mean(tested, axis=0) if tested else None
    test = None
    if study.test_rows is not None and test_scores is not None:
        test = figures_by_slice(study.test_rows, test_scores, threshold)
    return NetworkReport(
        network=name,
        threshold=threshold,
        scores=scores,
        folds=by_fold,
        losses=[fold.loss for fold in folds],
        measures=figures_by_slice(study.rows, scores, threshold),
        spread=spread_of(by_fold),
        test_scores=test_scores,
        test=test,
        bundles=[
            replace(
                fold.bundle,
                name=f"{name.value}-{number + 1}",
                threshold=threshold,
                metrics={"held_out": by_fold[number]},
            )
            for number, fold in enumerate(folds)
            if fold.bundle is not None
        ],
    )


def _rows_of(study: Study, fold: int) -> list[Row]:
    return [row for row, own in zip(study.rows, study.fold_of, strict=True) if own == fold]


def _provenance(workshop: Workshop, data: Path, study: Study, options: Options) -> dict[str, Any]:
    return {
        "framework": dict(workshop.versions),
        "numpy": np.__version__,
        "lemmatizer": lemmatizer_versions(),
        "data": {"name": data.name, "sha256": sha256(read_file(data)), "rows": len(study.rows)},
        "folds": options.folds,
        "seed": options.seed,
    }


def _with_provenance(network: NetworkReport, told: Mapping[str, Any]) -> NetworkReport:
    """Say of each bundle what it was fitted to; the file it went through is gone."""
    bundles: list[ModelBundle] = [
        replace(bundle, provenance={**told, "fold": number})
        for number, bundle in enumerate(network.bundles, start=1)
    ]
    return replace(network, bundles=bundles)
