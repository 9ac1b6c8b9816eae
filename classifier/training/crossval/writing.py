"""The files of a cross-validation: scores as CSV, figures as JSON, a bundle a fold."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from classifier.errors import ModelError
from classifier.saving import write_bundle
from classifier.training.crossval.report import CrossvalReport

OUT_OF_FOLD, TEST, FIGURES = "oof.csv", "test.csv", "report.json"


def expect_folder(out: Path) -> None:
    """See that files can be written to the folder ``out``, before anything is computed for it.

    Raises:
        ModelError: if it is something else, or cannot be made or written to.
    """
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise ModelError("is not a folder", path=there)
    if not os.access(there, os.W_OK | os.X_OK):
        raise ModelError("cannot be written to", path=there)


def write_report(report: CrossvalReport, out: Path) -> list[Path]:
    """Write all files of ``report`` to the folder ``out``; return where they are.

    Rows are counted from 0 in the order of their file, folds from 1. Each file is complete or
    not there.

    Raises:
        ModelError: if one cannot be written.
    """
    files = {OUT_OF_FOLD: _csv(("network", "row", "label", "score", "fold"), _out_of_fold(report))}
    if any(network.test_scores is not None for network in report.networks):
        files[TEST] = _csv(("network", "row", "score"), _test(report))
    files[FIGURES] = json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n"
    written = [_write(out / name, content) for name, content in files.items()]
    for network in report.networks:
        for number, bundle in enumerate(network.bundles, start=1):
            folder = out / network.network.value / f"fold-{number}"
            write_bundle(bundle, folder)
            written.append(folder)
    return written


def _out_of_fold(report: CrossvalReport) -> Iterable[Sequence[object]]:
    for network in report.networks:
        for i, (row, fold) in enumerate(zip(report.rows, report.fold_of, strict=True)):
            yield network.network.value, i, row.label, _digits(network.scores[i]), fold


def _test(report: CrossvalReport) -> Iterable[Sequence[object]]:
    for network in report.networks:
        for i, score in enumerate([] if network.test_scores is None else network.test_scores):
            yield network.network.value, i, _digits(score)


def _digits(score: float) -> str:
    return f"{score:.8f}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return target.getvalue()


def _write(path: Path, content: str) -> Path:
    beside = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(content, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ModelError(f"cannot be written: {error.strerror}", path=path) from error
    return path
