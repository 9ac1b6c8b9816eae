"""The default model: labelled and unlabelled texts → teacher → students → bundle.

    labelled, invented ─▶ teacher ─▶ its scores of unlabelled texts ─┐
        └────────────────────────────────────────────────────────────┴▶ students ─▶ calibrated
                                                                                  ─▶ bundle

Run it as ``python -m classifier.training.distil DATA UNLABELLED -o DIR``; it takes about an hour
on two cores. Calibration and threshold come from students that had not seen the texts, nor had
their teachers.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timezone
from itertools import compress
from pathlib import Path

import numpy as np
import torch

from classifier.bundle import ModelBundle, read_file, sha256
from classifier.importers.cases import TEXTS
from classifier.network import Array
from classifier.text.lemmas import lemmatizer_versions
from classifier.training.base import base_of
from classifier.training.dataset import Row, read_dataset
from classifier.training.distil.calibration import Calibration
from classifier.training.distil.exported import Class, export, recorded
from classifier.training.distil.school import Recipe, School, labels_of
from classifier.training.distil.unlabelled import read_unlabelled
from classifier.training.report import Measures, best_threshold, measure_slices, measures_to_json
from classifier.training.split import assign_folds

logger = logging.getLogger(__name__)

REFERENCE_FOLDS = 10
"""One of so many folds is never learned from: it is the reference set, and what is reported."""

INVENTED = Path(__file__).with_name("invented.jsonl")
"""Texts written for this project, labelled as they were written."""


def make_bundle(
    data: Path, unlabelled: Path, *, name: str, recipe: Recipe | None = None
) -> tuple[ModelBundle, dict[str, Measures]]:
    """Return the model, and its measures on the tenth of ``data`` that took no part.

    Args:
        data: labelled texts, see ``classifier.training.dataset``.
        unlabelled: more texts like those, as JSON lines with a ``text``.
        name: of the bundle.
        recipe: how much of what.

    Raises:
        ModelError: if the files cannot be used, or a package of newsieve[distil] is missing.
    """
    recipe = recipe or Recipe()
    rows = read_dataset(data)
    reference = np.array(assign_folds(rows, REFERENCE_FOLDS, recipe.seed)) == 0
    learned, held_out = list(compress(rows, ~reference)), list(compress(rows, reference))
    school = School(learned, read_dataset(INVENTED), read_unlabelled(unlabelled), recipe)
    odds, students = _taught(school, learned, recipe)
    calibration = Calibration.fit(odds, labels_of(learned))
    logger.info("slopes %s", calibration.slopes, extra={"action": "distil"})
    unseen = calibration.scores(odds)
    threshold = best_threshold(labels_of(learned), unseen)
    scores = calibration.scores(school.odds(students, held_out))
    measures = measure_slices(held_out, scores, threshold)
    out_of_fold = measure_slices(learned, unseen, threshold)
    bundle = ModelBundle(
        name=name,
        threshold=threshold,
        network=export(students, calibration, length=school.text.vectorizer.length or 0),
        text=school.text,
        fingerprint="",
        parity=recorded(students, calibration, school.text, TEXTS),
        provenance=_provenance(data, unlabelled, rows, recipe),
        metrics={
            "held_out": measures_to_json(measures),
            "out_of_fold": measures_to_json(out_of_fold),
        },
        base=base_of(school.text, rows, reference),
    )
    return bundle, measures


def _taught(school: School, rows: Sequence[Row], recipe: Recipe) -> tuple[Array, Class]:
    """Return what students say of ``rows`` that neither they nor their teachers had seen, and
    the students who learned from all of them."""
    folds = np.array(assign_folds(rows, recipe.folds, recipe.seed))
    groups = [list(compress(rows, folds != fold)) for fold in range(recipe.folds)]
    *apart, whole = school.classes([*groups, list(rows)])
    odds = np.zeros((len(rows), recipe.readers + 1))
    for fold, students in enumerate(apart):
        odds[folds == fold] = school.odds(students, list(compress(rows, folds == fold)))
    return odds, whole


def _provenance(
    data: Path, unlabelled: Path, rows: Sequence[Row], recipe: Recipe
) -> dict[str, object]:
    return {
        "framework": {"torch": torch.__version__},
        "lemmatizer": lemmatizer_versions(),
        "data": {"name": data.name, "sha256": sha256(read_file(data)), "rows": len(rows)},
        "unlabelled": {"name": unlabelled.name, "sha256": sha256(read_file(unlabelled))},
        "invented": {"name": INVENTED.name, "sha256": sha256(read_file(INVENTED))},
        "seed": recipe.seed,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }
