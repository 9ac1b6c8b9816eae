"""The default model: labelled and unlabelled texts → teacher → students → bundle.

    labelled, invented ─▶ teacher ─▶ its scores of unlabelled texts ─┐
        └────────────────────────────────────────────────────────────┴▶ students ─▶ calibrated
                                                                                  ─▶ bundle

Run it as ``python -m classifier.training.distil DATA UNLABELLED -o DIR``; it takes about an hour
on two cores. Calibration and threshold come from students that had not seen the texts, nor had
their teachers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
from classifier.training.distil.card import Examined, write_card
from classifier.training.distil.exported import Class, export, recorded
from classifier.training.distil.school import Recipe, School, labels_of
from classifier.training.distil.unlabelled import read_unlabelled
from classifier.training.report import best_threshold
from classifier.training.split import assign_folds

REFERENCE_FOLDS = 10
"""One of so many folds is never learned from: it is the reference set, and what is reported."""

INVENTED = Path(__file__).with_name("invented.jsonl")
"""Texts written for this project, labelled as they were written."""

HEARD = Path(__file__).with_name("heard.jsonl")
"""More of them, without labels: the students learn what the teacher says of these."""


@dataclass(frozen=True, eq=False, slots=True)
class Made:
    """A model that was made, not yet written.

    Attributes:
        bundle: the model.
        card: text of its model card.
        held_out: how it did on the tenth that took no part.
        unseen: how students did on all others, who had not seen them.
    """

    bundle: ModelBundle
    card: str
    held_out: Examined
    unseen: Examined


def make_bundle(data: Path, unlabelled: Path, *, name: str, recipe: Recipe | None = None) -> Made:
    """Return the model, and how it did on texts it had not seen.

    Args:
        data: labelled texts, see ``classifier.training.dataset``.
        unlabelled: more texts like those, as JSON lines with a ``text``.
        name: of the bundle.
        recipe: how much of what.

    Raises:
        ModelError: if the files cannot be used, or a package of newsieve[distil] is missing.
    """
    recipe = recipe or Recipe()
    rows, invented = read_dataset(data), read_dataset(INVENTED)
    reference = np.array(assign_folds(rows, REFERENCE_FOLDS, recipe.seed)) == 0
    learned, kept = list(compress(rows, ~reference)), list(compress(rows, reference))
    texts, heard = read_unlabelled(unlabelled), read_unlabelled(HEARD)
    school = School(learned, invented, texts, recipe, headlines=heard)
    odds, students = _taught(school, learned, recipe)
    calibration = Calibration.fit(odds, labels_of(learned))
    unseen = calibration.scores(odds)
    threshold = best_threshold(labels_of(learned), unseen)
    scores = calibration.scores(school.odds(students, kept))
    held_out, apart = (
        Examined.on(*part, threshold) for part in ((kept, scores), (learned, unseen))
    )
    bundle = ModelBundle(
        name=name,
        threshold=threshold,
        network=export(students, calibration, length=school.text.vectorizer.length or 0),
        text=school.text,
        fingerprint="",
        parity=recorded(students, calibration, school.text, TEXTS),
        provenance={
            **_provenance(data, unlabelled, recipe),
            "rows": len(rows),
            "invented": {**_file(INVENTED), "rows": len(invented)},
            "heard": {**_file(HEARD), "texts": len(heard)},
            "calibration": [*map(float, calibration.slopes), calibration.shift],
        },
        metrics={"held_out": held_out.to_json(), "out_of_fold": apart.to_json()},
        base=base_of(school.text, rows, reference),
    )
    return Made(bundle, write_card(bundle, rows, held_out, apart), held_out, apart)


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


def _provenance(data: Path, unlabelled: Path, recipe: Recipe) -> dict[str, object]:
    return {
        "framework": {"torch": torch.__version__},
        "lemmatizer": lemmatizer_versions(),
        "data": _file(data),
        "unlabelled": {**_file(unlabelled), "posts": recipe.posts},
        "folds": recipe.folds,
        "seed": recipe.seed,
        "created": datetime.now(timezone.utc).isoformat(timespec="seconds"),
    }


def _file(path: Path) -> dict[str, object]:
    return {"name": path.name, "sha256": sha256(read_file(path))}
